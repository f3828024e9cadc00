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
        if (iq.Type == StanzaType.Get)
            origin.Answer(iq, Tell(origin, asked));
        else
            Do(origin, iq, asked);
    }

    private Reply Tell(Origin origin, Element asked) =>
        (asked.Namespace, asked.Name) switch
        {
            (Ns.DiscoInfo, "query") => Info(origin, asked.Attribute("node")),
            (Ns.DiscoItems, "query") => Items(origin),
            (RoomNs.Ping, "ping") => Reply.Empty,
            (RoomNs.Admin, "query") => List(origin, asked),
            (RoomNs.Owner, "query") => Configuration(origin),
            (Ns.Register, "query") => Registration(origin),
            (RoomNs.Card, "vCard") => Card(origin),
            _ => Reply.Error(StanzaError.ServiceUnavailable()),
        };

    private Reply Configuration(Origin origin)
    {
        MustBe(origin, RoomAffiliation.Owner);
        XmlBuilder form = RoomConfiguration.Form(Record);
        RoomConfiguration.WriteLists(form, Record, Addresses(RoomAffiliation.Owner), Addresses(RoomAffiliation.Admin));
        return Reply.Result(form);

        IReadOnlyCollection<string> Addresses(RoomAffiliation affiliation) =>
            [.. Affiliated(affiliation).Select(record => record.Who.ToString()).Order(StringComparer.Ordinal)];
    }

    private void Do(Origin origin, Stanza iq, Element asked)
    {
        switch (asked.Namespace, asked.Name)
        {
            case (RoomNs.Admin, "query"):
                ChangeStandings(origin, iq, asked);
                return;
            case (RoomNs.Owner, "query"):
                MustBe(origin, RoomAffiliation.Owner);
                Own(origin, iq, asked);
                return;
            case (Ns.Register, "query"):
                Register(origin, iq, asked);
                return;
            case (RoomNs.Card, "vCard"):
                MustBe(origin, RoomAffiliation.Owner);
                SetCard(origin, iq, asked);
                return;
            case (RoomNs.Moderate, "moderate"):
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

        public override bool Writes => _writes.Count > 0 || post.Writes;

        public void Write(Action<Transaction, IRoomStore> write, Action undo)
        {
            _writes.Add(write);
            _undo.Add(undo);
        }

        public override void Store(Transaction transaction)
        {
            foreach (Action<Transaction, IRoomStore> write in _writes)
                write(transaction, room._server.Stores.Rooms);
            post.Store(transaction);
        }

        public override void Released()
        {
            post.Released();
            if (iq is not null)
                origin.Send(iq.Result(default).With(iq.To, origin.Address));
        }

        // Who was put out is out; the rest is as before.
        public override void Failed()
        {
            lock (room._lock)
                for (int i = _undo.Count - 1; i >= 0; i--)
                    _undo[i]();
            post.Failed();
            post.Released();
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
