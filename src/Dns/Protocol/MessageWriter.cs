using System.Buffers.Binary;
using System.Net.Sockets;

namespace Dns.Protocol;

/// <summary><see cref="Message"/> to bytes, names compressed where the types that everybody knows hold them (RFC 3597 §4).</summary>
internal ref struct MessageWriter
{
    private readonly Span<byte> _bytes;

    // Where labels begin that a pointer can lead to (RFC 1035 §4.1.4).
    private readonly List<ushort> _labels = [];
    private int _at;

    private MessageWriter(Span<byte> bytes) => _bytes = bytes;

    /// <summary>False when it does not fit. <paramref name="length"/> is what was written.</summary>
    /// <exception cref="ArgumentException">Such a message cannot be written.</exception>
    public static bool TryWrite(Message message, Span<byte> bytes, out int length)
    {
        var writer = new MessageWriter(bytes);
        bool fits = writer.TryWrite(message);
        length = fits ? writer._at : 0;
        return fits;
    }

    private bool TryWrite(Message message)
    {
        int code = (int)message.Code;
        if (code > 0xF && message.Edns is null)
            throw new ArgumentException("such a response code needs EDNS", nameof(message));
        int flags = (int)message.Flags | ((int)message.Opcode << 11) | (code & 0xF);
        bool fits =
            TryUInt16(message.Id)
            && TryUInt16(flags)
            && TryUInt16(message.Questions.Count)
            && TryUInt16(message.Answers.Count)
            && TryUInt16(message.Authorities.Count)
            && TryUInt16(message.Additional.Count + (message.Edns is null ? 0 : 1));
        foreach (Question question in message.Questions)
            fits =
                fits
                && TryName(question.Name, compress: true)
                && TryUInt16((int)question.Type)
                && TryUInt16((int)question.Class);
        return fits
            && TryRecords(message.Answers)
            && TryRecords(message.Authorities)
            && TryRecords(message.Additional)
            && (message.Edns is null || TryEdns(message.Edns, code >> 4));
    }

    private bool TryRecords(IReadOnlyList<Record> records)
    {
        foreach (Record record in records)
        {
            bool fits =
                TryName(record.Name, compress: true)
                && TryUInt16((int)record.Type)
                && TryUInt16((int)record.Class)
                && TryUInt32(record.TimeToLive);
            int length = _at;
            if (!fits || !TryUInt16(0) || !TryData(record))
                return false;
            BinaryPrimitives.WriteUInt16BigEndian(_bytes[length..], checked((ushort)(_at - length - 2)));
        }

        return true;
    }

    private bool TryData(Record record) =>
        record.Data switch
        {
            AddressData data => TryAddress(record.Type, data),
            NameData data => TryName(data.Name, compress: true),
            MailData data => TryUInt16(data.Preference) && TryName(data.Exchange, compress: true),
            TextData data => TryText(data),
            ServiceData data => TryUInt16(data.Priority)
                && TryUInt16(data.Weight)
                && TryUInt16(data.Port)
                // RFC 2782, "Target".
                && TryName(data.Target, compress: false),
            TlsaData data => TryBytes([data.Usage, data.Selector, data.MatchingType])
                && TryBytes(data.Association.Span),
            AuthorityData data => TryName(data.Server, compress: true)
                && TryName(data.Mailbox, compress: true)
                && TryUInt32(data.Serial)
                && TryUInt32(data.Refresh)
                && TryUInt32(data.Retry)
                && TryUInt32(data.Expire)
                && TryUInt32(data.Minimum),
            OpaqueData data => TryBytes(data.Bytes.Span),
            _ => throw new ArgumentException(
                $"nobody knows how {record.Data.GetType().Name} is written",
                nameof(record)
            ),
        };

    private bool TryAddress(RecordType type, AddressData data)
    {
        AddressFamily family = type == RecordType.A ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        if (data.Address.AddressFamily != family)
            throw new ArgumentException($"{data.Address} is no address of an {type} record", nameof(data));
        bool fits = data.Address.TryWriteBytes(_bytes[_at..], out int written);
        _at += written;
        return fits;
    }

    private bool TryText(TextData data)
    {
        foreach (ReadOnlyMemory<byte> text in data.Strings)
        {
            if (text.Length > byte.MaxValue)
                throw new ArgumentException("a string of a TXT record has 255 bytes at most", nameof(data));
            if (!TryBytes([(byte)text.Length]) || !TryBytes(text.Span))
                return false;
        }

        return true;
    }

    private bool TryEdns(Edns edns, int extendedCode)
    {
        uint flags = ((uint)extendedCode << 24) | ((uint)edns.Version << 16) | (edns.DnssecOk ? 0x8000u : 0);
        int length = 0;
        foreach (EdnsOption option in edns.Options)
            length += 4 + option.Value.Length;
        bool fits =
            TryBytes([0])
            && TryUInt16((int)RecordType.OPT)
            && TryUInt16(edns.PayloadSize)
            && TryUInt32(flags)
            && TryUInt16(length);
        foreach (EdnsOption option in edns.Options)
            fits = fits && TryUInt16(option.Code) && TryUInt16(option.Value.Length) && TryBytes(option.Value.Span);
        return fits;
    }

    private bool TryName(DomainName name, bool compress)
    {
        ReadOnlySpan<byte> rest = name.Wire;
        while (rest[0] != 0)
        {
            if (compress && Known(rest) is { } pointer)
                return TryUInt16(0xC000 | pointer);
            int start = _at;
            if (!TryBytes(rest[..(rest[0] + 1)]))
                return false;
            if (start <= 0x3FFF)
                _labels.Add((ushort)start);
            rest = rest[(rest[0] + 1)..];
        }

        return TryBytes([0]);
    }

    // With its case: who asked wants to see his own (RFC 4343 §4.1).
    private readonly ushort? Known(ReadOnlySpan<byte> name)
    {
        foreach (ushort label in _labels)
            if (Reads(label, name))
                return label;
        return null;
    }

    private readonly bool Reads(int at, ReadOnlySpan<byte> name)
    {
        while (true)
        {
            while (_bytes[at] >= 0xC0)
                at = BinaryPrimitives.ReadUInt16BigEndian(_bytes[at..]) & 0x3FFF;
            int whole = _bytes[at] + 1;
            if (at + whole > _at || whole > name.Length || !_bytes.Slice(at, whole).SequenceEqual(name[..whole]))
                return false;
            if (whole == 1)
                return true;
            at += whole;
            name = name[whole..];
            // The name that is being written has no end yet.
            if (at >= _at)
                return false;
        }
    }

    private bool TryBytes(scoped ReadOnlySpan<byte> bytes)
    {
        if (!bytes.TryCopyTo(_bytes[_at..]))
            return false;
        _at += bytes.Length;
        return true;
    }

    private bool TryUInt16(int value)
    {
        if (!BinaryPrimitives.TryWriteUInt16BigEndian(_bytes[_at..], checked((ushort)value)))
            return false;
        _at += 2;
        return true;
    }

    private bool TryUInt32(uint value)
    {
        if (!BinaryPrimitives.TryWriteUInt32BigEndian(_bytes[_at..], value))
            return false;
        _at += 4;
        return true;
    }
}
