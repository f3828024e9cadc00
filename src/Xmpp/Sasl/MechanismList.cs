using System.Text;

namespace Xmpp.Sasl;

/// <summary>What one stream advertises: mechanisms in the order of preference, and the channel bindings it knows
/// (XEP-0440). It never changes, so one list serves all streams of a certificate.</summary>
public sealed class MechanismList
{
    private readonly byte[] _joined;

    /// <summary>A list as given. <see cref="For"/> makes the one that a server advertises.</summary>
    public MechanismList(IReadOnlyList<string> names, IReadOnlyList<ChannelBinding> bindings)
    {
        Names = names;
        Bindings = bindings;
        OffersPlus = names.Any(name => name.EndsWith("-PLUS", StringComparison.Ordinal));
        _joined = Join(names, bindings);
    }

    /// <summary>Advertises nothing, so that no downgrade hash is sent either.</summary>
    public static MechanismList None { get; } = new([], []);

    /// <summary>The mechanisms, most wanted first.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The channel bindings of this stream; their types go into <c>sasl-channel-binding</c>.</summary>
    public IReadOnlyList<ChannelBinding> Bindings { get; }

    internal bool OffersPlus { get; }

    /// <summary>The mechanisms for a stream: bound to the channel before unbound, SHA-256 before SHA-1, PLAIN last and
    /// under TLS alone.</summary>
    /// <param name="encrypted">Whether bytes reach the client through TLS, be it ours or a trusted proxy's.</param>
    /// <param name="bindings">Bindings of our own TLS; none behind a proxy.</param>
    public static MechanismList For(bool encrypted, params IReadOnlyList<ChannelBinding> bindings)
    {
        var names = new List<string>(5);
        if (bindings.Count > 0)
            names.AddRange(["SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS"]);
        names.AddRange(["SCRAM-SHA-256", "SCRAM-SHA-1"]);
        if (encrypted)
            names.Add("PLAIN");
        return new(names, bindings);
    }

    /// <summary>The mechanisms for tokens (XEP-0484) on such a stream.</summary>
    public static IReadOnlyList<string> FastFor(bool encrypted, params IReadOnlyList<ChannelBinding> bindings)
    {
        if (!encrypted)
            return [];
        return bindings.Any(binding => binding.Type == ChannelBinding.ServerEndPointType)
            ? [HtServer.EndPoint, HtServer.Unbound]
            : [HtServer.Unbound];
    }

    internal byte[]? Binding(ReadOnlySpan<byte> type)
    {
        foreach (var binding in Bindings)
        {
            if (Ascii.Equals(type, binding.Type))
                return binding.Data;
        }

        return null;
    }

    /// <summary>The base64 hash of what was advertised, which SCRAM signs, so that a list that was tampered with on the
    /// way is noticed (XEP-0474 §5.1); null when nothing was.</summary>
    internal string? DowngradeHash(ScramHash hash)
    {
        if (_joined.Length == 0)
            return null;
        Span<byte> digest = stackalloc byte[hash.Length()];
        hash.Hash(_joined, digest);
        return Convert.ToBase64String(digest);
    }

    private static byte[] Join(IReadOnlyList<string> names, IReadOnlyList<ChannelBinding> bindings)
    {
        var text = string.Join('\x1e', names.Order(StringComparer.Ordinal));
        if (bindings.Count > 0)
            text +=
                '\x1f' + string.Join('\x1e', bindings.Select(binding => binding.Type).Order(StringComparer.Ordinal));
        return Encoding.ASCII.GetBytes(text);
    }
}
