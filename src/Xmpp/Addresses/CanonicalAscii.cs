using System.Buffers;

namespace Xmpp.Addresses;

/// <summary>
/// The fast road for what nearly every stanza carries: an address in ASCII that is already as RFC 7622 wants it.
/// What it does not recognise is not wrong; it takes the long road.
/// </summary>
internal static class CanonicalAscii
{
    /// <summary>Longest label of a domain name, in its ASCII form (RFC 5890 §2.3.2.1).</summary>
    internal const int MaxLabelLength = 63;

    // IdentifierClass in ASCII is ! to ~ (RFC 8264 §9.11); without capitals and without RFC 7622 §3.3.1's eight.
    private static readonly SearchValues<char> _local = SearchValues.Create(
        "!#$%()*+,-.0123456789;=?[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"
    );

    private static readonly SearchValues<char> _label = SearchValues.Create("-0123456789abcdefghijklmnopqrstuvwxyz");

    internal static bool TrySplit(ReadOnlySpan<char> text, out int localLength, out int bareLength)
    {
        localLength = 0;
        bareLength = text.Length;
        var slash = text.IndexOf('/');
        if (slash >= 0)
        {
            bareLength = slash;
            if (!IsResource(text[(slash + 1)..]))
                return false;
            text = text[..slash];
        }

        var at = text.IndexOf('@');
        if (at < 0)
            return IsDomain(text);
        localLength = at;
        return IsLocal(text[..at]) && IsDomain(text[(at + 1)..]);
    }

    internal static bool IsLocal(ReadOnlySpan<char> local) =>
        local.Length is > 0 and <= Jid.MaxPartBytes && !local.ContainsAnyExcept(_local);

    /// <summary>FreeformClass in ASCII is space to ~ (RFC 8264 §4.3.1).</summary>
    internal static bool IsResource(ReadOnlySpan<char> resource) =>
        resource.Length is > 0 and <= Jid.MaxPartBytes && IsPrintable(resource);

    internal static bool IsPrintable(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange(' ', '~');

    /// <summary>Whether these are lower-case letters, digits and hyphens in labels, none of them an A-label.</summary>
    internal static bool IsDomain(ReadOnlySpan<char> domain)
    {
        if (domain.Length > Jid.MaxPartBytes)
            return false;
        while (true)
        {
            var dot = domain.IndexOf('.');
            if (!IsLabel(dot < 0 ? domain : domain[..dot]))
                return false;
            if (dot < 0)
                return true;
            domain = domain[(dot + 1)..];
        }
    }

    /// <summary>Whether this is one such label, of at most 63 characters.</summary>
    internal static bool IsLabel(ReadOnlySpan<char> label) =>
        label.Length is > 0 and <= MaxLabelLength
        && label[0] != '-'
        && label[^1] != '-'
        && !label.ContainsAnyExcept(_label)
        && !label.StartsWith("xn--", StringComparison.Ordinal);
}
