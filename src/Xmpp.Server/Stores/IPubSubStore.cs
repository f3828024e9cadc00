using Xmpp.Addresses;

namespace Xmpp.Server.Stores;

/// <summary>Who may subscribe to a node and read it (XEP-0060 §4.5). Values are on disk.</summary>
public enum AccessModel
{
    Open = 0,
    Presence = 1,
    Roster = 2,
    Authorize = 3,
    Whitelist = 4,
}

/// <summary>Who may publish, beside publishers and owners (XEP-0060 §16.4.3). Values are on disk.</summary>
public enum PublishModel
{
    Publishers = 0,
    Subscribers = 1,
    Open = 2,
}

/// <summary>When the last item is sent by itself (XEP-0060 §16.4.3). Values are on disk.</summary>
public enum SendLast
{
    Never = 0,
    OnSubscription = 1,
    OnSubscriptionAndPresence = 2,
}

/// <summary>The yes-and-no part of a node's configuration. Values are on disk.</summary>
[Flags]
public enum NodeFlags
{
    None = 0,
    PersistItems = 1,
    DeliverNotifications = 2,
    DeliverPayloads = 4,
    NotifyConfig = 8,
    NotifyDelete = 16,
    NotifyRetract = 32,

    /// <summary>Others may subscribe (<c>pubsub#subscribe</c>).</summary>
    Subscribe = 64,
}

/// <summary>What somebody is to a node (XEP-0060 §4.1). Values are on disk.</summary>
public enum Affiliation
{
    None = 0,
    Owner = 1,
    Publisher = 2,
    PublishOnly = 3,
    Member = 4,
    Outcast = 5,
}

/// <summary>Where a subscription stands (XEP-0060 §4.2); one that is none is not kept. Values are on disk.</summary>
public enum SubscriptionState
{
    Pending = 1,
    Subscribed = 2,
}

/// <summary>How a node behaves (XEP-0060 §16.4.3).</summary>
public sealed record NodeConfiguration
{
    public AccessModel Access { get; init; }
    public PublishModel Publish { get; init; }
    public SendLast SendLast { get; init; } = SendLast.OnSubscriptionAndPresence;
    public NodeFlags Flags { get; init; }

    /// <summary>How many items stay; <see cref="int.MaxValue"/> for as many as the server allows (<c>max</c>).</summary>
    public int MaxItems { get; init; } = 1;

    /// <summary>In bytes of XML.</summary>
    public int MaxPayload { get; init; }
    public string? Title { get; init; }
    public string? Description { get; init; }

    /// <summary>What the payloads are (<c>pubsub#type</c>), usually a namespace.</summary>
    public string? Type { get; init; }

    /// <summary>For <see cref="AccessModel.Roster"/>.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    public bool Has(NodeFlags flag) => Flags.HasFlag(flag);
}

/// <summary>A node of an account, or of the domain's own service where <see cref="Account"/> is null.</summary>
public sealed record NodeRecord
{
    public long Id { get; init; }
    public long? Account { get; init; }
    public required string Name { get; init; }
    public DateTimeOffset Created { get; init; }

    /// <summary>Bare.</summary>
    public required Jid Creator { get; init; }
    public required NodeConfiguration Configuration { get; init; }
}

/// <summary>An item; <see cref="Payload"/> is one whole element that declares all it uses, or empty.</summary>
/// <param name="Name">Its id within the node.</param>
/// <param name="Publisher">Full JID.</param>
public sealed record ItemRecord(string Name, Jid Publisher, DateTimeOffset Time, byte[] Payload);

/// <summary>
/// A page of a node's items (XEP-0060 §6.5, XEP-0059). Bounds are item ids, exclusive. <see cref="Backwards"/>: the last
/// <see cref="Max"/> of what matches; still returned oldest first.
/// </summary>
public sealed record ItemQuery
{
    public string? After { get; init; }
    public string? Before { get; init; }
    public int? Index { get; init; }
    public bool Backwards { get; init; }
    public int Max { get; init; } = int.MaxValue;

    /// <summary>A page ends before the item with which its payloads would be more; it has at least one.</summary>
    public int MaxBytes { get; init; } = int.MaxValue;
}

/// <summary>Items oldest first, with the node's count of all and the first one's place among them.</summary>
public sealed record ItemPage(IReadOnlyList<ItemRecord> Items, long Count, long FirstIndex);

/// <summary>Somebody's subscription; <see cref="Subscriber"/> is bare or full.</summary>
public readonly record struct NodeSubscription(Jid Subscriber, SubscriptionState State);

/// <summary>Nodes, what is published on them and to whom (XEP-0060, XEP-0163). Accounts are given by id; null is the service.</summary>
public interface IPubSubStore
{
    NodeRecord? Find(Access access, long? account, string name);

    /// <summary>By name.</summary>
    IReadOnlyList<NodeRecord> Nodes(Access access, long? account);

    /// <summary>Adds and returns the id.</summary>
    long Add(Transaction transaction, NodeRecord node);
    void Configure(Transaction transaction, long node, NodeConfiguration configuration);

    /// <summary>Removes it with all that is on it.</summary>
    void Remove(Transaction transaction, long node);

    ItemRecord? Item(Access access, long node, string name);

    /// <summary>The newest item.</summary>
    ItemRecord? Last(Access access, long node);

    /// <summary>Throws <see cref="KeyNotFoundException"/> when a bounding id is not there.</summary>
    ItemPage Items(Access access, long node, ItemQuery query);

    /// <summary>Ids, oldest first.</summary>
    IReadOnlyList<string> ItemNames(Access access, long node, int max);

    /// <summary>Makes it the newest item, in the place of one with its id.</summary>
    void Put(Transaction transaction, long node, ItemRecord item);

    /// <summary>False when there is no such item.</summary>
    bool Retract(Transaction transaction, long node, string name);
    void Purge(Transaction transaction, long node);

    /// <summary>Removes the oldest items beyond so many.</summary>
    void Trim(Transaction transaction, long node, int max);

    /// <summary>Bytes of all payloads of an account's nodes; reads each item's row.</summary>
    long Bytes(Access access, long? account);

    Affiliation AffiliationOf(Access access, long node, Jid who);
    IReadOnlyList<KeyValuePair<Jid, Affiliation>> Affiliations(Access access, long node);
    void SetAffiliation(Transaction transaction, long node, Jid who, Affiliation affiliation);

    /// <summary>What somebody is to the nodes of the account, where that was written.</summary>
    IReadOnlyList<KeyValuePair<string, Affiliation>> AffiliationsOf(Access access, long? account, Jid who);

    IReadOnlyList<NodeSubscription> Subscriptions(Access access, long node);

    /// <summary>Null ends it.</summary>
    void SetSubscription(Transaction transaction, long node, Jid subscriber, SubscriptionState? state);

    /// <summary>Subscriptions of somebody with all devices on the nodes of the account.</summary>
    IReadOnlyList<KeyValuePair<string, NodeSubscription>> SubscriptionsOf(Access access, long? account, Jid who);

    /// <summary>Somebody is no more: affiliations and subscriptions everywhere.</summary>
    void Forget(Transaction transaction, Jid who);
}
