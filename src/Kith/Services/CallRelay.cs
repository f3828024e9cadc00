using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Kith.Options;
using Microsoft.AspNetCore.Connections;
using Turn;

namespace Kith.Services;

/// <summary>
/// The relay for calls: the library <c>Turn</c> on the ports of <c>Listen:Relay</c> (UDP and TCP) and <c>Listen:RelayTls</c>.
/// Everything is opened before the box says that it is ready; what stands in the way stops the start.
/// </summary>
internal sealed class CallRelay : BackgroundService
{
    private const int Backlog = 512;

    private readonly Options.ListenOptions _listen;
    private readonly Relay _relay;
    private readonly Func<SslServerAuthenticationOptions> _tls;
    private readonly PublicAddress _external;
    private readonly ILogger _log;
    private readonly List<(Socket Listener, bool Secure)> _listeners = [];

    /// <param name="tls">Of the certificate of now; asked for each connection.</param>
    /// <param name="external">Behind which address the box is; looked for while the service runs.</param>
    public CallRelay(
        KithOptions options,
        RelayAccess access,
        Func<SslServerAuthenticationOptions> tls,
        PublicAddress external,
        ILogger<CallRelay> log
    )
    {
        (_listen, _tls, _external, _log) = (options.Listen, tls, external, log);
        _relay = new Relay(
            new Turn.RelayOptions
            {
                Address = _listen.Address,
                Port = _listen.Relay,
                RelayPorts = (_listen.RelayPorts.First, _listen.RelayPorts.Last),
                ExternalAddresses = () => external.Current,
                AllowPrivatePeers = options.Relay.AllowPrivatePeers,
                Realm = "kith",
                Credentials = access.Find,
                Warn = (what, fault) => Log.Relay(log, fault, what),
            }
        );
        access.Ended = _relay.End;
        access.EndedNames = _relay.End;
    }

    /// <summary>A connection that somebody else has accepted, and taken the TLS from (the port of everything).</summary>
    public Task ServeAsync(ConnectionContext connection, Stream stream) =>
        connection is { RemoteEndPoint: IPEndPoint remote, LocalEndPoint: IPEndPoint local }
            ? _relay.ServeAsync(stream, remote, local, connection.ConnectionClosed)
            : Task.CompletedTask;

    /// <exception cref="IOException">A port cannot be opened; the message says which and why.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _relay.Bind();
        Listen(_listen.Relay, secure: false);
        Listen(_listen.RelayTls, secure: true);
        await base.StartAsync(cancellationToken);
    }

    private void Listen(int port, bool secure)
    {
        if (port == 0)
            return;
        IPAddress address = _listen.Address ?? (Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any);
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any))
                listener.DualMode = true;
            listener.Bind(new IPEndPoint(address, port));
            listener.Listen(Backlog);
            _listeners.Add((listener, secure));
        }
        catch (SocketException fault)
        {
            listener.Dispose();
            throw new IOException($"the relay's TCP port {port} cannot be opened: {fault.Message}", fault);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Without a port there is still the port of everything, which hands connections over.
        Task[] all =
        [
            _relay.RunAsync(stoppingToken),
            _external.RunAsync(stoppingToken),
            .. _listeners.Select(each => AcceptAsync(each.Listener, each.Secure, stoppingToken)),
        ];
        await EndTogetherAsync(all, stoppingToken);
    }

    /// <summary>Until all are stopped. One that ends by itself is a fault, which stops the service and is not to be waited over.</summary>
    /// <exception cref="InvalidOperationException">One has ended.</exception>
    internal static async Task EndTogetherAsync(Task[] all, CancellationToken stop)
    {
        Task first = await Task.WhenAny(all);
        await first;
        if (!stop.IsCancellationRequested)
            throw new InvalidOperationException("a part of the relay ended");
        await Task.WhenAll(all);
    }

    private async Task AcceptAsync(Socket listener, bool secure, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Socket socket = await listener.AcceptAsync(stop);
                // On a thread of its own: its first reads are not the next client's wait. It reports its own faults.
                _ = Task.Run(
                    () => _relay.ServeAsync(socket, secure ? SecureAsync : null, stop),
                    CancellationToken.None
                );
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException fault)
            {
                // Out of descriptors, or a client that left before it was accepted.
                Log.Relay(_log, fault, "a connection could not be accepted");
                await Task.Delay(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            }
        }
    }

    private async Task<Stream> SecureAsync(Stream plain, CancellationToken cancellation)
    {
        var stream = new SslStream(plain);
        try
        {
            await stream.AuthenticateAsServerAsync(_tls(), cancellation);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        foreach ((Socket listener, _) in _listeners)
            listener.Dispose();
        await _relay.DisposeAsync();
    }
}
