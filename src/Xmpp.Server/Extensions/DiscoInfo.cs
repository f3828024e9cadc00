using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>What an entity is (XEP-0030 §3.1).</summary>
public sealed record DiscoIdentity(string Category, string Type, string? Name = null, string? Language = null);

/// <summary>A form of extended information (XEP-0128): fields with their values, but for <c>FORM_TYPE</c>.</summary>
public sealed record DiscoForm(string Type, IReadOnlyList<KeyValuePair<string, IReadOnlyList<string>>> Fields);

/// <summary>An item of an entity or node (XEP-0030 §4).</summary>
public sealed record DiscoItem(string Jid, string? Node = null, string? Name = null);

/// <summary>What a node is and holds.</summary>
public sealed record DiscoNode(DiscoInfo Info, IReadOnlyList<DiscoItem> Items);

/// <summary>All that disco#info says of an entity.</summary>
public sealed record DiscoInfo(
    IReadOnlyCollection<DiscoIdentity> Identities,
    IReadOnlyCollection<string> Features,
    IReadOnlyCollection<DiscoForm> Forms
)
{
    internal XmlBuilder Write(string? node)
    {
        var query = new XmlBuilder(capacity: 2048).Start("query", Ns.DiscoInfo).Attribute("node", node);
        foreach (DiscoIdentity identity in Identities)
            query
                .Start("identity")
                .Attribute("category", identity.Category)
                .Attribute("type", identity.Type)
                .Attribute("name", identity.Name)
                .Attribute("xml:lang", identity.Language)
                .End();
        foreach (string feature in Features)
            query.Start("feature").Attribute("var", feature).End();
        foreach (DiscoForm form in Forms)
        {
            DataForms.Start(query, "result", form.Type);
            foreach (var (name, values) in form.Fields)
                DataForms.Field(query, name, null, values);
            query.End();
        }
        return query;
    }

    /// <summary>
    /// Reads an answer; null when it is ill-formed (XEP-0115 §5.4): something said twice. A form without a hidden
    /// <c>FORM_TYPE</c> is left out.
    /// </summary>
    internal static DiscoInfo? Read(Element query)
    {
        var identities = new HashSet<DiscoIdentity>();
        var features = new HashSet<string>(StringComparer.Ordinal);
        var forms = new Dictionary<string, DiscoForm>(StringComparer.Ordinal);
        bool twice = false;
        foreach (Element child in query.Children)
        {
            if (child.Is("identity", Ns.DiscoInfo))
                twice |= !identities.Add(ReadIdentity(child));
            else if (child.Is("feature", Ns.DiscoInfo))
                twice |= !features.Add(child.Attribute("var") ?? "");
            else if (child.Is("x", Ns.DataForms) && ReadForm(child, ref twice) is { } form)
                twice |= !forms.TryAdd(form.Type, form);
        }
        return twice ? null : new(identities, features, forms.Values);
    }

    private static DiscoIdentity ReadIdentity(Element identity) =>
        new(
            identity.Attribute("category") ?? "",
            identity.Attribute("type") ?? "",
            identity.Attribute("name"),
            identity.Language
        );

    private static DiscoForm? ReadForm(Element form, ref bool twice)
    {
        string? type = null;
        var fields = new List<KeyValuePair<string, IReadOnlyList<string>>>();
        foreach (Element field in form.Children)
        {
            if (!field.Is("field", Ns.DataForms))
                continue;
            List<string> values = DataForms.Values(field);
            string name = field.Attribute("var") ?? "";
            if (name != "FORM_TYPE")
            {
                fields.Add(new(name, values));
                continue;
            }
            twice |= values.Distinct(StringComparer.Ordinal).Count() > 1;
            if (field.Attribute("type") == "hidden" && values.Count > 0)
                type = values[0];
        }
        return type is null ? null : new(type, fields);
    }
}
