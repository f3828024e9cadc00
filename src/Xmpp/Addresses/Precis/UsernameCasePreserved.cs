using System.Diagnostics.CodeAnalysis;
using Xmpp.Addresses.Unicode;

namespace Xmpp.Addresses.Precis;

/// <summary>The PRECIS profile of user names in which capitals count (RFC 8265 §3.4).</summary>
public static class UsernameCasePreserved
{
    /// <summary>The name as it is stored and compared; false where it cannot be one.</summary>
    public static bool TryPrepare(string text, [NotNullWhen(true)] out string? prepared) =>
        Stable.TryReach(text, Pass, out prepared);

    private static string? Pass(string text)
    {
        text = Normalization.ToNfc(WidthMapping.Apply(text));
        var readable = !BidiRule.Concerns(text) || BidiRule.Allows(text);
        return readable && StringClass.IsIdentifier(text) ? text : null;
    }
}
