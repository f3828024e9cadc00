using System.Net;
using Turn.Protocol;

namespace Turn;

/// <summary>
/// This machine's addresses, its neighbours', and the one behind which it is reached. Requests look at them again after ten seconds; while there
/// are allocations a timer does, so that packets read what is known and never wait for the system.
/// </summary>
internal sealed class OwnAddresses : IDisposable
{
    private static readonly TimeSpan _lifetime = TimeSpan.FromSeconds(10);

    private readonly RelayOptions _options;
    private readonly Clock _clock;
    private readonly Func<bool> _isNeeded;
    private readonly ITimer _timer;
    private int _watching;

    /// <param name="isNeeded">There are allocations, whose packets ask.</param>
    public OwnAddresses(RelayOptions options, Clock clock, Func<bool> isNeeded)
    {
        (_options, _clock, _isNeeded) = (options, clock, isNeeded);
        _timer = clock.Time.CreateTimer(_ => Watch(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private sealed record Known(
        HashSet<TransportAddress> All,
        OnLink[] Links,
        TransportAddress[] External,
        (TransportAddress? V4, TransportAddress? V6) Best,
        long Until
    )
    {
        /// <summary>What is so while nothing was ever read: every address may be this machine's.</summary>
        public static readonly Known Nothing = new([], [], [], default, 0);

        public bool Contains(in TransportAddress address)
        {
            if (All.Count == 0 || All.Contains(address.WithoutPort()))
                return true;
            foreach (OnLink each in Links)
                if (each.Contains(address))
                    return true;
            return false;
        }
    }

    private volatile Known? _known;

    /// <summary>For requests: looks anew where what is known is old.</summary>
    public bool Contains(in TransportAddress address)
    {
        bool contains = Look().Contains(address);
        if (Interlocked.Exchange(ref _watching, 1) == 0)
            _timer.Change(_lifetime, Timeout.InfiniteTimeSpan);
        return contains;
    }

    /// <summary>For packets: by what is known, at most ten seconds old.</summary>
    public bool HasNow(in TransportAddress address) => _known is { } known && known.Contains(address);

    /// <summary>The address that others reach this machine by most likely: a public one before a private one; never loopback.</summary>
    public TransportAddress? Best(bool v6) => v6 ? Look().Best.V6 : Look().Best.V4;

    /// <summary>The address, without a port, behind which this machine's of the family is reached; null: none.</summary>
    public TransportAddress? External(bool v6)
    {
        foreach (TransportAddress each in Look().External)
            if (each.IsV6 == v6)
                return each;
        return null;
    }

    private Known Look()
    {
        Known? known = _known;
        return known is not null && _clock.Now < known.Until ? known : Read();
    }

    private void Watch()
    {
        Volatile.Write(ref _watching, 0);
        if (!_isNeeded())
            return;
        Read();
        if (Interlocked.Exchange(ref _watching, 1) == 0)
            _timer.Change(_lifetime, Timeout.InfiniteTimeSpan);
    }

    private Known Read()
    {
        long until = _clock.Now + _lifetime.Ticks;
        (IReadOnlyCollection<OwnAddress> own, TransportAddress[] external) = Ask();
        if (own.Count == 0)
            return _known = (_known ?? Known.Nothing) with { Until = until };
        HashSet<TransportAddress> all = [.. own.Select(each => TransportAddress.Of(each.Address, 0)), .. external];
        (TransportAddress?, TransportAddress?) best = (Best(own, v6: false), Best(own, v6: true));
        return _known = new Known(all, OnLink.Of(own), external, best, until);
    }

    private (IReadOnlyCollection<OwnAddress>, TransportAddress[]) Ask()
    {
        try
        {
            IReadOnlyCollection<OwnAddress> own = _options.OwnAddresses();
            return (own, [.. _options.ExternalAddresses().Select(each => TransportAddress.Of(each, 0))]);
        }
#pragma warning disable CA1031 // Whatever went wrong: what was known before is true still, most likely.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _options.Warn("this machine's addresses could not be read", fault);
            return ([], []);
        }
    }

    private static TransportAddress? Best(IReadOnlyCollection<OwnAddress> own, bool v6)
    {
        TransportAddress[] usable =
        [
            .. own.Where(each => each.IsUp && !IPAddress.IsLoopback(each.Address))
                .Select(each => TransportAddress.Of(each.Address, 0))
                .Where(each => each.IsV6 == v6 && each.Scope == 0),
        ];
        if (usable.Length == 0)
            return null;
        return
            Array.Find(usable, each => PeerAddresses.Allow(each, allowPrivate: false)) is { IsUnspecified: false } open
            ? open
            : usable[0];
    }

    public void Dispose() => _timer.Dispose();
}
