using System.Net;
using System.Net.Sockets;
using Kith.Options;
using Xmpp.Addresses;
using Xmpp.Server.Federation;
using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Kith.Federation;

/// <summary>The way to other servers: what <c>Federation:Hosts</c> says, else what DNS says (RFC 6120 §3.2).</summary>
internal sealed class PeerConnector(KithOptions options, PeerTls tls) : IPeerConnector
{
    private const int ServerPort = 5269;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PeerRoute>> FindAsync(string domain, CancellationToken cancellation)
    {
        if (options.Federation.Hosts.TryGetValue(domain, out HostPort host))
            return [new PeerRoute(host.Host, host.Port, DirectTls: false)];
        if (!Idna.TryToAscii(domain, out string? ascii))
            return [];
        try
        {
            await Dns.GetHostAddressesAsync(ascii, cancellation);
            return [new PeerRoute(ascii, ServerPort, DirectTls: false)];
        }
        catch (SocketException fault) when (fault.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData)
        {
            return [];
        }
        catch (SocketException fault)
        {
            throw new IOException($"{domain} could not be looked up: {fault.Message}", fault);
        }
    }

    /// <inheritdoc/>
    public async Task<Transport> ConnectAsync(string domain, PeerRoute route, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(route.Host, route.Port, cancellation);
        }
        catch (SocketException fault)
        {
            socket.Dispose();
            throw new IOException(fault.Message, fault);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        IPAddress remote = (socket.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        return new TcpTransport(new NetworkStream(socket, ownsSocket: true), remote, new XmlLimits(), tls: null)
        {
            ContentNamespace = Ns.Server,
            DirectTls = route.DirectTls,
            Handshake = tls.Connect(domain, route.DirectTls),
        };
    }
}
