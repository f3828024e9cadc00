using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Kith.Tests.Client;

namespace Kith.Tests.Program;

/// <summary>
/// <c>kith run</c> on a home, from the moment when it is ready until it is stopped, killed or disposed of. An error in its
/// log fails the test, unless the test says that it expects some.
/// </summary>
internal sealed class KithProcess : IAsyncDisposable
{
    private const int SigHup = 1;
    private const int SigTerm = 15;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = [];
    private readonly Signal _said = new();
    private readonly Task _logging;
    private bool _disposed;

    private KithProcess(Process process, NotifySocket notify)
    {
        (_process, Notify) = (process, notify);
        _logging = Task.WhenAll(CaptureAsync(process.StandardOutput), CaptureAsync(process.StandardError));
    }

    public int Id => _process.Id;

    /// <summary>What it tells systemd.</summary>
    public NotifySocket Notify { get; }
    public IEnumerable<string> Log => _log;
    public bool HasExited => _process.HasExited;

    /// <summary>Errors in the log are what the test is about.</summary>
    public bool ExpectsErrors { get; set; }

    /// <summary>Starts it and returns when it says that it is ready and takes connections.</summary>
    public static Task<KithProcess> StartAsync(KithHome home, params string[] settings) =>
        StartAsync(home, settings, []);

    /// <param name="before">A command that runs it, and becomes it.</param>
    public static async Task<KithProcess> StartAsync(KithHome home, string[] settings, string[] before)
    {
        var notify = new NotifySocket(home.At("notify"));
        var kith = new KithProcess(KithProgram.Start(home.RunArguments(settings), before, notify.Path), notify);
        try
        {
            using var patience = new CancellationTokenSource(_patience);
            Task ready = notify.HearAsync("READY=1", patience.Token);
            if (await Task.WhenAny(ready, kith._process.WaitForExitAsync(patience.Token)) != ready)
                throw new InvalidOperationException("kith ended before it was ready");
            await ready;
            (await Wire.ConnectAsync(home.StartTls.Port)).Dispose();
            (await Wire.ConnectAsync(home.DirectTls.Port)).Dispose();
            return kith;
        }
        catch (Exception fault)
            when (fault is InvalidOperationException or OperationCanceledException or SocketException)
        {
            await kith.KillAsync();
            notify.Dispose();
            throw new InvalidOperationException($"{fault.Message}\n{string.Join('\n', kith._log)}", fault);
        }
    }

    /// <summary>SIGTERM; returns the exit code and how long it took.</summary>
    public async Task<(int ExitCode, TimeSpan Took)> StopAsync()
    {
        var took = Stopwatch.StartNew();
        Signal();
        await _process.WaitForExitAsync().WaitAsync(_patience);
        TimeSpan stopped = took.Elapsed;
        await _logging;
        return (_process.ExitCode, stopped);
    }

    /// <summary>SIGTERM, and no waiting.</summary>
    public void Signal() => _ = Kill(Id, SigTerm);

    /// <summary>SIGHUP: it looks at its certificate now.</summary>
    public void Reload() => _ = Kill(Id, SigHup);

    /// <summary>Returns once so many lines of the log hold the text.</summary>
    public Task SaysAsync(string text, int times = 1) =>
        _said.WaitAsync(
            () => _log.Count(line => line.Contains(text, StringComparison.Ordinal)) >= times,
            () => $"'{text}' is not in the log:\n{string.Join('\n', _log)}"
        );

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        await _logging;
    }

    /// <summary>Its resident memory in bytes, as the kernel counts it.</summary>
    public long ResidentBytes()
    {
        string line = File.ReadLines($"/proc/{Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(6).Trim().TrimEnd("kB").Trim(), System.Globalization.CultureInfo.InvariantCulture)
            * 1024;
    }

    /// <summary>How many files and sockets it has open.</summary>
    public int OpenFiles() => Directory.EnumerateFileSystemEntries($"/proc/{Id}/fd").Count();

    private async Task CaptureAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            _log.Enqueue(line);
            _said.Changed();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
        Notify.Dispose();
        if (!ExpectsErrors && _log.Any(IsError))
            throw new InvalidOperationException("kith logged errors:\n" + string.Join('\n', _log));
    }

    // "12:00:00 ERR words", as the program writes its log; or what the runtime says last.
    private static bool IsError(string line) =>
        line.Split(' ') is [_, "ERR" or "FTL", ..] || line.StartsWith("Unhandled exception", StringComparison.Ordinal);

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
