using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;

namespace Xmpp.Server.PubSub;

/// <summary>
/// Every account's nodes and those of the service (XEP-0060, XEP-0163): the narrow door for the rest of the server. A
/// change is made here, written in the caller's transaction, and told by its <see cref="NodeChange.Released"/> after the
/// commit.
/// </summary>
internal sealed class Nodes
{
    public Nodes(XmppServer server)
    {
        Server = server;
        Service = NodeHost.OfService(server.Address);
        Rights = new Rights(server);
        Notices = new Notices(this);
        LastItems = new LastItems(this);
    }

    public XmppServer Server { get; }
    public IPubSubStore Store => Server.Stores.PubSub;

    /// <summary>The domain's own service.</summary>
    public NodeHost Service { get; }
    public Rights Rights { get; }
    public Notices Notices { get; }
    public LastItems LastItems { get; }

    /// <summary>
    /// The server itself publishes on a node of the account, whatever its options: no rights are asked. The payload is
    /// one element that declares its namespace.
    /// </summary>
    public Publication Publish(Account account, string node, string item, byte[] payload) =>
        new(this, account.Nodes, node) { ItemName = item, Payload = payload };

    /// <summary>The server itself takes an item back.</summary>
    public Withdrawal Withdraw(Account account, string node, string item) =>
        new(this, account.Nodes, node, [item], notify: true);

    /// <summary>An item of the account; null when there is none.</summary>
    public ItemRecord? Item(Access access, Account account, string node, string item) =>
        Store.Find(access, account.Id, node) is { } found ? Store.Item(access, found.Id, item) : null;

    /// <summary>How a node of the name is made.</summary>
    public NodeConfiguration Defaults(NodeHost host, string node)
    {
        NodeConfiguration ordinary = host.Defaults;
        return host.Account is null ? ordinary : Personal(node)?.Defaults?.Invoke(ordinary) ?? ordinary;
    }

    /// <summary>What an extension says of a node of accounts, by its name or by what stands before the last colon.</summary>
    public PersonalNode? Personal(string node)
    {
        Dictionary<string, PersonalNode> known = Server.Dispatcher.Declared.PersonalNodes;
        return known.TryGetValue(node, out PersonalNode? exact)
            ? exact
            : known.GetValueOrDefault(node[..(node.LastIndexOf(':') + 1)]);
    }

    public Asker AskerOf(Jid who) => new(who, Server.Dispatcher.LocalAccount(who.Bare));
}
