using Xmpp.Addresses;
using Xmpp.Server.Stores;

namespace Storage;

/// <summary>Affiliations and subscriptions.</summary>
public sealed partial class SqlitePubSubStore
{
    /// <inheritdoc/>
    public Affiliation AffiliationOf(Access access, long node, Jid who) =>
        access
            .Sql("SELECT affiliation FROM pubsub_affiliation WHERE node = ? AND jid = ?")
            .Bind(node)
            .BindText(who.Bare.Utf8.Span)
            .First(static row => (Affiliation)row.Int64(0));

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<Jid, Affiliation>> Affiliations(Access access, long node) =>
        access
            .Sql("SELECT jid, affiliation FROM pubsub_affiliation WHERE node = ? ORDER BY jid")
            .Bind(node)
            .All(static row => KeyValuePair.Create(Jid.Parse(row.Text(0)), (Affiliation)row.Int64(1)));

    /// <inheritdoc/>
    public void SetAffiliation(Transaction transaction, long node, Jid who, Affiliation affiliation)
    {
        if (affiliation == Affiliation.None)
        {
            transaction
                .Sql("DELETE FROM pubsub_affiliation WHERE node = ? AND jid = ?")
                .Bind(node)
                .BindText(who.Bare.Utf8.Span)
                .Run();
            return;
        }
        transaction.Own().Adding();
        transaction
            .Sql("INSERT OR REPLACE INTO pubsub_affiliation (node, jid, affiliation) VALUES (?, ?, ?)")
            .Bind(node)
            .BindText(who.Bare.Utf8.Span)
            .Bind((long)affiliation)
            .Run();
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, Affiliation>> AffiliationsOf(Access access, long? account, Jid who) =>
        access
            .Sql(
                """
                SELECT name, affiliation
                FROM pubsub_affiliation JOIN pubsub_node ON pubsub_node.id = pubsub_affiliation.node
                WHERE jid = ? AND account IS ? ORDER BY name
                """
            )
            .BindText(who.Bare.Utf8.Span)
            .Bind(account)
            .All(static row => KeyValuePair.Create(row.Text(0), (Affiliation)row.Int64(1)));

    /// <inheritdoc/>
    public IReadOnlyList<NodeSubscription> Subscriptions(Access access, long node) =>
        access
            .Sql("SELECT jid, state FROM pubsub_subscription WHERE node = ? ORDER BY jid")
            .Bind(node)
            .All(static row => new NodeSubscription(Jid.Parse(row.Text(0)), (SubscriptionState)row.Int64(1)));

    /// <inheritdoc/>
    public void SetSubscription(Transaction transaction, long node, Jid subscriber, SubscriptionState? state)
    {
        if (state is not { } some)
        {
            transaction
                .Sql("DELETE FROM pubsub_subscription WHERE node = ? AND jid = ?")
                .Bind(node)
                .BindText(subscriber.Utf8.Span)
                .Run();
            return;
        }
        transaction.Own().Adding();
        transaction
            .Sql("INSERT OR REPLACE INTO pubsub_subscription (node, jid, bare, state) VALUES (?, ?, ?, ?)")
            .Bind(node)
            .BindText(subscriber.Utf8.Span)
            .BindText(subscriber.Bare.Utf8.Span)
            .Bind((long)some)
            .Run();
    }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, NodeSubscription>> SubscriptionsOf(
        Access access,
        long? account,
        Jid who
    ) =>
        access
            .Sql(
                """
                SELECT name, jid, state
                FROM pubsub_subscription JOIN pubsub_node ON pubsub_node.id = pubsub_subscription.node
                WHERE bare = ? AND account IS ? ORDER BY name, jid
                """
            )
            .BindText(who.Bare.Utf8.Span)
            .Bind(account)
            .All(static row =>
                KeyValuePair.Create(
                    row.Text(0),
                    new NodeSubscription(Jid.Parse(row.Text(1)), (SubscriptionState)row.Int64(2))
                )
            );

    /// <inheritdoc/>
    public void Forget(Transaction transaction, Jid who)
    {
        transaction.Sql("DELETE FROM pubsub_affiliation WHERE jid = ?").BindText(who.Bare.Utf8.Span).Run();
        transaction.Sql("DELETE FROM pubsub_subscription WHERE bare = ?").BindText(who.Bare.Utf8.Span).Run();
    }
}
