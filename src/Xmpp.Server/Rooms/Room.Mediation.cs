using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>
/// What goes through the room to somebody else: invitations and what is answered to them (XEP-0045 §7.8.2), requests for
/// voice (§7.13, §8.6) and for membership (§7.10, §9.9).
/// </summary>
internal sealed partial class Room
{
    private void Mediate(Origin origin, Stanza message)
    {
        Element user = message.Child("x", RoomNs.User);
        Element form = message.Child("x", Ns.DataForms);
        if (user.Child("invite", RoomNs.User) is { Exists: true } invite)
            Invite(origin, message, invite);
        else if (user.Child("decline", RoomNs.User) is { Exists: true } decline)
            Decline(origin, message, decline);
        else if (form.Exists && FormType(form) == RoomNs.Request)
            Voice(origin, message, form);
        else if (form.Exists && FormType(form) == RoomNs.Register)
            Approve(origin, message, form);
        else
            throw new StanzaErrorException(StanzaError.BadRequest("a message to all is of type groupchat"));
    }

    private static string? FormType(Element form)
    {
        foreach (Element field in form.Children)
            if (field.Is("field", Ns.DataForms) && field.Attribute("var") == "FORM_TYPE")
                return field.Child("value").Text;
        return null;
    }

    // ---- invitations ----

    private void Invite(Origin origin, Stanza message, Element invite)
    {
        Seat seat = SeatOf(origin.Address);
        Jid invitee = Jid.TryParse(invite.Attribute("to"), out Jid? jid)
            ? jid.Bare
            : throw new StanzaErrorException(StanzaError.JidMalformed());
        CheckInvitation(origin, seat.Occupant, invitee);
        CheckSpace(1);
        // Through the room one reaches out for as many new servers as without it.
        if (origin.Account is { } inviter && invitee.Domain != _server.Options.Domain)
            _server.Dispatcher.Services.Find(invitee.Domain)?.Admit(inviter, FromRoom(invitee, new XmlBuilder()));
        var post = new Post(_server);
        var change = new RoomChange(this, origin, null, post);
        if (Is(RoomFlags.MembersOnly) && AffiliationOf(invitee) == RoomAffiliation.None && Record.Circle is null)
            SetAffiliation(change, post, invitee, RoomAffiliation.Member, (null, null, null));
        Stanza invitation = Invitation(seat, invite, invitee);
        Effect arriving =
            invitee.Domain == _server.Options.Domain
                ? _server.Dispatcher.Messages.Arriving(Origin.Elsewhere(_server, Address), invitation)
                : new Letter(_server, invitation, Treatment.Of(invitation));
        origin.Perform(message, Effect.All(change, arriving));
    }

    private void CheckInvitation(Origin origin, Occupant inviter, Jid invitee)
    {
        bool membersOnly = Is(RoomFlags.MembersOnly);
        RoomAffiliation standing = AffiliationOf(invitee);
        bool may =
            inviter.Role >= RoomRole.Participant
            && (!membersOnly || Is(RoomFlags.OccupantsInvite) || inviter.Affiliation >= RoomAffiliation.Admin);
        // Who was banned is let in by whoever may take a ban back.
        if (!may || standing == RoomAffiliation.Outcast)
            throw new StanzaErrorException(StanzaError.Forbidden());
        if (Record.Circle is not null && standing == RoomAffiliation.None)
            throw new StanzaErrorException(StanzaError.NotAllowed("its circle decides who is in it"));
        if (!MayTalk(origin.Account, invitee))
            throw new StanzaErrorException(StanzaError.ServiceUnavailable());
    }

    // With what older clients understand beside it (XEP-0249).
    private Stanza Invitation(Seat inviter, Element invite, Jid invitee)
    {
        Jid from = Is(RoomFlags.NonAnonymous) ? inviter.Occupant.Person : inviter.Occupant.Address;
        Element reason = invite.Child("reason", RoomNs.User);
        Element thread = invite.Child("continue", RoomNs.User);
        XmlBuilder payload = new XmlBuilder().Start("x", RoomNs.User);
        payload.Start("invite").Attribute("from", from);
        if (reason.Exists)
            payload.Element("reason", reason.Text);
        if (thread.Exists)
            payload.Start("continue").Attribute("thread", thread.Attribute("thread")).End();
        payload.End();
        if (Record.Password is not null)
            payload.Element("password", Record.Password);
        payload.End();
        payload
            .Start("x", RoomNs.Conference)
            .Attribute("jid", Address)
            .Attribute("password", Record.Password)
            .Attribute("reason", reason.Exists ? reason.Text : null)
            .End();
        return FromRoom(invitee, payload);
    }

