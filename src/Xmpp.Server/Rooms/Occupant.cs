using Xmpp.Addresses;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Rooms;

/// <summary>Somebody in a room under one nick, with one session or several of the same person. The room locks it.</summary>
internal sealed class Occupant(Jid address, Jid person)
{
    /// <summary>room@service/nick.</summary>
    public Jid Address { get; set; } = address;
    public string Nick => Address.Resource!;

    /// <summary>The bare address behind it.</summary>
    public Jid Person { get; } = person;
    public RoomAffiliation Affiliation { get; set; }
    public RoomRole Role { get; set; }

    /// <summary>Whoever came or spoke of itself last is the last.</summary>
    public List<Seat> Seats { get; } = [];

    /// <summary>The others were told that it is here (<c>muc#roomconfig_presencebroadcast</c>).</summary>
    public bool IsShown { get; set; }

    public (RoomAffiliation, RoomRole) Standing => (Affiliation, Role);

    /// <summary>Behind its presence and messages: its id in this room (XEP-0421).</summary>
    public required ReadOnlyMemory<byte> Id { get; init; }

    /// <summary>Behind its presence: what it wears (XEP-0317); empty for nothing.</summary>
    public ReadOnlyMemory<byte> Hats { get; init; }
}

/// <summary>One session in a room.</summary>
internal sealed class Seat(Jid jid, Session? session, Occupant occupant)
{
    /// <summary>The full address.</summary>
    public Jid Jid { get; } = jid;

    /// <summary>Null for one elsewhere.</summary>
    public Session? Session { get; } = session;
    public Occupant Occupant { get; set; } = occupant;

    /// <summary>Its last presence, with only what the client said that is its own to say.</summary>
    public required Stanza Presence { get; set; }

    /// <summary>What it gets is written by the stanza, of whose children it shares the bytes.</summary>
    public void Deliver(XmppServer server, Stanza stanza, ReadOnlyMemory<byte> suffix = default, bool canWait = false)
    {
        if (Session is null)
            server.Dispatcher.Send(Suffixed(stanza, suffix).With(stanza.From, Jid));
        else if (Session.Account.Blocked.IsEmpty || !Session.Account.Blocks(stanza.From!))
            Session.Deliver(new Outgoing(stanza, Jid, suffix) { CanWait = canWait });
    }

    /// <summary>The same for a message to one elsewhere; null for a session here.</summary>
    public Letter? LetterOf(XmppServer server, Stanza message, Treatment kind) =>
        Session is null ? new Letter(server, message.With(message.From, Jid), kind) : null;

    /// <summary>The whole stanza, with what stands behind its children.</summary>
    public static Stanza Suffixed(Stanza stanza, ReadOnlyMemory<byte> suffix) =>
        suffix.IsEmpty ? stanza : stanza.WithPayload((byte[])[.. stanza.Payload.Span, .. suffix.Span]);
}
