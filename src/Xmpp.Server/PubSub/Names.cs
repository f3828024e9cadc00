namespace Xmpp.Server.PubSub;

/// <summary>Namespaces and forms of XEP-0060.</summary>
internal static class Names
{
    public const string PubSub = "http://jabber.org/protocol/pubsub";
    public const string Owner = PubSub + "#owner";
    public const string Event = PubSub + "#event";
    public const string Errors = PubSub + "#errors";
    public const string NodeConfig = PubSub + "#node_config";
    public const string PublishOptions = PubSub + "#publish-options";
    public const string MetaData = PubSub + "#meta-data";
    public const string Authorization = PubSub + "#subscribe_authorization";

    /// <summary>Behind a node's name in a client's features: it wants to hear of it (§9.2).</summary>
    public const string Notify = "+notify";

    /// <summary>Of a node's name and of an item's id, in characters, as of an address's parts.</summary>
    public const int Longest = 1023;
}
