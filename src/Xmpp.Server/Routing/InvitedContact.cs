using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>
/// A request that carries the token of its contact's invite (XEP-0379): both see each other at once, and the use counts in
/// the same transaction. A token that is none of this contact's, or over, makes it a request like any other.
/// </summary>
internal sealed class InvitedContact(Session session, Stanza request, Account contact, string token)
    : StanzaWork(session, request)
{
    private readonly XmppServer _server = session.Server;
    private readonly RosterChange _own = new(session.Server, session.Account, contact.Jid);
    private readonly RosterChange _theirs = new(session.Server, contact, session.Account.Jid);
    private readonly SubscriptionExchange _ordinary = new(
        session.Server,
        session.Account,
        contact,
        request,
        reaches: true
    );
    private bool _invited;

    /// <summary>The token that a request carries; null for none.</summary>
    public static string? TokenOf(Stanza presence) =>
        presence.Type == StanzaType.Subscribe ? presence.Child("preauth", Invites.Namespace).Attribute("token") : null;

    protected override void Store(Transaction transaction)
    {
        RosterItem own = _own.Read(transaction);
        RosterItem theirs = _theirs.Read(transaction);
        _invited =
            theirs.Subscription != Subscription.Both && _server.Home.Invites.TrySpend(transaction, token, contact);
        if (!_invited)
        {
            _own.Write(transaction, own, _ordinary.Store(transaction, own));
            return;
        }
        _own.Write(transaction, own, Joined(own));
        _theirs.Write(transaction, theirs, Joined(theirs));
    }

    private static RosterItem Joined(RosterItem item) =>
        item with
        {
            Subscription = Subscription.Both,
            Ask = false,
            PendingIn = null,
            Listed = true,
        };

    protected override void Take()
    {
        var sightings = new Sightings(_server);
        sightings.Note(Session.Account, [contact.Jid]);
        sightings.Note(contact, [Session.Account.Jid]);
        _own.Released();
        if (!_invited)
        {
            _ordinary.Released();
            return;
        }
        _theirs.Released();
        var subscribed = new Stanza
        {
            Kind = StanzaKind.Presence,
            Type = StanzaType.Subscribed,
            From = contact.Jid,
            To = Session.Account.Jid,
        };
        foreach (Session device in Session.Account.Sessions)
            if (device.WantsRoster || device.Presence is not null)
                device.Deliver(new Outgoing(subscribed, Session.Account.Jid));
        sightings.Changed();
    }
}
