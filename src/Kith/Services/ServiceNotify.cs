using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Kith.Services;

/// <summary>
/// Tells systemd how the service is (sd_notify(3)): ready, alive, stopping. The watchdog is fed only while the database
/// answers, so that a hang is a restart. Without systemd it does nothing.
/// </summary>
internal sealed class ServiceNotify(
    Xmpp.Server.XmppServer server,
    IHostApplicationLifetime application,
    ILogger<ServiceNotify> log
) : BackgroundService
{
    private static readonly string? _socket = Environment.GetEnvironmentVariable("NOTIFY_SOCKET");

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        Send("STOPPING=1");
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_socket is null)
            return;
        // Services are started before the ports are open.
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (application.ApplicationStarted.Register(() => started.TrySetResult()))
        using (stoppingToken.Register(() => started.TrySetResult()))
            await started.Task;
        // Refused, as when a port is taken.
        if (stoppingToken.IsCancellationRequested)
            return;
        Send("READY=1");
        string? limit = Environment.GetEnvironmentVariable("WATCHDOG_USEC");
        if (!long.TryParse(limit, CultureInfo.InvariantCulture, out long microseconds) || microseconds <= 0)
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromMicroseconds(microseconds / 3.0), server.Time);
        await using CancellationTokenRegistration stop = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
            if (Answers())
                Send("WATCHDOG=1");
    }

    private bool Answers()
    {
        using Xmpp.Server.Stores.Access access = server.Stores.Database.OpenRead();
        return server.Stores.Archive.LastId(access) >= 0;
    }

    private void Send(string state)
    {
        if (_socket is null)
            return;
        string path = _socket[0] == '@' ? "\0" + _socket[1..] : _socket;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException gone)
        {
            // Nobody listens any more; those who chat need not suffer for it.
            Log.NotNotified(log, state, gone.Message);
        }
    }
}
