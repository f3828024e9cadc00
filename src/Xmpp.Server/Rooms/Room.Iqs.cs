using Xmpp.Server.Extensions;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>What is asked of a room itself, or passed on to an occupant.</summary>
internal sealed partial class Room
{
    /// <summary>False when the room went meanwhile: look again. The archive is not asked here.</summary>
    public bool TryTakeIq(Origin origin, Stanza iq)
    {
        lock (_lock)
        {
            if (IsGone)
                return false;
            if (iq.To!.IsFull || iq.Type is StanzaType.Result or StanzaType.Error)
                RelayIq(origin, iq);
            else
                Answer(origin, iq, iq.Root.FirstChild);
            return true;
        }
    }

    private void Answer(Origin origin, Stanza iq, Element asked)
    {
        switch (iq.Type, asked.Namespace, asked.Name)
        {
            case (StanzaType.Get, Ns.DiscoInfo, "query"):
                origin.Answer(iq, Info(origin, asked.Attribute("node")));
                return;
            case (StanzaType.Get, Ns.DiscoItems, "query"):
                origin.Answer(iq, Items(origin));
                return;
            case (StanzaType.Get, RoomNs.Ping, "ping"):
                origin.Answer(iq, Reply.Empty);
                return;
            case (StanzaType.Get, RoomNs.Admin, "query"):
                origin.Answer(iq, List(origin, asked));
                return;
            case (StanzaType.Set, RoomNs.Admin, "query"):
                ChangeStandings(origin, iq, asked);
                return;
            case (StanzaType.Get, RoomNs.Owner, "query"):
                MustBe(origin, RoomAffiliation.Owner);
                origin.Answer(iq, Reply.Result(RoomConfiguration.Form(Record)));
                return;
            case (StanzaType.Set, RoomNs.Owner, "query"):
                MustBe(origin, RoomAffiliation.Owner);
                Own(origin, iq, asked);
                return;
            case (StanzaType.Get, Ns.Register, "query"):
                origin.Answer(iq, Registration(origin));
                return;
            case (StanzaType.Set, Ns.Register, "query"):
                Register(origin, iq, asked);
                return;
            case (StanzaType.Get, RoomNs.Card, "vCard"):
                origin.Answer(iq, Card(origin));
                return;
            case (StanzaType.Set, RoomNs.Card, "vCard"):
                MustBe(origin, RoomAffiliation.Owner);
                SetCard(origin, iq, asked);
                return;
            case (StanzaType.Set, RoomNs.Moderate, "moderate"):
                Moderate(origin, iq, asked);
                return;
            default:
                throw new StanzaErrorException(StanzaError.ServiceUnavailable());
        }
    }

    /// <exception cref="StanzaErrorException"><c>forbidden</c>.</exception>
    private void MustBe(Origin origin, RoomAffiliation least)
    {
        if (AffiliationOf(origin.Address.Bare) < least)
            throw new StanzaErrorException(StanzaError.Forbidden());
    }

    /// <summary>A change of the room: written, then told; memory knows it already, and forgets it when it cannot be written.</summary>
    private sealed class RoomChange(Room room, Origin origin, Stanza? iq, Post post) : Effect
    {
        private readonly List<Action<Transaction, IRoomStore>> _writes = [];
        private readonly List<Action> _undo = [];

        public override bool Writes => _writes.Count > 0;

        public void Write(Action<Transaction, IRoomStore> write, Action undo)
        {
            _writes.Add(write);
            _undo.Add(undo);
        }

        public override void Store(Transaction transaction)
        {
            foreach (Action<Transaction, IRoomStore> write in _writes)
                write(transaction, room._server.Stores.Rooms);
        }

        public override void Released()
        {
            post.Send();
            if (iq is not null)
                origin.Send(iq.Result(default).With(iq.To, origin.Address));
        }

        // Who was put out is out; the rest is as before.
        public override void Failed()
        {
            lock (room._lock)
                for (int i = _undo.Count - 1; i >= 0; i--)
                    _undo[i]();
            post.Send();
        }
    }

    /// <summary>The room's record becomes another.</summary>
    private void Become(RoomChange change, RoomRecord after)
    {
        RoomRecord before = Record;
        Record = after;
        change.Write(
            (transaction, rooms) => rooms.Update(transaction, after with { Id = Id }),
            () =>
            {
                if (Record == after)
                    Record = before;
            }
        );
    }
}
