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
        await using var transport = new TcpTransport(stream, remote, new XmlLimits(), direct ? directTls : startTls);
        if (direct && !await TrySecureAsync(transport, connection.ConnectionClosed))
            return;
        await server.ServeAsync(transport);
    }

    private async Task<bool> TrySecureAsync(TcpTransport transport, CancellationToken closed)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(closed);
        patience.CancelAfter(TimeSpan.FromSeconds(server.Options.AuthenticateSeconds));
        try
        {
            await transport.SecureAsync(patience.Token);
            return true;
        }
        catch (Exception lost)
            when (lost
                    is IOException
                        or OperationCanceledException
                        or System.Security.Authentication.AuthenticationException
            )
        {
            server.Log.StreamEnded(transport.RemoteAddress.ToString(), lost.Message);
            return false;
        }
    }
}
