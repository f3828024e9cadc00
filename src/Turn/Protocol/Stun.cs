namespace Turn.Protocol;

/// <summary>The numbers of STUN and TURN (RFC 8489 §18, RFC 8656 §18).</summary>
internal static class Stun
{
    public const uint MagicCookie = 0x2112A442;
    public const int HeaderLength = 20;
    public const int TransactionIdLength = 12;

    /// <summary>FINGERPRINT is the CRC-32 exclusive-or this (RFC 8489 §14.7).</summary>
    public const uint FingerprintMask = 0x5354554E;

    /// <summary>REQUESTED-TRANSPORT's only protocol here: UDP.</summary>
    public const byte Udp = 17;
}

/// <summary>RFC 8489 §5; values are those of the two class bits in the message type.</summary>
internal enum StunClass
{
    Request = 0x000,
    Indication = 0x010,
    Success = 0x100,
    Error = 0x110,
}

/// <summary>RFC 8489 §18.2, RFC 8656 §17.</summary>
internal enum StunMethod
{
    Binding = 0x001,
    Allocate = 0x003,
    Refresh = 0x004,
    Send = 0x006,
    Data = 0x007,
    CreatePermission = 0x008,
    ChannelBind = 0x009,
}

/// <summary>RFC 8489 §18.3, RFC 8656 §18. Below 0x8000 must be understood.</summary>
internal enum StunAttribute : ushort
{
    None = 0,
    MappedAddress = 0x0001,
    Username = 0x0006,
    MessageIntegrity = 0x0008,
    ErrorCode = 0x0009,
    UnknownAttributes = 0x000A,
    ChannelNumber = 0x000C,
    Lifetime = 0x000D,
    XorPeerAddress = 0x0012,
    Data = 0x0013,
    Realm = 0x0014,
    Nonce = 0x0015,
    XorRelayedAddress = 0x0016,
    RequestedAddressFamily = 0x0017,
    EvenPort = 0x0018,
    RequestedTransport = 0x0019,
    DontFragment = 0x001A,
    MessageIntegritySha256 = 0x001C,
    PasswordAlgorithm = 0x001D,
    UserHash = 0x001E,
    XorMappedAddress = 0x0020,
    ReservationToken = 0x0022,
    Priority = 0x0024,
    AdditionalAddressFamily = 0x8000,
    AddressErrorCode = 0x8001,
    PasswordAlgorithms = 0x8002,
    Icmp = 0x8004,
    Software = 0x8022,
    Fingerprint = 0x8028,
    IceControlled = 0x8029,
}

/// <summary>RFC 8489 §14.8, RFC 8656 §19.</summary>
internal enum StunError
{
    None = 0,
    BadRequest = 400,
    Unauthorized = 401,
    Forbidden = 403,
    UnknownAttribute = 420,
    AllocationMismatch = 437,
    StaleNonce = 438,
    AddressFamilyNotSupported = 440,
    WrongCredentials = 441,
    UnsupportedTransport = 442,
    PeerAddressFamilyMismatch = 443,
    AllocationQuotaReached = 486,
    InsufficientCapacity = 508,
}

/// <summary>REQUESTED-ADDRESS-FAMILY and its kin (RFC 8656 §18.6).</summary>
internal enum StunFamily : byte
{
    V4 = 1,
    V6 = 2,
}
