using System.Net;
using Microsoft.AspNetCore.Connections;
using Xmpp.Server;
using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Kith.Listeners;

/// <summary>The seam between Kestrel's sockets and the XMPP server: client connections with STARTTLS or direct TLS, and components.</summary>
internal sealed class ClientConnections(XmppServer server, Func<TlsSettings> startTls, Func<TlsSettings> directTls)
{
    public Task StartTlsAsync(ConnectionContext connection) => ServeAsync(connection, direct: false);

    public Task DirectTlsAsync(ConnectionContext connection) => ServeAsync(connection, direct: true);

    /// <summary>A component's (XEP-0114), in the clear: the port is on loopback.</summary>
    public async Task ComponentAsync(ConnectionContext connection)
    {
        await using var stream = new DuplexPipeStream(connection.Transport, () => { });
        await using var transport = new TcpTransport(stream, IPAddress.Loopback, new XmlLimits(), tls: null)
        {
            ContentNamespace = XmppServer.ComponentNamespace,
        };
        await server.ServeComponentAsync(transport);
    }

    private async Task ServeAsync(ConnectionContext connection, bool direct)
    {
        IPAddress remote = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        await using var stream = new DuplexPipeStream(connection.Transport, () => { });
        await using var transport = new TcpTransport(stream, remote, new XmlLimits(), direct ? directTls : startTls)
        {
            DirectTls = direct,
        };
        await server.ServeAsync(transport);
    }
}
