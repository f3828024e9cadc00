using System.Buffers;

namespace Xmpp.Addresses;

/// <summary>Text made safe for the inside of an XML attribute (XML 1.0 §2.4, §3.1).</summary>
internal static class AttributeText
{
    private static readonly SearchValues<byte> _escaped = SearchValues.Create("&<>'\""u8);

    /// <summary>The same array where nothing needs escaping, which is the usual case.</summary>
    internal static byte[] Escape(byte[] utf8)
    {
        if (!utf8.AsSpan().ContainsAny(_escaped))
            return utf8;
        var length = 0;
        foreach (var b in utf8)
            length += Math.Max(1, Entity(b).Length);
        var escaped = new byte[length];
        var rest = escaped.AsSpan();
        foreach (var b in utf8)
        {
            var entity = Entity(b);
            if (entity.IsEmpty)
                rest[0] = b;
            else
                entity.CopyTo(rest);
            rest = rest[Math.Max(1, entity.Length)..];
        }

        return escaped;
    }

    private static ReadOnlySpan<byte> Entity(byte b) =>
        b switch
        {
            (byte)'&' => "&amp;"u8,
            (byte)'<' => "&lt;"u8,
            (byte)'>' => "&gt;"u8,
            (byte)'\'' => "&apos;"u8,
            (byte)'"' => "&quot;"u8,
            _ => default,
        };
}
