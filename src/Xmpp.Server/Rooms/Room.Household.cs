using Xmpp.Addresses;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Rooms;

/// <summary>What the household changes reaches its rooms: circles, roles, people who go.</summary>
internal sealed partial class Room
{
    /// <summary>
    /// Who is in the room and may not be any more is put out; who runs it now, or no longer, is told. So are those whose
    /// standing moved while they are not in it (XEP-0045 §9.3 to §10.7).
    /// </summary>
    /// <param name="moved">Bare addresses: whom its circle took in or let go, or who runs it by another role.</param>
    public void Recheck(IEnumerable<Jid> moved)
    {
        lock (_lock)
        {
            var post = new Post(_server);
            HashSet<Jid> absent = [.. moved];
            absent.ExceptWith(_occupants.Values.Select(static occupant => occupant.Person));
            foreach (Occupant occupant in _occupants.Values.ToArray())
            {
                RoomAffiliation affiliation = AffiliationOf(occupant.Person);
                bool hidden =
                    _server.Dispatcher.LocalAccount(occupant.Person) is { } account
                    && !_server.Gate.MayReach(account, Address, StanzaKind.Presence);
                if (hidden)
                    Expel(post, occupant, [321], null, null);
                else if (occupant.Affiliation != affiliation)
                    Regrade(post, occupant, affiliation, null, null);
            }
            TellOfAbsent(post, [.. absent.Select(person => new AffiliationRecord(person, AffiliationOf(person)))]);
            Notify(post);
        }
    }

    /// <summary>Its row is gone with its circle.</summary>
    public void CloseWithCircle()
    {
        lock (_lock)
        {
            Notify(Close(Farewell(default)));
            _service.Forget(this);
        }
    }

    /// <summary>Somebody's account is gone, and with it what it was in the room.</summary>
    public void ForgetPerson(Jid person)
    {
        lock (_lock)
        {
            bool wasNothing =
                !_affiliations.Remove(person, out AffiliationRecord? before)
                || before.Affiliation == RoomAffiliation.None;
            if (wasNothing || _audience.Length == 0)
                return;
            var post = new Post(_server);
            TellOfAbsent(post, new AffiliationRecord(person, RoomAffiliation.None));
            Notify(post);
        }
    }

    /// <summary>A temporary room to which nobody came back after a restart goes.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            if (IsGone || _seats.Count > 0 || Is(RoomFlags.Persistent))
                return;
            IsGone = true;
            _server.Stores.Database.Enqueue(new Sweeping(new Removal(this, new Post(_server))));
        }
    }

    private sealed class Sweeping(Removal removal) : Commit
    {
        public override void Write(Transaction transaction) => removal.Store(transaction);

        public override void Released() => removal.Released();

        public override void Failed(Exception error) => removal.Failed();
    }

    private void Notify(Post post) => _server.Stores.Database.Enqueue(new Posting(post));

    private sealed class Posting(Post post) : Commit
    {
        public override bool Writes => post.Writes;

        public override void Write(Transaction transaction) => post.Store(transaction);

        public override void Released() => post.Released();

        public override void Failed(Exception error)
        {
            post.Failed();
            post.Released();
        }
    }
}
