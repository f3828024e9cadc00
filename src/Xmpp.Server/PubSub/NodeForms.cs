using System.Globalization;
using Xmpp.Server.Extensions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.PubSub;

/// <summary>A node's configuration as a form (XEP-0060 §16.4.3): written for its owner, read from what is submitted.</summary>
internal static class NodeForms
{
    private const string Prefix = "pubsub#";
    private const int LongestText = 1023;
    private static readonly string[] _accessModels = ["open", "presence", "roster", "authorize", "whitelist"];
    private static readonly string[] _publishModels = ["publishers", "subscribers", "open"];
    private static readonly string[] _sendLast = ["never", "on_sub", "on_sub_and_presence"];

    private static readonly (string Name, NodeFlags Flag)[] _flags =
    [
        ("persist_items", NodeFlags.PersistItems),
        ("deliver_notifications", NodeFlags.DeliverNotifications),
        ("deliver_payloads", NodeFlags.DeliverPayloads),
        ("notify_config", NodeFlags.NotifyConfig),
        ("notify_delete", NodeFlags.NotifyDelete),
        ("notify_retract", NodeFlags.NotifyRetract),
        ("subscribe", NodeFlags.Subscribe),
    ];

    // What is the same for every node here: it may be asked for, and nothing else in its place.
    private static readonly (string Name, string Value)[] _constants =
    [
        ("node_type", "leaf"),
        ("notification_type", "headline"),
        ("item_expire", "max"),
        ("publish_node_full", "discard-oldest"),
        ("purge_offline", "0"),
        ("notify_sub", "0"),
        ("tempsub", "0"),
    ];

    /// <summary>The whole form, filled in.</summary>
    public static XmlBuilder Write(XmlBuilder builder, NodeConfiguration node)
    {
        DataForms.Start(builder, "form", Names.NodeConfig);
        Field(builder, "title", "text-single", node.Title);
        Field(builder, "description", "text-single", node.Description);
        Field(builder, "type", "text-single", node.Type);
        foreach (var (name, flag) in _flags)
            Field(builder, name, "boolean", node.Has(flag) ? "1" : "0");
        Field(builder, "max_items", "text-single", MaxItems(node));
        Field(builder, "max_payload_size", "text-single", Text(node.MaxPayload));
        Choice(builder, "access_model", _accessModels, (int)node.Access);
        DataForms.Field(builder, Prefix + "roster_groups_allowed", "list-multi", node.Groups);
        Choice(builder, "publish_model", _publishModels, (int)node.Publish);
        Choice(builder, "send_last_published_item", _sendLast, (int)node.SendLast);
        foreach (var (name, value) in _constants)
            Field(builder, name, value == "0" ? "boolean" : "text-single", value);
        return builder.End();
    }

    /// <summary>What anybody who sees the node may know of it (§5.4), but for its people.</summary>
    public static List<KeyValuePair<string, IReadOnlyList<string>>> MetaData(NodeRecord node)
    {
        var fields = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        void Add(string name, string? value)
        {
            if (value is not null)
                fields.Add(new(Prefix + name, [value]));
        }
        NodeConfiguration how = node.Configuration;
        Add("title", how.Title);
        Add("description", how.Description);
        Add("type", how.Type);
        Add("creator", node.Creator.ToString());
        Add("creation_date", XmlText.Stamp(node.Created));
        Add("access_model", _accessModels[(int)how.Access]);
        Add("publish_model", _publishModels[(int)how.Publish]);
        Add("max_items", MaxItems(how));
        return fields;
    }

    public static string Name(AccessModel access) => _accessModels[(int)access];

    private static string MaxItems(NodeConfiguration node) =>
        node.MaxItems == int.MaxValue ? "max" : Text(node.MaxItems);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Field(XmlBuilder builder, string name, string kind, string? value) =>
        DataForms.Field(builder, Prefix + name, kind, value is null ? [] : [value]);

