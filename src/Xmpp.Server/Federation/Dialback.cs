using Xmpp.Xml;

namespace Xmpp.Server.Federation;

/// <summary>The elements of XEP-0220, with the prefix that the stream headers declare (§2).</summary>
internal static class Dialback
{
    public const string Ns = "jabber:server:dialback";
    public const string Feature = "urn:xmpp:features:dialback";

    /// <summary>§2.1.1: may we send?</summary>
    public static byte[] Result(string from, string to, string key) => Element("result", from, to).Text(key).ToArray();

    /// <summary>§2.2.1: its answer: <c>valid</c> or <c>invalid</c>.</summary>
    public static byte[] ResultAnswer(string from, string to, string type) =>
        Element("result", from, to).Attribute("type", type).ToArray();

    /// <summary>§2.4: its answer when it cannot be told.</summary>
    public static byte[] ResultError(string from, string to, string condition) =>
        Error(Element("result", from, to), condition);

    /// <summary>§2.1.2: is the key yours?</summary>
    public static byte[] Verify(string from, string to, string stream, string key) =>
        Element("verify", from, to).Attribute("id", stream).Text(key).ToArray();

    /// <summary>§2.2.2: its answer.</summary>
    public static byte[] VerifyAnswer(string from, string to, string stream, string type) =>
        Element("verify", from, to).Attribute("id", stream).Attribute("type", type).ToArray();

    public static byte[] VerifyError(string from, string to, string stream, string condition) =>
        Error(Element("verify", from, to).Attribute("id", stream), condition);

    private static XmlBuilder Element(string name, string from, string to) =>
        new XmlBuilder(Xml.Ns.Server).Start("db:" + name).Attribute("from", from).Attribute("to", to);

    private static byte[] Error(XmlBuilder element, string condition) =>
        element
            .Attribute("type", "error")
            .Start("error")
            .Attribute("type", "cancel")
            .Empty(condition, Xml.Ns.StanzaErrors)
            .ToArray();
}
