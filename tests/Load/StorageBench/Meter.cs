using System.Diagnostics;
using System.Globalization;

namespace StorageBench;

/// <summary>CPU of the process, wall time and bytes given to the disk since it was made.</summary>
internal sealed class Meter
{
    private readonly TimeSpan _cpu = Environment.CpuUsage.TotalTime;
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly long _bytes = WriteBytes();
    private readonly long _allocated = GC.GetTotalAllocatedBytes(precise: true);

    public double CpuMicros => (Environment.CpuUsage.TotalTime - _cpu).TotalMicroseconds;

    public double WallMicros => Stopwatch.GetElapsedTime(_start).TotalMicroseconds;

    public long Bytes => WriteBytes() - _bytes;

    public long Allocated => GC.GetTotalAllocatedBytes(precise: true) - _allocated;

    private static long WriteBytes()
    {
        string line = File.ReadLines("/proc/self/io").First(l => l.StartsWith("write_bytes", StringComparison.Ordinal));
        return long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
