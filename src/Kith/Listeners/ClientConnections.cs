using System.Net;
using Microsoft.AspNetCore.Connections;
using Xmpp.Server;
using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Kith.Listeners;

/// <summary>The seam between Kestrel's sockets and the XMPP server: client connections with STARTTLS or direct TLS.</summary>
internal sealed class ClientConnections(XmppServer server, Func<TlsSettings> startTls, Func<TlsSettings> directTls)
{
    public Task StartTlsAsync(ConnectionContext connection) => ServeAsync(connection, direct: false);

    public Task DirectTlsAsync(ConnectionContext connection) => ServeAsync(connection, direct: true);

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
