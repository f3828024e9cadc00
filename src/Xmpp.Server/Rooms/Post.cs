using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Rooms;

/// <summary>What goes out of a room for one stanza: put together under the room's lock, sent in commit order.</summary>
internal sealed class Post(XmppServer server) : Effect
{
    private readonly List<(Seat Seat, Stanza Stanza, Letter? Letter)> _items = [];

    /// <param name="kind">Of a message that somebody has written; the room's own say it themselves.</param>
    public void Add(Seat seat, Stanza stanza, Treatment? kind = null)
    {
        bool isMessage = stanza.Kind == StanzaKind.Message;
        Letter? letter = isMessage ? seat.LetterOf(server, stanza, kind ?? Treatment.OfLeaving(stanza)) : null;
        _items.Add((seat, stanza, letter));
    }

    public override bool Writes => _items.Exists(static item => item.Letter?.Writes == true);

    public override void Store(Transaction transaction)
    {
        foreach (var (_, _, letter) in _items)
            letter?.Store(transaction);
    }

    public override void Released()
    {
        foreach (var (seat, stanza, letter) in _items)
            if (letter is not null)
                letter.Released();
            else
                seat.Deliver(server, stanza, canWait: stanza.Kind == StanzaKind.Presence);
    }

    public override void Failed()
    {
        foreach (var (_, _, letter) in _items)
            letter?.Failed();
    }
}
