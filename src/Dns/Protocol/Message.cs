namespace Dns.Protocol;

/// <summary>RFC 1035 §4.1.1, RFC 2136 §1.3.</summary>
internal enum Opcode : byte
{
    Query = 0,
    Notify = 4,
    Update = 5,
}

/// <summary>What became of a request (RFC 1035 §4.1.1, RFC 2136 §2.2, RFC 6891 §6.1.3). Twelve bits.</summary>
internal enum ResponseCode : ushort
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NoSuchName = 3,
    NotImplemented = 4,
    Refused = 5,
    NameExists = 6,
    RecordsExist = 7,
    NoSuchRecords = 8,
    NotAuthoritative = 9,
    NotInZone = 10,
    BadVersion = 16,
}

/// <summary>The header's bits where they stand in its second pair of bytes (RFC 1035 §4.1.1, RFC 4035 §3.1.6 and §3.2).</summary>
[Flags]
internal enum MessageFlags : ushort
{
    None = 0,
    Response = 1 << 15,
    Authoritative = 1 << 10,
    Truncated = 1 << 9,
    RecursionDesired = 1 << 8,
    RecursionAvailable = 1 << 7,
    Reserved = 1 << 6,
    AuthenticData = 1 << 5,
    CheckingDisabled = 1 << 4,
}

/// <summary>What is asked (RFC 1035 §4.1.2); in an update, the zone (RFC 2136 §2.3).</summary>
internal sealed record Question(DomainName Name, RecordType Type, RecordClass Class = RecordClass.Internet);

/// <summary>An option of <see cref="Edns"/> (RFC 6891 §6.1.2).</summary>
internal sealed record EdnsOption(ushort Code, ReadOnlyMemory<byte> Value);

/// <summary>The OPT record (RFC 6891 §6.1), but for the four bits that belong to <see cref="Message.Code"/>.</summary>
/// <param name="PayloadSize">How large a datagram its sender takes, in bytes.</param>
internal sealed record Edns(ushort PayloadSize, bool DnssecOk = false, byte Version = 0)
{
    public IReadOnlyList<EdnsOption> Options { get; init; } = [];
}

/// <summary>
/// A whole message (RFC 1035 §4.1). In an update (RFC 2136 §2) the sections are zone, prerequisites, updates and additional data.
/// </summary>
internal sealed record Message
{
    public ushort Id { get; init; }
    public Opcode Opcode { get; init; }
    public MessageFlags Flags { get; init; }
    public ResponseCode Code { get; init; }
    public IReadOnlyList<Question> Questions { get; init; } = [];
    public IReadOnlyList<Record> Answers { get; init; } = [];
    public IReadOnlyList<Record> Authorities { get; init; } = [];

    /// <summary>Without the OPT record, which is <see cref="Edns"/>.</summary>
    public IReadOnlyList<Record> Additional { get; init; } = [];
    public Edns? Edns { get; init; }

    public bool Has(MessageFlags flag) => (Flags & flag) != MessageFlags.None;
}
