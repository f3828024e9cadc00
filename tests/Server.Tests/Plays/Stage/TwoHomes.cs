using System.Collections.Concurrent;
using System.Net;
using Xmpp.Server.Federation;
using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Server.Tests.Plays.Stage;

/// <summary>Two homes that talk to each other, over lines that a play may cut.</summary>
internal sealed class TwoHomes : IAsyncDisposable
{
    private readonly ConcurrentBag<Line> _lines = [];
    private int _dialled;

    private TwoHomes(Play here, Play there) => (Here, There) = (here, there);

    public Play Here { get; }
    public Play There { get; }

    /// <summary>Connections that either has made.</summary>
    public int Dialled => Volatile.Read(ref _dialled);

    public static async Task<TwoHomes> StartAsync(Framing framing)
    {
        Play here = await Play.StartAsync(framing);
        Play there = await Play.StartAsync(
            framing,
            standard => standard with { Domain = FarServer.Domain, PublicUrl = $"https://{FarServer.Domain}" }
        );
        var homes = new TwoHomes(here, there);
        here.Federate(new FederationOptions { Connector = new Way(homes, here, there) });
        there.Federate(new FederationOptions { Connector = new Way(homes, there, here) });
        return homes;
    }

    /// <summary>The cable between them is pulled, and is whole again at once.</summary>
    public void Cut()
    {
        while (_lines.TryTake(out Line? line))
            line.Cut();
    }

    /// <summary>Time passes in both.</summary>
    public async Task Advance(TimeSpan time)
    {
        await Here.Advance(time);
        await There.Advance(time);
    }

    public async ValueTask DisposeAsync()
    {
        await Here.DisposeAsync();
        await There.DisposeAsync();
    }

    /// <summary>From one to the other; each shows the certificate of its domain.</summary>
    private sealed class Way(TwoHomes homes, Play from, Play to) : IPeerConnector
    {
        public Task<IReadOnlyList<PeerRoute>> FindAsync(string domain, CancellationToken cancellation) =>
            Task.FromResult<IReadOnlyList<PeerRoute>>(
                domain == to.Options.Domain ? [new PeerRoute(domain, 5269, false)] : []
            );

        public Task<Transport> ConnectAsync(string domain, PeerRoute route, CancellationToken cancellation)
        {
            Interlocked.Increment(ref homes._dialled);
            var line = new Line();
            homes._lines.Add(line);
            Transport theirs = End(line.Server, from.Options.Domain);
            _ = Task.Run(() => to.Server.ServePeerAsync(theirs), CancellationToken.None);
            return Task.FromResult(End(line.Client, to.Options.Domain));
        }

        private static Transport End(Stream stream, string shown) =>
            new TcpTransport(stream, IPAddress.Loopback, new XmlLimits(), tls: null)
            {
                ContentNamespace = Ns.Server,
                Handshake = (plain, _) => Task.FromResult((plain, (PeerCertificate?)FarServer.For(shown))),
            };
    }
}
