namespace Turn;

/// <summary>Time that only goes forward, in ticks of 100 ns; the box's clock may jump.</summary>
internal sealed class Clock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public TimeProvider Time => time;
    public long Now => time.GetElapsedTime(_start, time.GetTimestamp()).Ticks;
}
