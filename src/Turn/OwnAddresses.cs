using System.Net;
using Turn.Protocol;

namespace Turn;

/// <summary>This machine's addresses, and the one behind which it is reached; looked at again after ten seconds.</summary>
internal sealed class OwnAddresses(RelayOptions options, Clock clock)
{
    private const long Lifetime = 10 * TimeSpan.TicksPerSecond;

    private sealed record Known(HashSet<TransportAddress> All, TransportAddress? V4, TransportAddress? V6, long Until);

    private volatile Known? _known;

    public bool Contains(in TransportAddress address) => Look().All.Contains(address.WithoutPort());

    /// <summary>The address that others reach this machine by most likely: a public one before a private one; never loopback.</summary>
    public TransportAddress? Best(bool v6) => v6 ? Look().V6 : Look().V4;

    private Known Look()
    {
        Known? known = _known;
        if (known is not null && clock.Now < known.Until)
            return known;
        TransportAddress[] all = [.. options.OwnAddresses().Select(each => TransportAddress.Of(each, 0))];
        HashSet<TransportAddress> set = [.. all];
        if (options.ExternalAddress is { } external)
            set.Add(TransportAddress.Of(external, 0));
        return _known = new Known(set, Best(all, v6: false), Best(all, v6: true), clock.Now + Lifetime);
    }

    private static TransportAddress? Best(TransportAddress[] all, bool v6)
    {
        TransportAddress[] usable =
        [
            .. all.Where(each => each.IsV6 == v6 && each.Scope == 0 && !IPAddress.IsLoopback(each.ToAddress())),
        ];
        if (usable.Length == 0)
            return null;
        return
            Array.Find(usable, each => PeerAddresses.Allow(each, allowPrivate: false)) is { IsUnspecified: false } open
            ? open
            : usable[0];
    }
}
