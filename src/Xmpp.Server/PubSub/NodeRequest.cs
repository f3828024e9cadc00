using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Sessions;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.PubSub;

/// <summary>A request of XEP-0060, to an account or to the service, with the element that says what is wanted.</summary>
internal sealed class NodeRequest
{
    private NodeRequest(NodeHost host, Request request, Element whole)
    {
        (Host, Session, Whole) = (host, request.Session, whole);
        Asker = new Asker(request.From, request.Session?.Account);
    }

    public NodeHost Host { get; }
    public Asker Asker { get; }
    public Session? Session { get; }

    /// <summary>The <c>&lt;pubsub/&gt;</c>, whose children declare all that they use.</summary>
    public Element Whole { get; }

    /// <summary>Its first child.</summary>
    public Element Verb => Whole.FirstChild;

    public static NodeRequest Read(Nodes nodes, Request request) =>
        new(request.Subject?.Nodes ?? nodes.Service, request, SelfContained(request.Payload));

    /// <summary>The same element by itself, so that what its children use of its declarations is in them.</summary>
    public static Element SelfContained(Element element) => XmlFragment.ParseApart(element.Bytes.ToArray()).Root;

    /// <exception cref="StanzaErrorException"><c>nodeid-required</c></exception>
    public string Node => OptionalNode ?? throw new StanzaErrorException(NodeErrors.NodeIdRequired);

    public string? OptionalNode =>
        Verb.Attribute("node") switch
        {
            null or "" => null,
            { Length: > Names.Longest } => throw new StanzaErrorException(
                StanzaError.BadRequest("the node's name is too long")
            ),
            var name => name,
        };

    /// <summary>An id of an item; null when there is none.</summary>
    public static string? ItemId(Element item) =>
        item.Attribute("id") switch
        {
            null or "" => null,
            { Length: > Names.Longest } => throw new StanzaErrorException(
                StanzaError.BadRequest("the item's id is too long")
            ),
            var id => id,
        };

    /// <summary>Fields of the form inside an element beside the verb; empty when there is none.</summary>
    public Dictionary<string, List<string>> Fields(string element, string type) =>
        DataForms.Read(Whole.Child(element).Child("x", Ns.DataForms), type);

    /// <exception cref="StanzaErrorException"><c>invalid-jid</c></exception>
    public static Jid Address(Element element) =>
        Jid.TryParse(element.Attribute("jid"), out Jid? jid)
            ? jid
            : throw new StanzaErrorException(
                element.Attribute("jid") is null ? NodeErrors.JidRequired : NodeErrors.InvalidJid
            );
}
