namespace Xmpp.Server.Sessions;

/// <summary>
/// Calls sessions that left something open a second later. No timer runs while nobody asks: an idle box does not wake up.
/// </summary>
internal sealed class Ticker : IDisposable
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private List<Action> _due = [];

    public Ticker(TimeProvider time) =>
        _timer = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Soon(Session session) => Soon(session.Tick);

    /// <summary>Calls once, within about a second.</summary>
    public void Soon(Action call)
    {
        lock (_lock)
        {
            _due.Add(call);
            if (_due.Count == 1)
                _timer.Change(_period, Timeout.InfiniteTimeSpan);
        }
    }

    private void Fire()
    {
        List<Action> due;
        lock (_lock)
            (due, _due) = (_due, []);
        foreach (Action call in due)
            call();
    }

    public void Dispose() => _timer.Dispose();
}
