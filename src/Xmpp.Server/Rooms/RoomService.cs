using System.Collections.Concurrent;
using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>The rooms of the household at <c>groups.DOMAIN</c> (XEP-0045): finds, makes and lists them.</summary>
internal sealed partial class RoomService : Service, IDisposable
{
    private readonly ConcurrentDictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    private readonly Lock _loading = new();
    private readonly RoomSearch _search;

    public RoomService(XmppServer server)
    {
        Server = server;
        Address = Jid.Parse(server.Options.RoomsDomain);
        _search = new RoomSearch(this);
    }

    public XmppServer Server { get; }
    public override Jid Address { get; }

    public Jid AddressOf(string name) =>
        Jid.TryCreate(name, Address.Domain, null, out Jid? jid)
            ? jid
            : throw new InvalidOperationException($"{name} is no localpart");

    public Jid DomainOf(Jid person) => Jid.TryCreate(null, person.Domain, null, out Jid? domain) ? domain : person;

    // ---- what comes ----

    public override void TakePresence(Origin origin, Stanza presence)
    {
        Jid to = presence.To!;
        if (to.Local is null || IsNotForRooms(presence.Type))
        {
            Decline(origin, presence);
            return;
        }
        bool enters = presence.Type == StanzaType.Available;
        try
        {
            Take(origin, presence, enters);
        }
        catch (StanzaErrorException fault) when (presence.Child("x", RoomNs.Muc).Exists)
        {
            // §7.2.4 to §7.2.9: clients tell by the mark what the answer is to.
            byte[] payload = [.. new XmlBuilder().Empty("x", RoomNs.Muc).ToArray(), .. fault.Error.ToArray()];
            Stanza answer = presence.Bounce(fault.Error).WithPayload(payload).With(to, origin.Address);
            origin.Perform(presence, Effect.InOrder(() => origin.Send(answer)));
        }
    }

    private void Take(Origin origin, Stanza presence, bool enters)
    {
        Jid to = presence.To!;
        if (to.IsBare && enters)
            throw new StanzaErrorException(StanzaError.JidMalformed("a nick is missing"));
        ReadOnlyMemory<byte> hats =
            enters && presence.Child("x", RoomNs.Muc).Exists ? Hats.Of(Server, origin.Account) : default;
        while (true)
        {
            Room? room = Find(to.Local!) ?? (enters ? Create(origin, presence) : null);
            if (room is null)
                origin.Perform(presence, Effect.None);
            if (room?.TryTakePresence(origin, presence, hats) != false)
                return;
        }
    }

    private static bool IsNotForRooms(StanzaType type) =>
        type is not (StanzaType.Available or StanzaType.Unavailable or StanzaType.Error);

    // Nobody is subscribed to a room: it is entered.
    private void Decline(Origin origin, Stanza presence)
    {
        Effect answer =
            presence.Type == StanzaType.Subscribe
                ? Effect.InOrder(() =>
                    origin.Send(Presences.Plain(StanzaType.Unsubscribed, presence.To!.Bare, origin.Address.Bare))
                )
                : Effect.None;
        origin.Perform(presence, answer);
    }

    public override void TakeMessage(Origin origin, Stanza message)
    {
        while (true)
        {
            if (message.To!.Local is not { } name || Find(name) is not { } room)
            {
                if (message.Type == StanzaType.Error)
                    origin.Perform(message, Effect.None);
                else
                    throw new StanzaErrorException(StanzaError.ItemNotFound("there is no such room"));
                return;
            }
            if (room.TryTakeMessage(origin, message))
                return;
        }
    }

    public override async ValueTask TakeIqAsync(Origin origin, Stanza iq, CancellationToken cancellation)
    {
        bool request = iq.Type is StanzaType.Get or StanzaType.Set;
        while (true)
        {
            if (iq.To!.Local is not { } name)
            {
                AnswerItself(origin, iq, request);
                return;
            }
            if (Find(name) is not { } room)
            {
                if (!request)
                    origin.Perform(iq, Effect.None);
                else
                    throw new StanzaErrorException(Missing(iq));
                return;
            }
            if (room.IsGone)
                continue;
            if (request && iq.To.IsBare && iq.Root.FirstChild.Namespace == Ns.Archive)
            {
                await room.TakeArchiveIqAsync(origin, iq, cancellation);
                return;
            }
            if (room.TryTakeIq(origin, iq))
                return;
        }
    }

