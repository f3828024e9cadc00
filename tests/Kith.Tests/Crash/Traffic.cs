using Kith.Tests.Client;

namespace Kith.Tests.Crash;

/// <summary>Counts what happens, so that people and the one who pulls the plug can act at a moment of the traffic.</summary>
internal sealed class Traffic
{
    private readonly Signal _signal = new();
    private long _count;
    private bool _over;

    public long Count => Interlocked.Read(ref _count);

    /// <summary>The plug is pulled: whatever is lost from now on is lost to that.</summary>
    public bool IsOver => Volatile.Read(ref _over);

    public void Stir()
    {
        Interlocked.Increment(ref _count);
        _signal.Changed();
    }

    public void Begin() => Volatile.Write(ref _over, false);

    public void End()
    {
        Volatile.Write(ref _over, true);
        _signal.Changed();
    }

    /// <summary>Returns when this much more has happened, or all is over.</summary>
    public Task AfterAsync(long more)
    {
        long until = Count + more;
        return _signal.WaitAsync(() => IsOver || Count >= until, () => $"{Count} of {until} events");
    }
}
