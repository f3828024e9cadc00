using System.Diagnostics.CodeAnalysis;
using Xmpp.Addresses.Unicode;

namespace Xmpp.Addresses.Precis;

/// <summary>The PRECIS profile of the names that people show, in rooms for instance (RFC 8266).</summary>
public static class Nickname
{
    /// <summary>The name as it is shown; false where it cannot be one (RFC 8266 §2.3).</summary>
    public static bool TryPrepare(string text, [NotNullWhen(true)] out string? prepared) =>
        Stable.TryReach(text, static text => Pass(text, fold: false), out prepared);

    /// <summary>What two names share that people would take for the same (RFC 8266 §2.4); never shown.</summary>
    public static bool TryPrepareKey(string text, [NotNullWhen(true)] out string? key) =>
        Stable.TryReach(text, static text => Pass(text, fold: true), out key);

    private static string? Pass(string text, bool fold)
    {
        text = SpaceMapping.Collapse(SpaceMapping.Apply(text));
        text = Normalization.ToNfkc(fold ? CaseMapping.ToLower(text) : text);
        return StringClass.IsFreeform(text) ? text : null;
    }
}
