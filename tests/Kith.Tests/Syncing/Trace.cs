using System.Globalization;
using System.Text.RegularExpressions;

namespace Kith.Tests.Syncing;

/// <summary>
/// Reads what <c>strace -f -yy</c> wrote into one file. A call is one line, or two where another thread's came between: the
/// first is its beginning, the second its end. strace stops each thread at both, so that causes stand before effects.
/// </summary>
internal static partial class Trace
{
    public const string Calls = "fdatasync,fsync,pwrite64,sendto,sendmsg,write,writev,recvmsg,recvfrom,read";
    private const string Log = "kith.db-wal";

    private readonly record struct Call(string Name, string Target);

    public static IReadOnlyList<TraceEvent> Read(IEnumerable<string> lines)
    {
        var events = new List<TraceEvent>();
        var open = new Dictionary<int, Call>();
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            if (Whole.Match(line) is { Success: true } whole)
            {
                Begun(events, ToCall(whole), Thread(whole), number);
                Ended(events, ToCall(whole), Thread(whole), Result(whole), number);
            }
            else if (Unfinished.Match(line) is { Success: true } begun)
            {
                open[Thread(begun)] = ToCall(begun);
                Begun(events, ToCall(begun), Thread(begun), number);
            }
            else if (Resumed.Match(line) is { Success: true } ended && open.Remove(Thread(ended), out Call call))
                Ended(events, call, Thread(ended), Result(ended), number);
        }
        return events;
    }

    private static void Begun(List<TraceEvent> events, Call call, int thread, int line)
    {
        switch (call.Name)
        {
            case "sendto" or "sendmsg" or "write" or "writev" when Port(call) is > 0 and var port:
                events.Add(new TraceEvent(Act.Sends, port, thread, line));
                break;
            case "fdatasync" or "fsync" when IsLog(call):
                events.Add(new TraceEvent(Act.Syncs, 0, thread, line));
                break;
        }
    }

    private static void Ended(List<TraceEvent> events, Call call, int thread, long result, int line)
    {
        switch (call.Name)
        {
            case "recvfrom" or "recvmsg" or "read" when result > 0 && Port(call) is > 0 and var port:
                events.Add(new TraceEvent(Act.Received, port, thread, line));
                break;
            case "pwrite64" when result > 0 && IsLog(call):
                events.Add(new TraceEvent(Act.Wrote, 0, thread, line));
                break;
            case "fdatasync" or "fsync" when result == 0 && IsLog(call):
                events.Add(new TraceEvent(Act.Synced, 0, thread, line));
                break;
        }
    }

    private static bool IsLog(Call call) => call.Target.EndsWith("/" + Log, StringComparison.Ordinal);

    private static int Port(Call call) =>
        ClientPort.Match(call.Target) is { Success: true } match
            ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture)
            : 0;

    private static Call ToCall(Match match) => new(match.Groups["name"].Value, match.Groups["target"].Value);

    private static int Thread(Match match) => int.Parse(match.Groups["thread"].ValueSpan, CultureInfo.InvariantCulture);

    private static long Result(Match match) =>
        long.Parse(match.Groups["result"].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^(?<thread>\d+) +(?<name>\w+)\(\d+<(?<target>[^\s""]+)>[,)].* = (?<result>-?\d+)( |$)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Whole { get; }

    [GeneratedRegex(
        @"^(?<thread>\d+) +(?<name>\w+)\(\d+<(?<target>[^\s""]+)>.* <unfinished \.\.\.>$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Unfinished { get; }

    [GeneratedRegex(
        @"^(?<thread>\d+) +<\.\.\. (?<name>\w+) resumed>.* = (?<result>-?\d+)( |$)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Resumed { get; }

    [GeneratedRegex(@"^TCP:\[.*->.*:(\d+)\]$", RegexOptions.None, 1000)]
    private static partial Regex ClientPort { get; }
}
