using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Xmpp.Sasl;
using Xmpp.Server;
using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Kith.Listeners;

/// <summary>The seam between Kestrel's sockets and the XMPP server: client connections with STARTTLS or direct TLS, and components.</summary>
internal sealed class ClientConnections(XmppServer server, Func<TlsSettings> startTls, Func<TlsSettings> directTls)
{
    public Task StartTlsAsync(ConnectionContext connection) => ServeAsync(connection, direct: false);

    public Task DirectTlsAsync(ConnectionContext connection) => ServeAsync(connection, direct: true);

    /// <summary>A client's on a connection where TLS was begun before it was known to be one's.</summary>
    public async Task WithinTlsAsync(
        ConnectionContext connection,
        IDuplexPipe pipes,
        IReadOnlyList<ChannelBinding> bindings
    )
    {
        await using var stream = new DuplexPipeStream(pipes, () => { });
        await using var transport = new TcpTransport(stream, Remote(connection), new XmlLimits(), tls: null)
        {
            SecuredOutside = true,
            OutsideBindings = bindings,
        };
        await server.ServeAsync(transport);
    }

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
        await using var stream = new DuplexPipeStream(connection.Transport, () => { });
        await using var transport = new TcpTransport(
            stream,
            Remote(connection),
            new XmlLimits(),
            direct ? directTls : startTls
        )
        {
            DirectTls = direct,
        };
        await server.ServeAsync(transport);
    }

    private static IPAddress Remote(ConnectionContext connection) =>
        (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
}
