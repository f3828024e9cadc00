using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Xmpp.Addresses;

/// <summary>
/// An XMPP address, normalised once when it is made, so that equal addresses are equal text (RFC 7622).
/// Instances are immutable and may be shared between threads; the derived forms are made on first use.
/// </summary>
public sealed class Jid : IEquatable<Jid>
{
    /// <summary>Longest localpart, domainpart and resourcepart, in bytes of UTF-8 (RFC 7622 §3.1).</summary>
    public const int MaxPartBytes = 1023;

    /// <summary>Normalising shortens at most threefold (decomposed Hangul), so longer input cannot become an address.</summary>
    private const int MaxInputLength = 3 * ((3 * MaxPartBytes) + 2);

    private readonly string _text;
    private readonly int _localLength;
    private readonly int _bareLength;

    // Each is written once or several times with an equal value; a race costs an allocation, never a wrong answer.
    private string? _local;
    private string? _domain;
    private string? _resource;
    private Jid? _bare;
    private byte[]? _utf8;
    private byte[]? _attributeUtf8;
    private int _hash;

    /// <param name="text">the whole address, already normalised</param>
    /// <param name="localLength">in characters; 0 without localpart</param>
    /// <param name="bareLength">in characters, up to the slash or the end</param>
    private Jid(string text, int localLength, int bareLength)
    {
        _text = text;
        _localLength = localLength;
        _bareLength = bareLength;
    }

    /// <summary>The part before the <c>@</c>, or null.</summary>
    public string? Local => _localLength == 0 ? null : _local ??= _text[.._localLength];

    /// <summary>The domain in U-labels, without trailing dot; or an IPv4 address, or an IPv6 address in brackets.</summary>
    public string Domain => _domain ??= DomainStart == 0 && IsBare ? _text : _text[DomainStart.._bareLength];

    /// <summary>The part after the first <c>/</c>, or null.</summary>
    public string? Resource => IsBare ? null : _resource ??= _text[(_bareLength + 1)..];

    /// <summary>The address without its resource; itself when it has none.</summary>
    public Jid Bare =>
        IsBare ? this : _bare ??= new Jid(_text[.._bareLength], _localLength, _bareLength) { _local = _local };

    /// <summary>Whether there is no resource.</summary>
    public bool IsBare => _bareLength == _text.Length;

    /// <summary>Whether there is a resource, with or without localpart.</summary>
    public bool IsFull => !IsBare;

    /// <summary>Whether there is a domain alone: neither localpart nor resource.</summary>
    public bool IsDomain => IsBare && _localLength == 0;

    /// <summary>The address in UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8 => Utf8Bytes;

    /// <summary>The address in UTF-8, escaped so that it can stand inside an XML attribute in either kind of quotes.</summary>
    public ReadOnlyMemory<byte> AttributeUtf8 => _attributeUtf8 ??= AttributeText.Escape(Utf8Bytes);

    private byte[] Utf8Bytes => _utf8 ??= Encoding.UTF8.GetBytes(_text);

    private int DomainStart => _localLength == 0 ? 0 : _localLength + 1;

    public static bool operator ==(Jid? left, Jid? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(Jid? left, Jid? right) => !(left == right);

    /// <summary>Reads and normalises an address; false where it is none.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Jid? jid)
    {
        jid = null;
        if (string.IsNullOrEmpty(text) || text.Length > MaxInputLength)
            return false;
        if (CanonicalAscii.TrySplit(text, out var localLength, out var bareLength))
        {
            jid = new Jid(text, localLength, bareLength);
            return true;
        }

        // RFC 7622 §3.2: first the resource at the first slash, then the localpart at the first @ of what is left.
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var bare = slash < 0 ? text : text[..slash];
        var at = bare.IndexOf('@', StringComparison.Ordinal);
        return TryCreate(
            at < 0 ? null : bare[..at],
            at < 0 ? bare : bare[(at + 1)..],
            slash < 0 ? null : text[(slash + 1)..],
            out jid
        );
    }

    /// <summary>Reads and normalises an address in UTF-8; false where it is none or the bytes are not UTF-8.</summary>
    public static bool TryParse(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out Jid? jid)
    {
        jid = null;
        return utf8.Length <= 3 * MaxInputLength
            && System.Text.Unicode.Utf8.IsValid(utf8)
            && TryParse(Encoding.UTF8.GetString(utf8), out jid);
    }

    /// <summary>Reads an address that is known to be one.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Jid Parse(string text) =>
        TryParse(text, out var jid) ? jid : throw new FormatException("This is no XMPP address.");

    /// <summary>Makes an address of its parts; null is an absent part, an empty one is an error.</summary>
    public static bool TryCreate(string? local, string domain, string? resource, [NotNullWhen(true)] out Jid? jid)
    {
        jid = null;
        string? preparedLocal = null;
        string? preparedResource = null;
        if (local is not null && !Localpart.TryPrepare(local, out preparedLocal))
            return false;
        if (resource is not null && !Resourcepart.TryPrepare(resource, out preparedResource))
            return false;
        if (!Domainpart.TryPrepare(domain, out var preparedDomain))
            return false;

        var bare = preparedLocal is null ? preparedDomain : $"{preparedLocal}@{preparedDomain}";
        var text = preparedResource is null ? bare : $"{bare}/{preparedResource}";
        jid = new Jid(text, preparedLocal?.Length ?? 0, bare.Length)
        {
            _local = preparedLocal,
            _domain = preparedDomain,
            _resource = preparedResource,
        };
        return true;
    }

    /// <summary>This bare address with a resource that is already prepared (taken from another <see cref="Jid"/>).</summary>
    public Jid WithResource(string prepared) =>
        new($"{_text.AsSpan(0, _bareLength)}/{prepared}", _localLength, _bareLength)
        {
            _local = _local,
            _domain = _domain,
            _resource = prepared,
            _bare = Bare,
        };

    /// <summary>This bare address with a resource as somebody asked for it; false where it cannot be one.</summary>
    public bool TryWithResource(string raw, [NotNullWhen(true)] out Jid? jid)
    {
        jid = Resourcepart.TryPrepare(raw, out var prepared) ? WithResource(prepared) : null;
        return jid is not null;
    }

    public bool Equals([NotNullWhen(true)] Jid? other) =>
        other is not null
        && (
            ReferenceEquals(this, other)
            || (GetHashCode() == other.GetHashCode() && string.Equals(_text, other._text, StringComparison.Ordinal))
        );

    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as Jid);

    public override int GetHashCode()
    {
        if (_hash == 0)
        {
            var hash = _text.GetHashCode(StringComparison.Ordinal);
            _hash = hash == 0 ? 1 : hash;
        }

        return _hash;
    }

    public override string ToString() => _text;
}
