using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Kith.Listeners;
using Kith.Listeners.Certificates;
using Kith.Listeners.OnePort;
using Kith.Options;
using Kith.Tests.Listeners.Certificates;
using Kith.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xmpp.Server;

namespace Kith.Tests.Listeners.OnePort;

/// <summary>One port on loopback with everything behind it; the relay, other servers and challenges as a test says.</summary>
internal sealed class OnePortStage : IAsyncDisposable
{
    public const string Domain = "kith.test";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);
    private readonly TemporaryFolder _folder = new();
    private readonly Appliance _appliance;
    private readonly WebApplication _app;

    private OnePortStage(KithOptions options, Func<OnePortStage, Doors, Doors>? doors, TimeSpan? patience)
    {
        _appliance = Appliance.TryOpen(_folder.Path, options, TimeProvider.System, NullLoggerFactory.Instance)!;
        TestCertificate made = TestCertificate.Ecdsa(Domain, DateTimeOffset.UtcNow.AddDays(2));
        ServerCertificate certificate = PemFiles.Load(
            Encoding.ASCII.GetBytes(made.Certificate),
            Encoding.ASCII.GetBytes(made.Key)
        );
        var clients = new ClientConnections(
            Server,
            () => certificate.Settings(TlsPurpose.StartTls),
            () => certificate.Settings(TlsPurpose.Client)
        );
        var plain = new Doors(() => certificate, clients);
        var everything = new PortSwitch(
            doors?.Invoke(this, plain) ?? plain,
            patience ?? _patience,
            TimeProvider.System,
            NullLogger.Instance
        );
        var admission = new Admission(Server, options.Listen.TrustedProxies);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddLogging();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                port => port.Use(next => admission.Before(connection => everything.RunAsync(connection, next)))
            )
        );
        _app = builder.Build();
        _app.UseRouting();
        _app.MapXmpp(Server);
        _app.MapGet(
            "/who",
            (RequestDelegate)(
                http =>
                    http.Response.WriteAsync(
                        $"{http.Request.Protocol} {http.Request.Scheme} {http.Connection.RemoteIpAddress} {http.Connection.RemotePort}"
                    )
            )
        );
    }

    public XmppServer Server => _appliance.Server;
    public int Port { get; private set; }

    /// <summary>What went through the doors of the test.</summary>
    public ConcurrentQueue<string> Came { get; } = new();

    public static async Task<OnePortStage> StartAsync(
        Func<OnePortStage, Doors, Doors>? doors = null,
        int strangers = 0,
        TimeSpan? patience = null,
        params IReadOnlyList<IPNetwork> proxies
    )
    {
        var options = new KithOptions
        {
            Domain = Domain,
            Limits = new() { UnauthenticatedPerAddress = strangers },
            Listen = new() { TrustedProxies = proxies },
        };
        var stage = new OnePortStage(options, doors, patience);
        await stage._app.StartAsync();
        string address = stage
            ._app.Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        stage.Port = new Uri(address).Port;
        return stage;
    }

    public async Task<NetworkStream> DialAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>A connection within TLS that offers these protocols.</summary>
    public async Task<SslStream> SecureAsync(params string[] protocols) =>
        await SecureAsync(await DialAsync(), protocols);

    public static async Task<SslStream> SecureAsync(Stream stream, params string[] protocols)
    {
        var tls = new SslStream(stream);
        try
        {
            await tls.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions
                    {
                        TargetHost = Domain,
                        ApplicationProtocols =
                            protocols.Length == 0 ? null : [.. protocols.Select(p => new SslApplicationProtocol(p))],
                        RemoteCertificateValidationCallback = (_, _, _, _) => true,
                    }
                )
                .WaitAsync(_patience);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends, and reads until this comes; what came up to the end when it does not.</summary>
    public static async Task<string> AskAsync(Stream stream, string text, string until)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes(text));
        var got = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!got.ToString().Contains(until, StringComparison.Ordinal))
        {
            int read = await stream.ReadAsync(buffer).AsTask().WaitAsync(_patience);
            if (read == 0)
                break;
            got.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return got.ToString();
    }

    /// <summary>What came until the other end closed.</summary>
    public static async Task<string> EndAsync(Stream stream)
    {
        try
        {
            return await AskAsync(stream, "", "\0never\0");
        }
        catch (IOException)
        {
            return "";
        }
    }

    public static string Open =>
        $"<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='{Domain}' version='1.0'>";

    public async ValueTask DisposeAsync()
    {
        await Server.StopAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _appliance.DisposeAsync();
        _folder.Dispose();
    }
}
