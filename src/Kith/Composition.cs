using System.Runtime.InteropServices;
using Kith.Administration;
using Kith.Federation;
using Kith.Listeners;
using Kith.Listeners.Certificates;
using Kith.Listeners.OnePort;
using Kith.Logging;
using Kith.Network;
using Kith.Options;
using Kith.Services;
using Kith.Web;
using Kith.Web.Client;
using Kith.Web.Uploads;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xmpp.Server.Stores;

namespace Kith;

/// <summary>The composition root: <c>kith run</c>, from the settings to the end of the process.</summary>
internal static class Composition
{
    /// <summary>Serves until it is told to stop. Returns the exit code; what stops the start is one line on standard error.</summary>
    public static async Task<int> RunAsync(string dataDirectory, IReadOnlyList<string> sets, CancellationToken stop)
    {
        SettingsResult settings = SettingsReader.Read(dataDirectory, sets);
        if (settings.Options is not { } options)
            return Refuse(string.Join(Environment.NewLine, settings.Problems));
        if (options.Domain.Length == 0)
            return Refuse("Domain is not set: give the home its address with --set Domain=home.example");
        using ILoggerFactory logs = LoggerFactory.Create(logging =>
            logging
                .SetMinimumLevel(LogLevel.Trace)
                .AddProvider(new SerilogBridge(SerilogBridge.Configure(options.Logging.Level)))
        );
        try
        {
            await using Appliance? appliance = Appliance.TryOpen(dataDirectory, options, TimeProvider.System, logs);
            if (appliance is null)
                return Refuse($"{dataDirectory} is in use: another kith is running on it");
            using var certificate = new CurrentCertificate(
                options,
                dataDirectory,
                TimeProvider.System,
                logs.CreateLogger<CurrentCertificate>()
            );
            using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(
                PosixSignal.SIGHUP,
                signal =>
                {
                    signal.Cancel = true;
                    certificate.Check();
                }
            );
            PeerTrust trust = PeerTrust.Load(options.Federation.TrustedRootsIn(dataDirectory), TimeProvider.System);
            var peerTls = new PeerTls(() => certificate.Value, trust);
            appliance.Federate(options, new PeerConnector(options, peerTls, appliance.Resolver, TimeProvider.System));
            await using WebApplication app = Build(dataDirectory, options, appliance, certificate, peerTls, logs);
            await app.StartAsync(stop);
            Log.Ready(
                logs.CreateLogger("Kith"),
                "Kith " + ThisProgram.Version,
                options.PublicUrl,
                Ports.Describe(options.Listen)
            );
            await app.WaitForShutdownAsync(stop);
            return 0;
        }
        catch (Exception fault)
            when (fault is StorageException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return Refuse(fault.Message);
        }
    }

    private static WebApplication Build(
        string dataDirectory,
        KithOptions options,
        Appliance appliance,
        CurrentCertificate certificate,
        PeerTls peerTls,
        ILoggerFactory logs
    )
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.Replace(ServiceDescriptor.Singleton(logs));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(appliance.Server);
        builder.Services.AddHostedService<Retention>();
        // A damaged database does not know all its files: none of them is taken for a stray.
        if (appliance.Damage is null)
            builder.Services.AddHostedService(_ => new UploadRetention(
                appliance.Server,
                appliance.Uploads,
                options.Uploads.DiskPercent,
                logs.CreateLogger<UploadRetention>()
            ));
        // Before the service says that it is ready.
        CallRelay? relay = RelayOf(options, appliance, certificate, logs);
        if (relay is not null)
            builder.Services.AddHostedService(_ => relay);
        builder.Services.AddHostedService<ServiceNotify>();
        builder.Services.AddHostedService<Tidying>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(8));
        builder.Services.AddSingleton<IHostLifetime, SignalLifetime>();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            sockets.CreateBoundListenSocket = ControlSocket.Bind;
        });
        var clients = new ClientConnections(
            appliance.Server,
            () => certificate.Value.Settings(TlsPurpose.StartTls),
            () => certificate.Value.Settings(TlsPurpose.Client)
        );
        var peers = new PeerConnections(appliance.Server, peerTls);
        var everything = new PortSwitch(
            new Doors(() => certificate.Value, clients)
            {
                Servers = options.Federation.Mode == FederationMode.Off ? null : peers.DirectTlsAsync,
                Relay = relay is null ? null : relay.ServeAsync,
            },
            TimeSpan.FromSeconds(Math.Min(options.Limits.AuthenticateSeconds, 30)),
            TimeProvider.System,
            logs.CreateLogger("OnePort")
        );
        var admission = new Admission(appliance.Server, options.Listen.TrustedProxies);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            UploadEndpoints.SetPace(kestrel.Limits);
            Ports.Listen(kestrel, options, clients, everything, admission);
            Ports.Listen(kestrel, options, peers);
            ControlSocket.Listen(kestrel, dataDirectory);
        });
        WebApplication app = builder.Build();
        app.UseTrustedProxies(options.Listen.TrustedProxies);
        app.UseTlsOnly(options);
        app.UseRouting();
        var doctor = new Doctor(dataDirectory, options, appliance.Server.Time, () => certificate.Value)
        {
            Damage = appliance.Damage,
            Relay = appliance.Relay is { } access
                ? new RelayCheck(options, access, appliance.Server.Time).ExamineAsync
                : null,
        };
        Site.Map(
            app,
            appliance.Server,
            options,
            new LocalAdministration(appliance.Server, doctor.ExamineAsync),
            ClientSite.BuiltIn()
        );
        UploadEndpoints.Map(app, appliance.Server, appliance.Uploads, logs.CreateLogger("Uploads"));
        app.Lifetime.ApplicationStopping.Register(() => Log.Stopping(logs.CreateLogger("Kith")));
        return app;
    }

    private static CallRelay? RelayOf(
        KithOptions options,
        Appliance appliance,
        CurrentCertificate certificate,
        ILoggerFactory logs
    ) =>
        appliance.Relay is { Services.Count: > 0 } access
            ? new CallRelay(
                options,
                access,
                () => certificate.Value.Settings(TlsPurpose.Relay).Options,
                new PublicAddress(
                    options,
                    new HostNames(appliance.Resolver),
                    PublicAddress.OfThisMachine,
                    TimeProvider.System
                ),
                logs.CreateLogger<CallRelay>()
            )
            : null;

    private static int Refuse(string why)
    {
        Console.Error.WriteLine(why);
        return 1;
    }
}
