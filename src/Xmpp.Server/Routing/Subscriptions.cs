using Xmpp.Addresses;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>What a subscription stanza does to one side's contact: the item afterwards, and whether it goes further.</summary>
/// <param name="Item">The contact's entry afterwards; the same object when nothing changed.</param>
/// <param name="Passes">Outbound: routed to the contact. Inbound: delivered to the account's clients.</param>
/// <param name="Approve">Inbound: answered with <c>subscribed</c> in the person's stead.</param>
internal readonly record struct SubscriptionStep(RosterItem Item, bool Passes, bool Approve = false);

/// <summary>The subscription tables of RFC 6121 Appendix A, with pre-approval (§3.4). Pure: state in, state out.</summary>
internal static class Subscriptions
{
    /// <summary>What the account's own client sends towards a contact (A.2).</summary>
    public static SubscriptionStep Outbound(RosterItem item, StanzaType type) =>
        type switch
        {
            StanzaType.Subscribe => new(
                Has(item, Subscription.To) ? item : item with { Ask = true, Listed = true },
                true
            ),
            StanzaType.Unsubscribe => new(Without(item, Subscription.To) with { Ask = false }, true),
            StanzaType.Subscribed when item.PendingIn is not null => new(
                With(item, Subscription.From) with
                {
                    PendingIn = null,
                    Listed = true,
                },
                true
            ),
            StanzaType.Subscribed when Has(item, Subscription.From) => new(item, false),
            StanzaType.Subscribed => new(item with { Approved = true, Listed = true }, false),
            _ => new(
                Without(item, Subscription.From) with
                {
                    PendingIn = null,
                    Approved = false,
                },
                item.PendingIn is not null || Has(item, Subscription.From)
            ),
        };

    /// <summary>What arrives from a contact (A.3). <paramref name="stanza"/> is kept with a new request.</summary>
    public static SubscriptionStep Inbound(RosterItem item, StanzaType type, byte[] stanza)
    {
        switch (type)
        {
            case StanzaType.Subscribe:
                if (Has(item, Subscription.From))
                    return new(item, false, Approve: true);
                if (item.Approved)
                    return new(With(item, Subscription.From) with { PendingIn = null }, false, Approve: true);
                return new(item with { PendingIn = stanza }, item.PendingIn is null);
            case StanzaType.Unsubscribe:
                bool known = item.PendingIn is not null || Has(item, Subscription.From);
                return new(known ? Without(item, Subscription.From) with { PendingIn = null } : item, known);
            case StanzaType.Subscribed:
                return item.Ask
                    ? new(With(item, Subscription.To) with { Ask = false, Listed = true }, true)
                    : new(item, false);
            default:
                bool wanted = item.Ask || Has(item, Subscription.To);
                return new(wanted ? Without(item, Subscription.To) with { Ask = false } : item, wanted);
        }
    }

    private static bool Has(RosterItem item, Subscription side) => item.Subscription.HasFlag(side);

    private static RosterItem With(RosterItem item, Subscription side) =>
        item with
        {
            Subscription = item.Subscription | side,
        };

    private static RosterItem Without(RosterItem item, Subscription side) =>
        item with
        {
            Subscription = item.Subscription & ~side,
        };

    /// <summary>An entry that says nothing any more.</summary>
    public static bool IsEmpty(RosterItem item) =>
        !item.Listed && item.PendingIn is null && !item.Approved && item.Name is null && item.Groups.Count == 0;

    public static RosterItem New(Jid contact) => new(contact);
}
