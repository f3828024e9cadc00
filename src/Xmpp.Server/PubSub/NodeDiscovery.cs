using System.Globalization;
using Xmpp.Server.Extensions;
using Xmpp.Server.Stores;

namespace Xmpp.Server.PubSub;

/// <summary>What disco says of nodes (XEP-0060 §5.2 to §5.5): only of those that the asker may read (XEP-0163 §6.2).</summary>
internal sealed class NodeDiscovery(XmppServer server)
{
    /// <summary>Items that an answer names; the rest is found by pages.</summary>
    private const int MostNames = 1000;

    private Nodes Nodes => server.Nodes;

    public IEnumerable<DiscoItem> Items(Request request)
    {
        NodeHost host = request.Subject?.Nodes ?? Nodes.Service;
        var asker = new Asker(request.From, request.Session?.Account);
        var items = new List<DiscoItem>();
        using Access access = server.Stores.Database.OpenRead();
        foreach (NodeRecord node in Nodes.Store.Nodes(access, host.Id))
            if (MayRead(access, host, node, asker, out _))
                items.Add(new DiscoItem(host.Jid.ToString(), node.Name, node.Configuration.Title));
        return items;
    }

    public DiscoNode? Find(Request request, string name)
    {
        NodeHost host = request.Subject?.Nodes ?? Nodes.Service;
        var asker = new Asker(request.From, request.Session?.Account);
        using Access access = server.Stores.Database.OpenRead();
        NodeRecord? node = Nodes.Store.Find(access, host.Id, name);
        if (node is null || !MayRead(access, host, node, asker, out Audience audience))
            return null;
        IReadOnlyList<string> items = Nodes.Store.ItemNames(access, node.Id, MostNames);
        return new(
            new([new DiscoIdentity("pubsub", "leaf")], [Names.PubSub], [MetaData(host, node, audience)]),
            [.. items.Select(item => new DiscoItem(host.Jid.ToString(), Name: item))]
        );
    }

    private bool MayRead(Access access, NodeHost host, NodeRecord node, Asker asker, out Audience audience)
    {
        audience = Audience.Read(Nodes.Store, access, node.Id);
        return Nodes.Rights.WhyNotRead(host, node, asker, audience) is null;
    }

    private static DiscoForm MetaData(NodeHost host, NodeRecord node, Audience audience)
    {
        List<KeyValuePair<string, IReadOnlyList<string>>> fields = NodeForms.MetaData(node);
        IEnumerable<string> owners = host.Account is { } account
            ? [account.Jid.ToString()]
            : audience
                .Affiliations.Where(entry => entry.Value == Affiliation.Owner)
                .Select(entry => entry.Key.ToString());
        fields.Add(new("pubsub#owner", [.. owners]));
        int subscribers = audience.Subscriptions.Count(entry => entry.State == SubscriptionState.Subscribed);
        fields.Add(new("pubsub#num_subscribers", [subscribers.ToString(CultureInfo.InvariantCulture)]));
        return new DiscoForm(Names.MetaData, fields);
    }
}
