using Xmpp.Server.Extensions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.PubSub;

/// <summary>Items are taken back (XEP-0060 §7.2).</summary>
/// <param name="notify">The request wants it told, whatever the node is configured to.</param>
internal sealed class Withdrawal(Nodes nodes, NodeHost host, string name, IReadOnlyList<string> items, bool notify)
    : NodeChange(nodes, host, name)
{
    public IReadOnlyList<string> Items => items;

    protected override Reply Apply(Transaction transaction)
    {
        if (Node is null || (By is { } who && !Nodes.Rights.Reaches(Host, Node, who)))
            throw new StanzaErrorException(NodeErrors.NoNode);
        if (By is { } asker)
            Check(transaction, Node, asker);
        foreach (string item in items)
            Store.Retract(transaction, Node.Id, item);
        return Reply.Empty;
    }

    // §7.2.3: owners any item, publishers their own.
    private void Check(Transaction transaction, NodeRecord node, Asker asker)
    {
        Affiliation affiliation = Nodes.Rights.Of(Host, asker, Audience);
        bool may = affiliation == Affiliation.Owner || Nodes.Rights.WhyNotPublish(Host, node, asker, Audience) is null;
        if (!may)
            throw new StanzaErrorException(StanzaError.Forbidden());
        foreach (string id in items)
        {
            ItemRecord item = Store.Item(transaction, node.Id, id) ?? throw new StanzaErrorException(NodeErrors.NoNode);
            if (affiliation != Affiliation.Owner && item.Publisher.Bare != asker.Jid.Bare)
                throw new StanzaErrorException(StanzaError.Forbidden());
        }
    }

    protected override void Tell()
    {
        Nodes.Notices.Changed(Host, Node!.Configuration);
        if (notify || Node.Configuration.Has(NodeFlags.NotifyRetract))
            Nodes.Notices.Tell(Host, Node, Audience, Notice);
    }

    private byte[] Notice()
    {
        XmlBuilder builder = Event("items");
        foreach (string item in items)
            builder.Start("retract").Attribute("id", item).End();
        return builder.ToArray();
    }
}

/// <summary>All items go, with one notice (XEP-0060 §8.5).</summary>
internal sealed class Purge(Nodes nodes, NodeHost host, string name) : NodeChange(nodes, host, name)
{
    protected override Reply Apply(Transaction transaction)
    {
        NodeRecord node = Owned();
        if (!node.Configuration.Has(NodeFlags.PersistItems))
            throw new StanzaErrorException(NodeErrors.Unsupported("persistent-items"));
        Store.Purge(transaction, node.Id);
        return Reply.Empty;
    }

    protected override void Tell()
    {
        Nodes.Notices.Changed(Host, Node!.Configuration);
        if (Node.Configuration.Has(NodeFlags.NotifyRetract))
            Nodes.Notices.Tell(Host, Node, Audience, () => Event("purge").ToArray());
    }
}

/// <summary>A node goes with all that is on it (XEP-0060 §8.4).</summary>
/// <param name="redirect">Where its subscribers find what follows it; null for nowhere.</param>
internal sealed class Deletion(Nodes nodes, NodeHost host, string name, string? redirect = null)
    : NodeChange(nodes, host, name)
{
    protected override Reply Apply(Transaction transaction)
    {
        Store.Remove(transaction, Owned().Id);
        return Reply.Empty;
    }

    protected override void Tell()
    {
        Nodes.Notices.Changed(Host, Node!.Configuration);
        if (!Node.Configuration.Has(NodeFlags.NotifyDelete))
            return;
        XmlBuilder notice = Event("delete");
        if (redirect is not null)
            notice.Start("redirect").Attribute("uri", redirect).End();
        Nodes.Notices.Tell(Host, Node, Audience, () => notice.ToArray());
    }
}
