using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.PubSub;

/// <summary>An owner sets what people are to the node (XEP-0060 §8.9.2).</summary>
internal sealed class Affiliating(
    Nodes nodes,
    NodeHost host,
    string name,
    IReadOnlyList<(Jid Who, Affiliation Affiliation)> changes
) : NodeChange(nodes, host, name)
{
    private static readonly string[] _names = ["none", "owner", "publisher", "publish-only", "member", "outcast"];

    public static string NameOf(Affiliation affiliation) => _names[(int)affiliation];

    /// <summary>§8.9.1.</summary>
    public static Reply List(Nodes nodes, Access access, NodeRequest request)
    {
        NodeRecord node = Owning.Owned(nodes, access, request, out Audience audience);
        XmlBuilder answer = Owning.Answer("affiliations").Attribute("node", node.Name);
        if (request.Host.Account is { } owner)
            Write(answer, owner.Jid, Affiliation.Owner);
        foreach (var (jid, affiliation) in audience.Affiliations)
            Write(answer, jid, affiliation);
        return Reply.Result(answer);
    }

    private static void Write(XmlBuilder builder, Jid who, Affiliation affiliation) =>
        builder.Start("affiliation").Attribute("jid", who).Attribute("affiliation", NameOf(affiliation)).End();

    public static Reply Request(Nodes nodes, NodeRequest request)
    {
        var changes = new List<(Jid, Affiliation)>();
        foreach (Element entry in request.Verb.Children)
        {
            int affiliation = Array.IndexOf(_names, entry.Attribute("affiliation"));
            if (affiliation < 0)
                return Reply.Error(StanzaError.BadRequest("not an affiliation"));
            changes.Add((NodeRequest.Address(entry).Bare, (Affiliation)affiliation));
        }
        return new Affiliating(nodes, request.Host, request.Node, changes) { By = request.Asker }.AsReply();
    }

    protected override Reply Apply(Transaction transaction)
    {
        NodeRecord node = Owned();
        Audience after = Audience with { Affiliations = Audience.Affiliations.SetItems(changes.Select(Entry)) };
        Check(after);
        foreach (var (who, affiliation) in changes)
            Store.SetAffiliation(transaction, node.Id, who, affiliation);
        Audience = after;
        foreach (NodeSubscription subscription in Audience.Subscriptions)
        {
            Asker asker = Nodes.AskerOf(subscription.Subscriber);
            bool lost = Nodes.Rights.WhyNotRead(Host, node, asker, after) is not null;
            if (lost && subscription.State == SubscriptionState.Subscribed)
                Store.SetSubscription(transaction, node.Id, subscription.Subscriber, null);
            else if (!lost && subscription.State == SubscriptionState.Pending)
                Store.SetSubscription(transaction, node.Id, subscription.Subscriber, SubscriptionState.Subscribed);
        }
        return Reply.Empty;
    }

    private static KeyValuePair<Jid, Affiliation> Entry((Jid Who, Affiliation Affiliation) change) =>
        KeyValuePair.Create(change.Who, change.Affiliation);

    // §8.9.2.1: somebody must own it; an account does so always.
    private void Check(Audience after)
    {
        bool owned = Host.Account is { } account
            ? changes.All(change => change.Who != account.Jid)
            : after.Affiliations.ContainsValue(Affiliation.Owner);
        if (!owned)
            throw new StanzaErrorException(StanzaError.NotAcceptable("somebody must own the node"));
        if (after.Affiliations.Count > Limits.Affiliations)
            throw new StanzaErrorException(StanzaError.PolicyViolation("too many affiliations"));
    }

    protected override void Tell()
    {
        Nodes.Notices.Changed(Host, Node!.Configuration);
        foreach (var (who, affiliation) in changes)
            Nodes.Notices.TellOne(Host, Node, who, Notice(who, affiliation));
    }

    // §8.9.4.
    private byte[] Notice(Jid who, Affiliation affiliation) =>
        new XmlBuilder()
            .Start("pubsub", Names.PubSub)
            .Start("affiliations")
            .Start("affiliation")
            .Attribute("node", Name)
            .Attribute("jid", who)
            .Attribute("affiliation", _names[(int)affiliation])
            .ToArray();
}
