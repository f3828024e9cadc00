using Xmpp.Server.Extensions;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.PubSub;

/// <summary>Requests of publishers (XEP-0060 §7).</summary>
internal static class Publishing
{
    public static Reply Publish(Nodes nodes, NodeRequest request)
    {
        Element publish = NodeRequest.SelfContained(request.Verb);
        Element item = publish.Child("item");
        int count = 0;
        foreach (Element child in publish.Children)
            count += child.Is("item", Names.PubSub) ? 1 : 0;
        if (count > 1)
            return Reply.Error(StanzaError.NotAllowed("one item at a time"));
        return new Publication(nodes, request.Host, request.Node)
        {
            By = request.Asker,
            Session = request.Session,
            HasItem = item.Exists,
            ItemName = item.Exists ? NodeRequest.ItemId(item) : null,
            Payload = item.Exists ? Payload(item) : [],
            Options = request.Fields("publish-options", Names.PublishOptions),
        }.AsReply();
    }

    // §7.1.3.5.
    private static byte[] Payload(Element item)
    {
        Element payload = NodeRequest.SelfContained(item).FirstChild;
        if (item.Children.Count > 1)
            throw new StanzaErrorException(NodeErrors.InvalidPayload("one element"));
        if (payload.Exists && payload.Namespace is Names.PubSub)
            throw new StanzaErrorException(NodeErrors.InvalidPayload("a namespace of its own"));
        return payload.Exists ? payload.Bytes.ToArray() : [];
    }

    /// <summary>§7.2.</summary>
    public static Reply Retract(Nodes nodes, NodeRequest request)
    {
        var items = new List<string>();
        foreach (Element item in request.Verb.Children)
            if (item.Is("item", Names.PubSub) && NodeRequest.ItemId(item) is { } id)
                items.Add(id);
        string node = request.Node;
        if (items.Count == 0 || items.Count != request.Verb.Children.Count)
            return Reply.Error(NodeErrors.ItemRequired);
        bool notify = request.Verb.Attribute("notify") is "true" or "1";
        return new Withdrawal(nodes, request.Host, node, items, notify)
        {
            By = request.Asker,
            Session = request.Session,
        }.AsReply();
    }
}
