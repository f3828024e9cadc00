using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Turn.Protocol;

namespace Turn.Allocations;

/// <summary>
/// All allocations: by 5-tuple for UDP clients (a connection knows its own), and by relayed address. They end when their time
/// is over; one timer, set for the next of them, and none while there are none.
/// </summary>
internal sealed class AllocationTable : IDisposable
{
    /// <summary>Deletions that are remembered, so that a request sent again is answered alike.</summary>
    private const int Deletions = 64;

    /// <summary>A user without allocations is remembered, so that nobody is new at once by leaving.</summary>
    private const long Remembered = TimeSpan.TicksPerMinute;

    private readonly Clock _clock;
    private readonly RelayLimits _limits;
    private readonly Lock _changing = new();
    private readonly ConcurrentDictionary<FiveTuple, Allocation> _clients = new(concurrencyLevel: 1, capacity: 31);
    private readonly ConcurrentDictionary<TransportAddress, (Allocation, RelayedAddress)> _live = new(1, 31);
    private readonly HashSet<Allocation> _all = [];
    private readonly Dictionary<string, User> _users = new(StringComparer.Ordinal);
    private readonly Queue<(FiveTuple Client, byte[] TransactionId, long Until)> _deleted = new();
    private readonly ITimer _timer;
    private long _next = long.MaxValue;

