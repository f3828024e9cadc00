using Xmpp.Server.Extensions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.PubSub;

/// <summary>
/// XEP-0060 Publish-Subscribe at the domain itself, and at every account as XEP-0163 Personal Eventing Protocol: each
/// request goes to the verb that its first child names.
/// </summary>
internal sealed class PublishSubscribe(XmppServer server) : Extension
{
    private const Target Everybody = Target.Server | Target.OwnAccount | Target.OtherAccount;

    private static readonly string[] _features =
    [
        "access-authorize",
        "access-open",
        "access-presence",
        "access-roster",
        "access-whitelist",
        "auto-create",
        "config-node",
        "config-node-max",
        "create-and-configure",
        "create-nodes",
        "delete-items",
        "delete-nodes",
        "instant-nodes",
        "item-ids",
        "last-published",
        "manage-subscriptions",
        "member-affiliation",
        "meta-data",
        "modify-affiliations",
        "multi-items",
        "outcast-affiliation",
        "persistent-items",
        "publish",
        "publish-only-affiliation",
        "publish-options",
        "publisher-affiliation",
        "purge-nodes",
        "retract-items",
        "retrieve-affiliations",
        "retrieve-default",
        "retrieve-items",
        "retrieve-subscriptions",
        "rsm",
        "subscribe",
    ];

    private Nodes Nodes => server.Nodes;

    public override void Declare(Declarations declare)
    {
        declare.Implements("0060", "Publish-Subscribe", "1.30.0");
        declare.Implements("0163", "Personal Eventing Protocol", "1.2.2");
        declare.Implements("0222", "Persistent Storage of Public Data via PubSub", "1.0");
        declare.Implements("0223", "Persistent Storage of Private Data via PubSub", "1.1.1");
        string[] features = [Names.PubSub, .. _features.Select(feature => $"{Names.PubSub}#{feature}")];
        declare.ServerFeature(features);
        declare.AccountFeature(features);
        declare.AccountFeature(
            Names.PubSub + "#auto-subscribe",
            Names.PubSub + "#filtered-notifications",
            Names.PubSub + "#presence-subscribe"
        );
        declare.ServerIdentities.Add(new DiscoIdentity("pubsub", "service"));
        declare.AccountIdentities.Add(new DiscoIdentity("pubsub", "pep"));
        declare.OnSet(Everybody, Names.PubSub, "pubsub", request => new(Set(NodeRequest.Read(Nodes, request))));
        declare.OnGet(Everybody, Names.PubSub, "pubsub", request => ReadAsync(request, Get));
        declare.OnSet(Everybody, Names.Owner, "pubsub", request => new(OwnerSet(NodeRequest.Read(Nodes, request))));
        declare.OnGet(Everybody, Names.Owner, "pubsub", request => ReadAsync(request, OwnerGet));
        declare.Recognised.Add((session, before) => Nodes.LastItems.Send(session, before?.Interests));
        var disco = new NodeDiscovery(server);
        declare.Items.Add(disco.Items);
        declare.OtherNodes.Add(disco.Find);
        var approvals = new Approvals(server.Nodes);
        declare.At(Routing.Stage.Received, approvals.Take);
        declare.DomainMessages.Add(approvals.Take);
    }

    // Subscription options, several subscriptions of one address (SubIDs) and get-pending are optional (XEP-0060 §10), no
    // compliance suite (XEP-0479) asks for them and no app here does: they answer that they are not there.
    private Reply Set(NodeRequest request) =>
        request.Verb.Name switch
        {
            "publish" => Publishing.Publish(Nodes, request),
            "retract" => Publishing.Retract(Nodes, request),
            "create" => Owning.Create(Nodes, request),
            "subscribe" => Subscribing.Request(Nodes, request),
            "unsubscribe" => Unsubscribing.Request(Nodes, request),
            "options" => Reply.Error(NodeErrors.Unsupported("subscription-options")),
            _ => Reply.Error(StanzaError.BadRequest("unknown")),
        };

    private Reply OwnerSet(NodeRequest request) =>
        request.Verb.Name switch
        {
            "configure" => Owning.Configure(Nodes, request),
            "delete" => Owning.Delete(Nodes, request),
            "purge" => Owning.Purge(Nodes, request),
            "affiliations" => Affiliating.Request(Nodes, request),
            "subscriptions" => Admitting.Request(Nodes, request),
            _ => Reply.Error(StanzaError.BadRequest("unknown")),
        };

    // What the session itself sent before is there.
    private async ValueTask<Reply> ReadAsync(Request request, Func<Access, NodeRequest, Reply> read)
    {
        if (request.Session is { } session)
            await session.SettleAsync();
        using Access access = server.Stores.Database.OpenRead();
        return read(access, NodeRequest.Read(Nodes, request));
    }

    private Reply Get(Access access, NodeRequest request) =>
        request.Verb.Name switch
        {
            "items" => Retrieving.Items(Nodes, access, request),
            "subscriptions" => Retrieving.Subscriptions(Nodes, access, request),
            "affiliations" => Retrieving.Affiliations(Nodes, access, request),
            "options" => Reply.Error(NodeErrors.Unsupported("subscription-options")),
            "default" => Reply.Error(NodeErrors.Unsupported("retrieve-default-sub")),
            _ => Reply.Error(StanzaError.BadRequest("unknown")),
        };

    private Reply OwnerGet(Access access, NodeRequest request) =>
        request.Verb.Name switch
        {
            "configure" => Owning.Configuration(Nodes, access, request),
            "default" => Owning.Default(Nodes, request),
            "affiliations" => Affiliating.List(Nodes, access, request),
            "subscriptions" => Admitting.List(Nodes, access, request),
            _ => Reply.Error(StanzaError.BadRequest("unknown")),
        };
}
