using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Turn.Protocol;
using Turn.Sockets;

namespace Turn.Allocations;

/// <summary>
/// Gives out relayed addresses: a port from the range, beginning at random (RFC 8656 §7.2), on the address that the client came
/// to if that is one others reach, or on the one of this machine's that others do.
/// </summary>
internal sealed class RelayPorts(
    RelayOptions options,
    IRelaySockets sockets,
    OwnAddresses own,
    AllocationTable table,
    FromPeer received
) : IDisposable
{
    /// <summary>RFC 8656 §7.2.</summary>
    private static readonly TimeSpan _reservedFor = TimeSpan.FromSeconds(30);

    private const int MostReserved = 16;

    private readonly Lock _reserving = new();
    private readonly List<(ulong Token, RelayedAddress Relayed, User User, ITimer Timer)> _reserved = [];

    /// <summary>Null when there is no address of this family, or no port is free.</summary>
    public RelayedAddress? TryTake(Client client, bool v6, out StunError why)
    {
        why = StunError.InsufficientCapacity;
        if (Base(client, v6) is not { } address)
        {
            why = StunError.AddressFamilyNotSupported;
            return null;
        }

        foreach (ushort port in Candidates(step: 1))
            if (TryOpen(address.WithPort(port)) is { } taken)
                return taken;
        return null;
    }

    /// <summary>
    /// An even port, and the odd one behind it reserved for half a minute under a token (RFC 8656 §7.2). What is reserved counts
    /// as the user's like an allocation.
    /// </summary>
    public RelayedAddress? TryTakeEven(Client client, bool v6, User? reserveFor, out ulong token)
    {
        token = 0;
        // Room before ports: those are looked for by calls of the system.
        if (reserveFor is not null && (IsFull() || table.TryEnter(reserveFor.Name) is null))
            return null;
        RelayedAddress? even = TryOpenEven(client, v6, reserveFor, out token);
        if (reserveFor is not null && even is null)
            table.Leave(reserveFor);
        return even;
    }

    private bool IsFull()
    {
        lock (_reserving)
            return _reserved.Count >= MostReserved;
    }

    private RelayedAddress? TryOpenEven(Client client, bool v6, User? reserveFor, out ulong token)
    {
        token = 0;
        if (Base(client, v6) is not { } address)
            return null;
        foreach (ushort port in Candidates(step: 2))
        {
            if (TryOpen(address.WithPort(port)) is not { } even)
                continue;
            if (reserveFor is null)
                return even;
            if (port < options.RelayPorts.Last && TryOpen(address.WithPort((ushort)(port + 1))) is { } odd)
            {
                if (TryReserve(odd, reserveFor, out token))
                    return even;
                odd.Socket.Close();
            }

            even.Socket.Close();
        }

        return null;
    }

    /// <summary>What was reserved under a token, for the same user, whose place for it is free again.</summary>
    public RelayedAddress? TryRedeem(ulong token, string? user)
    {
        lock (_reserving)
        {
            int at = _reserved.FindIndex(each => each.Token == token && (user is null || each.User.Name == user));
            if (at < 0)
                return null;
            (_, RelayedAddress relayed, User owner, _) = _reserved[at];
            _reserved[at].Timer.Dispose();
            _reserved.RemoveAt(at);
            table.Leave(owner);
            return relayed;
        }
    }

    private bool TryReserve(RelayedAddress odd, User user, out ulong token)
    {
        ulong made = token = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)) | 1;
        lock (_reserving)
        {
            if (_reserved.Count >= MostReserved)
                return false;
            ITimer timer = options.Time.CreateTimer(
                _ => TryRedeem(made, user: null)?.Socket.Close(),
                null,
                _reservedFor,
                Timeout.InfiniteTimeSpan
            );
            _reserved.Add((token, odd, user, timer));
            return true;
        }
    }

    private IEnumerable<ushort> Candidates(int step)
    {
        (int first, int last) = options.RelayPorts;
        if (step == 2)
            first += first & 1;
        int count = last < first ? 0 : ((last - first) / step) + 1;
        int start = count == 0 ? 0 : RandomNumberGenerator.GetInt32(count);
        for (int i = 0; i < count; i++)
            yield return (ushort)(first + ((start + i) % count * step));
    }

    private RelayedAddress? TryOpen(in TransportAddress local)
    {
        // Those of ours are known without asking the system.
        if (table.TryFindLive(local, out _, out _) || sockets.TryOpen(local, received) is not { } socket)
            return null;
        TransportAddress announced = own.External(local.IsV6)?.WithPort(socket.Local.Port) ?? socket.Local;
        return new RelayedAddress(announced, socket);
    }

    // What the client came to is reached by others too, unless it is loopback; then the best that there is.
    private TransportAddress? Base(Client client, bool v6)
    {
        TransportAddress local = client.Local;
        // Behind the external address there is one of this machine's, so that a port of that one is one socket's.
        if (options.Address is null && own.External(v6) is not null && own.Best(v6) is { } behind)
            return behind;
        bool usable = local.IsV6 == v6 && !local.IsUnspecified && local.Scope == 0;
        if (usable && (options.Address is not null || !IPAddress.IsLoopback(local.ToAddress())))
            return local;
        // An address that was chosen is kept to: there is none of the other family.
        if (options.Address is { } only && !only.Equals(IPAddress.Any) && !only.Equals(IPAddress.IPv6Any))
            return IsLoopbackOf(only, v6) ? TransportAddress.Of(LoopbackOf(v6), 0) : null;
        return own.Best(v6) ?? (usable ? local : null);
    }

    // A server on loopback alone is a test's: it has both.
    private static bool IsLoopbackOf(IPAddress only, bool v6) =>
        IPAddress.IsLoopback(only) && (!v6 || Socket.OSSupportsIPv6);

    private static IPAddress LoopbackOf(bool v6) => v6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;

    public void Dispose()
    {
        lock (_reserving)
        {
            foreach (var each in _reserved)
            {
                each.Timer.Dispose();
                each.Relayed.Socket.Close();
            }

            _reserved.Clear();
        }
    }
}
