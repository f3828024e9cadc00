using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Dns;
using Dns.Protocol;

namespace Protocol.Tests.Dns;

/// <summary>What a server was asked, and over what.</summary>
internal sealed record Asked(Message Message, bool Stream)
{
    public string Name => Message.Questions[0].Name.ToString().ToLowerInvariant();
    public RecordType Type => Message.Questions[0].Type;

    public Message Reply(params Record[] answers) =>
        Message with
        {
            Flags = MessageFlags.Response | MessageFlags.RecursionDesired | MessageFlags.RecursionAvailable,
            Answers = answers,
            Edns = null,
        };
}

/// <summary>A name server on loopback, UDP and TCP on one port, that answers by script: none, one or several messages.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly Func<Asked, IEnumerable<byte[]>> _script;
    private readonly Socket _datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _end = new();
    private readonly Channel<Asked> _asked = Channel.CreateUnbounded<Asked>();
    private readonly Task _work;

    private ScriptedServer(Func<Asked, IEnumerable<byte[]>> script)
    {
        _script = script;
        _listener = Bind(_datagrams);
        Address = (IPEndPoint)_datagrams.LocalEndPoint!;
        _work = Task.WhenAll(DatagramsAsync(), StreamsAsync());
    }

    public IPEndPoint Address { get; }

    /// <summary>All that was asked so far.</summary>
    public ConcurrentQueue<Asked> All { get; } = new();

    /// <summary>Where datagrams came from.</summary>
    public ConcurrentQueue<IPEndPoint> Sources { get; } = new();

    public static ScriptedServer Start(Func<Asked, IEnumerable<byte[]>> script) => new(script);

    public static ScriptedServer Start(Func<Asked, Message?> script) =>
        new(asked => script(asked) is { } reply ? [Bytes(reply)] : []);

    public static byte[] Bytes(Message message)
    {
        byte[] bytes = new byte[ushort.MaxValue];
        if (!MessageWriter.TryWrite(message, bytes, out int length))
            throw new InvalidOperationException("too long");
        return bytes[..length];
    }

    /// <summary>The next question that comes, in the order in which they come.</summary>
    public async Task<Asked> NextAsync() =>
        await _asked.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        try
        {
            await _work;
        }
        catch (OperationCanceledException)
        {
            // Ended.
        }

        _datagrams.Dispose();
        _listener.Dispose();
        _end.Dispose();
    }

    private static TcpListener Bind(Socket datagrams)
    {
        for (int port = Random.Shared.Next(20_000, 32_000); ; port++)
        {
            var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                datagrams.Bind(listener.LocalEndpoint);
                return listener;
            }
            catch (SocketException)
            {
                listener.Dispose();
            }
        }
    }

    private List<byte[]> Answer(ReadOnlySpan<byte> query, bool stream)
    {
        if (!MessageReader.TryRead(query, out Message? message, out string? fault))
            throw new InvalidDataException(fault);
        var asked = new Asked(message, stream);
        All.Enqueue(asked);
        List<byte[]> answers = [.. _script(asked)];
        _asked.Writer.TryWrite(asked);
        return answers;
    }

    private async Task DatagramsAsync()
    {
        byte[] buffer = new byte[ushort.MaxValue];
        while (true)
        {
            SocketReceiveFromResult got = await _datagrams.ReceiveFromAsync(
                buffer,
                new IPEndPoint(IPAddress.Any, 0),
                _end.Token
            );
            Sources.Enqueue((IPEndPoint)got.RemoteEndPoint);
            foreach (byte[] answer in Answer(buffer.AsSpan(0, got.ReceivedBytes), stream: false))
                await _datagrams.SendToAsync(answer, got.RemoteEndPoint, _end.Token);
        }
    }

    private async Task StreamsAsync()
    {
        while (true)
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync(_end.Token);
            NetworkStream stream = client.GetStream();
            byte[] length = new byte[2];
            await stream.ReadExactlyAsync(length, _end.Token);
            byte[] query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
            await stream.ReadExactlyAsync(query, _end.Token);
            foreach (byte[] answer in Answer(query, stream: true))
            {
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                await stream.WriteAsync((byte[])[.. length, .. answer], _end.Token);
            }
        }
    }
}
