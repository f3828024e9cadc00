using System.Security.Cryptography;
using System.Text;
using Xmpp.Addresses;
using Xmpp.Addresses.Precis;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>Entering, nicks and presence (XEP-0045 §7.1 to §7.7).</summary>
internal sealed partial class Room
{
    /// <summary>False when the room went meanwhile: look again.</summary>
    public bool TryTakePresence(Origin origin, Stanza presence, ReadOnlyMemory<byte> hats)
    {
        lock (_lock)
        {
            if (IsGone)
                return false;
            try
            {
                Take(origin, presence, hats);
            }
            catch (StanzaErrorException) when (_seats.Count == 0 && Volatile.Read(ref _id) == 0)
            {
                // Nobody has entered it: it never was.
                IsGone = true;
                _service.Forget(this);
                throw;
            }
            return true;
        }
    }

    private void Take(Origin origin, Stanza presence, ReadOnlyMemory<byte> hats)
    {
        Seat? seat = _seats.GetValueOrDefault(origin.Address);
        if (presence.Type is StanzaType.Unavailable)
            Leave(origin, presence, seat);
        else if (presence.Type is StanzaType.Error)
            Fail(origin, presence, seat);
        else if (!presence.Child("x", RoomNs.Muc).Exists && seat is null)
            Unknown(origin, presence);
        else if (seat is null)
            Enter(origin, presence, hats);
        else if (seat.Occupant.Nick != presence.To!.Resource)
            Rename(origin, presence, seat);
        else if (presence.Child("x", RoomNs.Muc).Exists)
            EnterAgain(origin, presence, seat);
        else
            Update(origin, presence, seat);
    }

    // §7.1 (1.32): who is not in the room and thinks so is told, else the client stays half in.
    private void Unknown(Origin origin, Stanza presence) =>
        origin.Perform(presence, Effect.InOrder(() => origin.Send(Desynchronized(origin.Address, presence.To!))));

    /// <summary>The explicit kick of a client that was never in.</summary>
    public static Stanza Desynchronized(Jid client, Jid nick)
    {
        XmlBuilder x = new XmlBuilder().Start("x", RoomNs.User).Start("item");
        x.Attribute("affiliation", "none").Attribute("role", "none").End();
        foreach (int code in (int[])[110, 307, 333])
            Announcement.Status(x, code);
        return new Stanza
        {
            Kind = StanzaKind.Presence,
            Type = StanzaType.Unavailable,
            From = nick,
            To = client,
            Payload = x.ToArray(),
        };
    }

    // ---- entering ----

    private void Enter(Origin origin, Stanza presence, ReadOnlyMemory<byte> hats)
    {
        Jid person = origin.Address.Bare;
        RoomAffiliation affiliation = AffiliationOf(person);
        bool creates = Volatile.Read(ref _id) == 0 && _seats.Count == 0;
        string nick = presence.To!.Resource!;
        HistoryRequest history = HistoryRequest.Read(presence);
        Occupant? same = CheckEntry(presence, person, affiliation, nick);
        Occupant occupant =
            same
            ?? new Occupant(presence.To, person)
            {
                Id = OccupantIdOf(person),
                Hats = hats,
                Affiliation = affiliation,
                Role = Standing.Initial(affiliation, IsModerated),
            };
        var seat = new Seat(origin.Address, origin.Session, occupant) { Presence = Foreign.Without(presence) };
        var post = new Post(_server);
        ShowOthers(post, seat);
        TakeSeat(seat);
        AnnounceEntry(post, seat, creates ? [201] : []);
        origin.Perform(
            presence,
            new Entry(this, seat, post, history) { Founders = creates ? [.. _affiliations.Values] : null }
        );
    }

    // §7.2.4 to §7.2.9; returns the person's own occupant of the nick.
    private Occupant? CheckEntry(Stanza presence, Jid person, RoomAffiliation affiliation, string nick)
    {
        if (IsLocked && affiliation != RoomAffiliation.Owner)
            throw new StanzaErrorException(StanzaError.ItemNotFound("the room is not open yet"));
        if (affiliation == RoomAffiliation.Outcast)
            throw new StanzaErrorException(StanzaError.Forbidden("banned from this room"));
        if (!MayEnter(affiliation))
            throw new StanzaErrorException(StanzaError.RegistrationRequired("members only"));
        CheckPassword(presence, affiliation);
        Occupant? same = CheckNick(nick, person);
        bool full = Record.MostOccupants > 0 && _occupants.Count >= Record.MostOccupants;
        if (full && same is null && affiliation < RoomAffiliation.Admin)
            throw new StanzaErrorException(new StanzaError("wait", "service-unavailable", "the room is full"));
        return same;
    }

