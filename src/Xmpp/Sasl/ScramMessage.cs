using System.Text;
using System.Text.Unicode;

namespace Xmpp.Sasl;

/// <summary>Reads the comma-separated attributes of a SCRAM message (RFC 5802 §7) one by one.</summary>
internal ref struct ScramMessage
{
    private ReadOnlySpan<byte> _rest;
    private bool _atEnd;

    public ScramMessage(ReadOnlySpan<byte> message) => _rest = message;

    /// <summary>Whether every attribute has been read.</summary>
    public readonly bool AtEnd => _atEnd;

    /// <summary>Whether the octets may be a SCRAM message at all: UTF-8 without NUL.</summary>
    public static bool IsText(ReadOnlySpan<byte> message) => !message.Contains((byte)0) && Utf8.IsValid(message);

    /// <summary>Reads the next attribute, which has to be this one and has to have a value.</summary>
    public bool TryRead(char name, out ReadOnlySpan<byte> value) =>
        TryReadAny(out var found, out value) && found == name && !value.IsEmpty;

    /// <summary>Skips extensions that nobody knows. False for what is no attribute, and for <c>m</c>, which says that
    /// whoever does not know the extension has to stop (§5.1).</summary>
    public bool TrySkipExtensions()
    {
        while (!_atEnd)
        {
            if (!TryReadExtension(out _, out _))
                return false;
        }

        return true;
    }

    /// <summary>Reads the next attribute, whichever it is, as <see cref="TrySkipExtensions"/> does.</summary>
    public bool TryReadExtension(out char name, out ReadOnlySpan<byte> value) =>
        TryReadAny(out name, out value) && name != 'm' && !value.IsEmpty;

    /// <summary>Undoes the escapes of a name: <c>=2C</c> is a comma and <c>=3D</c> an equals sign; null for any other
    /// use of the equals sign.</summary>
    public static string? UnescapeName(ReadOnlySpan<byte> name)
    {
        var text = Encoding.UTF8.GetString(name);
        if (!text.Contains('=', StringComparison.Ordinal))
            return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '=')
                plain.Append(text[i]);
            else if (text.AsSpan(i + 1) is ['2', 'C', ..] or ['3', 'D', ..])
                plain.Append(text[i + 1] == '2' ? ',' : '=');
            else
                return null;
            i += text[i] == '=' ? 2 : 0;
        }

        return plain.ToString();
    }

    public static string EscapeName(string name) =>
        name.Replace("=", "=3D", StringComparison.Ordinal).Replace(",", "=2C", StringComparison.Ordinal);

    /// <summary>Printable ASCII without the comma.</summary>
    public static bool IsNonce(ReadOnlySpan<byte> nonce) =>
        !nonce.IsEmpty && !nonce.Contains((byte)',') && nonce.IndexOfAnyExceptInRange((byte)0x21, (byte)0x7E) < 0;

    private bool TryReadAny(out char name, out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        if (_atEnd)
            return false;
        var comma = _rest.IndexOf((byte)',');
        var attribute = comma < 0 ? _rest : _rest[..comma];
        _atEnd = comma < 0;
        _rest = comma < 0 ? default : _rest[(comma + 1)..];
        if (attribute.Length < 2 || attribute[1] != '=' || !char.IsAsciiLetter((char)attribute[0]))
            return false;
        name = (char)attribute[0];
        value = attribute[2..];
        return true;
    }
}
