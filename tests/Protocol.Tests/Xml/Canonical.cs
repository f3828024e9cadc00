using System.Text;
using System.Xml;
using Xmpp.Xml;

namespace Protocol.Tests.Xml;

/// <summary>An element told so that two readers can be compared: names with namespaces, sorted attributes, text.</summary>
internal static class Canonical
{
    public static string Of(Element element)
    {
        var told = new StringBuilder();
        Write(told, element);
        return told.ToString();
    }

    private static void Write(StringBuilder told, Element element)
    {
        told.Append('{').Append(element.Namespace).Append('}').Append(element.Name).Append('[');
        Append(told, element.Attributes.Where(a => a.Namespace != Ns.Xmlns));
        told.Append(']').Append(Quote(element.Text)).Append('(');
        foreach (Element child in element.Children)
            Write(told, child);
        told.Append(')');
    }

    /// <summary>The same from the reader of the framework, which stands on the element's start.</summary>
    public static string Of(XmlReader reader)
    {
        var told = new StringBuilder();
        Write(told, reader);
        return told.ToString();
    }

    private static void Write(StringBuilder told, XmlReader reader)
    {
        told.Append('{').Append(reader.NamespaceURI).Append('}').Append(reader.LocalName).Append('[');
        bool isEmpty = reader.IsEmptyElement;
        var attributes = new List<(string, string, string)>();
        while (reader.MoveToNextAttribute())
            if (reader.NamespaceURI != Ns.Xmlns)
                attributes.Add((reader.LocalName, reader.NamespaceURI, reader.Value));
        Append(told, attributes);
        var text = new StringBuilder();
        var children = new StringBuilder();
        while (!isEmpty && reader.Read() && reader.NodeType != XmlNodeType.EndElement)
            if (reader.NodeType == XmlNodeType.Element)
                Write(children, reader);
            else
                text.Append(reader.Value);
        told.Append(']').Append(Quote(text.ToString())).Append('(').Append(children).Append(')');
    }

    private static void Append(
        StringBuilder told,
        IEnumerable<(string Name, string Namespace, string Value)> attributes
    )
    {
        foreach (
            string line in attributes
                .Select(a => $"{{{a.Namespace}}}{a.Name}={Quote(a.Value)} ")
                .Order(StringComparer.Ordinal)
        )
            told.Append(line);
    }

    private static string Quote(string text) => $"'{text}'";
}
