namespace Xmpp.Server.Sessions;

/// <summary>A flood slows its own sender only: its reader waits. Five seconds' worth may come at once.</summary>
internal sealed class Throttle(int rate, TimeProvider time)
{
    private double _budget = rate * 5.0;
    private long _since = time.GetTimestamp();

    /// <summary>Returns when one more may come.</summary>
    public ValueTask WaitAsync(CancellationToken cancellation)
    {
        if (rate == 0)
            return ValueTask.CompletedTask;
        long now = time.GetTimestamp();
        double earned = time.GetElapsedTime(_since, now).TotalSeconds * rate;
        _budget = Math.Min(rate * 5.0, _budget + earned) - 1;
        _since = now;
        return _budget >= 0
            ? ValueTask.CompletedTask
            : new ValueTask(Task.Delay(TimeSpan.FromSeconds(-_budget / rate), time, cancellation));
    }
}
