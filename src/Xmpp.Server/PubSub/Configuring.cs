using Xmpp.Server.Extensions;
using Xmpp.Server.Stores;

namespace Xmpp.Server.PubSub;

/// <summary>
/// An owner configures the node anew (XEP-0060 §8.2). Who may not read it any more is no longer subscribed
/// (XEP-0163 §7.1).
/// </summary>
internal sealed class Configuring(Nodes nodes, NodeHost host, string name, Dictionary<string, List<string>> fields)
    : NodeChange(nodes, host, name)
{
    private NodeRecord? _before;

    protected override Reply Apply(Transaction transaction)
    {
        _before = Owned();
        Node = _before with { Configuration = NodeForms.Apply(_before.Configuration, fields) };
        Store.Configure(transaction, Node.Id, Node.Configuration);
        if (Node.Configuration.Has(NodeFlags.PersistItems))
            Store.Trim(transaction, Node.Id, Math.Min(Node.Configuration.MaxItems, Limits.Items));
        else
            Store.Purge(transaction, Node.Id);
        foreach (NodeSubscription subscription in Audience.Subscriptions)
            if (IsLost(subscription))
                Store.SetSubscription(transaction, Node.Id, subscription.Subscriber, null);
        return Reply.Empty;
    }

    private bool IsLost(NodeSubscription subscription) =>
        subscription.State == SubscriptionState.Subscribed
        && Nodes.Rights.WhyNotRead(Host, Node!, Nodes.AskerOf(subscription.Subscriber), Audience) is not null;

    protected override void Tell()
    {
        Nodes.Notices.Changed(Host, _before!.Configuration);
        Nodes.Notices.Changed(Host, Node!.Configuration);
        if (Node.Configuration.Has(NodeFlags.NotifyConfig))
            Nodes.Notices.Tell(Host, Node, Audience, () => Event("configuration").ToArray());
    }
}
