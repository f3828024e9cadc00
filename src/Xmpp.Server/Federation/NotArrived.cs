using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Stanzas;

namespace Xmpp.Server.Federation;

/// <summary>Who hears that a stanza did not get to its server.</summary>
internal sealed class NotArrived(XmppServer server)
{
    /// <summary>
    /// Its sender is told, unless it must not be (RFC 6120 §8.3.1) or does not wait for it. Who has gone meanwhile hears it from
    /// the box, once for each contact.
    /// </summary>
    /// <param name="told">Who was told so, of whom.</param>
    public void Return(Stanza stanza, StanzaError error, HashSet<(Jid, Jid)> told)
    {
        bool silent = stanza.Type is StanzaType.Error or StanzaType.Result or StanzaType.Headline;
        // Presence that was meant for one, and what our rooms say: the occupant is gone (XEP-0045 §18.3).
        if (stanza.Kind == StanzaKind.Presence)
            silent = stanza.Type is not (StanzaType.Available or StanzaType.Subscribe) || IsBroadcast(stanza);
        if (silent)
            return;
        Account? sender = server.Dispatcher.LocalAccount(stanza.From!);
        bool isGone = sender is not null && sender.FindSession(stanza.From!.Resource ?? "") is null;
        if (isGone && stanza.Kind == StanzaKind.Message && Treatment.Of(stanza) is { Offline: true, IsForPeople: true })
        {
            if (told.Add((sender!.Jid, stanza.To!.Bare)))
                server.Home.Box.Tell(sender, server.Home.Box.Texts.NotArrived(stanza.To.Bare.ToString()));
            return;
        }
        server.Dispatcher.Send(stanza.Bounce(error));
    }

    private bool IsBroadcast(Stanza presence)
    {
        Session? session = server.Dispatcher.LocalAccount(presence.From!)?.FindSession(presence.From!.Resource ?? "");
        return presence.Type == StanzaType.Available
            && presence.From!.Domain == server.Options.Domain
            && session?.Elsewhere.Contains(presence.To!) != true;
    }
}
