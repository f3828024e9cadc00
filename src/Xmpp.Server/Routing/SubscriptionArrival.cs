using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>A subscription stanza from elsewhere to a local account (RFC 6121 §3, Appendix A.3).</summary>
internal sealed class SubscriptionArrival(XmppServer server, Origin origin, Account account, Stanza stanza) : Effect
{
    private readonly RosterChange _own = new(server, account, stanza.From!.Bare);
    private SubscriptionStep _step;
    private Action? _approval;
    private bool _lost;

    public override bool Writes => true;

    public override void Store(Transaction transaction)
    {
        RosterItem before = _own.Read(transaction);
        byte[] kept = stanza.Type == StanzaType.Subscribe ? PendingRequests.Essence(stanza) : [];
        _step = Subscriptions.Inbound(before, stanza.Type, kept);
        // Dropped in silence: an answer would tell a stranger that the account is there.
        if (_step.Item.PendingIn is not null && before.PendingIn is null && !HasRoom(transaction))
            _step = new SubscriptionStep(before, Passes: false);
        _lost = before.Subscription.HasFlag(Subscription.From) && !_step.Item.Subscription.HasFlag(Subscription.From);
        _own.Write(transaction, before, _step.Item);
        _approval = _step.Approve ? Approve(transaction) : null;
    }

    // Memory first, which is behind within one batch: a flood must cost little.
    private bool HasRoom(Transaction transaction)
    {
        string home = account.Jid.Domain;
        return PendingRequests.HaveRoom(account.Stored.Values, home, stanza.From!)
            && PendingRequests.HaveRoom(server.Stores.Rosters.Items(transaction, account.Id), home, stanza.From!);
    }

    private Action Approve(Transaction transaction)
    {
        Stanza subscribed = Presences.Plain(StanzaType.Subscribed, account.Jid, stanza.From!.Bare);
        return server.Dispatcher.Presences.Elsewhere.Keep(transaction, account, subscribed)
            ?? (() => origin.Send(subscribed));
    }

    public override void Released()
    {
        PresencesElsewhere elsewhere = server.Dispatcher.Presences.Elsewhere;
        _own.Released();
        if (_step.Passes && !server.Home.QuietHours.AreNow(account))
            foreach (Session session in account.Sessions)
                if (session.Presence is not null || (session.WantsRoster && stanza.Type != StanzaType.Subscribe))
                    session.Deliver(new Outgoing(stanza, account.Jid));
        if (_approval is not null)
        {
            _approval();
            elsewhere.Show(account, stanza.From!);
        }
        if (_lost)
            elsewhere.Hide(account, stanza.From!);
    }
}
