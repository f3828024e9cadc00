using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>
/// A contact leaves a list (RFC 6121 §2.5): subscriptions both ways end with it, and the other side hears of each.
/// </summary>
/// <param name="local">The contact's account; null when there is none.</param>
internal sealed class SubscriptionCut(XmppServer server, Account account, Jid contact, Account? local)
{
    private readonly RosterChange _own = new(server, account, contact);
    private readonly List<SubscriptionExchange> _exchanges = [];

    public Reply Store(Transaction transaction)
    {
        _exchanges.Clear();
        RosterItem before = _own.Read(transaction);
        if (!before.Listed)
            return Reply.Error(StanzaError.ItemNotFound());
        RosterItem left = before;
        if (before.Ask || before.Subscription.HasFlag(Subscription.To))
            left = Exchange(transaction, left, StanzaType.Unsubscribe);
        if (before.PendingIn is not null || before.Subscription.HasFlag(Subscription.From))
            Exchange(transaction, left, StanzaType.Unsubscribed);
        _own.Write(transaction, before, Subscriptions.New(contact));
        return Reply.Empty;
    }

    private RosterItem Exchange(Transaction transaction, RosterItem own, StanzaType type)
    {
        var stanza = new Stanza
        {
            Kind = StanzaKind.Presence,
            Type = type,
            From = account.Jid,
            To = contact,
        };
        bool reaches = local is not null && server.Dispatcher.Presences.Reaches(account, local);
        var exchange = new SubscriptionExchange(server, account, local, stanza, reaches);
        _exchanges.Add(exchange);
        return exchange.Store(transaction, own);
    }

    public void Released()
    {
        _own.Released();
        foreach (SubscriptionExchange exchange in _exchanges)
            exchange.Released();
    }
}
