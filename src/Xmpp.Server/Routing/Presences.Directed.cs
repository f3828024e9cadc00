using System.Collections.Immutable;
using Xmpp.Addresses;
using Xmpp.Server.Sessions;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>Presence to one entity (RFC 6121 §4.6): known per session, and withdrawn as that goes.</summary>
internal sealed partial class Presences
{
    /// <summary>Addresses here, and as many elsewhere, to which one session may be present beside its contacts.</summary>
    public const int MostDirected = 1000;

    /// <summary>The client has sent the other directed presence, and not taken it back.</summary>
    public static bool HasShownItself(Session client, Session other) =>
        client.Directed.Contains(other.Jid) || client.Directed.Contains(other.Account.Jid);

    // §4.6: to one entity, whether it is subscribed or not; it is told when the session goes.
    private void Directed(Session session, Stanza presence)
    {
        Jid to = presence.To!;
        Order(
            session,
            presence,
            () =>
            {
                if (session.HasEnded)
                    return;
                // Known before it is heard: who hears it may ask something at once.
                ImmutableHashSet<Jid> before = session.Directed;
                bool goes = presence.Type == StanzaType.Unavailable;
                if (!goes && before.Count >= MostDirected && !before.Contains(to))
                {
                    StanzaError full = StanzaError.ResourceConstraint("present in too many places");
                    session.Deliver(presence.Bounce(full).With(to, session.Jid));
                    return;
                }
                session.Directed = goes ? before.Remove(to) : before.Add(to);
                if (!DeliverTo(goes ? presence : Stamped(session, presence), session.Account) && !goes)
                    session.Directed = before;
            }
        );
    }

    // §4.6.5, §8.5.3: a fault goes to the one client whose presence it is about, which is not told about itself again.
    private void Fault(Session session, Stanza presence)
    {
        if (presence.To is not { IsFull: true } to)
            return;
        if (server.Dispatcher.LocalAccount(to)?.FindSession(to.Resource!) is { } cause)
            cause.Directed = cause.Directed.Remove(session.Jid);
        DeliverTo(presence, session.Account);
    }

    /// <summary>An entity that got directed presence of the session is told that it goes.</summary>
    public void Withdraw(Session session, Jid entity)
    {
        Elsewhere.Withdraw(session, entity);
        if (!session.Directed.Contains(entity))
            return;
        session.Directed = session.Directed.Remove(entity);
        DeliverTo(Plain(StanzaType.Unavailable, session.Jid, entity), session.Account);
    }
}
