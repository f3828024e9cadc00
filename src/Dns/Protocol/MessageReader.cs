using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Dns.Protocol;

/// <summary>Bytes to <see cref="Message"/>. Any bytes may come; none of them make it slow, large or throw.</summary>
internal ref struct MessageReader
{
    public const int HeaderLength = 12;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    private MessageReader(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        _at = HeaderLength;
    }

    /// <summary>Reads all of it. What a sender has cut off and says so (TC) is left out; bytes behind the last record are, too.</summary>
    public static bool TryRead(
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out Message? message,
        [NotNullWhen(false)] out string? fault
    )
    {
        (message, fault) = (null, null);
        if (bytes.Length < HeaderLength)
        {
            fault = "shorter than a header";
            return false;
        }

        var reader = new MessageReader(bytes);
        message = reader.Read(out fault);
        return message is not null;
    }

    /// <summary>Reads header and question alone, of a message that has exactly one.</summary>
    public static bool TryReadQuestion(
        ReadOnlySpan<byte> bytes,
        [NotNullWhen(true)] out Message? header,
        [NotNullWhen(true)] out Question? question
    )
    {
        (header, question) = (null, null);
        if (bytes.Length < HeaderLength || Count(bytes, 0) != 1)
            return false;
        var reader = new MessageReader(bytes);
        header = reader.Header();
        return reader.TryQuestion(out question);
    }

    private static int Count(ReadOnlySpan<byte> bytes, int section) =>
        BinaryPrimitives.ReadUInt16BigEndian(bytes[(4 + (2 * section))..]);

    private readonly Message Header()
    {
        int flags = BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);
        return new Message
        {
            Id = BinaryPrimitives.ReadUInt16BigEndian(_bytes),
            Opcode = (Opcode)((flags >> 11) & 0xF),
            Flags = (MessageFlags)(flags & 0x87F0),
            Code = (ResponseCode)(flags & 0xF),
        };
    }

    private Message? Read(out string? fault)
    {
        Message header = Header();
        bool cut = header.Has(MessageFlags.Truncated);
        fault = "the question cannot be read";
        var questions = new List<Question>();
        for (int left = Count(_bytes, 0); left > 0; left--)
        {
            if (!TryQuestion(out Question? question))
                return null;
            questions.Add(question);
        }

        Edns? edns = null;
        var sections = new List<Record>[3];
        for (int section = 0; section < sections.Length; section++)
        {
            List<Record> records = sections[section] = [];
            for (int left = Count(_bytes, section + 1); left > 0; left--)
            {
                if (!TryRecord(out Record? record))
                {
                    if (cut)
                        break;
                    fault = $"the record at byte {_at} cannot be read";
                    return null;
                }

                if (record.Type != RecordType.OPT)
                {
                    records.Add(record);
                }
                else if (section != 2 || edns is not null || !TryEdns(record, out edns))
                {
                    // RFC 6891 §6.1.1.
                    fault = "its OPT record is none, stands in a wrong place or is not the only one";
                    return null;
                }
                else
                {
                    uint extended = record.TimeToLive >> 24;
                    header = header with { Code = (ResponseCode)(((uint)header.Code & 0xF) | (extended << 4)) };
                }
            }
        }

        fault = null;
        return header with
        {
            Questions = questions,
            Answers = sections[0],
            Authorities = sections[1],
            Additional = sections[2],
            Edns = edns,
        };
    }

    private bool TryQuestion([NotNullWhen(true)] out Question? question)
    {
        question = null;
        if (!NameReader.TryRead(_bytes, ref _at, out DomainName? name) || _at + 4 > _bytes.Length)
            return false;
        question = new Question(name, (RecordType)UInt16(0), (RecordClass)UInt16(2));
        _at += 4;
        return true;
    }

    private readonly ushort UInt16(int offset) => BinaryPrimitives.ReadUInt16BigEndian(_bytes[(_at + offset)..]);

    private bool TryRecord([NotNullWhen(true)] out Record? record)
    {
        record = null;
        int start = _at;
        if (!NameReader.TryRead(_bytes, ref _at, out DomainName? name) || _at + 10 > _bytes.Length)
            return Back(start);
        var type = (RecordType)UInt16(0);
        var @class = (RecordClass)UInt16(2);
        uint timeToLive = BinaryPrimitives.ReadUInt32BigEndian(_bytes[(_at + 4)..]);
        int length = UInt16(8);
        int at = _at + 10;
        if (at + length > _bytes.Length || !RecordDataReader.TryRead(_bytes, at, length, (type, @class), out var data))
            return Back(start);
        _at = at + length;
        record = new Record(name, type, @class, timeToLive, data);
        return true;
    }

    private bool Back(int start)
    {
        _at = start;
        return false;
    }

    // Class and time to live have other meanings here (RFC 6891 §6.1.2, §6.1.3).
    private static bool TryEdns(Record record, [NotNullWhen(true)] out Edns? edns)
    {
        edns = null;
        if (record is not { Data: OpaqueData data, Name.Wire.Length: 1 })
            return false;
        var options = new List<EdnsOption>();
        for (ReadOnlyMemory<byte> rest = data.Bytes; !rest.IsEmpty; )
        {
            if (rest.Length < 4)
                return false;
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest.Span[2..]);
            if (rest.Length < 4 + length)
                return false;
            options.Add(new EdnsOption(BinaryPrimitives.ReadUInt16BigEndian(rest.Span), rest.Slice(4, length)));
            rest = rest[(4 + length)..];
        }

        uint flags = record.TimeToLive;
        edns = new Edns((ushort)record.Class, (flags & 0x8000) != 0, (byte)(flags >> 16)) { Options = options };
        return true;
    }
}
