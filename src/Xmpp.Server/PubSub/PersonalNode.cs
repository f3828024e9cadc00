using Xmpp.Server.Stores;

namespace Xmpp.Server.PubSub;

/// <summary>
/// What an extension that rides on PEP says of a node that accounts have: how it is when nothing is said, and what goes
/// along with its changes.
/// </summary>
internal sealed record PersonalNode
{
    /// <summary>How it is made, out of how others are made.</summary>
    public Func<NodeConfiguration, NodeConfiguration>? Defaults { get; init; }

    /// <summary>In the transaction of a change: others that go along with it, which must not refuse.</summary>
    public Func<Transaction, NodeChange, IEnumerable<NodeChange>>? Along { get; init; }

    /// <summary>After the commit, on the writer's thread.</summary>
    public Action<NodeChange>? Told { get; init; }

    /// <summary>XEP-0223: for the owner's own devices, item by item, none sent by itself.</summary>
    public static NodeConfiguration Private(NodeConfiguration node) =>
        node with
        {
            Access = AccessModel.Whitelist,
            SendLast = SendLast.Never,
            MaxItems = int.MaxValue,
        };

    /// <summary>XEP-0222: for everybody who may reach the account.</summary>
    public static NodeConfiguration Public(NodeConfiguration node) => node with { Access = AccessModel.Open };
}