    public AllocationTable(Clock clock, RelayLimits limits)
    {
        (_clock, _limits) = (clock, limits);
        _timer = clock.Time.CreateTimer(_ => EndDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count => _all.Count;

    public Allocation? Find(in TransportAddress remote, in TransportAddress local) =>
        _clients.GetValueOrDefault(new FiveTuple(remote, local));

    /// <summary>The allocation whose relayed address this is, by either of its names.</summary>
    public bool TryFindLive(
        in TransportAddress address,
        [NotNullWhen(true)] out Allocation? allocation,
        [NotNullWhen(true)] out RelayedAddress? relayed
    )
    {
        bool found = _live.TryGetValue(address, out (Allocation, RelayedAddress) live);
        (allocation, relayed) = live;
        return found;
    }

    /// <summary>A place for one more allocation of this user; null when it has all that it may.</summary>
    public User? TryEnter(string name)
    {
        lock (_changing)
        {
            ForgetUsers();
            if (!_users.TryGetValue(name, out User? user))
                user = new User(name, _limits);
            if (user.Allocations >= _limits.AllocationsPerUser)
                return null;
            user.Allocations++;
            _users[name] = user;
            return user;
        }
    }

    /// <summary>Gives the place back that <see cref="TryEnter"/> gave.</summary>
    public void Leave(User user)
    {
        lock (_changing)
        {
            user.Allocations--;
            user.Left = _clock.Now;
            ForgetUsers();
        }
    }

    private void ForgetUsers()
    {
        long before = _clock.Now - Remembered;
        foreach ((string name, User user) in _users)
            if (user.Allocations == 0 && user.Left <= before)
                _users.Remove(name);
    }

    /// <summary>It lives from now on; false where one of its addresses is somebody else's, behind the same external one.</summary>
    public bool TryAdd(Allocation allocation)
    {
        lock (_changing)
        {
            if (!Addresses(allocation).All(each => TryMakeLive(allocation, each)))
            {
                foreach (RelayedAddress relayed in Addresses(allocation))
                    Forget(allocation, relayed);
                return false;
            }

            _all.Add(allocation);

            allocation.Client.Allocation = allocation;
            if (!allocation.Client.IsStream)
                _clients[FiveTuple.Of(allocation.Client)] = allocation;
        }

        WakeBy(allocation.Expires);
        return true;
    }

    /// <summary>Ends it: its addresses are free for others.</summary>
    /// <param name="transactionId">Of the request that ends it, to know that one again; empty for none.</param>
    public void Remove(Allocation allocation, ReadOnlySpan<byte> transactionId = default)
    {
        lock (_changing)
        {
            if (!_all.Remove(allocation))
                return;
            foreach (RelayedAddress relayed in Addresses(allocation))
                Forget(allocation, relayed);
            // A connection with the same addresses is another 5-tuple.
            if (!allocation.Client.IsStream)
                _clients.TryRemove(new(FiveTuple.Of(allocation.Client), allocation));
            allocation.Client.Allocation = null;
            allocation.Close();
            Leave(allocation.User);
            if (transactionId.Length == 0 || allocation.Client.IsStream)
                return;
            while (_deleted.Count >= Deletions)
                _deleted.Dequeue();
            // RFC 8656 §7.2: 40 seconds are as long as a client tries.
            long until = _clock.Now + (40 * TimeSpan.TicksPerSecond);
            _deleted.Enqueue((FiveTuple.Of(allocation.Client), transactionId.ToArray(), until));
        }
    }

    /// <summary>Ends the allocation's address of one family.</summary>
    public void RemoveAddress(Allocation allocation, bool v6)
    {
        lock (_changing)
        {
            if (allocation.Relayed(v6) is not { } relayed)
                return;
            Forget(allocation, relayed);
            if (v6)
                allocation.V6 = null;
            else
                allocation.V4 = null;
            relayed.Socket.Close();
        }
    }

    /// <summary>This very request has ended the client's allocation a moment ago.</summary>
    public bool WasDeleted(Client client, ReadOnlySpan<byte> transactionId)
    {
        lock (_changing)
        {
            foreach ((FiveTuple tuple, byte[] id, long until) in _deleted)
                if (until > _clock.Now && tuple == FiveTuple.Of(client) && transactionId.SequenceEqual(id))
                    return true;
            return false;
        }
    }

    /// <summary>Ends all that the user has, or everybody.</summary>
    public void RemoveAll(string? user = null) => RemoveAll(each => user is null || each.User.Name == user);

    /// <summary>Ends those of which this is true.</summary>
    public void RemoveAll(Func<Allocation, bool> isEnding)
    {
        Allocation[] ended;
        lock (_changing)
            ended = [.. _all.Where(isEnding)];
        foreach (Allocation each in ended)
            Remove(each);
    }

    /// <summary>Who has how many allocations now.</summary>
    public IReadOnlyDictionary<string, int> Users()
    {
        lock (_changing)
            return _users
                .Where(each => each.Value.Allocations > 0)
                .ToDictionary(each => each.Key, each => each.Value.Allocations);
    }

    private void WakeBy(long at)
    {
        lock (_changing)
        {
            if (at >= _next)
                return;
            _next = at;
            _timer.Change(TimeSpan.FromTicks(Math.Max(0, at - _clock.Now)), Timeout.InfiniteTimeSpan);
        }
    }

    private void EndDue()
    {
        long now = _clock.Now;
        Allocation[] due;
        long next = long.MaxValue;
        lock (_changing)
        {
            _next = long.MaxValue;
            due = [.. _all.Where(each => each.Expires <= now)];
            foreach (Allocation each in _all)
                if (each.Expires > now)
                    next = Math.Min(next, each.Expires);
        }

        foreach (Allocation each in due)
            Remove(each);
        if (next != long.MaxValue)
            WakeBy(next);
    }

    private bool TryMakeLive(Allocation allocation, RelayedAddress relayed) =>
        _live.TryAdd(relayed.Announced, (allocation, relayed))
        && (relayed.Announced == relayed.Socket.Local || _live.TryAdd(relayed.Socket.Local, (allocation, relayed)));

    // Only what is its own.
    private void Forget(Allocation allocation, RelayedAddress relayed)
    {
        _live.TryRemove(new(relayed.Announced, (allocation, relayed)));
        _live.TryRemove(new(relayed.Socket.Local, (allocation, relayed)));
    }

    private static IEnumerable<RelayedAddress> Addresses(Allocation allocation) =>
        new[] { allocation.V4, allocation.V6 }.OfType<RelayedAddress>();

    public void Dispose()
    {
        _timer.Dispose();
        RemoveAll();
    }

    private readonly record struct FiveTuple(TransportAddress Remote, TransportAddress Local)
    {
        public static FiveTuple Of(Client client) => new(client.Remote, client.Local);
    }
}
