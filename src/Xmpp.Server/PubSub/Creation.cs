using System.Security.Cryptography;
using Xmpp.Server.Extensions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.PubSub;

/// <summary>A node is made by itself (XEP-0060 §8.1), configured as the request wants it (§8.1.3).</summary>
/// <param name="instant">The request had no name, and is told the one that was made for it (§8.1.2).</param>
internal sealed class Creation(Nodes nodes, NodeHost host, string name, bool instant) : NodeChange(nodes, host, name)
{
    public Dictionary<string, List<string>> Options { get; init; } = [];

    /// <summary>A name for a node that is given none.</summary>
    public static string NewName() => RandomNumberGenerator.GetHexString(20, lowercase: true);

    protected override Reply Apply(Transaction transaction)
    {
        if (Node is not null && (By is not { } by || Nodes.Rights.Reaches(Host, Node, by)))
            throw new StanzaErrorException(StanzaError.Conflict());
        NodeRecord planned = Plan(Nodes, transaction, Host, Name, By, Options, strict: false);
        if (Node is not null)
            throw new StanzaErrorException(StanzaError.Conflict());
        Node = Write(Nodes, transaction, Host, planned);
        return instant
            ? Reply.Result(new XmlBuilder().Start("pubsub", Names.PubSub).Start("create").Attribute("node", Name))
            : Reply.Empty;
    }

    // Nobody is subscribed yet.
    protected override void Tell() { }

    /// <summary>The node as it would be; nothing is written.</summary>
    /// <exception cref="StanzaErrorException">The asker may not make it.</exception>
    public static NodeRecord Plan(
        Nodes nodes,
        Access access,
        NodeHost host,
        string name,
        Asker? by,
        Dictionary<string, List<string>> options,
        bool strict = true
    )
    {
        if (by is { } asker && !nodes.Rights.MayCreate(host, asker))
            throw new StanzaErrorException(host.Account is null ? StanzaError.Forbidden() : NodeErrors.NoNode);
        if (by is not null && nodes.Store.Nodes(access, host.Id).Count >= Limits.Nodes)
            throw new StanzaErrorException(NodeErrors.MaxNodesExceeded);
        return new NodeRecord
        {
            Account = host.Id,
            Name = name,
            Created = nodes.Server.Time.GetUtcNow(),
            Creator = by?.Jid.Bare ?? host.Jid,
            Configuration = NodeForms.Apply(nodes.Defaults(host, name), options, strict),
        };
    }

    public static NodeRecord Write(Nodes nodes, Transaction transaction, NodeHost host, NodeRecord planned)
    {
        NodeRecord node = planned with { Id = nodes.Store.Add(transaction, planned) };
        if (host.Account is null && node.Creator is { Local: not null } creator)
            nodes.Store.SetAffiliation(transaction, node.Id, creator, Affiliation.Owner);
        return node;
    }
}
