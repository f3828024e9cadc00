using Xmpp.Addresses.Unicode;

namespace Xmpp.Addresses.Precis;

/// <summary>The two classes of strings that PRECIS defines (RFC 8264 §4), each a set of code points and their contexts.</summary>
internal static class StringClass
{
    /// <summary>Whether a text is in the IdentifierClass (RFC 8264 §4.2).</summary>
    internal static bool IsIdentifier(string text) => Contains(text, freeform: false);

    /// <summary>Whether a text is in the FreeformClass (RFC 8264 §4.3).</summary>
    internal static bool IsFreeform(string text) => Contains(text, freeform: true);

    private static bool Contains(string text, bool freeform)
    {
        var points = CodePoints.Of(text);
        for (var i = 0; i < points.Length; i++)
        {
            var allowed = CodePoint.Of(points[i]).Precis switch
            {
                Permission.Valid => true,
                Permission.ValidInFreeform => freeform,
                Permission.ContextJ or Permission.ContextO => ContextRule.Allows(points, i),
                _ => false,
            };
            if (!allowed)
                return false;
        }

        return true;
    }
}
