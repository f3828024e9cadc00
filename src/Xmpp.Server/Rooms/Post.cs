using Xmpp.Server.Routing;
using Xmpp.Stanzas;

namespace Xmpp.Server.Rooms;

/// <summary>What goes out of a room for one stanza: put together under the room's lock, sent in commit order.</summary>
internal sealed class Post(XmppServer server)
{
    private readonly List<(Seat Seat, Stanza Stanza)> _items = [];

    public void Add(Seat seat, Stanza stanza) => _items.Add((seat, stanza));

    public void Send()
    {
        foreach (var (seat, stanza) in _items)
            seat.Deliver(server, stanza, canWait: stanza.Kind == StanzaKind.Presence);
    }

    public Effect AsEffect() => Effect.InOrder(Send);
}
