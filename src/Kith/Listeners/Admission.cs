using System.Net;
using Microsoft.AspNetCore.Connections;
using Xmpp.Server;
using Xmpp.Server.Streams;
using IPNetwork = System.Net.IPNetwork;

namespace Kith.Listeners;

/// <summary>
/// Lets only so many connections of one address be open at once (<c>Limits:UnauthenticatedPerAddress</c>) on which nobody has
/// signed in. One that carries HTTP counts for as long as it lasts, since requests and not connections sign in there; once a
/// WebSocket is on it, the stream there counts instead. A trusted proxy's is everybody's, and does not count.
/// </summary>
internal sealed class Admission(XmppServer server, IReadOnlyList<IPNetwork> trusted)
{
    public ConnectionDelegate Before(ConnectionDelegate next) => connection => RunAsync(connection, next);

    private async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        IPAddress address = (connection.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (trusted.Any(network => network.Contains(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)))
        {
            await next(connection);
            return;
        }

        using Place? place = server.Admit(address);
        if (place is null)
            return;
        connection.Features.Set(place);
        await next(connection);
    }

    /// <summary>
    /// The connection of this request, which is all that it carries, is counted elsewhere from here on; one with HTTP/2 goes
    /// on when the request is over, and keeps its place.
    /// </summary>
    public static void Leave(HttpContext context)
    {
        if (HttpProtocol.IsHttp11(context.Request.Protocol))
            context.Features.Get<Place>()?.Dispose();
    }
}
