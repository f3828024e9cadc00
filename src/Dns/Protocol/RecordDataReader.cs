using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace Dns.Protocol;

/// <summary>The data of one record. Bytes of it that belong to nothing are a fault.</summary>
internal static class RecordDataReader
{
    /// <param name="message">The whole message: names may point before the data.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> message,
        int at,
        int length,
        (RecordType Type, RecordClass Class) of,
        [NotNullWhen(true)] out RecordData? data
    )
    {
        ReadOnlySpan<byte> bytes = message.Slice(at, length);
        // Updates name types without data (RFC 2136 §2.4, §2.5).
        if (length == 0 && of.Class is RecordClass.Any or RecordClass.None)
        {
            data = new OpaqueData(default);
            return true;
        }

        ReadOnlySpan<byte> upTo = message[..(at + length)];
        data = of.Type switch
        {
            RecordType.A => length == 4 ? new AddressData(new IPAddress(bytes)) : null,
            RecordType.AAAA => length == 16 ? new AddressData(new IPAddress(bytes)) : null,
            RecordType.CNAME or RecordType.NS or RecordType.PTR => Name(upTo, at) is { } name
                ? new NameData(name)
                : null,
            RecordType.MX => Mail(upTo, at),
            RecordType.TXT => Text(bytes),
            RecordType.SRV => Service(upTo, at),
            RecordType.TLSA => Tlsa(bytes),
            RecordType.SOA => Authority(upTo, at),
            _ => new OpaqueData(bytes.ToArray()),
        };
        return data is not null;
    }

    // The name that fills the rest.
    private static DomainName? Name(ReadOnlySpan<byte> upTo, int at) =>
        NameReader.TryRead(upTo, ref at, out DomainName? name) && at == upTo.Length ? name : null;

    private static MailData? Mail(ReadOnlySpan<byte> upTo, int at) =>
        upTo.Length >= at + 2 && Name(upTo, at + 2) is { } name
            ? new MailData(BinaryPrimitives.ReadUInt16BigEndian(upTo[at..]), name)
            : null;

    private static ServiceData? Service(ReadOnlySpan<byte> upTo, int at) =>
        upTo.Length >= at + 6 && Name(upTo, at + 6) is { } name
            ? new ServiceData(
                BinaryPrimitives.ReadUInt16BigEndian(upTo[at..]),
                BinaryPrimitives.ReadUInt16BigEndian(upTo[(at + 2)..]),
                BinaryPrimitives.ReadUInt16BigEndian(upTo[(at + 4)..]),
                name
            )
            : null;

    private static TextData? Text(ReadOnlySpan<byte> bytes)
    {
        var strings = new List<ReadOnlyMemory<byte>>();
        for (; !bytes.IsEmpty; bytes = bytes[(1 + bytes[0])..])
        {
            if (bytes.Length < 1 + bytes[0])
                return null;
            strings.Add(bytes.Slice(1, bytes[0]).ToArray());
        }

        return strings.Count > 0 ? new TextData(strings) : null;
    }

    private static TlsaData? Tlsa(ReadOnlySpan<byte> bytes) =>
        bytes.Length > 3 ? new TlsaData(bytes[0], bytes[1], bytes[2], bytes[3..].ToArray()) : null;

    private static AuthorityData? Authority(ReadOnlySpan<byte> upTo, int at)
    {
        if (
            !NameReader.TryRead(upTo, ref at, out DomainName? server)
            || !NameReader.TryRead(upTo, ref at, out DomainName? mailbox)
            || upTo.Length - at != 20
        )
            return null;
        ReadOnlySpan<byte> times = upTo[at..];
        return new AuthorityData(
            server,
            mailbox,
            BinaryPrimitives.ReadUInt32BigEndian(times),
            BinaryPrimitives.ReadUInt32BigEndian(times[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(times[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(times[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(times[16..])
        );
    }
}
