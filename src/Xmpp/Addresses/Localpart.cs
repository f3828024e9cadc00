using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Xmpp.Addresses.Precis;

namespace Xmpp.Addresses;

/// <summary>What stands before the <c>@</c>: UsernameCaseMapped less eight delimiters, 1 to 1023 bytes (RFC 7622 §3.3).</summary>
internal static class Localpart
{
    private static readonly SearchValues<char> _excluded = SearchValues.Create("\"&'/:<>@");

    internal static bool TryPrepare(string raw, [NotNullWhen(true)] out string? prepared)
    {
        prepared = raw;
        if (CanonicalAscii.IsLocal(raw))
            return true;
        return UsernameCaseMapped.TryPrepare(raw, out prepared)
            && !prepared.AsSpan().ContainsAny(_excluded)
            && Encoding.UTF8.GetByteCount(prepared) <= Jid.MaxPartBytes;
    }
}
