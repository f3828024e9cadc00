using Xmpp.Server.Extensions;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.PubSub;

/// <summary>
/// One change of one node: checked and written in a transaction, with what goes along with it; told after the commit.
/// Checks come before the first write, so that a refusal leaves nothing behind.
/// </summary>
internal abstract class NodeChange(Nodes nodes, NodeHost host, string name)
{
    private readonly List<NodeChange> _along = [];
    private bool _done;

    public NodeHost Host => host;
    public string Name => name;

    /// <summary>Who asks; null for the server itself, which may everything.</summary>
    public Asker? By { get; init; }

    /// <summary>The session that asks.</summary>
    public Session? Session { get; init; }

    /// <summary>Goes along with another change, and nothing goes along with it.</summary>
    public bool IsConsequence { get; init; }

    /// <summary>The node as it was found; null when there is none.</summary>
    public NodeRecord? Node { get; protected set; }

    protected Nodes Nodes => nodes;
    protected IPubSubStore Store => nodes.Store;
    protected Audience Audience { get; set; } = Audience.Nobody;

    /// <summary>In the transaction; may run twice.</summary>
    public Reply Write(Transaction transaction)
    {
        _along.Clear();
        _done = false;
        // Read before its device was ended, it would put back what went with that, such as an OMEMO id.
        if (Session is { Device: > 0 } session && !nodes.Server.Devices.IsKnown(transaction, session))
            throw new StanzaErrorException(StanzaError.NotAuthorized());
        Node = Store.Find(transaction, host.Id, name);
        Audience = Node is null ? Audience.Nobody : Audience.Read(Store, transaction, Node.Id);
        Reply reply = Apply(transaction);
        if (reply is not Reply.Done)
            return reply;
        _done = true;
        if (!IsConsequence && host.Account is not null && nodes.Personal(name)?.Along is { } along)
            foreach (NodeChange next in along(transaction, this))
            {
                _along.Add(next);
                next.Write(transaction);
            }
        return reply;
    }

    /// <summary>After the commit, on the writer's thread.</summary>
    public void Released()
    {
        if (!_done)
            return;
        Tell();
        if (host.Account is not null)
            nodes.Personal(name)?.Told?.Invoke(this);
        foreach (NodeChange next in _along)
            next.Released();
    }

    /// <summary>The same as a handler's reply.</summary>
    public Reply AsReply() => Reply.After(Write, Released);

    /// <exception cref="StanzaErrorException">It may not be; nothing was written.</exception>
    protected abstract Reply Apply(Transaction transaction);

    /// <summary>Whoever is to know is told.</summary>
    protected abstract void Tell();

    /// <summary>The node, which only an owner may change in this way.</summary>
    /// <exception cref="StanzaErrorException">There is none, or the asker does not own it.</exception>
    protected NodeRecord Owned()
    {
        if (Node is null || (By is { } asker && !nodes.Rights.Reaches(host, Node, asker)))
            throw new StanzaErrorException(NodeErrors.NoNode);
        if (By is { } by && nodes.Rights.Of(host, by, Audience) != Affiliation.Owner)
            throw new StanzaErrorException(StanzaError.Forbidden());
        return Node;
    }

    /// <summary>An event about the node, such as <c>&lt;purge node='…'/&gt;</c>, still open.</summary>
    protected XmlBuilder Event(string element) =>
        new XmlBuilder().Start("event", Names.Event).Start(element).Attribute("node", name);
}