    // §7.2.6. Compared in constant time.
    private void CheckPassword(Stanza presence, RoomAffiliation affiliation)
    {
        if (Record.Password is not { Length: > 0 } password || affiliation == RoomAffiliation.Owner)
            return;
        string given = presence.Child("x", RoomNs.Muc).Child("password", RoomNs.Muc).Text;
        bool right = CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given)),
            SHA256.HashData(Encoding.UTF8.GetBytes(password))
        );
        if (!right)
            throw new StanzaErrorException(StanzaError.NotAuthorized("the room has a password"));
    }

    // §7.2.8: taken by somebody else, or kept for who registered it. Several sessions of a person share a nick.
    private Occupant? CheckNick(string nick, Jid person)
    {
        if (!Nickname.TryPrepare(nick, out string? prepared) || prepared != nick || KeyOf(nick) is not { } key)
            throw new StanzaErrorException(StanzaError.NotAcceptable("this cannot be a nick"));
        if (_occupants.TryGetValue(key, out Occupant? holder))
            return holder.Person == person && holder.Nick == nick
                ? holder
                : throw new StanzaErrorException(StanzaError.Conflict("the nick is taken"));
        if (RegisteredBy(key) is { } owner && owner != person)
            throw new StanzaErrorException(StanzaError.Conflict("the nick is registered"));
        return null;
    }

    private Jid? RegisteredBy(string key)
    {
        foreach (AffiliationRecord record in _affiliations.Values)
            if (record.Nick is not null && KeyOf(record.Nick) == key)
                return record.Who;
        return null;
    }

    // §7.2.2: who is there, before the newcomer itself.
    private void ShowOthers(Post post, Seat newcomer)
    {
        bool addresses = SeesAddresses(newcomer.Occupant);
        foreach (Occupant other in _occupants.Values)
            if (other != newcomer.Occupant && other.IsShown)
                post.Add(newcomer, new Announcement(other.Seats[^1]).For(newcomer, addresses));
    }

    // §7.2.2: the others, and last the newcomer, for which it ends the list.
    private void AnnounceEntry(Post post, Seat seat, IReadOnlyList<int> codes)
    {
        var own = new List<int>(codes);
        if (Is(RoomFlags.NonAnonymous))
            own.Add(100);
        if (Is(RoomFlags.Archive))
            own.Add(170);
        var news = new Announcement(seat) { OwnCodes = own };
        Announce(post, new Announcement(seat), viewer => viewer != seat);
        post.Add(seat, news.For(seat, seesAddresses: true));
    }

    // A client that asks to enter knows nothing of being in: it is told all again.
    private void EnterAgain(Origin origin, Stanza presence, Seat seat)
    {
        HistoryRequest history = HistoryRequest.Read(presence);
        seat.Presence = Foreign.Without(presence);
        var post = new Post(_server);
        ShowOthers(post, seat);
        AnnounceEntry(post, seat, []);
        origin.Perform(presence, new Entry(this, seat, post, history));
    }

    // ---- being there ----

    // §7.7.
    private void Update(Origin origin, Stanza presence, Seat seat)
    {
        seat.Presence = Foreign.Without(presence);
        seat.Occupant.Seats.Remove(seat);
        seat.Occupant.Seats.Add(seat);
        var post = new Post(_server);
        Announce(post, new Announcement(seat));
        origin.Perform(presence, post);
    }

    // §7.6. Where several sessions share the nick, this one leaves them.
    private void Rename(Origin origin, Stanza presence, Seat seat)
    {
        Occupant before = seat.Occupant;
        Jid address = presence.To!;
        if (seat.Occupant.Role == RoomRole.Visitor)
            throw new StanzaErrorException(StanzaError.NotAcceptable("without voice the nick stays"));
        bool onlyWritten = KeyOf(address.Resource!) == KeyOf(before.Nick);
        Occupant? same = onlyWritten ? null : CheckNick(address.Resource!, before.Person);
        if (onlyWritten && (before.Seats.Count > 1 || !Nickname.TryPrepare(address.Resource!, out _)))
            throw new StanzaErrorException(StanzaError.Conflict("the nick is taken"));
        var post = new Post(_server);
        var farewell = new Announcement(seat)
        {
            Said = Bare(presence),
            IsUnavailable = true,
            Codes = [303],
            NewNick = address.Resource,
        };
        Announce(post, farewell, viewer => before.Seats.Count == 1 || viewer == seat);
        GiveUpSeat(seat);
        seat.Occupant =
            same
            ?? new Occupant(address, before.Person)
            {
                Id = before.Id,
                Hats = before.Hats,
                Affiliation = before.Affiliation,
                Role = before.Role,
            };
        seat.Presence = Foreign.Without(presence);
        TakeSeat(seat);
        Announce(post, new Announcement(seat));
        origin.Perform(presence, post);
    }

    private static Stanza Bare(Stanza presence) => presence.WithPayload(default);
}
