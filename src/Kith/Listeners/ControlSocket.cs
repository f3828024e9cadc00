using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Kith.Listeners;

/// <summary>
/// <c>DIR/control.sock</c>: the same <c>/api</c> with an admin's rights for whoever may open the file, which is the data
/// directory's owner (architecture.md, "Disk").
/// </summary>
internal static class ControlSocket
{
    public const string FileName = "control.sock";

    // sockaddr_un(7).
    private const int LongestPath = 107;

    /// <exception cref="IOException">The path is too long for a socket.</exception>
    public static string PathIn(string dataDirectory)
    {
        string path = Path.GetFullPath(Path.Combine(dataDirectory, FileName));
        return Encoding.UTF8.GetByteCount(path) <= LongestPath
            ? path
            : throw new IOException($"{path} is too long for a socket: choose a data directory with a shorter path");
    }

    /// <summary>Opens it. To be called by who holds the data directory's lock: a file from before is taken away.</summary>
    public static void Listen(KestrelServerOptions kestrel, string dataDirectory)
    {
        string path = PathIn(dataDirectory);
        File.Delete(path);
        kestrel.ListenUnixSocket(
            path,
            socket =>
                socket.Use(next =>
                    connection =>
                    {
                        connection.Features.Set(Mark.Instance);
                        return next(connection);
                    }
                )
        );
    }

    /// <summary>Sockets as always; the control socket is its owner's alone before anybody can connect to it.</summary>
    public static Socket Bind(EndPoint address)
    {
        Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
        if (address is UnixDomainSocketEndPoint && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(address.ToString()!, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return socket;
    }

    /// <summary>True for a request that came through it.</summary>
    public static bool IsControl(HttpContext context) => context.Features.Get<Mark>() is not null;

    private sealed class Mark
    {
        public static readonly Mark Instance = new();
    }
}
