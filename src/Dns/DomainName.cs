using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Dns;

/// <summary>
/// A name of the domain name system (RFC 1035 §3.1): labels of 1 to 63 bytes, 255 bytes with their lengths at most. Names that
/// differ in the case of ASCII letters alone are equal (RFC 4343); each keeps its own case.
/// </summary>
public sealed class DomainName : IEquatable<DomainName>
{
    internal const int LongestLabel = 63;

    /// <summary>As on the wire, with the lengths and the root's.</summary>
    internal const int Longest = 255;

    private readonly byte[] _wire;

    private DomainName(byte[] wire) => _wire = wire;

    /// <summary>The name without labels.</summary>
    public static DomainName Root { get; } = new([0]);

    internal ReadOnlySpan<byte> Wire => _wire;

    /// <summary>
    /// Reads a name as people and zone files write it (RFC 1035 §5.1): labels with dots between them, with or without one
    /// at the end, <c>\.</c> and <c>\DDD</c> for bytes that would not stand for themselves. Other letters than ASCII's come as
    /// A-labels (RFC 5890 §2.3.2.1).
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DomainName? name)
    {
        name = null;
        if (text == ".")
            name = Root;
        if (name is not null || text.Length == 0)
            return name is not null;
        Span<byte> wire = stackalloc byte[Longest];
        int label = 0;
        int end = 1;
        for (int at = 0; at < text.Length; )
        {
            bool dot = text[at] == '.';
            if (dot ? !TryClose(wire, label, end) : !TryByte(text, ref at, wire, ref end))
                return false;
            if (!dot)
                continue;
            label = end++;
            at++;
        }

        if (end - label > 1)
        {
            if (!TryClose(wire, label, end))
                return false;
            label = end++;
        }

        if (end > Longest)
            return false;
        wire[label] = 0;
        name = new DomainName(wire[..end].ToArray());
        return true;
    }

    /// <inheritdoc cref="TryParse"/>
    /// <exception cref="FormatException">It is no name.</exception>
    public static DomainName Parse(string text) =>
        TryParse(text, out DomainName? name) ? name : throw new FormatException($"“{text}” is no domain name");

    private static bool TryClose(Span<byte> wire, int label, int end)
    {
        int length = end - label - 1;
        if (length is 0 or > LongestLabel || end >= Longest)
            return false;
        wire[label] = (byte)length;
        return true;
    }

    private static bool TryByte(string text, ref int at, Span<byte> wire, ref int end)
    {
        int value = text[at++];
        if (value == '\\')
        {
            if (at + 3 <= text.Length && char.IsAsciiDigit(text[at]))
            {
                if (!int.TryParse(text.AsSpan(at, 3), NumberStyles.None, CultureInfo.InvariantCulture, out value))
                    return false;
                at += 3;
            }
            else if (at == text.Length || char.IsAsciiDigit(text[at]))
            {
                return false;
            }
            else
            {
                value = text[at++];
                if (value > 0x7E)
                    return false;
            }
        }
        else if (value > 0x7E)
        {
            return false;
        }

        if (value > 255 || end >= Longest)
            return false;
        wire[end++] = (byte)value;
        return true;
    }

    /// <param name="wire">A whole, well-formed name without pointers.</param>
    internal static DomainName FromWire(ReadOnlySpan<byte> wire) => wire.Length == 1 ? Root : new(wire.ToArray());

    /// <summary>The labels from the left, the root's left out.</summary>
    internal IEnumerable<ReadOnlyMemory<byte>> Labels()
    {
        for (int at = 0; _wire[at] != 0; at += _wire[at] + 1)
            yield return _wire.AsMemory(at + 1, _wire[at]);
    }

    /// <summary>This name or one below it, as <c>a.b.test</c> is below <c>test</c>.</summary>
    public bool IsWithin(DomainName parent)
    {
        for (int at = 0; at + parent._wire.Length <= _wire.Length; at += _wire[at] + 1)
        {
            if (at + parent._wire.Length == _wire.Length && Same(_wire.AsSpan(at), parent._wire))
                return true;
            if (_wire[at] == 0)
                break;
        }

        return false;
    }

    /// <summary>The name with these labels before it, as in <c>name.Below("_xmpp-server._tcp")</c>.</summary>
    /// <exception cref="FormatException">They are no labels, or the name would be too long.</exception>
    public DomainName Below(string labels) =>
        TryParse(labels, out DomainName? below) && below._wire.Length - 1 + _wire.Length <= Longest
            ? new DomainName([.. below._wire.AsSpan(..^1), .. _wire])
            : throw new FormatException($"“{labels}” cannot stand before “{this}”");

    public bool Equals(DomainName? other) =>
        other is not null && (ReferenceEquals(this, other) || Same(_wire, other._wire));

    public override bool Equals(object? obj) => Equals(obj as DomainName);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (byte value in _wire)
            hash.Add(Folded(value));
        return hash.ToHashCode();
    }

    private static bool Same(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        if (one.Length != other.Length)
            return false;
        for (int i = 0; i < one.Length; i++)
            if (Folded(one[i]) != Folded(other[i]))
                return false;
        return true;
    }

    // The lengths of labels lie below the letters.
    private static byte Folded(byte value) => value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;

    public static bool operator ==(DomainName? left, DomainName? right) => left?.Equals(right) ?? right is null;

    public static bool operator !=(DomainName? left, DomainName? right) => !(left == right);

    /// <summary>As <see cref="TryParse"/> reads it, without a dot at the end; the root is <c>.</c></summary>
    public override string ToString()
    {
        if (_wire.Length == 1)
            return ".";
        var text = new StringBuilder(_wire.Length);
        foreach (ReadOnlyMemory<byte> label in Labels())
        {
            if (text.Length > 0)
                text.Append('.');
            foreach (byte value in label.Span)
            {
                if (value is <= 0x20 or > 0x7E)
                    text.Append(CultureInfo.InvariantCulture, $"\\{value:D3}");
                else if (value is (byte)'.' or (byte)'\\' or (byte)'"' or (byte)';' or (byte)'(' or (byte)')')
                    text.Append('\\').Append((char)value);
                else
                    text.Append((char)value);
            }
        }

        return text.ToString();
    }
}