    private Stanza FromRoom(Jid to, XmlBuilder payload) =>
        new()
        {
            Kind = StanzaKind.Message,
            Type = StanzaType.Normal,
            From = Address,
            To = to,
            Payload = payload.ToArray(),
        };

    // §7.8.2: to whoever has invited; the room is no relay to others.
    private void Decline(Origin origin, Stanza message, Element decline)
    {
        if (!Jid.TryParse(decline.Attribute("to"), out Jid? to))
            throw new StanzaErrorException(StanzaError.JidMalformed());
        Occupant? occupant = to.Bare == Address ? FindOccupant(to.Resource ?? "") : null;
        Jid person = occupant?.Person ?? to.Bare;
        bool known = occupant is not null || _occupants.Values.Any(other => other.Person == person);
        if (!known && AffiliationOf(person) < RoomAffiliation.Member)
            throw new StanzaErrorException(StanzaError.ItemNotFound());
        if (!MayTalk(origin.Account, person))
            throw new StanzaErrorException(StanzaError.ServiceUnavailable());
        Element reason = decline.Child("reason", RoomNs.User);
        XmlBuilder payload = new XmlBuilder().Start("x", RoomNs.User);
        payload.Start("decline").Attribute("from", origin.Address.Bare);
        if (reason.Exists)
            payload.Element("reason", reason.Text);
        Stanza declined = FromRoom(person, payload);
        origin.Perform(message, new Letter(_server, declined, Treatment.Of(declined)));
    }

    // ---- voice ----

    private void Voice(Origin origin, Stanza message, Element form)
    {
        Seat seat = SeatOf(origin.Address);
        Dictionary<string, List<string>> fields = DataForms.Read(form, RoomNs.Request);
        var post = new Post(_server);
        if (seat.Occupant.Role == RoomRole.Moderator && fields.ContainsKey("muc#request_allow"))
            GrantVoice(post, seat.Occupant, fields);
        else if (seat.Occupant.Role == RoomRole.Visitor)
            AskForVoice(post, seat);
        else
            throw new StanzaErrorException(StanzaError.BadRequest("you have voice"));
        origin.Perform(message, post);
    }

    // §8.6.
    private void AskForVoice(Post post, Seat asker)
    {
        XmlBuilder form = DataForms.Start(new XmlBuilder(), "form", RoomNs.Request);
        form.Element("title", "Voice request");
        DataForms.Field(form, "muc#role", "list-single", "participant");
        DataForms.Field(form, "muc#jid", "jid-single", asker.Jid.ToString());
        DataForms.Field(form, "muc#roomnick", "text-single", asker.Occupant.Nick);
        DataForms.Field(form, "muc#request_allow", "boolean", "false");
        Stanza request = FromRoom(Address, form);
        foreach (Seat seat in _audience)
            if (seat.Occupant.Role == RoomRole.Moderator)
                post.Add(seat, request);
    }

    private void GrantVoice(Post post, Occupant moderator, Dictionary<string, List<string>> fields)
    {
        string nick = One(fields, "muc#roomnick") ?? "";
        Occupant visitor = FindOccupant(nick) ?? throw new StanzaErrorException(StanzaError.ItemNotFound());
        if (IsYes(fields, "muc#request_allow") && visitor.Role == RoomRole.Visitor)
            SetRole(post, visitor, RoomRole.Participant, moderator.Nick, null);
    }

    private static string? One(Dictionary<string, List<string>> fields, string name) =>
        fields.TryGetValue(name, out List<string>? values) && values.Count > 0 ? values[0] : null;

    private static bool IsYes(Dictionary<string, List<string>> fields, string name) =>
        One(fields, name) is "1" or "true";

    // ---- registration ----

    private Reply Registration(Origin origin)
    {
        Jid person = origin.Address.Bare;
        RoomAffiliation affiliation = CheckRegistration(origin, person);
        AffiliationRecord? known = _affiliations.GetValueOrDefault(person);
        var query = new XmlBuilder().Start("query", Ns.Register);
        if (affiliation >= RoomAffiliation.Member && known?.Nick is not null)
            return Reply.Result(query.Empty("registered").Element("username", known.Nick));
        DataForms.Start(query, "form", RoomNs.Register);
        query.Start("field").Attribute("var", "muc#register_roomnick").Attribute("type", "text-single");
        query.Attribute("label", "Nick").Empty("required").End();
        return Reply.Result(query);
    }

