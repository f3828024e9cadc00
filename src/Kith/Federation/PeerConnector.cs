using System.Net;
using System.Net.Sockets;
using Dns;
using Kith.Network;
using Kith.Options;
using WebPush.Protocol;
using Xmpp.Addresses;
using Xmpp.Server.Federation;
using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Kith.Federation;

/// <summary>
/// The way to other servers: what <c>Federation:Hosts</c> says, else the SRV records of both kinds, mixed by priority and weight
/// (XEP-0368 §3, RFC 2782), else the domain itself on 5269 (RFC 6120 §3.2.2). Anybody may have a server looked up by saying
/// that it comes from there, so only <c>Federation:Hosts</c> leads to addresses that are not the world's.
/// </summary>
internal sealed class PeerConnector(KithOptions options, PeerTls tls, Resolver resolver, TimeProvider time)
    : IPeerConnector
{
    private const int ServerPort = 5269;
    private readonly HostNames _names = new(resolver);
    private readonly Connector _named = new(new HostNames(resolver), time);
    private readonly Connector _found = new(new HostNames(resolver), time)
    {
        May = options.Federation.AllowPrivateAddresses ? static _ => true : PublicAddresses.Contain,
    };

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PeerRoute>> FindAsync(string domain, CancellationToken cancellation)
    {
        if (options.Federation.Hosts.TryGetValue(domain, out HostPort host))
            return [Named(host)];
        // No certificate is for an address.
        if (IPAddress.TryParse(domain.Trim('[', ']'), out _))
            return [];
        // A name that leaves no room for its service has none.
        if (!Idna.TryToAscii(domain, out string? ascii) || !DomainName.TryParse($"_xmpps-server._tcp.{ascii}", out _))
            return [];
        Answer[] answers = await Task.WhenAll(
            resolver.QueryAsync($"_xmpps-server._tcp.{ascii}", RecordType.SRV, cancellation),
            resolver.QueryAsync($"_xmpp-server._tcp.{ascii}", RecordType.SRV, cancellation)
        );
        IReadOnlyList<PeerRoute> routes = Order(
            [.. answers[0].Data<ServiceData>()],
            [.. answers[1].Data<ServiceData>()]
        );
        if (routes.Count > 0)
            return routes;
        Answer? failed = answers.FirstOrDefault(answer => answer.Why is not null);
        // A target of "." denies its own kind: only that of plain streams is what the domain itself stands in for.
        if (answers[1].Status != AnswerStatus.Found)
            return await WithoutServiceAsync(ascii, failed, cancellation);
        return failed is null ? [] : throw new IOException($"{ascii} could not be looked up: {failed.Why}");
    }

    private static PeerRoute Named(HostPort host) => new(host.Host, host.Port, DirectTls: false);

    /// <summary>Both kinds in one order; a target of "." is none.</summary>
    internal static IReadOnlyList<PeerRoute> Order(ServiceData[] direct, ServiceData[] plain)
    {
        var secured = new HashSet<ServiceData>(direct, ReferenceEqualityComparer.Instance);
        ServiceData[] all = [.. direct.Concat(plain).Where(each => each.Target != DomainName.Root)];
        return
        [
            .. ServiceOrder
                .Of(all, Random.Shared)
                .Select(each => new PeerRoute(each.Target.ToString().TrimEnd('.'), each.Port, secured.Contains(each))),
        ];
    }

    private async Task<IReadOnlyList<PeerRoute>> WithoutServiceAsync(
        string ascii,
        Answer? failed,
        CancellationToken cancellation
    )
    {
        try
        {
            await _names.AddressesAsync(ascii, cancellation);
            return [new PeerRoute(ascii, ServerPort, DirectTls: false)];
        }
        catch (SocketException) when (failed is null)
        {
            return [];
        }
        catch (SocketException fault)
        {
            throw new IOException($"{ascii} could not be looked up: {failed!.Why}", fault);
        }
    }

    /// <inheritdoc/>
    public async Task<Transport> ConnectAsync(string domain, PeerRoute route, CancellationToken cancellation)
    {
        bool isNamed = options.Federation.Hosts.TryGetValue(domain, out HostPort host) && route == Named(host);
        Connector connector = isNamed ? _named : _found;
        Connection connection = await connector.ConnectAsync([new Candidate(route.Host, route.Port)], cancellation);
        Socket socket = connection.Socket ?? throw new IOException(string.Join("; ", connection.Faults));
        IPAddress remote = (socket.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        return new TcpTransport(new NetworkStream(socket, ownsSocket: true), remote, new XmlLimits(), tls: null)
        {
            ContentNamespace = Ns.Server,
            DirectTls = route.DirectTls,
            Handshake = tls.Connect(domain, route.DirectTls),
        };
    }
}
