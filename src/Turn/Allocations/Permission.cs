using Turn.Protocol;

namespace Turn.Allocations;

/// <summary>A peer's address that may send to an allocation, and be sent to (RFC 8656 §2.3); any port.</summary>
internal sealed class Permission(TransportAddress address)
{
    /// <summary>RFC 8656 §9.2.</summary>
    public const long Lifetime = 5 * TimeSpan.TicksPerMinute;

    private long _expires;

    /// <summary>Without a port.</summary>
    public TransportAddress Address => address;

    public bool IsGood(long now) => now < Volatile.Read(ref _expires);

    public void Renew(long now) => Volatile.Write(ref _expires, now + Lifetime);
}

/// <summary>A number that stands for one peer (RFC 8656 §2.5).</summary>
internal sealed class Channel(ushort number, TransportAddress peer, Permission permission)
{
    /// <summary>RFC 8656 §12.2.</summary>
    public const long Lifetime = 10 * TimeSpan.TicksPerMinute;

    private long _expires;

    public ushort Number => number;
    public TransportAddress Peer => peer;

    /// <summary>The peer's address must be permitted all the same; binding renews that.</summary>
    public Permission Permission { get; set; } = permission;

    /// <summary>It is this permission that it needs.</summary>
    public bool IsOver(Permission some) => peer.WithoutPort() == some.Address;

    public bool IsGood(long now) => now < Volatile.Read(ref _expires);

    public void Renew(long now) => Volatile.Write(ref _expires, now + Lifetime);
}
