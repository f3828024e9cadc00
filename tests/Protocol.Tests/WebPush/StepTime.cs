namespace Protocol.Tests.WebPush;

/// <summary>
/// A clock on which every short wait is over at once and is noted; long ones (of an hour or more) never end. Time passes
/// by what was waited.
/// </summary>
internal sealed class StepTime : TimeProvider
{
    private readonly Lock _lock = new();
    private DateTimeOffset _now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    /// <summary>What was waited for, in order.</summary>
    public List<TimeSpan> Waits { get; } = [];

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public void Pass(TimeSpan time)
    {
        lock (_lock)
            _now += time;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(_ => callback(state), null, Timeout.Infinite, Timeout.Infinite);
        if (dueTime < TimeSpan.FromHours(1) && dueTime >= TimeSpan.Zero)
        {
            lock (_lock)
                Waits.Add(dueTime);
            Pass(dueTime);
            timer.Change(0, Timeout.Infinite);
        }
        return timer;
    }
}
