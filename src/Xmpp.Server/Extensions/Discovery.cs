using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0030 Service Discovery of the server and of accounts, out of what the extensions declare. An account is told of to
/// itself and to those who see its presence; to others it is as if nobody were there (§9; security.md, "Leaks").
/// </summary>
internal sealed class Discovery(XmppServer server, Capabilities capabilities) : Extension
{
    private Declarations _declared = null!;

    public override void Declare(Declarations declare)
    {
        _declared = declare;
        declare.Implements("0030", "Service Discovery", "2.5.0");
        declare.Implements("0128", "Service Discovery Extensions", "1.0.1");
        declare.ServerFeature(Ns.DiscoInfo, Ns.DiscoItems);
        declare.AccountFeature(Ns.DiscoInfo, Ns.DiscoItems);
        const Target Everybody = Target.Server | Target.OwnAccount | Target.OtherAccount;
        declare.OnGet(Everybody, Ns.DiscoInfo, "query", request => new(Info(request)));
        declare.OnGet(Everybody | Target.Nobody, Ns.DiscoItems, "query", request => new(Items(request)));
    }

    private Reply Info(Request request)
    {
        if (!MayKnow(request))
            return Reply.Error(StanzaError.ServiceUnavailable());
        string? node = request.Payload.Attribute("node");
        if (node is null || IsCapsNode(request, node))
            return Reply.Result((request.Subject is null ? capabilities.OfServer() : OfAccount()).Write(node));
        return Find(request, node) is { } found
            ? Reply.Result(found.Info.Write(node))
            : Reply.Error(StanzaError.ItemNotFound());
    }

    // XEP-0115 §6.2: the node by which somebody asks who has seen the stream feature.
    private bool IsCapsNode(Request request, string node) => request.Subject is null && node == capabilities.Node();

    private DiscoInfo OfAccount() =>
        new(
            [new DiscoIdentity("account", "registered"), .. _declared.AccountIdentities],
            _declared.AccountFeatures,
            []
        );

    private Reply Items(Request request)
    {
        string? node = request.Payload.Attribute("node");
        var query = new XmlBuilder().Start("query", Ns.DiscoItems).Attribute("node", node);
        if (request.IsToNobody || !MayKnow(request))
            return Reply.Result(query);
        DiscoNode? found = node is null ? null : Find(request, node);
        if (node is not null && found is null)
            return Reply.Error(StanzaError.ItemNotFound());
        foreach (DiscoItem item in found?.Items ?? TopItems(request))
            query
                .Start("item")
                .Attribute("jid", item.Jid)
                .Attribute("node", item.Node)
                .Attribute("name", item.Name)
                .End();
        return Reply.Result(query);
    }

    private IEnumerable<DiscoItem> TopItems(Request request)
    {
        IEnumerable<DiscoItem> own = request.Subject is { } account
            ? account
                .Sessions.Where(session => session.Presence is not null)
                .Select(session => new DiscoItem(session.Jid.ToString()))
            : _declared.ServerItems.Select(item => new DiscoItem(item.Jid, Name: item.Name));
        return own.Concat(_declared.Items.SelectMany(items => items(request)));
    }

    private DiscoNode? Find(Request request, string node)
    {
        DiscoNode? found = _declared.Nodes.TryGetValue(node, out Func<Request, DiscoNode?>? find)
            ? find(request)
            : null;
        foreach (Func<Request, string, DiscoNode?> other in _declared.OtherNodes)
            found ??= other(request, node);
        return found;
    }

    private bool MayKnow(Request request) => request.Subject is null || server.Dispatcher.Presences.MaySee(request);
}
