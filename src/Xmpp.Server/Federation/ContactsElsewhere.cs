using Xmpp.Server.Household;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Federation;

/// <summary>
/// Who is there, when a server goes or comes back: what was heard of its people before says nothing any more
/// (RFC 6121 §4.2.2, §4.3).
/// </summary>
internal sealed class ContactsElsewhere(XmppServer server)
{
    /// <summary>Its server may have been started anew: it hears again who is here, and is asked who is there.</summary>
    public void Refresh(Peer peer) => Place(peer, Refresh);

    /// <summary>Its server is lost: those who see its people see them go, and its people leave our rooms.</summary>
    public void Lost(Peer peer)
    {
        Place(peer, Lose);
        if (peer.Local == server.Options.RoomsDomain)
            server.Stores.Database.Enqueue(new Round(this, () => server.Rooms.Lose(peer.Remote)));
    }

    // In the common order, as all presence.
    private void Place(Peer peer, Action<Session, RosterItem> tell)
    {
        if (peer.Local == server.Options.Domain)
            server.Stores.Database.Enqueue(new Round(this, () => TellAll(peer.Remote, tell)));
    }

    private void Refresh(Session session, RosterItem item)
    {
        PresencesElsewhere elsewhere = server.Dispatcher.Presences.Elsewhere;
        if (item.Subscription.HasFlag(Subscription.From))
            elsewhere.Send(Origin.For(session), session.Presence!.With(session.Jid, item.Contact));
        if (item.Subscription.HasFlag(Subscription.To))
            elsewhere.Probe(session, item.Contact);
    }

    private static void Lose(Session session, RosterItem item)
    {
        if (item.Subscription.HasFlag(Subscription.To))
            session.Deliver(
                new Outgoing(Presences.Plain(StanzaType.Unavailable, item.Contact, session.Jid), session.Jid)
                {
                    CanWait = true,
                }
            );
    }

    private void TellAll(string domain, Action<Session, RosterItem> tell)
    {
        foreach (Account account in PeopleHere())
        foreach (RosterItem item in Of(account, domain))
        foreach (Session session in account.Sessions)
            if (session.Presence is not null)
                tell(session, item);
    }

    private sealed class Round(ContactsElsewhere contacts, Action tell) : Commit
    {
        public override bool Writes => false;

        public override void Released()
        {
            try
            {
                tell();
            }
            catch (Exception bug)
            {
                contacts.Bug(bug);
            }
        }
    }

    private IEnumerable<Account> PeopleHere() => server.Accounts.Live.Where(account => !account.Sessions.IsEmpty);

    private IEnumerable<RosterItem> Of(Account account, string domain) =>
        server.Home.Roster(account).Values.Where(item => item.Contact.Domain == domain);

    private void Bug(Exception bug) => server.Log.Bug(bug, null);
}
