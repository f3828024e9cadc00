using Xmpp.Addresses;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Household;

/// <summary>A limited account and somebody elsewhere begin or cease to reach each other. Used on the writer's thread.</summary>
internal sealed class Meeting(XmppServer server, Account limited, Jid address)
{
    private Presences Presences => server.Dispatcher.Presences;

    /// <summary>Who is subscribed sees the other; a request to become a contact that the gate had refused goes on its way now.</summary>
    public void Begin(bool subscribes)
    {
        Subscription subscription = server.Home.Contact(limited, address)?.Subscription ?? Subscription.None;
        if (subscription.HasFlag(Subscription.From))
            Presences.Elsewhere.Show(limited, address);
        if (subscription.HasFlag(Subscription.To))
            foreach (Session session in limited.Sessions)
                if (session.Presence is not null)
                    Presences.Elsewhere.Probe(session, address);
        if (subscribes)
            server.Dispatcher.Send(Presences.Plain(StanzaType.Subscribe, address, limited.Jid));
    }

    /// <summary>To be called while the gate still lets them.</summary>
    public void End()
    {
        if (server.Home.Contact(limited, address)?.Subscription.HasFlag(Subscription.From) == true)
            Presences.Elsewhere.Hide(limited, address);
        foreach (Session session in limited.Sessions)
        foreach (Jid entity in session.Elsewhere)
            if (entity.Bare == address)
                Presences.Withdraw(session, entity);
    }
}
