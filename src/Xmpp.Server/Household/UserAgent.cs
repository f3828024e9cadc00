using Xmpp.Xml;

namespace Xmpp.Server.Household;

/// <summary>
/// What a client says about itself as it signs in (XEP-0388 §2.3). <see cref="Id"/> is a UUID that stays with the
/// installation, in lower case; null where the client gave none that is one.
/// </summary>
public sealed record UserAgent(string? Id, string? Software = null, string? Device = null)
{
    private const int LongestText = 100;

    public static readonly UserAgent Unknown = new((string?)null);

    /// <summary>Under which its device is kept; null without an id.</summary>
    internal string? Key => Id is null ? null : "agent:" + Id;

    /// <summary>Reads <c>&lt;user-agent/&gt;</c>, also where there is none.</summary>
    public static UserAgent Read(Element agent) =>
        Of(agent.Attribute("id"), agent.Child("software").Text, agent.Child("device").Text);

    /// <summary>From what a client says, of any length.</summary>
    public static UserAgent Of(string? id, string software, string device) =>
        new(Guid.TryParseExact(id, "D", out Guid uuid) ? uuid.ToString("D") : null, Short(software), Short(device));

    private static string? Short(string said)
    {
        string text = said.Trim();
        if (text.Length > LongestText)
            text = text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)];
        return text.Length == 0 ? null : text;
    }
}