    private static void Choice(XmlBuilder builder, string name, string[] options, int chosen)
    {
        builder.Start("field").Attribute("var", Prefix + name).Attribute("type", "list-single");
        foreach (string option in options)
            builder.Start("option").Element("value", option).End();
        builder.Element("value", options[chosen]).End();
    }

    /// <summary>The configuration with what the fields say. Fields that are not known here are left out, or refused where <paramref name="strict"/>.</summary>
    /// <exception cref="StanzaErrorException"><c>not-acceptable</c>: a value that cannot be.</exception>
    public static NodeConfiguration Apply(
        NodeConfiguration node,
        Dictionary<string, List<string>> fields,
        bool strict = false
    )
    {
        foreach (var (key, values) in fields)
        {
            string name = key.StartsWith(Prefix, StringComparison.Ordinal) ? key[Prefix.Length..] : "";
            node = Apply(node, name, values, out bool known);
            if (!known && strict)
                throw Refused(key);
        }
        return node;
    }

    private static NodeConfiguration Apply(NodeConfiguration node, string name, List<string> values, out bool known)
    {
        known = true;
        string value = values.Count > 0 ? values[0].Trim() : "";
        switch (name)
        {
            case "title":
                return node with { Title = OptionalText(name, value) };
            case "description":
                return node with { Description = OptionalText(name, value) };
            case "type":
                return node with { Type = OptionalText(name, value) };
            case "max_items":
                return node with { MaxItems = ReadMaxItems(value) };
            case "max_payload_size":
                return node with { MaxPayload = Math.Min(Number(name, value, 1), Limits.Payload) };
            case "access_model":
                return node with { Access = (AccessModel)Index(name, _accessModels, value) };
            case "publish_model":
                return node with { Publish = (PublishModel)Index(name, _publishModels, value) };
            case "send_last_published_item":
                return node with { SendLast = (SendLast)Index(name, _sendLast, value) };
            case "roster_groups_allowed":
                return node with { Groups = Groups(name, values) };
        }
        foreach (var (flagName, flag) in _flags)
            if (flagName == name)
                return node with { Flags = Boolean(name, value) ? node.Flags | flag : node.Flags & ~flag };
        known = IsConstant(name, value);
        return node;
    }

    // True for a constant with its value.
    private static bool IsConstant(string name, string value)
    {
        foreach (var (constant, only) in _constants)
            if (constant == name)
                return value == only || (only == "0" && value == "false") ? true : throw Refused(name);
        return false;
    }

    private static string? OptionalText(string name, string value) =>
        value.Length switch
        {
            0 => null,
            > LongestText => throw Refused(name),
            _ => value,
        };

    private static IReadOnlyList<string> Groups(string name, List<string> values) =>
        values.Count <= 100 && values.TrueForAll(group => group.Length <= LongestText) ? values : throw Refused(name);

    private static int ReadMaxItems(string value)
    {
        if (value == "max")
            return int.MaxValue;
        int number = Number("max_items", value, 1);
        return number >= Limits.Items ? int.MaxValue : number;
    }

    private static int Number(string name, string value, int least) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
            ? number
            : throw Refused(name);

    private static int Index(string name, string[] options, string value)
    {
        int index = Array.IndexOf(options, value);
        return index >= 0 ? index : throw Refused(name);
    }

    private static bool Boolean(string name, string value) =>
        value switch
        {
            "1" or "true" => true,
            "0" or "false" => false,
            _ => throw Refused(name),
        };

    private static StanzaErrorException Refused(string name) =>
        new(StanzaError.NotAcceptable($"{name} cannot be that here"));

    /// <summary>Both say the same.</summary>
    public static bool Same(NodeConfiguration one, NodeConfiguration other) =>
        one with { Groups = other.Groups } == other && one.Groups.SequenceEqual(other.Groups, StringComparer.Ordinal);
}
