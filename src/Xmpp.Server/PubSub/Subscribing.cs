using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.PubSub;

/// <summary>Somebody subscribes to a node (XEP-0060 §6.1); where the model is <c>authorize</c>, its owners are asked (§8.6).</summary>
internal sealed class Subscribing(Nodes nodes, NodeHost host, string name, Jid subscriber)
    : NodeChange(nodes, host, name)
{
    private SubscriptionState _state;
    private bool _isNew;

    public static Reply Request(Nodes nodes, NodeRequest request)
    {
        Jid jid = NodeRequest.Address(request.Verb);
        if (jid.Bare != request.Asker.Jid.Bare)
            return Reply.Error(NodeErrors.InvalidJid);
        return new Subscribing(nodes, request.Host, request.Node, jid) { By = request.Asker }.AsReply();
    }

    protected override Reply Apply(Transaction transaction)
    {
        if (Node is null)
            throw new StanzaErrorException(NodeErrors.NoNode);
        SubscriptionState? already = Audience.StateOf(subscriber);
        _isNew = already is null;
        _state = already ?? Decide(Node);
        if (already == SubscriptionState.Pending)
            throw new StanzaErrorException(NodeErrors.PendingSubscription);
        if (_isNew)
            Store.SetSubscription(transaction, Node.Id, subscriber, _state);
        return Reply.Result(Write(new XmlBuilder().Start("pubsub", Names.PubSub), Name, subscriber, _state));
    }

    private SubscriptionState Decide(NodeRecord node)
    {
        Asker asker = By!.Value;
        Affiliation affiliation = Nodes.Rights.Of(Host, asker, Audience);
        StanzaError? error = Nodes.Rights.WhyNotRead(Host, node, asker, Audience);
        bool asks =
            error is not null
            && node.Configuration.Access == AccessModel.Authorize
            && affiliation == Affiliation.None
            && Nodes.Rights.Reaches(Host, node, asker);
        if (error is not null && !asks)
            throw new StanzaErrorException(error);
        if (!node.Configuration.Has(NodeFlags.Subscribe) && affiliation != Affiliation.Owner)
            throw new StanzaErrorException(NodeErrors.Unsupported("subscribe"));
        if (Audience.Subscriptions.Count >= Limits.Subscriptions)
            throw new StanzaErrorException(NodeErrors.TooManySubscriptions);
        return asks ? SubscriptionState.Pending : SubscriptionState.Subscribed;
    }

    protected override void Tell()
    {
        Nodes.Notices.Changed(Host, Node!.Configuration);
        if (!_isNew)
            return;
        if (_state == SubscriptionState.Pending)
            AskOwners();
        else if (
            Node.Configuration.SendLast != SendLast.Never
            && Node.Configuration.Has(NodeFlags.DeliverNotifications)
        )
            Nodes.LastItems.SendTo(Host, Node, subscriber);
    }

    private void AskOwners()
    {
        IEnumerable<Account> owners = Host.Account is { } account
            ? [account]
            : Audience
                .Affiliations.Where(entry => entry.Value == Affiliation.Owner)
                .Select(entry => Nodes.AskerOf(entry.Key).Account)
                .OfType<Account>();
        foreach (Account owner in owners)
            Nodes.Server.Dispatcher.Messages.FromBox(Approvals.Question(Host, Name, subscriber, owner), owner);
    }

    public static XmlBuilder Write(XmlBuilder builder, string? node, Jid subscriber, SubscriptionState? state) =>
        builder
            .Start("subscription")
            .Attribute("node", node)
            .Attribute("jid", subscriber)
            .Attribute("subscription", NameOf(state))
            .End();

    public static string NameOf(SubscriptionState? state) =>
        state switch
        {
            SubscriptionState.Subscribed => "subscribed",
            SubscriptionState.Pending => "pending",
            _ => "none",
        };
}

/// <summary>Somebody unsubscribes (XEP-0060 §6.2).</summary>
internal sealed class Unsubscribing(Nodes nodes, NodeHost host, string name, Jid subscriber)
    : NodeChange(nodes, host, name)
{
    public static Reply Request(Nodes nodes, NodeRequest request)
    {
        Jid jid = NodeRequest.Address(request.Verb);
        string node = request.Node;
        if (jid.Bare != request.Asker.Jid.Bare)
            return Reply.Error(StanzaError.Forbidden());
        return new Unsubscribing(nodes, request.Host, node, jid) { By = request.Asker }.AsReply();
    }

    protected override Reply Apply(Transaction transaction)
    {
        if (Node is null)
            throw new StanzaErrorException(NodeErrors.NoNode);
        if (Audience.StateOf(subscriber) is null)
            throw new StanzaErrorException(NodeErrors.NotSubscribed);
        Store.SetSubscription(transaction, Node.Id, subscriber, null);
        return Reply.Empty;
    }

    protected override void Tell() => Nodes.Notices.Changed(Host, Node!.Configuration);
}
