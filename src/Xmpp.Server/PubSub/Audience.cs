using System.Collections.Immutable;
using Xmpp.Addresses;
using Xmpp.Server.Stores;

namespace Xmpp.Server.PubSub;

/// <summary>What was written about people on one node: affiliations and subscriptions. Most nodes have nobody.</summary>
internal sealed record Audience(
    ImmutableDictionary<Jid, Affiliation> Affiliations,
    IReadOnlyList<NodeSubscription> Subscriptions
)
{
    public static readonly Audience Nobody = new(ImmutableDictionary<Jid, Affiliation>.Empty, []);

    public static Audience Read(IPubSubStore store, Access access, long node)
    {
        IReadOnlyList<KeyValuePair<Jid, Affiliation>> affiliations = store.Affiliations(access, node);
        IReadOnlyList<NodeSubscription> subscriptions = store.Subscriptions(access, node);
        return affiliations.Count == 0 && subscriptions.Count == 0
            ? Nobody
            : new(affiliations.ToImmutableDictionary(), subscriptions);
    }

    /// <summary>The state of exactly this subscriber; null for none.</summary>
    public SubscriptionState? StateOf(Jid subscriber)
    {
        foreach (NodeSubscription subscription in Subscriptions)
            if (subscription.Subscriber == subscriber)
                return subscription.State;
        return null;
    }

    /// <summary>True when the person is subscribed, with any device.</summary>
    public bool IsSubscribed(Jid who)
    {
        foreach (NodeSubscription subscription in Subscriptions)
            if (subscription.State == SubscriptionState.Subscribed && subscription.Subscriber.Bare == who.Bare)
                return true;
        return false;
    }
}
