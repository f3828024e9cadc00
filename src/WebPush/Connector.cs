using System.Net;
using System.Net.Sockets;
using WebPush.Protocol;

namespace WebPush;

/// <summary>
/// Makes the connections to push services: no redirect, no proxy, no cookie, and none to an address that is not the
/// world's. It is the address connected to that counts, since a name may lead elsewhere the next time.
/// </summary>
internal sealed class Connector(PushOptions options)
{
    public SocketsHttpHandler CreateHandler() =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.Timeout,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            // Names may move.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            MaxResponseHeadersLength = 16,
            ConnectCallback = async (context, cancellation) => await ConnectAsync(context.DnsEndPoint, cancellation),
        };

    /// <summary>False for an address, told outright, that pushes do not go to; of names nothing is known yet.</summary>
    public bool MayReach(Uri endpoint) =>
        !IPAddress.TryParse(endpoint.Host, out IPAddress? address) || IsAllowed(address);

    private bool IsAllowed(IPAddress address) => options.AllowPrivateAddresses || PublicAddresses.Contain(address);

    /// <exception cref="ForbiddenAddressException">The name leads to no address that pushes go to.</exception>
    internal async Task<NetworkStream> ConnectAsync(DnsEndPoint to, CancellationToken cancellation)
    {
        IPAddress[] all = IPAddress.TryParse(to.Host, out IPAddress? literal)
            ? [literal]
            : await options.Resolve(to.Host, cancellation);
        IPAddress[] allowed = [.. all.Where(IsAllowed)];
        if (all.Length > 0 && allowed.Length == 0)
            throw new ForbiddenAddressException();
        return new NetworkStream(await options.Connect(allowed, to.Port, cancellation), ownsSocket: true);
    }

    internal static async Task<Socket> InTurnAsync(IPAddress[] addresses, int port, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, port, cancellation);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>An endpoint leads to loopback, a private network or the like.</summary>
internal sealed class ForbiddenAddressException() : IOException("the endpoint leads to an address that is not public");
