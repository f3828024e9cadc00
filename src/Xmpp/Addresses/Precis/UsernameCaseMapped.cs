using System.Diagnostics.CodeAnalysis;
using Xmpp.Addresses.Unicode;

namespace Xmpp.Addresses.Precis;

/// <summary>The PRECIS profile of user names in which capitals do not count (RFC 8265 §3.3).</summary>
public static class UsernameCaseMapped
{
    /// <summary>The name as it is stored and compared; false where it cannot be one.</summary>
    public static bool TryPrepare(string text, [NotNullWhen(true)] out string? prepared) =>
        Stable.TryReach(text, Pass, out prepared);

    /// <summary>The rules of §3.3 in the order of RFC 8264 §7, which looks at the code points last.</summary>
    private static string? Pass(string text)
    {
        text = Normalization.ToNfc(CaseMapping.ToLower(WidthMapping.Apply(text)));
        var readable = !BidiRule.Concerns(text) || BidiRule.Allows(text);
        return readable && StringClass.IsIdentifier(text) ? text : null;
    }
}
