using System.Net.Sockets;
using System.Text;

namespace Kith.Tests.Program;

/// <summary>The other end of sd_notify(3): hears when the program is ready, without asking again and again.</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public NotifySocket(string path)
    {
        Path = path;
        File.Delete(path);
        _socket.Bind(new UnixDomainSocketEndPoint(path));
    }

    public string Path { get; }

    /// <summary>Returns when the program has said it.</summary>
    public async Task HearAsync(string state, CancellationToken cancellation = default)
    {
        var buffer = new byte[1024];
        while (true)
        {
            int read = await _socket.ReceiveAsync(buffer, cancellation);
            if (Encoding.UTF8.GetString(buffer, 0, read).Split('\n').Contains(state))
                return;
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        File.Delete(Path);
    }
}
