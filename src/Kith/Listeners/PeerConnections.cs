using System.Net;
using Kith.Federation;
using Microsoft.AspNetCore.Connections;
using Xmpp.Server;
using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Kith.Listeners;

/// <summary>The seam between Kestrel's sockets and the XMPP server for connections that other servers make.</summary>
internal sealed class PeerConnections(XmppServer server, PeerTls tls)
{
    public Task StartTlsAsync(ConnectionContext connection) => ServeAsync(connection, direct: false);

    /// <summary>TLS comes first (XEP-0368); the same for a connection on another port whose ALPN says <c>xmpp-server</c>.</summary>
    public Task DirectTlsAsync(ConnectionContext connection) => ServeAsync(connection, direct: true);

    private async Task ServeAsync(ConnectionContext connection, bool direct)
    {
        IPAddress remote = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        await using var stream = new DuplexPipeStream(connection.Transport, () => { });
        await using var transport = new TcpTransport(stream, remote, new XmlLimits(), tls: null)
        {
            ContentNamespace = Ns.Server,
            DirectTls = direct,
            Handshake = tls.Accept(direct),
        };
        await server.ServePeerAsync(transport);
    }
}
