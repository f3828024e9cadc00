using Xmpp.Server.Extensions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.PubSub;

/// <summary>Requests of owners: nodes are made, configured, emptied and removed (XEP-0060 §8.1 to §8.5).</summary>
internal static class Owning
{
    public static Reply Create(Nodes nodes, NodeRequest request)
    {
        string? name = request.OptionalNode;
        return new Creation(nodes, request.Host, name ?? Creation.NewName(), instant: name is null)
        {
            By = request.Asker,
            Options = request.Fields("configure", Names.NodeConfig),
        }.AsReply();
    }

    public static Reply Configure(Nodes nodes, NodeRequest request)
    {
        Element form = request.Verb.Child("x", Ns.DataForms);
        string node = request.Node;
        if (form.Attribute("type") == "cancel")
            return Reply.Empty;
        if (!form.Exists)
            return Reply.Error(StanzaError.BadRequest("no form"));
        return new Configuring(nodes, request.Host, node, DataForms.Read(form, Names.NodeConfig))
        {
            By = request.Asker,
        }.AsReply();
    }

    public static Reply Delete(Nodes nodes, NodeRequest request) =>
        new Deletion(nodes, request.Host, request.Node, request.Verb.Child("redirect").Attribute("uri"))
        {
            By = request.Asker,
        }.AsReply();

    public static Reply Purge(Nodes nodes, NodeRequest request) =>
        new Purge(nodes, request.Host, request.Node) { By = request.Asker }.AsReply();

    /// <summary>§8.2.1.</summary>
    public static Reply Configuration(Nodes nodes, Access access, NodeRequest request)
    {
        NodeRecord node = Owned(nodes, access, request, out _);
        XmlBuilder answer = Answer("configure").Attribute("node", node.Name);
        return Reply.Result(NodeForms.Write(answer, node.Configuration));
    }

    /// <summary>§8.3.</summary>
    public static Reply Default(Nodes nodes, NodeRequest request)
    {
        if (!nodes.Rights.MayCreate(request.Host, request.Asker))
            return Reply.Error(StanzaError.Forbidden());
        return Reply.Result(NodeForms.Write(Answer("default"), request.Host.Defaults));
    }

    public static XmlBuilder Answer(string element) => new XmlBuilder().Start("pubsub", Names.Owner).Start(element);

    /// <summary>The node, of which the asker must be an owner.</summary>
    /// <exception cref="StanzaErrorException">It is none, or there is no such node.</exception>
    public static NodeRecord Owned(Nodes nodes, Access access, NodeRequest request, out Audience audience)
    {
        NodeRecord? node = nodes.Store.Find(access, request.Host.Id, request.Node);
        if (node is null || !nodes.Rights.Reaches(request.Host, node, request.Asker))
            throw new StanzaErrorException(NodeErrors.NoNode);
        audience = Audience.Read(nodes.Store, access, node.Id);
        return nodes.Rights.Of(request.Host, request.Asker, audience) == Affiliation.Owner
            ? node
            : throw new StanzaErrorException(StanzaError.Forbidden());
    }
}