    // XEP-0410 §3: whoever pings itself in a room that is not there is in none.
    private static StanzaError Missing(Stanza iq) =>
        iq.To!.IsFull && iq.Root.FirstChild.Is("ping", RoomNs.Ping)
            ? StanzaError.NotAcceptable("not in the room")
            : StanzaError.ItemNotFound("there is no such room");

    // ---- rooms ----

    /// <summary>The room of that name; null when there is none.</summary>
    public Room? Find(string name)
    {
        if (_rooms.TryGetValue(name, out Room? room))
            return room.IsGone ? null : room.Used();
        lock (_loading)
            return _rooms.TryGetValue(name, out room) ? (room.IsGone ? null : room.Used()) : Load(name);
    }

    private Room? Load(string name)
    {
        using Access access = Server.Stores.Database.OpenRead();
        return Server.Stores.Rooms.Find(access, name) is { } record ? Keep(access, record) : null;
    }

    private Room Keep(Access access, RoomRecord record)
    {
        var affiliations = Server.Stores.Rooms.Affiliations(access, record.Id);
        var room = new Room(this, record, affiliations, Server.Stores.Archive.LastId(access));
        Watch();
        return _rooms[record.Name] = room.Used();
    }

    // Laws, "Who may reach whom" 6: members make rooms; what nobody configured is an instant room (§10.1.2).
    private Room? Create(Origin origin, Stanza presence)
    {
        if (!presence.Child("x", RoomNs.Muc).Exists)
        {
            // Not from here on half in, see Room.Unknown.
            Stanza kick = Room.Desynchronized(origin.Address, presence.To!);
            origin.Perform(presence, Effect.InOrder(() => origin.Send(kick)));
            return null;
        }
        if (origin.Account?.Record.Role is not (Role.Member or Role.Admin))
            throw new StanzaErrorException(StanzaError.NotAllowed("members of this home make rooms"));
        string name = presence.To!.Local!;
        RoomRecord record = RoomConfiguration.Instant(name, Server.Time.GetUtcNow());
        lock (_loading)
        {
            bool known = _rooms.TryGetValue(name, out Room? other);
            if (known && !other!.IsGone)
                return other;
            // One that is going is removed before this one is written.
            if (!known && Load(name) is { } stored)
                return stored;
            Watch();
            return _rooms[name] = Room.Create(this, record, origin.Address.Bare).Used();
        }
    }

    /// <summary>A server is lost: who is in a room from there leaves it.</summary>
    public void Lose(string domain)
    {
        foreach (Room room in _rooms.Values)
            room.Lose(domain);
    }

    /// <summary>It is gone, or in nobody's memory: whoever asks for its name looks on disk.</summary>
    public void Forget(Room room) => _rooms.TryRemove(new(room.Record.Name, room));

    /// <summary>All rooms to look at, those too that are only on disk: to be listed is not to be used.</summary>
    public IReadOnlyList<Room> All()
    {
        using Access access = Server.Stores.Database.OpenRead();
        return
        [
            .. Server
                .Stores.Rooms.List(access)
                .Select(record =>
                    _rooms.GetValueOrDefault(record.Name)
                    ?? new Room(this, record, Server.Stores.Rooms.Affiliations(access, record.Id))
                ),
        ];
    }

    // ---- the service itself (§6.1 to §6.3) ----

    private void AnswerItself(Origin origin, Stanza iq, bool request)
    {
        if (!request)
        {
            origin.Perform(iq, Effect.None);
            return;
        }
        Element asked = iq.Root.FirstChild;
        Reply reply = (iq.Type, asked.Namespace, asked.Name) switch
        {
            (StanzaType.Get, Ns.DiscoInfo, "query") => Info(asked.Attribute("node")),
            (StanzaType.Get, Ns.DiscoItems, "query") => _search.Items(origin, asked),
            (StanzaType.Get, RoomNs.Search, "search") => _search.Search(origin, asked),
            (StanzaType.Get, RoomNs.Ping, "ping") => Reply.Empty,
            _ => Reply.Error(StanzaError.ServiceUnavailable()),
        };
        origin.Answer(iq, reply);
    }

    private static Reply Info(string? node)
    {
        if (node is not null)
            return Reply.Error(StanzaError.ItemNotFound());
        string[] features =
        [
            Ns.DiscoInfo,
            Ns.DiscoItems,
            Ns.ResultSets,
            RoomNs.Muc,
            RoomNs.Hats,
            RoomNs.OccupantId,
            RoomNs.Ping,
            RoomNs.Search,
            RoomNs.Card,
        ];
        return Reply.Result(
            new DiscoInfo([new DiscoIdentity("conference", "text", "Rooms")], features, []).Write(null)
        );
    }
}
