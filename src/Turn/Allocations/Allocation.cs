using Turn.Protocol;
using Turn.Sockets;

namespace Turn.Allocations;

/// <summary>
/// What a client has here (RFC 8656 §2.2): one relayed address or one of each family, permissions, channels. Packets read the
/// arrays without a lock; requests replace them under one.
/// </summary>
internal sealed class Allocation(Client client, Identity identity, User user)
{
    private readonly Lock _changing = new();
    private volatile Permission[] _permissions = [];
    private volatile Channel[] _channels = [];
    private long _expires;

    public Client Client => client;
    public Identity Identity => identity;
    public User User => user;

    /// <summary>Of the request that made it: sent again, it is answered alike (RFC 8656 §7.2).</summary>
    public required byte[] TransactionId { get; init; }

    /// <summary>Null where there is none of this family.</summary>
    public RelayedAddress? V4 { get; set; }

    /// <inheritdoc cref="V4"/>
    public RelayedAddress? V6 { get; set; }

    /// <summary>Of the port behind its own that was reserved with it; 0: none (RFC 8656 §18.8).</summary>
    public ulong ReservationToken { get; init; }

    /// <summary>It asked for an IPv6 address beside, and there was none.</summary>
    public bool LacksV6 { get; init; }

    /// <summary>Seconds that its last request was granted.</summary>
    public int Lifetime { get; private set; }

    public long Expires => Volatile.Read(ref _expires);

    public void Renew(int seconds, long now)
    {
        Lifetime = seconds;
        Volatile.Write(ref _expires, now + seconds * TimeSpan.TicksPerSecond);
    }

    public RelayedAddress? Relayed(bool v6) => v6 ? V6 : V4;

    public Permission? Permission(in TransportAddress peer, long now)
    {
        TransportAddress address = peer.WithoutPort();
        foreach (Permission each in _permissions)
            if (each.Address == address)
                return each.IsGood(now) ? each : null;
        return null;
    }

    public Channel? Channel(ushort number, long now)
    {
        foreach (Channel each in _channels)
            if (each.Number == number)
                return each.IsGood(now) ? each : null;
        return null;
    }

    public Channel? Channel(in TransportAddress peer, long now)
    {
        foreach (Channel each in _channels)
            if (each.Peer == peer && each.IsGood(now))
                return each;
        return null;
    }

    /// <summary>Permits them all, or, where they would be too many, none.</summary>
    public bool TryPermit(ReadOnlySpan<TransportAddress> peers, int most, long now)
    {
        lock (_changing)
        {
            var all = _permissions.Where(each => each.IsGood(now)).ToList();
            var renewed = new List<Permission>(peers.Length);
            foreach (TransportAddress address in peers)
            {
                Permission? known = all.Find(each => each.Address == address.WithoutPort());
                if (known is null)
                    all.Add(known = new Permission(address.WithoutPort()));
                renewed.Add(known);
            }

            if (all.Count > most)
                return false;
            foreach (Permission each in renewed)
                each.Renew(now);
            _permissions = [.. all];
            foreach (Channel channel in _channels)
                channel.Permission = renewed.Find(each => channel.IsOver(each)) ?? channel.Permission;
            return true;
        }
    }

    /// <summary>Binds or renews a channel, and its peer's permission with it (RFC 8656 §12.2).</summary>
    public StunError Bind(ushort number, in TransportAddress peer, RelayLimits limits, long now)
    {
        lock (_changing)
        {
            var all = _channels.Where(each => each.IsGood(now)).ToList();
            TransportAddress wanted = peer;
            Channel? known = all.Find(each => each.Number == number || each.Peer == wanted);
            if (known is not null && (known.Number != number || known.Peer != peer))
                return StunError.BadRequest;
            if (known is null && all.Count >= limits.Channels)
                return StunError.InsufficientCapacity;
            if (!TryPermit([peer], limits.Permissions, now))
                return StunError.InsufficientCapacity;
            if (known is null)
                all.Add(known = new Channel(number, peer, Permission(peer, now)!));
            known.Renew(now);
            _channels = [.. all];
            return StunError.None;
        }
    }

    /// <summary>Its sockets are closed: nothing is relayed any more.</summary>
    public void Close()
    {
        V4?.Socket.Close();
        V6?.Socket.Close();
        (_permissions, _channels) = ([], []);
    }
}

/// <summary>A relayed transport address: what clients are told, and the socket that it is.</summary>
internal sealed record RelayedAddress(TransportAddress Announced, RelaySocket Socket);

/// <summary>Who made an allocation, proved: requests on it must be by the same (RFC 8656 §5, 441).</summary>
/// <param name="Username">As the client says it.</param>
/// <param name="User">Whose it is.</param>
/// <param name="Key">Of the long-term mechanism.</param>
internal sealed record Identity(
    string Username,
    string User,
    PasswordAlgorithm Algorithm,
    byte[] Key,
    DateTimeOffset Expires
);
