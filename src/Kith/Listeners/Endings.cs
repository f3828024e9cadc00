using Microsoft.AspNetCore.Connections;

namespace Kith.Listeners;

/// <summary>
/// At a connection's end Kestrel waits until all that was written has gone, for as long as a peer keeps its window shut, and
/// nobody counts the connection any more. Here it is given a little time.
/// </summary>
internal static class Endings
{
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(10);

    public static ConnectionDelegate Before(ConnectionDelegate next, TimeSpan? grace = null) =>
        async connection =>
        {
            try
            {
                await next(connection);
            }
            finally
            {
                AbortLater(connection, grace ?? _grace);
            }
        };

    private static void AbortLater(ConnectionContext connection, TimeSpan grace)
    {
        var late = new CancellationTokenSource(grace);
        late.Token.Register(() => connection.Abort(new ConnectionAbortedException("its peer does not read")));
        // At once where it is closed already.
        connection.ConnectionClosed.Register(late.Dispose);
    }
}
