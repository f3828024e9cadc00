using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Xmpp.Server.Federation;
using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Server.Tests.Plays.Stage;

/// <summary>
/// The world beyond the home: one server that a play speaks for line by line, and the names and certificates by which it
/// is found. TLS is played: whoever says <c>proceed</c> is believed to be secured, and shows what the play says.
/// </summary>
internal sealed class FarServer(Play play) : IPeerConnector
{
    public const string Domain = "away.test";
    private readonly Channel<FarLine> _dialled = Channel.CreateUnbounded<FarLine>();
    private readonly ConcurrentQueue<string> _lookUps = new();

    /// <summary>What it shows in handshakes.</summary>
    public PeerCertificate? Certificate { get; set; } = For(Domain);

    /// <summary>False: nobody answers.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>What looking it up throws.</summary>
    public Exception? Fault { get; set; }

    /// <summary>How many ways lead to each domain.</summary>
    public int Routes { get; set; } = 1;

    /// <summary>Connections that were asked for.</summary>
    public int Attempts;

    /// <summary>Domains that exist.</summary>
    public HashSet<string> Domains { get; } = [Domain];

    /// <summary>What was looked up, in order.</summary>
    public IReadOnlyCollection<string> LookUps => _lookUps;

    /// <summary>A good one.</summary>
    public static PeerCertificate For(params string[] hosts) => new(new CertificateNames(hosts, [], []), null);

    /// <summary>A home with this world around it.</summary>
    public static async Task<(Play Play, FarServer Far)> StartAsync(
        Framing framing = Framing.Tcp,
        Func<FederationOptions, FederationOptions>? options = null
    )
    {
        Play play = await Play.StartAsync(framing);
        var far = new FarServer(play);
        var standard = new FederationOptions { Connector = far };
        play.Federate(options?.Invoke(standard) ?? standard);
        return (play, far);
    }

    public Task<IReadOnlyList<PeerRoute>> FindAsync(string domain, CancellationToken cancellation)
    {
        _lookUps.Enqueue(domain);
        if (Fault is not null)
            throw Fault;
        IEnumerable<PeerRoute> routes = Enumerable.Repeat(new PeerRoute(domain, 5269, false), Routes);
        return Task.FromResult<IReadOnlyList<PeerRoute>>(Domains.Contains(domain) ? [.. routes] : []);
    }

    public Task<Transport> ConnectAsync(string domain, PeerRoute route, CancellationToken cancellation)
    {
        Interlocked.Increment(ref Attempts);
        if (!IsUp)
            throw new IOException("connection refused");
        var line = new Line();
        _dialled.Writer.TryWrite(new FarLine(line, line.Client, Task.CompletedTask));
        return Task.FromResult(Transport(line.Server));
    }

    private Transport Transport(Stream stream)
    {
        PeerCertificate? shown = Certificate;
        return new TcpTransport(stream, IPAddress.Loopback, new XmlLimits(), tls: null)
        {
            ContentNamespace = Ns.Server,
            Handshake = (plain, _) => Task.FromResult((plain, shown)),
        };
    }

    /// <summary>The home has connected; nothing was said yet.</summary>
    public async Task<FarLine> Accept()
    {
        try
        {
            return await _dialled.Reader.ReadAsync().AsTask().WaitAsync(Actor.Patience);
        }
        catch (TimeoutException)
        {
            throw new PlayException("the home did not connect");
        }
    }

    /// <summary>Time passes in steps that are shorter than anybody's patience, until the home has connected.</summary>
    public async Task AdvanceToCall()
    {
        for (int i = 0; IsQuiet && i < 1_000; i++)
            await play.Advance(TimeSpan.FromSeconds(5));
    }

    /// <summary>True while no connection of the home waits to be accepted.</summary>
    public bool IsQuiet => !_dialled.Reader.TryPeek(out _);

    /// <summary>A connection to the home; nothing was said yet.</summary>
    public FarLine Dial()
    {
        var line = new Line();
        Transport transport = Transport(line.Server);
        Task served = Task.Run(() => play.Server.ServePeerAsync(transport));
        return new FarLine(line, line.Client, served);
    }

    /// <summary>The home has connected and proved itself by its certificate, so that stanzas come.</summary>
    public async Task<FarLine> Welcome(bool bidi = false, bool managed = false)
    {
        FarLine line = await Accept();
        await line.AcceptTls();
        await line.AcceptExternal(bidi, managed);
        return line;
    }

    /// <summary>A connection to the home that has proved itself by its certificate.</summary>
    public async Task<FarLine> Enter(bool bidi = false, bool managed = false)
    {
        FarLine line = Dial();
        await line.StartTls();
        await line.ProveExternally(bidi, managed);
        // What is sent back waits a little for one that might ask for acknowledgements.
        if (bidi && !managed)
            await play.Advance(TimeSpan.FromSeconds(6));
        return line;
    }
}
