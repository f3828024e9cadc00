using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Server.Rooms;
using Xmpp.Server.Routing;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Push;

/// <summary>
/// What is said in rooms on other servers, for the sleeping devices of who is in them (XEP-0492 §4). Whether such a room is
/// open or closed is not known here: the bookmark says who wants to hear every word, all others hear what means them.
/// </summary>
internal static class RoomsElsewhere
{
    /// <summary>Null when it is nothing to be woken for: one's own words, what came as history, a mere feeling.</summary>
    public static Notice? NoticeFor(XmppServer server, Account account, Stanza said)
    {
        Urgency urgency = Treatment.OfRoom(said).Push;
        if (urgency < Urgency.Normal || said.From is not { IsFull: true } speaker || said.Root.Has("delay", Ns.Delay))
            return null;
        RoomWish wish = RoomWish.Of(server, account, speaker.Bare);
        string nick = wish.Nick ?? account.Name;
        bool isOwn = speaker.Resource == nick;
        if (isOwn || wish.When == NotifyWhen.Never || !speaker.Bare.TryWithResource(nick, out Jid? own))
            return null;
        if (new Mentions(said).Has(account.Jid, own))
            return new Notice(said, Urgency.High) { IsMention = true };
        return wish.When == NotifyWhen.Always ? new Notice(said, urgency) : null;
    }
}
