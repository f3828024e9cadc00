using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.PubSub;

/// <summary>An owner decides about subscriptions (XEP-0060 §8.6, §8.8.2); whom it concerns is told (§8.8.4).</summary>
internal sealed class Admitting(
    Nodes nodes,
    NodeHost host,
    string name,
    IReadOnlyList<(Jid Who, SubscriptionState? State)> changes
) : NodeChange(nodes, host, name)
{
    private readonly List<(Jid Who, SubscriptionState? State)> _made = [];

    /// <summary>Decides what was asked, and nothing else.</summary>
    public bool OnlyPending { get; init; }

    /// <summary>§8.8.1.</summary>
    public static Reply List(Nodes nodes, Access access, NodeRequest request)
    {
        NodeRecord node = Owning.Owned(nodes, access, request, out Audience audience);
        XmlBuilder answer = Owning.Answer("subscriptions").Attribute("node", node.Name);
        foreach (NodeSubscription subscription in audience.Subscriptions)
            Subscribing.Write(answer, null, subscription.Subscriber, subscription.State);
        return Reply.Result(answer);
    }

    public static Reply Request(Nodes nodes, NodeRequest request)
    {
        var changes = new List<(Jid, SubscriptionState?)>();
        foreach (Element entry in request.Verb.Children)
        {
            SubscriptionState? state = entry.Attribute("subscription") switch
            {
                "subscribed" => SubscriptionState.Subscribed,
                "pending" => SubscriptionState.Pending,
                "none" => null,
                _ => throw new StanzaErrorException(StanzaError.BadRequest("not a subscription")),
            };
            changes.Add((NodeRequest.Address(entry), state));
        }
        return new Admitting(nodes, request.Host, request.Node, changes) { By = request.Asker }.AsReply();
    }

    protected override Reply Apply(Transaction transaction)
    {
        NodeRecord node = Owned();
        _made.Clear();
        if (Audience.Subscriptions.Count + changes.Count > Limits.Subscriptions)
            throw new StanzaErrorException(NodeErrors.TooManySubscriptions);
        foreach (var (who, state) in changes)
        {
            SubscriptionState? before = Audience.StateOf(who);
            if (before == state || (OnlyPending && before != SubscriptionState.Pending))
                continue;
            Store.SetSubscription(transaction, node.Id, who, state);
            _made.Add((who, state));
        }
        return Reply.Empty;
    }

    protected override void Tell()
    {
        Nodes.Notices.Changed(Host, Node!.Configuration);
        foreach (var (who, state) in _made)
        {
            XmlBuilder notice = new XmlBuilder().Start("event", Names.Event);
            Nodes.Notices.TellOne(Host, Node, who, Subscribing.Write(notice, Name, who, state).ToArray());
            if (state == SubscriptionState.Subscribed && Node.Configuration.SendLast != SendLast.Never)
                Nodes.LastItems.SendTo(Host, Node, who);
        }
    }
}
