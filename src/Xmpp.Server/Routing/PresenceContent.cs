using System.Globalization;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Routing;

/// <summary>What the server itself reads of a presence (RFC 6121 §4.7.2).</summary>
internal static class PresenceContent
{
    private const int LongestStatus = 1023;

    /// <exception cref="StanzaErrorException">It is no priority (§4.7.2.3).</exception>
    public static int Priority(Stanza presence)
    {
        Element priority = presence.Child("priority", Ns.Client);
        if (!priority.Exists)
            return 0;
        return sbyte.TryParse(
            priority.Text.Trim(),
            NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out sbyte value
        )
            ? value
            : throw new StanzaErrorException(StanzaError.BadRequest("priority is -128 to 127"));
    }

    /// <summary>Null when there is none, or one too long to be kept.</summary>
    public static string? Status(Stanza presence)
    {
        string text = presence.Child("status", Ns.Client).Text;
        return text.Length is 0 or > LongestStatus ? null : text;
    }
}
