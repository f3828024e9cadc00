using Xmpp.Server.Stores;

namespace Xmpp.Server.Rooms;

/// <summary>How rooms come into memory, leave it, and end with the process.</summary>
internal sealed partial class RoomService
{
    /// <summary>How long temporary rooms wait after a start for those who were in them.</summary>
    private static readonly TimeSpan _grace = TimeSpan.FromHours(1);

    /// <summary>How often it is looked for rooms that nobody uses; only while there are some in memory.</summary>
    private static readonly TimeSpan _watch = TimeSpan.FromHours(6);
    private readonly Lock _timers = new();
    private ITimer? _sweep;
    private ITimer? _watching;
    private bool _disposed;

    /// <summary>As the server starts: temporary rooms of before that stay empty go.</summary>
    public void Begin()
    {
        using (Access access = Server.Stores.Database.OpenRead())
            if (!Server.Stores.Rooms.AnyTemporary(access))
                return;
        _sweep = Server.Time.CreateTimer(_ => Sweep(), null, _grace, Timeout.InfiniteTimeSpan);
    }

    private void Sweep()
    {
        IReadOnlyList<RoomRecord> records;
        using (Access access = Server.Stores.Database.OpenRead())
            records = Server.Stores.Rooms.List(access);
        foreach (RoomRecord record in records)
            if (!record.Is(RoomFlags.Persistent))
                Find(record.Name)?.Sweep();
    }

    /// <summary>Rooms in memory.</summary>
    internal int Loaded => _rooms.Count;

    // A room has come into memory.
    private void Watch()
    {
        lock (_timers)
            if (_watching is null && !_disposed)
                _watching = Server.Time.CreateTimer(_ => PutAway(), null, _watch, Timeout.InfiniteTimeSpan);
    }

    private void PutAway()
    {
        lock (_timers)
        {
            _watching?.Dispose();
            _watching = null;
        }
        if (_rooms.IsEmpty)
            return;
        foreach (Room room in _rooms.Values)
            room.PutAwayUnlessUsed();
        Watch();
    }

    /// <summary>The process ends: who is in a room and would not see it otherwise is told (XEP-0045 §11.2).</summary>
    public Task SayGoodbyeAsync()
    {
        foreach (Room room in _rooms.Values)
            if (room.Occupancy > 0)
                room.SayGoodbye();
        return Server.Stores.Database.SettledAsync();
    }

    public void Dispose()
    {
        lock (_timers)
        {
            _disposed = true;
            _sweep?.Dispose();
            _watching?.Dispose();
        }
    }
}
