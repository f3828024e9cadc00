using Xmpp.Server.Stores;

namespace Xmpp.Server.Rooms;

/// <summary>How long a room is in memory, and what is said as the process ends.</summary>
internal sealed partial class Room
{
    /// <summary>
    /// A room that nobody is in and nobody has asked for leaves memory: longer than what it counts there looks back
    /// (<see cref="Activity"/>), so that nothing is forgotten.
    /// </summary>
    private static readonly TimeSpan _kept = TimeSpan.FromHours(26);
    private long _used;

    /// <summary>Somebody has to do with it.</summary>
    public Room Used()
    {
        Volatile.Write(ref _used, _server.Time.GetTimestamp());
        return this;
    }

    private bool IsUnused =>
        Occupancy == 0 && !IsLocked && _server.Time.GetElapsedTime(Volatile.Read(ref _used)) >= _kept;

    /// <summary>Behind everything that it has to write yet; whoever asks for it reads it anew.</summary>
    public void PutAwayUnlessUsed()
    {
        if (IsUnused)
            _server.Stores.Database.Enqueue(new PuttingAway(this));
    }

    private sealed class PuttingAway(Room room) : Commit
    {
        public override bool Writes => false;

        public override void Released()
        {
            lock (room._lock)
            {
                if (room.IsGone || !room.IsUnused)
                    return;
                // Whoever looks from now on reads it; whoever has it in hand looks again.
                room._service.Forget(room);
                room.IsGone = true;
            }
        }
    }

    /// <summary>
    /// §11.2. To those elsewhere, and to sessions that end with their stream; one that may be resumed finds out as it pings
    /// itself (XEP-0410) and enters again, where it would take a farewell for the room's end.
    /// </summary>
    public void SayGoodbye()
    {
        lock (_lock)
        {
            var post = new Post(_server);
            foreach (Seat seat in _audience)
            {
                if (seat.Session is { IsResumable: true })
                    continue;
                var news = new Announcement(seat)
                {
                    Said = Bare(seat.Presence),
                    IsUnavailable = true,
                    IsRemoved = true,
                    OwnCodes = [332],
                };
                post.Add(seat, news.For(seat, seesAddresses: true));
            }
            Notify(post);
        }
    }
}
