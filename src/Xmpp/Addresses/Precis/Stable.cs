using System.Diagnostics.CodeAnalysis;

namespace Xmpp.Addresses.Precis;

/// <summary>
/// Applies a profile's rules until they change nothing any more, so that what is prepared once stays as it is
/// (RFC 8264 §7 warns that one pass may not do; RFC 8266 §2.3 names the number of passes).
/// </summary>
internal static class Stable
{
    private const int Passes = 4;

    /// <param name="pass">the rules in their order; null where the text breaks one of them</param>
    internal static bool TryReach(string text, Func<string, string?> pass, [NotNullWhen(true)] out string? prepared)
    {
        prepared = null;
        for (var i = 0; i < Passes; i++)
        {
            if (pass(text) is not { Length: > 0 } mapped)
                return false;
            if (string.Equals(mapped, text, StringComparison.Ordinal))
            {
                prepared = text;
                return true;
            }

            text = mapped;
        }

        return false;
    }
}
