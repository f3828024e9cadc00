using System.Globalization;
using Xmpp.Server.Sessions;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Federation;

/// <summary>How large a stanza may be that goes to the other side of a stream (XEP-0478).</summary>
internal static class StreamLimits
{
    private const string Namespace = "urn:xmpp:stream-limits:0";

    // Addresses, id and the rest of a start tag: what is shorter by so much need not be measured.
    private const int StartTag = 16_384;
    private const int Declaration = 22;

    /// <summary>Announces ours, in features or, by whoever began the stream, in its <c>&lt;bidi/&gt;</c> (§3.1, §3.2).</summary>
    public static XmlBuilder Write(XmlBuilder into, int bytes) =>
        into.Start("limits", Namespace).Element("max-bytes", $"{bytes}").End();

    /// <summary>Theirs, in bytes; null when they say none.</summary>
    public static int? Read(Element announced) =>
        int.TryParse(
            announced.Child("limits", Namespace).Child("max-bytes", Namespace).Text,
            CultureInfo.InvariantCulture,
            out int bytes
        )
        && bytes > 0
            ? bytes
            : null;

    /// <summary>§4: it is not to be sent.</summary>
    public static bool IsTooLarge(Outgoing item, int most) =>
        item.Stanza is { } stanza
        && stanza.Payload.Length + item.Suffix.Length + StartTag > most
        && stanza.With(stanza.From, item.To).ToArray(item.Suffix.Span).Length - Declaration > most;

    /// <summary>What its sender is told.</summary>
    public static StanzaError Error(string domain, int most) =>
        StanzaError.PolicyViolation($"{domain} takes stanzas of at most {most} bytes");
}
