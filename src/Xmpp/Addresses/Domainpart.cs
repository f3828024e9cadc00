using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace Xmpp.Addresses;

/// <summary>The domain of an address: a name in U-labels or an IP address, 1 to 1023 bytes (RFC 7622 §3.2).</summary>
internal static class Domainpart
{
    private static readonly SearchValues<char> _ipv6 = SearchValues.Create("0123456789abcdefABCDEF:.");

    internal static bool TryPrepare(string raw, [NotNullWhen(true)] out string? prepared)
    {
        if (raw.StartsWith('['))
            return TryPrepareIPv6(raw, out prepared);
        prepared = raw;
        if (CanonicalAscii.IsDomain(raw))
            return true;
        return Idna.TryToUnicode(raw, out prepared) && Encoding.UTF8.GetByteCount(prepared) <= Jid.MaxPartBytes;
    }

    private static bool TryPrepareIPv6(string raw, [NotNullWhen(true)] out string? prepared)
    {
        prepared = null;
        if (!raw.EndsWith(']'))
            return false;
        // The parser below would also take brackets, a port and a zone; a zone means nothing on another machine.
        var literal = raw.AsSpan(1, raw.Length - 2);
        if (literal.ContainsAnyExcept(_ipv6) || !literal.Contains(':'))
            return false;
        if (!IPAddress.TryParse(literal, out var address))
            return false;
        prepared = $"[{address}]";
        return true;
    }
}
