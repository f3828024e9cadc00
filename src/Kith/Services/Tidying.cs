using System.Runtime.InteropServices;
using Xmpp.Server;

namespace Kith.Services;

/// <summary>
/// Gives memory back once people have come and gone and it is quiet again: signing in leaves much more behind than an
/// idle session needs, and the collector would let it lie until somebody writes. No timer runs while nothing changes.
/// </summary>
/// <param name="giveBack">What gives it back; the tests' own where they count.</param>
internal sealed partial class Tidying(XmppServer server, Action? giveBack = null) : IHostedService, IDisposable
{
    private const long WorthIt = 8 << 20;
    private static readonly TimeSpan _quiet = TimeSpan.FromSeconds(1.5);

    private readonly Action _giveBack = giveBack ?? GiveBack;
    private ITimer? _timer;
    private long _allocated;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = server.Time.CreateTimer(_ => Tidy(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        server.StreamsChanged += Wait;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        server.StreamsChanged -= Wait;
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();

    private void Wait(object? sender, EventArgs e) => _timer!.Change(_quiet, Timeout.InfiniteTimeSpan);

    private void Tidy()
    {
        long allocated = GC.GetTotalAllocatedBytes();
        if (allocated - _allocated < WorthIt)
            return;
        _allocated = allocated;
        _giveBack();
    }

    private static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        // TLS keeps its state outside of the collector's heap, in pieces that only the C library can give back.
        _ = malloc_trim(0);
    }

    [LibraryImport("libc")]
    private static partial int malloc_trim(nuint padding);
}
