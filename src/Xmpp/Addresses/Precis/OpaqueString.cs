using System.Diagnostics.CodeAnalysis;
using Xmpp.Addresses.Unicode;

namespace Xmpp.Addresses.Precis;

/// <summary>The PRECIS profile of passwords and resources: nearly everything, unchanged in meaning (RFC 8265 §4.2).</summary>
public static class OpaqueString
{
    /// <summary>The string as keys are derived from it and as it is compared; false where it cannot be one.</summary>
    public static bool TryPrepare(string text, [NotNullWhen(true)] out string? prepared)
    {
        if (CanonicalAscii.IsPrintable(text))
        {
            prepared = text.Length > 0 ? text : null;
            return prepared is not null;
        }

        return Stable.TryReach(text, Pass, out prepared);
    }

    private static string? Pass(string text)
    {
        text = Normalization.ToNfc(SpaceMapping.Apply(text));
        return StringClass.IsFreeform(text) ? text : null;
    }
}
