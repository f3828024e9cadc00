using System.Globalization;
using System.Threading.Channels;
using Storage;
using Xmpp.Server;
using Xmpp.Server.Stores;

namespace Kith.Services;

/// <summary>
/// Keeps <c>uploads/</c> as the settings say. At the start it tidies up what a crash left; once an hour, and after each
/// upload onto a disk that is too full, files go: those whose time is over, those older than <c>Uploads:Days</c>, and above
/// <c>Uploads:DiskPercent</c> the oldest. Avatars and permanent files stay.
/// </summary>
internal sealed class UploadRetention(
    XmppServer server,
    UploadDirectory directory,
    int diskPercent,
    ILogger<UploadRetention> log
) : BackgroundService
{
    private const int AtOnce = 20;
    private static readonly TimeSpan _period = TimeSpan.FromHours(1);

    /// <summary>What was just sent is not taken from under those it was sent to, however full others made the disk.</summary>
    private static readonly TimeSpan _untouched = TimeSpan.FromDays(1);

    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>How full the disk is; tests have one of their own.</summary>
    public Func<double> UsedPercent { get; init; } = directory.UsedPercent;

    /// <summary>Before any port is open, so that nothing arrives meanwhile.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await TidyAsync();
        server.Files.Added = () =>
        {
            if (IsFull())
                _due.Writer.TryWrite(true);
        };
        await base.StartAsync(cancellationToken);
    }

    private async Task TidyAsync()
    {
        IReadOnlySet<string> known;
        using (Access access = server.Stores.Database.OpenRead())
            known = server.Stores.Uploads.Ids(access);
        if (directory.Sweep(known) is not { Count: > 0 } lost)
            return;
        Log.UploadsLost(log, lost.Count);
        await server.Stores.Database.WriteAsync(transaction => server.Stores.Uploads.Remove(transaction, lost));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using ITimer timer = server.Time.CreateTimer(_ => _due.Writer.TryWrite(true), null, _period, _period);
        await using CancellationTokenRegistration stop = stoppingToken.Register(() => _due.Writer.TryComplete());
        await foreach (bool _ in _due.Reader.ReadAllAsync(CancellationToken.None))
        {
            if (stoppingToken.IsCancellationRequested)
                return;
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (StorageException error)
            {
                Log.UploadRetentionFailed(log, error);
            }
        }
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        await server.Files.RemoveDueAsync(cancellation);
        await directory.DeletedAsync();
        int count = 0;
        long bytes = 0;
        while (IsFull())
        {
            cancellation.ThrowIfCancellationRequested();
            DateTimeOffset than = server.Time.GetUtcNow() - _untouched;
            IReadOnlyList<UploadRecord> removed = await server.Files.RemoveOldestAsync(than, AtOnce);
            if (removed.Count == 0)
                break;
            // The disk is looked at again when they are really gone.
            await directory.DeletedAsync();
            count += removed.Count;
            bytes += removed.Sum(file => file.Size);
        }
        if (count > 0)
            Log.UploadsRemoved(log, diskPercent, count, (bytes >> 20).ToString("N0", CultureInfo.InvariantCulture));
    }

    private bool IsFull() => UsedPercent() > diskPercent;
}