    // §7.10: who is banned, or may not, is told so.
    private RoomAffiliation CheckRegistration(Origin origin, Jid person)
    {
        RoomAffiliation affiliation = AffiliationOf(person);
        if (affiliation == RoomAffiliation.Outcast)
            throw new StanzaErrorException(StanzaError.Forbidden());
        bool open = Is(RoomFlags.Registration) && Record.Circle is null && origin.Account?.IsGone != true;
        return open || affiliation >= RoomAffiliation.Member
            ? affiliation
            : throw new StanzaErrorException(StanzaError.NotAllowed());
    }

    private void Register(Origin origin, Stanza iq, Element query)
    {
        Jid person = origin.Address.Bare;
        RoomAffiliation affiliation = CheckRegistration(origin, person);
        var post = new Post(_server);
        var change = new RoomChange(this, origin, iq, post);
        if (query.Child("remove", Ns.Register).Exists)
        {
            // Of members and admins nothing is left. An owner only loses the nick: the last one could not go, and the others
            // give the room up by name (§10.4).
            RoomAffiliation left = affiliation == RoomAffiliation.Owner ? affiliation : RoomAffiliation.None;
            SetRegistration(change, post, person, left, null);
            origin.Perform(iq, change);
            return;
        }
        string nick =
            One(DataForms.Read(query.Child("x", Ns.DataForms), RoomNs.Register), "muc#register_roomnick") ?? "";
        CheckNickFor(nick, person);
        CheckSpace(1);
        if (affiliation == RoomAffiliation.None && Is(RoomFlags.MembersOnly))
            AskForMembership(post, origin.Address, nick);
        else
            SetRegistration(
                change,
                post,
                person,
                affiliation < RoomAffiliation.Member ? RoomAffiliation.Member : affiliation,
                nick
            );
        origin.Perform(iq, change);
    }

    private void CheckNickFor(string nick, Jid person)
    {
        if (!Address.TryWithResource(nick, out Jid? address) || address.Resource != nick)
            throw new StanzaErrorException(StanzaError.NotAcceptable("this cannot be a nick"));
        if (CheckNick(nick, person) is null && RegisteredBy(KeyOf(nick)!) is { } other && other != person)
            throw new StanzaErrorException(StanzaError.Conflict());
    }

    private void SetRegistration(RoomChange change, Post post, Jid person, RoomAffiliation affiliation, string? nick)
    {
        AffiliationRecord? before = _affiliations.GetValueOrDefault(person);
        RoomAffiliation old = AffiliationOf(person);
        // In a circle's room only the nick is kept: the rest is computed.
        RoomAffiliation kept = Record.Circle is null ? affiliation : RoomAffiliation.None;
        Keep(change, before, new AffiliationRecord(person, kept, nick, before?.Reason));
        RoomAffiliation now = AffiliationOf(person);
        bool present = false;
        foreach (Occupant occupant in _occupants.Values.Where(other => other.Person == person).ToArray())
        {
            present = true;
            if (occupant.Affiliation != now)
                Regrade(post, occupant, now, null, null);
        }
        if (!present && old != now)
            TellOfAbsent(post, new AffiliationRecord(person, now));
    }

    // §9.9.
    private void AskForMembership(Post post, Jid asker, string nick)
    {
        XmlBuilder form = DataForms.Start(new XmlBuilder(), "form", RoomNs.Register);
        form.Element("title", "Registration request");
        DataForms.Field(form, "muc#register_jid", "jid-single", asker.Bare.ToString());
        DataForms.Field(form, "muc#register_roomnick", "text-single", nick);
        DataForms.Field(form, "muc#register_allow", "boolean", "false");
        Stanza request = FromRoom(Address, form);
        foreach (Seat seat in _audience)
            if (seat.Occupant.Affiliation >= RoomAffiliation.Admin)
                post.Add(seat, request);
    }

    private void Approve(Origin origin, Stanza message, Element form)
    {
        MustBe(origin, RoomAffiliation.Admin);
        Dictionary<string, List<string>> fields = DataForms.Read(form, RoomNs.Register);
        if (!Jid.TryParse(One(fields, "muc#register_jid"), out Jid? person))
            throw new StanzaErrorException(StanzaError.JidMalformed());
        string nick = One(fields, "muc#register_roomnick") ?? "";
        var post = new Post(_server);
        var change = new RoomChange(this, origin, null, post);
        if (
            IsYes(fields, "muc#register_allow")
            && Record.Circle is null
            && AffiliationOf(person.Bare) == RoomAffiliation.None
        )
        {
            CheckNickFor(nick, person.Bare);
            SetRegistration(change, post, person.Bare, RoomAffiliation.Member, nick);
        }
        origin.Perform(message, change);
    }
}
