using System.Xml.Linq;
using Xmpp.Xml;

namespace Server.Tests.Plays.Stage;

/// <summary>
/// Compares what came with what a play expects: the expected attributes and children must be there, others may be too.
/// <c>{any}</c> stands for any value, <c>{none}</c> for an attribute that must be missing; a child that must be missing
/// is told by <see cref="Without"/>.
/// </summary>
internal static class Pattern
{
    private static readonly XNamespace _client = Ns.Client;

    /// <summary>Reads XML as a play writes it: <c>jabber:client</c> where nothing else is declared.</summary>
    public static XElement Parse(string xml) =>
        XElement
            .Parse(
                $"<play xmlns='{Ns.Client}' xmlns:stream='{Ns.Streams}'>{xml}</play>",
                LoadOptions.PreserveWhitespace
            )
            .Elements()
            .Single();

    /// <summary>Null when it matches, else where and why it does not.</summary>
    public static string? Mismatch(XElement expected, XElement actual, bool strict = false)
    {
        if (expected.Name != actual.Name)
            return $"<{Label(actual)}> in the place of <{Label(expected)}>";
        foreach (XAttribute attribute in expected.Attributes().Where(attribute => !attribute.IsNamespaceDeclaration))
            if (AttributeMismatch(attribute, actual.Attribute(attribute.Name)?.Value) is { } wrong)
                return $"<{Label(actual)}> {wrong}";
        if (strict && Extra(expected, actual) is { } extra)
            return $"<{Label(actual)}> has an extra {extra}";
        return ContentMismatch(expected, actual, strict);
    }

    private static string? AttributeMismatch(XAttribute expected, string? actual) =>
        expected.Value switch
        {
            "{any}" => actual is null ? $"lacks {expected.Name}" : null,
            "{none}" => actual is null ? null : $"has {expected.Name}='{actual}'",
            _ => actual == expected.Value ? null : $"has {expected.Name}='{actual}', not '{expected.Value}'",
        };

    private static string? Extra(XElement expected, XElement actual) =>
        actual
            .Attributes()
            .FirstOrDefault(attribute =>
                !attribute.IsNamespaceDeclaration && expected.Attribute(attribute.Name) is null
            )
            ?.Name.LocalName;

    private static string? ContentMismatch(XElement expected, XElement actual, bool strict)
    {
        if (!expected.HasElements)
        {
            if (strict && actual.HasElements)
                return $"<{Label(actual)}> has children";
            bool free = expected.Value is "{any}" || (expected.Value.Length == 0 && !strict);
            return free || expected.Value == actual.Value
                ? null
                : $"<{Label(actual)}> says '{actual.Value}', not '{expected.Value}'";
        }
        List<XElement> left = [.. actual.Elements()];
        foreach (XElement child in expected.Elements())
        {
            XElement? found = left.Find(candidate => Mismatch(child, candidate, strict) is null);
            if (found is null)
                return Closest(child, left, strict) ?? $"<{Label(actual)}> lacks {child}";
            left.Remove(found);
        }
        return strict && left.Count > 0 ? $"<{Label(actual)}> has an extra {left[0]}" : null;
    }

    private static string? Closest(XElement child, List<XElement> left, bool strict)
    {
        XElement? named = left.Find(candidate => candidate.Name == child.Name);
        return named is null ? null : Mismatch(child, named, strict);
    }

    private static string Label(XElement element) =>
        element.Name.Namespace == _client ? element.Name.LocalName : element.Name.ToString();

    /// <summary>Fails with both sides in the message unless it matches.</summary>
    public static XElement ShouldMatch(this XElement actual, string expected, bool strict = false)
    {
        if (Mismatch(Parse(expected), actual, strict) is { } wrong)
            throw new PlayException($"{wrong}\n  expected: {expected}\n  came:     {actual}");
        return actual;
    }

    /// <summary>Fails when such an element is anywhere inside.</summary>
    public static XElement Without(this XElement actual, string name, string ns)
    {
        if (actual.Descendants(XName.Get(name, ns)).FirstOrDefault() is { } found)
            throw new PlayException($"{found} should not be in\n  {actual}");
        return actual;
    }

    /// <summary>The first descendant with the name, whatever its namespace.</summary>
    public static XElement Find(this XElement actual, string name) =>
        actual.Descendants().FirstOrDefault(element => element.Name.LocalName == name)
        ?? throw new PlayException($"no <{name}> in\n  {actual}");
}

/// <summary>A play did not go as written.</summary>
public sealed class PlayException(string message) : Exception(message);
