using System.Globalization;
using System.Text.RegularExpressions;

namespace Kith.Tests.Uploads;

/// <summary>
/// Reads what <c>strace -f -yy</c> saw of one upload, and judges it: before anything is sent to the uploader, the file is
/// synced after its last byte, then renamed, then its directory synced, then its row written and synced.
/// </summary>
internal sealed partial class UploadOrder
{
    public const string Calls =
        "fdatasync,fsync,pwrite64,pwritev,pwritev2,rename,renameat,renameat2,sendto,sendmsg,write,writev";

    private enum Step
    {
        Nothing,
        Written,
        FileSynced,
        Renamed,
        DirectorySynced,
        RowWritten,
        RowSynced,
        Answered,
    }

    private readonly Dictionary<string, (string Name, string Arguments, Step Begun)> _open = [];
    private readonly string _client;
    private Step _step;

    private UploadOrder(int port) => _client = string.Create(CultureInfo.InvariantCulture, $":{port}]>");

    /// <summary>What is wrong; null when the order was kept.</summary>
    public static string? Check(IEnumerable<string> lines, int port)
    {
        var order = new UploadOrder(port);
        foreach (string line in lines)
        {
            order.Read(line);
            if (order._step == Step.Answered)
                return null;
            if (order._wrong is not null)
                return order._wrong;
        }
        return $"the trace ends at {order._step}";
    }

    private string? _wrong;

    private void Read(string line)
    {
        if (Whole.Match(line) is { Success: true } whole)
        {
            Step begun = Begins(whole.Groups["name"].Value, whole.Groups["arguments"].Value);
            Ends(whole.Groups["name"].Value, whole.Groups["arguments"].Value, begun, whole.Groups["result"].Value);
        }
        else if (Unfinished.Match(line) is { Success: true } start)
        {
            (string name, string arguments) = (start.Groups["name"].Value, start.Groups["arguments"].Value);
            _open[start.Groups["thread"].Value] = (name, arguments, Begins(name, arguments));
        }
        else if (Resumed.Match(line) is { Success: true } end && _open.Remove(end.Groups["thread"].Value, out var call))
            Ends(call.Name, call.Arguments, call.Begun, end.Groups["result"].Value);
    }

    // Where things stood when the call began: a sync covers what was there before it.
    private Step Begins(string name, string arguments)
    {
        bool sends = name is "sendto" or "sendmsg" or "write" or "writev" && arguments.Contains(_client);
        if (sends && _step != Step.Nothing)
        {
            _wrong = _step == Step.RowSynced ? null : $"answered at {_step}";
            _step = _step == Step.RowSynced ? Step.Answered : _step;
        }
        return _step;
    }

    private void Ends(string name, string arguments, Step begun, string result)
    {
        if (result.StartsWith('-'))
            return;
        bool part = arguments.Contains(".part>");
        bool log = arguments.Contains("kith.db-wal>");
        Step next = name switch
        {
            "pwrite64" or "pwritev" or "pwritev2" when part => Step.Written,
            "fsync" or "fdatasync" when part && begun == Step.Written => Step.FileSynced,
            "rename" or "renameat" or "renameat2" when arguments.Contains(".part\"") => Step.Renamed,
            "fsync" when arguments.EndsWith("/uploads>", StringComparison.Ordinal) && begun == Step.Renamed =>
                Step.DirectorySynced,
            "pwrite64" when log && _step == Step.DirectorySynced => Step.RowWritten,
            "fdatasync" or "fsync" when log && begun == Step.RowWritten => Step.RowSynced,
            _ => _step,
        };
        if (next > _step + 1)
            _wrong = $"{next} at {_step}";
        // A sync that ran beside further writing has not seen all of it.
        else if (next == Step.Written || next > _step)
            _step = next;
    }

    [GeneratedRegex(
        @"^(?<thread>\d+) +(?<name>\w+)\((?<arguments>.*)\) += (?<result>-?\d+)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Whole { get; }

    [GeneratedRegex(
        @"^(?<thread>\d+) +(?<name>\w+)\((?<arguments>.*?),? *<unfinished \.\.\.>$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Unfinished { get; }

    [GeneratedRegex(
        @"^(?<thread>\d+) +<\.\.\. \w+ resumed>.*\) += (?<result>-?\d+)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Resumed { get; }
}
