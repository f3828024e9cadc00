using System.Collections.Concurrent;
using System.Net;
using Xmpp.Server.Streams;

namespace Xmpp.Server.Federation;

/// <summary>
/// Whom a stranger may have this server ask by saying that it comes from there (XEP-0220 §2.2.1): each claim costs the domain
/// a look-up, a connection and a handshake, so one that could not be asked is not asked again for a minute, and neither one
/// domain nor for one address too often.
/// </summary>
internal sealed class Doubts(TimeProvider time)
{
    /// <summary>At once for one domain, whoever claims it.</summary>
    public const int MostAtOnce = 4;

    /// <summary>In a minute for one address.</summary>
    public const int MostOfAddress = 30;
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan _memory = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, (long Since, string Condition)> _failed = new();
    private readonly Dictionary<string, int> _asked = [];
    private readonly Dictionary<IPAddress, (long Since, int Count)> _askers = [];
    private readonly Lock _lock = new();

    /// <summary>What is answered at once for a domain whose server could not be asked a moment ago; null: it may be asked.</summary>
    public string? WhyNot(string domain)
    {
        if (!_failed.TryGetValue(domain, out var failed))
            return null;
        if (time.GetElapsedTime(failed.Since) < _memory)
            return failed.Condition;
        _failed.TryRemove(domain, out _);
        return null;
    }

    /// <summary>False: too often. Each true is followed by one <see cref="End"/>.</summary>
    public bool TryBegin(string domain, IPAddress asker)
    {
        IPAddress network = Strangers.NetworkOf(asker);
        lock (_lock)
        {
            int asked = _asked.GetValueOrDefault(domain);
            if (_askers.Count >= MostRemembered)
                _askers.Clear();
            var (since, count) = _askers.GetValueOrDefault(network, (time.GetTimestamp(), 0));
            if (time.GetElapsedTime(since) >= _memory)
                (since, count) = (time.GetTimestamp(), 0);
            if (asked >= MostAtOnce || count >= MostOfAddress)
                return false;
            _asked[domain] = asked + 1;
            _askers[network] = (since, count + 1);
            return true;
        }
    }

    public void End(string domain)
    {
        lock (_lock)
            if (--_asked[domain] == 0)
                _asked.Remove(domain);
    }

    /// <summary>Its server could not be asked.</summary>
    public void Failed(string domain, string condition)
    {
        if (_failed.Count >= MostRemembered)
            _failed.Clear();
        _failed[domain] = (time.GetTimestamp(), condition);
    }

    /// <summary>It has shown itself.</summary>
    public void Forget(string domain) => _failed.TryRemove(domain, out _);
}
