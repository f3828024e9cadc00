using System.Security.Cryptography;
using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.PubSub;

/// <summary>
/// An item is published (XEP-0060 §7.1); the node is made when there is none (§7.1.4), as the options want it (§7.1.5).
/// </summary>
internal sealed class Publication(Nodes nodes, NodeHost host, string name) : NodeChange(nodes, host, name)
{
    private long? _bytes;

    /// <summary>Null where the request has none.</summary>
    public string? ItemName { get; init; }

    /// <summary>One whole element that declares all it uses; empty for none.</summary>
    public byte[] Payload { get; init; } = [];

    /// <summary>The request has an item.</summary>
    public bool HasItem { get; init; } = true;

    /// <summary>Who is said to have published it, where the server does so in somebody's stead.</summary>
    public Jid? Publisher { get; init; }

    /// <summary>Fields of the publish-options.</summary>
    public Dictionary<string, List<string>> Options { get; init; } = [];

    /// <summary>How the node is when the server makes it here, out of how it is otherwise.</summary>
    public Func<NodeConfiguration, NodeConfiguration>? Beginning { get; init; }

    /// <summary>The item as it was published; null for a notification without one.</summary>
    public ItemRecord? Item { get; private set; }

    protected override Reply Apply(Transaction transaction)
    {
        bool isNew = Node is null;
        Node ??= Begin(Creation.Plan(Nodes, transaction, Host, Name, By, Options));
        if (!isNew)
            Check(Node);
        CheckItem(Node.Configuration);
        if (Node.Configuration.Has(NodeFlags.PersistItems))
            CheckRoom(transaction);
        Item = HasItem ? NewItem() : null;
        if (isNew)
            Node = Creation.Write(Nodes, transaction, Host, Node);
        if (Item is not null && Node.Configuration.Has(NodeFlags.PersistItems))
        {
            Store.Put(transaction, Node.Id, Item);
            Store.Trim(transaction, Node.Id, Math.Min(Node.Configuration.MaxItems, Limits.Items));
        }
        return Answer();
    }

    private NodeRecord Begin(NodeRecord planned) =>
        Beginning is null ? planned : planned with { Configuration = Beginning(planned.Configuration) };

    private void Check(NodeRecord node)
    {
        if (By is { } asker && Nodes.Rights.WhyNotPublish(Host, node, asker, Audience) is { } error)
            throw new StanzaErrorException(error);
        if (Options.Count > 0 && !Meets(node.Configuration))
            throw new StanzaErrorException(NodeErrors.PreconditionNotMet);
    }

    // §7.1.5: met when they would change nothing.
    private bool Meets(NodeConfiguration node)
    {
        try
        {
            return NodeForms.Same(NodeForms.Apply(node, Options, strict: true), node);
        }
        catch (StanzaErrorException)
        {
            return false;
        }
    }

    // §7.1.3.4 to §7.1.3.6.
    private void CheckItem(NodeConfiguration node)
    {
        bool wanted = node.Has(NodeFlags.PersistItems) || node.Has(NodeFlags.DeliverPayloads);
        if (!HasItem && wanted)
            throw new StanzaErrorException(NodeErrors.ItemRequired);
        if (Payload.Length > node.MaxPayload && By is not null)
            throw new StanzaErrorException(NodeErrors.PayloadTooBig);
    }

    // What was followed in memory counts what went away too: only when that is too much, it is added up anew.
    private void CheckRoom(Transaction transaction)
    {
        _bytes = Host.Bytes ?? Store.Bytes(transaction, Host.Id);
        if (_bytes + Payload.Length <= Limits.Bytes)
            return;
        _bytes = Store.Bytes(transaction, Host.Id);
        if (_bytes + Payload.Length > Limits.Bytes && By is not null)
            throw new StanzaErrorException(NodeErrors.Full);
    }

    private ItemRecord NewItem()
    {
        string id = ItemName ?? Item?.Name ?? RandomNumberGenerator.GetHexString(16, lowercase: true);
        Jid publisher = By?.Jid ?? Publisher ?? Host.Jid;
        return new ItemRecord(id, publisher, Nodes.Server.Time.GetUtcNow(), Payload);
    }

    private Reply Answer()
    {
        var answer = new XmlBuilder().Start("pubsub", Names.PubSub).Start("publish").Attribute("node", Name);
        if (Item is not null)
            answer.Start("item").Attribute("id", Item.Name).End();
        return Reply.Result(answer);
    }

    protected override void Tell()
    {
        if (_bytes is { } bytes)
            Host.Bytes = bytes + Payload.Length;
        Nodes.Notices.Changed(Host, Node!.Configuration);
        Nodes.Notices.Tell(Host, Node, Audience, () => Notice(Name, Node.Configuration, Item), Item?.Publisher);
    }

    /// <summary>What subscribers hear of an item (§7.1.2).</summary>
    public static byte[] Notice(string node, NodeConfiguration configuration, ItemRecord? item)
    {
        XmlBuilder builder = new XmlBuilder(capacity: 256 + (item?.Payload.Length ?? 0))
            .Start("event", Names.Event)
            .Start("items")
            .Attribute("node", node);
        if (item is null)
            return builder.ToArray();
        builder.Start("item").Attribute("id", item.Name);
        if (configuration.Has(NodeFlags.DeliverPayloads))
            builder.Copy(item.Payload);
        return builder.ToArray();
    }
}
