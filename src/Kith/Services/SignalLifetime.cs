using System.Runtime.InteropServices;
using Xmpp.Server;

namespace Kith.Services;

/// <summary>SIGTERM and SIGINT end the process in order: streams first, so that clients hear of it, then the ports.</summary>
internal sealed class SignalLifetime(IHostApplicationLifetime application, XmppServer server) : IHostLifetime
{
    // For as long as the process lasts: a second signal must not kill it while the database closes behind the host.
    private static readonly List<PosixSignalRegistration> _signals = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGTERM, PosixSignal.SIGINT])
            _signals.Add(
                PosixSignalRegistration.Create(
                    signal,
                    context =>
                    {
                        context.Cancel = true;
                        application.StopApplication();
                    }
                )
            );
        application.ApplicationStopping.Register(() => server.StopAsync().Wait(TimeSpan.FromSeconds(7)));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
