namespace Server.Tests.Plays.Stage;

/// <summary>A clock that stands still until a play moves it; timers fire in the order in which they are due.</summary>
internal sealed class PlayClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<PlayTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override long GetTimestamp()
    {
        lock (_lock)
            return _ticks;
    }

    /// <summary>Time passes, and what falls due in it happens at its own moment.</summary>
    public void Advance(TimeSpan time)
    {
        long end;
        lock (_lock)
            end = _ticks + time.Ticks;
        while (NextDue(end) is { } timer)
            timer.Fire();
        lock (_lock)
            Move(end);
    }

    // The clock goes to the earliest timer's moment; null when none is due until the end.
    private PlayTimer? NextDue(long end)
    {
        lock (_lock)
        {
            PlayTimer? next = _timers.MinBy(timer => timer.Due);
            if (next is null || next.Due > end)
                return null;
            Move(Math.Max(_ticks, next.Due));
            next.Rearm();
            return next;
        }
    }

    private void Move(long ticks)
    {
        _now += TimeSpan.FromTicks(ticks - _ticks);
        _ticks = ticks;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new PlayTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class PlayTimer(PlayClock clock, Action callback) : ITimer
    {
        private TimeSpan _period;

        public long Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == TimeSpan.Zero)
                ThreadPool.QueueUserWorkItem(_ => callback());
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                _period = period;
                TimeSpan next = dueTime == TimeSpan.Zero ? period : dueTime;
                if (next > TimeSpan.Zero)
                {
                    Due = clock._ticks + next.Ticks;
                    clock._timers.Add(this);
                }
            }
            return true;
        }

        public void Fire() => callback();

        /// <summary>Before it fires: periodic ones come again, others are done.</summary>
        public void Rearm()
        {
            if (_period > TimeSpan.Zero)
                Due += _period.Ticks;
            else
                clock._timers.Remove(this);
        }

        public void Dispose()
        {
            lock (clock._lock)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
