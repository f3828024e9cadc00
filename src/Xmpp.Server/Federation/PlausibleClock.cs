namespace Xmpp.Server.Federation;

/// <summary>
/// Whether the clock can be right. A box without one of its own begins somewhere in the past, where every certificate is from
/// the future: until it was set nobody is reached out for, and what waits keeps its place.
/// </summary>
/// <param name="earliest">No clock that is right says less.</param>
/// <param name="set">It was set, and somebody has waited for that.</param>
internal sealed class PlausibleClock(XmppServer server, DateTimeOffset earliest, Action set) : IDisposable
{
    private static readonly TimeSpan _again = TimeSpan.FromSeconds(10);
    private readonly Lock _lock = new();
    private ITimer? _timer;

    /// <summary>True when it can be right; else <c>set</c> is called once it can.</summary>
    public bool IsRight()
    {
        if (server.Time.GetUtcNow() >= earliest)
            return true;
        lock (_lock)
        {
            if (_timer is not null)
                return false;
            _timer = server.Time.CreateTimer(_ => Look(), null, _again, _again);
        }
        server.Log.ClockBehind(server.Time.GetUtcNow());
        return false;
    }

    private void Look()
    {
        if (server.Time.GetUtcNow() < earliest)
            return;
        lock (_lock)
        {
            _timer?.Dispose();
            _timer = null;
        }
        set();
    }

    public void Dispose()
    {
        lock (_lock)
            _timer?.Dispose();
    }
}
