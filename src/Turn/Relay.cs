using System.Net;
using System.Net.Sockets;
using Turn.Protocol;
using Turn.Requests;
using Turn.Sockets;
using Turn.Streams;

namespace Turn;

/// <summary>
/// A STUN and TURN server (RFC 8489, RFC 8656): over UDP on a port of its own, over TCP and TLS on connections that it is given.
/// Linux alone.
/// </summary>
public sealed class Relay : IAsyncDisposable
{
    // Room for the burst that comes while the thread is not running.
    private const int ListenerBuffer = 4 << 20;

    private readonly RelayOptions _options;
    private readonly Clock _clock;
    private readonly EventLoop _loop;
    private readonly TurnServer _server;
    private readonly Newcomers _newcomers;
    private readonly List<UdpListener> _listeners = [];
    private readonly CancellationTokenSource _stopping = new();
    private Task? _running;
    private bool _bound;

    /// <exception cref="ArgumentException">An option cannot be used; the message says which.</exception>
    public Relay(RelayOptions options)
    {
        if (options.Fault() is { } fault)
            throw new ArgumentException(fault, nameof(options));
        _options = options;
        _clock = new Clock(options.Time);
        _loop = new EventLoop(bug => options.Warn("a packet met a bug", bug));
        _server = new TurnServer(options, _loop);
        _newcomers = new Newcomers(options.Limits);
    }

    /// <summary>Allocations now, by <see cref="RelayCredential.User"/>.</summary>
    public IReadOnlyDictionary<string, int> Users => _server.Table.Users();

    /// <summary>Where UDP clients come to, once bound.</summary>
    public IReadOnlyList<IPEndPoint> Addresses { get; private set; } = [];

    /// <summary>Opens the UDP port, so that what stands in the way is known before anything else starts.</summary>
    /// <exception cref="IOException">The port cannot be opened; the message says why.</exception>
    public void Bind()
    {
        if (_bound)
            return;
        _bound = true;
        var bound = new List<IPEndPoint>();
        IPAddress[] addresses = _options.Address is { } one ? [one] : [IPAddress.Any, IPAddress.IPv6Any];
        int port = _options.Port;
        foreach (IPAddress address in _options.Port == 0 && _options.Address is null ? [] : addresses)
        {
            if (TryBind(TransportAddress.Of(address, port)) is not { } local)
                continue;
            bound.Add(local.ToEndPoint());
        }

        Addresses = bound;
    }

    private TransportAddress? TryBind(TransportAddress wanted)
    {
        LinuxSocket? socket = LinuxSocket.TryBind(wanted, wanted.IsUnspecified, ListenerBuffer, out int why);
        if (socket is null)
        {
            if (wanted is { IsV6: true, IsUnspecified: true } && !Socket.OSSupportsIPv6)
                return null;
            throw new IOException($"the relay's UDP port {wanted} cannot be opened: {LinuxSocket.Reason(why)}");
        }

        var listener = new UdpListener(socket, _loop.Outgoing, _server);
        _listeners.Add(listener);
        _loop.Add(listener);
        return socket.Local;
    }

    /// <summary>Serves until it is cancelled; all allocations end with it.</summary>
    /// <exception cref="IOException">As of <see cref="Bind"/>.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        Bind();
        _running ??= Task.Factory.StartNew(
            _loop.Run,
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
        using CancellationTokenRegistration registered = cancellation.Register(_loop.Stop);
        await _running;
    }

    /// <summary>Serves one connection until it ends, and then disposes of it. Never throws for what a client does.</summary>
    /// <param name="socket">As it was accepted.</param>
    /// <param name="secure">Makes plaintext of it, by a TLS handshake; may fail as connections do. Null: it is that.</param>
    public async Task ServeAsync(
        Socket socket,
        Func<Stream, CancellationToken, Task<Stream>>? secure,
        CancellationToken cancellation
    )
    {
        using Socket connection = socket;
        (IPEndPoint Remote, IPEndPoint Local) ends;
        try
        {
            socket.NoDelay = true;
            ends = ((IPEndPoint)socket.RemoteEndPoint!, (IPEndPoint)socket.LocalEndPoint!);
        }
        catch (SocketException)
        {
            // It is gone already.
            return;
        }

        await ServeAsync(end => OpenAsync(socket, secure, end), ends.Remote, ends.Local, cancellation);
    }

    private async Task<Stream> OpenAsync(
        Socket socket,
        Func<Stream, CancellationToken, Task<Stream>>? secure,
        CancellationToken end
    )
    {
        var plain = new SocketStream(socket, _loop, end);
        try
        {
            Stream opened = secure is null ? plain : await secure(plain, end);
            plain.OnLoop = true;
            return opened;
        }
        catch
        {
            await plain.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same for a connection that somebody else has accepted, and taken the TLS from.</summary>
    /// <param name="stream">Plaintext.</param>
    /// <param name="remote">The client's address.</param>
    /// <param name="local">The address that it came to.</param>
    public Task ServeAsync(Stream stream, IPEndPoint remote, IPEndPoint local, CancellationToken cancellation) =>
        ServeAsync(_ => Task.FromResult(stream), remote, local, cancellation);

    // One that has first to be made counts, and its time runs, from before.
    private async Task ServeAsync(
        Func<CancellationToken, Task<Stream>> open,
        IPEndPoint remote,
        IPEndPoint local,
        CancellationToken cancellation
    )
    {
        TransportAddress from = TransportAddress.Of(remote);
        if (!_newcomers.TryEnter(from))
            return;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);
        using var terms = new ConnectionTerms(_newcomers, from, _options, stop.Token);
        try
        {
            await using Stream stream = await open(terms.Ended);
            var client = new StreamClient(stream, from, TransportAddress.Of(local), terms, _clock);
            try
            {
                await new Connection(stream, client, _server, terms).RunAsync();
            }
            finally
            {
                if (client.Allocation is { } left)
                    _server.Table.Remove(left);
                terms.Cut();
                await client.QuietAsync();
            }
        }
        catch (Exception fault) when (ConnectionTerms.IsLoss(fault))
        {
            // A lost connection is quiet.
        }
        catch (Exception bug)
        {
            _options.Warn($"a connection from {remote} met a bug", bug);
        }
    }

    /// <summary>Ends all that a user has here, at once: who was locked out does not finish the call.</summary>
    public void End(string user) => _server.Table.RemoveAll(user);

    /// <summary>The same for what was allocated under one of the user names that clients say.</summary>
    public void End(Func<string, bool> username) => _server.Table.RemoveAll(each => username(each.Identity.Username));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _loop.Stop();
        if (_running is not null)
            await _running;
        _server.Dispose();
        foreach (UdpListener each in _listeners)
            each.Dispose();
        _loop.Dispose();
        _stopping.Dispose();
    }
}
