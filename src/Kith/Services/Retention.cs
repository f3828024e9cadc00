using Xmpp.Server;
using Xmpp.Server.Stores;

namespace Kith.Services;

/// <summary>
/// Once a day, removes messages older than <c>Archive:Days</c>, hidden ones that were delivered, and marks of sessions
/// long gone; in small commits, so that nobody waits for it. What is undelivered survives.
/// </summary>
internal sealed class Retention(XmppServer server, ILogger<Retention> log) : BackgroundService
{
    private const int AtOnce = 500;
    private static readonly TimeSpan _period = TimeSpan.FromDays(1);
    private static readonly TimeSpan _marks = TimeSpan.FromDays(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_period, server.Time);
        // It ends with the process, and is no fault where that did not even begin.
        await using CancellationTokenRegistration stop = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (StorageException error)
            {
                Log.RetentionFailed(log, error);
            }
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        DateTimeOffset now = server.Time.GetUtcNow();
        StoreSet stores = server.Stores;
        await RemoveAsync(t => stores.Archive.RemoveHidden(t, now - _period, AtOnce), cancellation);
        if (server.Options.ArchiveDays > 0)
        {
            DateTimeOffset than = now - TimeSpan.FromDays(server.Options.ArchiveDays);
            await RemoveAsync(t => stores.Archive.RemoveOlder(t, than, AtOnce), cancellation);
        }
        await stores.Database.WriteAsync(t => stores.Sessions.RemoveOlder(t, now - _marks));
    }

    private async Task RemoveAsync(Func<Transaction, int> remove, CancellationToken cancellation)
    {
        while (await server.Stores.Database.WriteAsync(remove) == AtOnce)
            cancellation.ThrowIfCancellationRequested();
    }
}
