using System.Diagnostics;
using System.Globalization;

namespace Kith.Cli;

/// <summary>How far a long command is: a bar on a terminal, a plain line now and then elsewhere. On standard error.</summary>
internal sealed class Progress(Terminal terminal, string what, int total)
{
    private const int Width = 30;
    private static readonly TimeSpan _often = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _seldom = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private long _last = Stopwatch.GetTimestamp();
    private bool _drawn;

    /// <summary>May be called from any thread, and as often as one likes.</summary>
    public void Show(int done)
    {
        lock (_lock)
        {
            if (Stopwatch.GetElapsedTime(_last) < (terminal.ShowsError ? _often : _seldom))
                return;
            _last = Stopwatch.GetTimestamp();
            if (terminal.ShowsError)
                Draw(done);
            else
                terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {done} of {total}"));
        }
    }

    private void Draw(int done)
    {
        int filled = total == 0 ? Width : (int)((long)done * Width / total);
        terminal.Error.Write(
            string.Create(
                CultureInfo.InvariantCulture,
                $"\r{what} [{new string('#', filled)}{new string('.', Width - filled)}] {done} of {total}"
            )
        );
        _drawn = true;
    }

    /// <summary>Takes the bar away.</summary>
    public void End()
    {
        lock (_lock)
            if (_drawn)
                terminal.Error.Write("\r\u001b[K");
    }
}
