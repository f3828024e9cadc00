using System.Collections.Concurrent;
using Xmpp.Stanzas;

namespace Xmpp.Server.Federation;

/// <summary>
/// Keeps a flood of addresses from becoming a flood of look-ups and connections: domains that do not answer are known for a
/// minute, and one account reaches out for so many new ones in ten.
/// </summary>
internal sealed class Restraint(XmppServer server, FederationOptions options)
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan _memory = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _window = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, (long Since, StanzaError Error)> _absent = new();
    private readonly Dictionary<string, (long Since, int Count)> _approaches = [];
    private readonly Lock _lock = new();

    public void Absent(string domain, StanzaError error)
    {
        if (_absent.Count >= MostRemembered)
            _absent.Clear();
        _absent[domain] = (server.Time.GetTimestamp(), error);
    }

    public void Forget(string domain) => _absent.TryRemove(domain, out _);

    /// <summary>What is answered at once for a domain that did not answer a moment ago.</summary>
    public StanzaError? WhyNot(string domain)
    {
        if (!_absent.TryGetValue(domain, out var absent))
            return null;
        if (server.Time.GetElapsedTime(absent.Since) < _memory)
            return absent.Error;
        _absent.TryRemove(domain, out _);
        return null;
    }

    /// <summary>An account writes to a domain that nobody has written to since the start.</summary>
    /// <exception cref="StanzaErrorException">Too often.</exception>
    public void Approach(string account)
    {
        lock (_lock)
        {
            if (_approaches.Count >= MostRemembered)
                _approaches.Clear();
            var (since, count) = _approaches.GetValueOrDefault(account, (server.Time.GetTimestamp(), 0));
            if (server.Time.GetElapsedTime(since) >= _window)
                (since, count) = (server.Time.GetTimestamp(), 0);
            if (count >= options.NewDomainsPerAccount)
                throw new StanzaErrorException(StanzaError.ResourceConstraint("too many new servers at once"));
            _approaches[account] = (since, count + 1);
        }
    }
}
