using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Turn.Protocol;

namespace Protocol.Tests.Turn.Stage;

/// <summary>A client on the system's sockets, over UDP, TCP or TLS; it waits for each answer.</summary>
internal sealed class LineClient : TestClient, IDisposable
{
    private readonly Socket _socket;
    private readonly Stream? _stream;
    private readonly byte[] _buffer = new byte[65536];

    private LineClient(Socket socket, Stream? stream)
        : base(null, (IPEndPoint)socket.LocalEndPoint!, (IPEndPoint)socket.RemoteEndPoint!, stream is not null) =>
        (_socket, _stream) = (socket, stream);

    public static LineClient Open(IPEndPoint server, bool isStream, bool secure = false)
    {
        (SocketType type, ProtocolType protocol) = isStream
            ? (SocketType.Stream, ProtocolType.Tcp)
            : (SocketType.Dgram, ProtocolType.Udp);
        // Long enough for a busy machine; what does not come fails the test.
        var socket = new Socket(AddressFamily.InterNetwork, type, protocol) { ReceiveTimeout = 30_000 };
        socket.Connect(server);
        Stream? stream = isStream ? new NetworkStream(socket) : null;
        if (secure)
        {
            var tls = new SslStream(stream!, leaveInnerStreamOpen: false, (_, _, _, _) => true);
            tls.AuthenticateAsClient("localhost");
            stream = tls;
        }

        return new LineClient(socket, stream);
    }

    public override bool Give(ReadOnlySpan<byte> bytes)
    {
        Write(bytes);
        Received.Add(Next().ToArray());
        return true;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_stream is null)
            _socket.Send(bytes);
        else
            _stream.Write(bytes);
    }

    /// <summary>The next message that comes, without what pads it on a stream.</summary>
    public ReadOnlySpan<byte> Next()
    {
        if (_stream is null)
            return _buffer.AsSpan(0, _socket.Receive(_buffer));
        _stream.ReadExactly(_buffer.AsSpan(0, StreamFrame.Least));
        int length = StreamFrame.LengthOf(_buffer);
        _stream.ReadExactly(_buffer.AsSpan(StreamFrame.Least, length - StreamFrame.Least));
        return ChannelData.TryRead(_buffer.AsSpan(0, length), out _, out int data)
            ? _buffer.AsSpan(0, ChannelData.HeaderLength + data)
            : _buffer.AsSpan(0, length);
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _socket.Dispose();
    }
}
