using System.Net;
using System.Text;

namespace Dns;

/// <summary>What a record says (IANA, "Resource Record (RR) TYPEs"). Numbers without a name here are types, too (RFC 3597).</summary>
public enum RecordType : ushort
{
    A = 1,
    NS = 2,
    CNAME = 5,
    SOA = 6,
    PTR = 12,
    MX = 15,
    TXT = 16,
    AAAA = 28,
    SRV = 33,
    OPT = 41,
    TLSA = 52,
    ANY = 255,
}

/// <summary>RFC 1035 §3.2.4 and RFC 2136 §1.3. Multicast DNS uses the highest bit for its own ends (RFC 6762 §10.2, §5.4).</summary>
public enum RecordClass : ushort
{
    Internet = 1,
    None = 254,
    Any = 255,
}

/// <summary>A resource record (RFC 1035 §3.2.1).</summary>
/// <param name="TimeToLive">Seconds.</param>
public sealed record Record(DomainName Name, RecordType Type, RecordClass Class, uint TimeToLive, RecordData Data);

/// <summary>What stands in a record, by its type.</summary>
public abstract record RecordData;

/// <summary>A (RFC 1035 §3.4.1) or AAAA (RFC 3596 §2.2), by the address's family.</summary>
public sealed record AddressData(IPAddress Address) : RecordData;

/// <summary>CNAME, NS or PTR (RFC 1035 §3.3).</summary>
public sealed record NameData(DomainName Name) : RecordData;

/// <summary>MX (RFC 1035 §3.3.9).</summary>
public sealed record MailData(ushort Preference, DomainName Exchange) : RecordData;

/// <summary>SRV (RFC 2782). A <paramref name="Target"/> of <see cref="DomainName.Root"/> says that there is no such service.</summary>
public sealed record ServiceData(ushort Priority, ushort Weight, ushort Port, DomainName Target) : RecordData;

/// <summary>TXT (RFC 1035 §3.3.14): strings of up to 255 bytes, whatever they mean.</summary>
public sealed record TextData(IReadOnlyList<ReadOnlyMemory<byte>> Strings) : RecordData
{
    /// <summary>The strings one after the other, as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString([.. Strings.SelectMany(each => each.ToArray())]);
}

/// <summary>TLSA (RFC 6698 §2.1).</summary>
public sealed record TlsaData(byte Usage, byte Selector, byte MatchingType, ReadOnlyMemory<byte> Association)
    : RecordData;

/// <summary>SOA (RFC 1035 §3.3.13); times in seconds. <paramref name="Minimum"/> is how long "no" holds (RFC 2308 §4).</summary>
public sealed record AuthorityData(
    DomainName Server,
    DomainName Mailbox,
    uint Serial,
    uint Refresh,
    uint Retry,
    uint Expire,
    uint Minimum
) : RecordData;

/// <summary>A type that is not known here, as it came (RFC 3597 §3).</summary>
public sealed record OpaqueData(ReadOnlyMemory<byte> Bytes) : RecordData;
