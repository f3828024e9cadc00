using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>XEP-0004 forms, as far as the extensions need them: fields with their values, by name.</summary>
internal static class DataForms
{
    /// <summary>
    /// A submitted form's fields but for <c>FORM_TYPE</c> (XEP-0068), which must be <paramref name="type"/>. No form at
    /// all reads as an empty one.
    /// </summary>
    /// <exception cref="StanzaErrorException"><c>bad-request</c>: not a submission of this type.</exception>
    public static Dictionary<string, List<string>> Read(Element form, string type)
    {
        var fields = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        if (!form.Exists)
            return fields;
        foreach (Element field in form.Children)
            if (field.Is("field", Ns.DataForms) && field.Attribute("var") is { } name)
                fields[name] = Values(field);
        bool right =
            form.Attribute("type") == "submit"
            && fields.Remove("FORM_TYPE", out List<string>? said)
            && said is [var only]
            && only == type;
        return right ? fields : throw new StanzaErrorException(StanzaError.BadRequest("not a form of " + type));
    }

    /// <summary>A field's values.</summary>
    public static List<string> Values(Element field)
    {
        var values = new List<string>();
        foreach (Element value in field.Children)
            if (value.Is("value", Ns.DataForms))
                values.Add(value.Text);
        return values;
    }

    /// <summary>Opens a form of the type; the caller adds fields and ends it.</summary>
    public static XmlBuilder Start(XmlBuilder builder, string kind, string type) =>
        Field(builder.Start("x", Ns.DataForms).Attribute("type", kind), "FORM_TYPE", "hidden", type);

    /// <summary>One field with its values.</summary>
    public static XmlBuilder Field(
        XmlBuilder builder,
        string name,
        string? kind,
        params IReadOnlyCollection<string> values
    )
    {
        builder.Start("field").Attribute("var", name).Attribute("type", kind);
        foreach (string value in values)
            builder.Element("value", value);
        return builder.End();
    }
}
