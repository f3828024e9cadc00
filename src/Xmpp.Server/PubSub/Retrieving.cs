using System.Globalization;
using Xmpp.Server.Extensions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.PubSub;

/// <summary>Requests of readers: items (XEP-0060 §6.5), own subscriptions and affiliations (§5.6, §5.7), what disco says (§5).</summary>
internal static class Retrieving
{
    public static Reply Items(Nodes nodes, Access access, NodeRequest request)
    {
        NodeRecord? node = nodes.Store.Find(access, request.Host.Id, request.Node);
        if (node is null)
            return Reply.Error(NodeErrors.NoNode);
        var audience = Audience.Read(nodes.Store, access, node.Id);
        if (nodes.Rights.WhyNotRead(request.Host, node, request.Asker, audience) is { } error)
            return Reply.Error(error);
        if (!node.Configuration.Has(NodeFlags.PersistItems))
            return Reply.Error(NodeErrors.Unsupported("persistent-items"));
        XmlBuilder answer = new XmlBuilder(capacity: 4096)
            .Start("pubsub", Names.PubSub)
            .Start("items")
            .Attribute("node", node.Name);
        if (Named(nodes, access, request, node) is { } named)
            return named.Count == 0
                ? Reply.Error(NodeErrors.NoNode)
                : Reply.Result(Write(nodes, request, answer, named));
        ResultSetRequest set = ResultSetRequest.Read(request.Whole);
        ItemPage page = Page(nodes, access, request, node, set);
        Write(nodes, request, answer, page.Items).End();
        bool asked = request.Whole.Has("set", Ns.ResultSets);
        if (asked || page.Items.Count < Math.Min(page.Count, AskedFor(request) ?? long.MaxValue))
            new ResultSetAnswer(
                page.Items.Count > 0 ? page.Items[0].Name : null,
                page.Items.Count > 0 ? page.Items[^1].Name : null,
                page.FirstIndex,
                page.Count
            ).Write(answer);
        return Reply.Result(answer);
    }

    // §6.5.8: those that are there; null when none were asked for by id.
    private static List<ItemRecord>? Named(Nodes nodes, Access access, NodeRequest request, NodeRecord node)
    {
        List<ItemRecord>? found = null;
        int bytes = 0;
        foreach (Element wanted in request.Verb.Children)
        {
            if (!wanted.Is("item", Names.PubSub) || NodeRequest.ItemId(wanted) is not { } id)
                continue;
            found ??= [];
            if (bytes <= Limits.Page && nodes.Store.Item(access, node.Id, id) is { } item)
            {
                found.Add(item);
                bytes += item.Payload.Length;
            }
        }
        return found;
    }

    private static XmlBuilder Write(Nodes nodes, NodeRequest request, XmlBuilder answer, IEnumerable<ItemRecord> items)
    {
        foreach (ItemRecord item in items)
            if (nodes.Rights.Passes(request.Host, item.Publisher, request.Asker))
                answer.Start("item").Attribute("id", item.Name).Copy(item.Payload).End();
        return answer;
    }

    // §6.5.7: max_items is of the newest.
    private static int? AskedFor(NodeRequest request) =>
        request.Verb.Attribute("max_items") is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int max) && max > 0 ? max
        : throw new StanzaErrorException(StanzaError.BadRequest("max_items is a positive number"));

    // XEP-0059 §2; without a set the newest that there is room for.
    private static ItemPage Page(Nodes nodes, Access access, NodeRequest request, NodeRecord node, ResultSetRequest set)
    {
        bool forwards = set.After is not null || set.Index is not null || (set.Max is not null && set.Before is null);
        try
        {
            return nodes.Store.Items(
                access,
                node.Id,
                new ItemQuery
                {
                    After = set.After,
                    Before = set.Before is { Length: > 0 } before ? before : null,
                    Index = set.Index,
                    Backwards = !forwards,
                    Max = Math.Min(set.Max ?? AskedFor(request) ?? Limits.Items, Limits.Items),
                    MaxBytes = Limits.Page,
                }
            );
        }
        catch (KeyNotFoundException)
        {
            throw new StanzaErrorException(StanzaError.ItemNotFound());
        }
    }

    /// <summary>§5.6.</summary>
    public static Reply Subscriptions(Nodes nodes, Access access, NodeRequest request)
    {
        string? only = request.OptionalNode;
        XmlBuilder answer = new XmlBuilder()
            .Start("pubsub", Names.PubSub)
            .Start("subscriptions")
            .Attribute("node", only);
        foreach (var (node, subscription) in nodes.Store.SubscriptionsOf(access, request.Host.Id, request.Asker.Jid))
            if (only is null || only == node)
                Subscribing.Write(answer, node, subscription.Subscriber, subscription.State);
        return Reply.Result(answer);
    }

    /// <summary>§5.7.</summary>
    public static Reply Affiliations(Nodes nodes, Access access, NodeRequest request)
    {
        string? only = request.OptionalNode;
        XmlBuilder answer = new XmlBuilder()
            .Start("pubsub", Names.PubSub)
            .Start("affiliations")
            .Attribute("node", only);
        bool own = request.Host.Account is { } account && account == request.Asker.Account;
        IEnumerable<KeyValuePair<string, Affiliation>> all = own
            ? nodes
                .Store.Nodes(access, request.Host.Id)
                .Select(node => KeyValuePair.Create(node.Name, Affiliation.Owner))
            : nodes.Store.AffiliationsOf(access, request.Host.Id, request.Asker.Jid);
        foreach (var (node, affiliation) in all)
            if (only is null || only == node)
                answer
                    .Start("affiliation")
                    .Attribute("node", node)
                    .Attribute("affiliation", Affiliating.NameOf(affiliation))
                    .End();
        return Reply.Result(answer);
    }
}
