using System.Net.Sockets;
using System.Security.Authentication;

namespace Kith.Tests.Client;

/// <summary>The ways in which a connection that is gone shows itself.</summary>
internal static class Lost
{
    public static bool Is(Exception error) =>
        error is IOException or SocketException or AuthenticationException or ObjectDisposedException;
}
