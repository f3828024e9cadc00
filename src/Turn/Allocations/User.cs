namespace Turn.Allocations;

/// <summary>Whom limits count: all allocations of one user, whatever credentials they were made with.</summary>
internal sealed class User(string name, RelayLimits limits)
{
    // A second's worth may go at once: video comes in bursts.
    private const long Burst = TimeSpan.TicksPerSecond;

    /// <summary>Bytes that a packet costs beside its own: headers, and our work for the shortest.</summary>
    private const int PerPacket = 48;

    private readonly long _rate = limits.BytesPerSecond;
    private Pace _up;
    private Pace _down;
    private Pace _searches;

    public string Name => name;

    /// <summary>Guarded by the table.</summary>
    public int Allocations { get; set; }

    /// <summary>When it had the last; guarded by the table.</summary>
    public long Left { get; set; }

    public bool MaySend(int bytes, long now) => MayPass(ref _up, bytes, now);

    public bool MayReceive(int bytes, long now) => MayPass(ref _down, bytes, now);

    /// <summary>May a port be looked for? Each that is in use costs calls of the system, on the thread of everybody's packets.</summary>
    public bool MaySearch(long now) =>
        Pace.TryTake(ref _searches, now, TimeSpan.TicksPerSecond / 10, 10 * TimeSpan.TicksPerSecond);

    private bool MayPass(ref Pace pace, int bytes, long now) =>
        _rate == 0 || Pace.TryTake(ref pace, now, (bytes + PerPacket) * TimeSpan.TicksPerSecond / _rate, Burst);
}
