using Xmpp.Addresses;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>Between two occupants: private messages (XEP-0045 §7.5) and IQs (§17.4, XEP-0410).</summary>
internal sealed partial class Room
{
    private readonly RelayedIqs _relayed = new();

    /// <param name="leaving">What the message is to its sender's account.</param>
    private void ToOccupant(Origin origin, Stanza message, Effect leaving)
    {
        if (message.Type == StanzaType.Groupchat)
            throw new StanzaErrorException(StanzaError.BadRequest("to all is to the room itself"));
        Seat sender = SeatOf(origin.Address);
        Occupant target =
            FindOccupant(message.To!.Resource!) ?? throw new StanzaErrorException(StanzaError.ItemNotFound());
        CheckPrivate(origin, sender.Occupant, target);
        Treatment kind = Treatment.Of(message);
        Stanza inside = Private(message, sender.Occupant);
        Seat[] others = [.. target.Seats.Take(target.Seats.Count - 1)];
        Stanza first = inside.With(inside.From, target.Seats[^1].Jid);
        Effect arriving = _server.Dispatcher.LocalAccount(target.Person) is null
            ? new Letter(_server, first, kind)
            : _server.Dispatcher.Messages.Arriving(Origin.Elsewhere(_server, inside.From!), first);
        var beside = new Post(_server);
        foreach (Seat other in others)
            beside.Add(other, inside, kind);
        origin.Perform(message, Effect.All(leaving, arriving, beside));
    }

    private void CheckPrivate(Origin origin, Occupant sender, Occupant target)
    {
        bool may = Record.PrivateMessages switch
        {
            PrivateMessages.Anyone => true,
            PrivateMessages.Participants => sender.Role >= RoomRole.Participant,
            PrivateMessages.Moderators => sender.Role >= RoomRole.Moderator,
            _ => false,
        };
        if (!may)
            throw new StanzaErrorException(StanzaError.Forbidden("no private messages here"));
        // To whom the gate hides somebody outside, it hides them here (laws, "Limited accounts").
        if (!MayTalk(origin.Account, target.Person))
            throw new StanzaErrorException(StanzaError.ServiceUnavailable());
    }

    // §7.5: marked, so that clients know where it belongs.
    private static Stanza Private(Stanza message, Occupant sender)
    {
        Stanza clean = Foreign.Without(message);
        byte[] payload = new XmlBuilder(capacity: clean.Payload.Length + 256)
            .Copy(clean.Payload.Span)
            .Empty("x", RoomNs.User)
            .Copy(sender.Id.Span)
            .ToArray();
        return clean.WithPayload(payload).With(sender.Address, null);
    }

    // A private message that could not be delivered, back to whoever the nick is.
    private void ReturnError(Origin origin, Stanza error)
    {
        var post = new Post(_server);
        Jid? from = _seats.GetValueOrDefault(origin.Address)?.Occupant.Address;
        if (from is not null && FindOccupant(error.To!.Resource!) is { } target)
            post.Add(target.Seats[^1], error.With(from, null));
        origin.Perform(error, post);
    }

    // ---- IQs ----

    /// <summary>An IQ to an occupant, or the answer to one that the room has passed on.</summary>
    private void RelayIq(Origin origin, Stanza iq)
    {
        if (iq.Type is StanzaType.Result or StanzaType.Error)
        {
            ReturnAnswer(origin, iq);
            return;
        }
        Element payload = iq.Root.FirstChild;
        string nick = iq.To!.Resource!;
        bool selfPing = payload.Is("ping", RoomNs.Ping);
        Seat asker = SeatOf(origin.Address);
        if (selfPing && asker.Occupant.Nick == nick)
        {
            // XEP-0410 §3.
            origin.Answer(iq, Extensions.Reply.Empty);
            return;
        }
        Occupant target = FindOccupant(nick) ?? throw new StanzaErrorException(StanzaError.ItemNotFound());
        if (!MayTalk(origin.Account, target.Person))
            throw new StanzaErrorException(StanzaError.ServiceUnavailable());
        // A card and what is published are the account's, not one client's (§17.3).
        bool ofAccount = payload.Namespace is RoomNs.Card or "http://jabber.org/protocol/pubsub";
        Jid to = ofAccount ? target.Person : target.Seats[^1].Jid;
        string id = _relayed.Add(new(origin.Address, iq.Id!, target.Address, to));
        Stanza relayed = Rewritten(iq, id, asker.Occupant.Address, to);
        origin.Perform(iq, Effect.InOrder(() => _server.Dispatcher.Send(relayed)));
    }

    private void ReturnAnswer(Origin origin, Stanza answer)
    {
        if (_relayed.Take(answer.Id, origin.Address) is not { } asked)
        {
            origin.Perform(answer, Effect.None);
            return;
        }
        Stanza back = Rewritten(answer, asked.Id, asked.Target, asked.Asker);
        origin.Perform(answer, Effect.InOrder(() => _server.Dispatcher.Send(back)));
    }

    private static Stanza Rewritten(Stanza iq, string id, Jid from, Jid to) =>
        new()
        {
            Kind = StanzaKind.Iq,
            Type = iq.Type,
            Id = id,
            Language = iq.Language,
            From = from,
            To = to,
            Payload = iq.Payload,
        };
}
