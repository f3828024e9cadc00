using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Routing;

/// <summary>
/// Subscription stanzas as clients send them (RFC 6121 §3): from and to bare JIDs, the same to the eye whether nobody is
/// there, the gate hides the contact, or the contact blocks the sender.
/// </summary>
internal sealed class SubscriptionRequests(XmppServer server)
{
    public void FromClient(Session session, Stanza presence)
    {
        if (presence.To is not { } to)
            throw new StanzaErrorException(StanzaError.BadRequest("a subscription is to somebody"));
        Presences presences = server.Dispatcher.Presences;
        presence = presence.With(session.Account.Jid, to.Bare);
        if (presences.Elsewhere.Is(to))
        {
            session.Perform(new SubscriptionWork(session, presence, Away(session.Account, presence)));
            return;
        }
        Account? contact = server.Dispatcher.LocalAccount(to.Bare);
        if (contact == session.Account || (contact is not null && server.Home.ShareCircle(session.Account, contact)))
        {
            // A circle's members, and oneself, are subscribed already and stay so.
            Presences.Order(session, presence, () => Confirm(session, presence));
            return;
        }
        bool reaches = contact is not null && presences.Reaches(session.Account, contact);
        if (reaches && InvitedContact.TokenOf(presence) is { } token)
        {
            session.Perform(new InvitedContact(session, presence, contact!, token));
            return;
        }
        session.Perform(
            new SubscriptionWork(
                session,
                presence,
                new SubscriptionExchange(server, session.Account, contact, presence, reaches)
            )
        );
    }

    // What ends something is noted although nobody answers there any more; what ends nothing goes only where a request
    // would.
    private SubscriptionExchange Away(Account account, Stanza presence)
    {
        bool reaches = true;
        try
        {
            server.Dispatcher.ServiceFor(account, presence);
        }
        catch (StanzaErrorException) when (presence.Type != StanzaType.Subscribe)
        {
            reaches = false;
        }
        return new SubscriptionExchange(server, account, null, presence, reaches);
    }

    private static void Confirm(Session session, Stanza presence)
    {
        if (presence.Type == StanzaType.Subscribe)
            session.Deliver(
                new Outgoing(
                    Presences.Plain(StanzaType.Subscribed, presence.To!, session.Account.Jid),
                    session.Account.Jid
                )
            );
    }

    /// <summary>§3.1.3: a request that waits is delivered, as it was made, to each client that comes, until it is answered.</summary>
    public void Remind(Session session, RosterItem item)
    {
        bool hidden = server.Dispatcher.LocalAccount(item.Contact) is { } asker
            ? !server.Dispatcher.Presences.Reaches(asker, session.Account)
                || server.Gate.IsQuiet(asker, session.Account)
            : server.Home.QuietHours.AreNow(session.Account);
        if (!hidden && Stanza.TryRead(XmlFragment.Parse(item.PendingIn!).Root, out Stanza? request, out _))
            session.Deliver(new Outgoing(request, session.Account.Jid));
    }
}
