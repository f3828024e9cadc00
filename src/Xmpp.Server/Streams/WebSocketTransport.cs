using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using Xmpp.Xml;

namespace Xmpp.Server.Streams;

/// <summary>
/// XMPP over WebSocket (RFC 7395): <c>&lt;open/&gt;</c> and <c>&lt;close/&gt;</c> instead of a stream element, one whole
/// element in each text message. TLS, pings and the WebSocket handshake are the business of who accepted it.
/// </summary>
public sealed class WebSocketTransport(WebSocket socket, IPAddress remote, bool secure, XmlLimits limits) : Transport
{
    private const int ReadSize = 4096;

    /// <summary>No client needs even one; without an end to them a message would never grow to its limit.</summary>
    private const int MostEmptyFrames = 16;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly PooledOutput _output = new();
    private readonly List<int> _ends = [];
    private Task<ValueWebSocketReceiveResult>? _pending;
    private bool _open;

    public override bool IsSecure => secure;
    public override IPAddress RemoteAddress => remote;
    public override string Name => "websocket";
    public override XmlLimits Limits { get; set; } = limits;
    public override int Unflushed => _output.Length;
    protected override IBufferWriter<byte> Output => _output;
    protected override ReadOnlySpan<byte> StanzaNamespace => "jabber:client"u8;

    protected override void EndElement() => _ends.Add(_output.Length);

    public override void WriteOpen(StreamHeader header) =>
        Write(
            new XmlBuilder(around: "")
                .Start("open", Ns.Framing)
                .Attribute("from", header.From)
                .Attribute("id", header.Id)
                .Attribute("to", header.To)
                .Attribute("version", "1.0")
                .Attribute("xml:lang", header.Language)
                .ToArray()
        );

    public override void WriteClose() => Write("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"u8);

    public override void Restart() => _open = false;

    public override async ValueTask<StreamInput> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                byte[]? message = await ReadMessageAsync(cancellation);
                if (message is null)
                    return StreamInput.Lost;
                if (message.Length > 0 || !_open)
                    return Understand(message);
            }
        }
        catch (Exception lost) when (lost is WebSocketException or IOException or ObjectDisposedException)
        {
            return StreamInput.Lost;
        }
    }

    // §3.3, §3.4, §3.6. The stream's namespaces do not surround a message, so it declares its own.
    private StreamInput Understand(byte[] message)
    {
        Element element = XmlParser.Parse(message, XmlContext.Empty, Limits).Root;
        if (element.Is("close", Ns.Framing))
            return StreamInput.Closed;
        if (!_open)
        {
            _open = true;
            return new(StreamEvent.Opened, element);
        }
        if (element.Is("open", Ns.Framing))
            throw new StreamErrorException(StreamErrorCondition.BadFormat, "a second stream header");
        return new(StreamEvent.Element, element);
    }

    // Null when the connection is gone. White space around the element is dropped.
    private async ValueTask<byte[]?> ReadMessageAsync(CancellationToken cancellation)
    {
        // A zero-byte read waits without holding a buffer; it ends when a frame's header has come.
        ValueWebSocketReceiveResult frame = await ReceiveAsync(Memory<byte>.Empty, cancellation);
        if (frame.MessageType == WebSocketMessageType.Close)
            return null;
        if (frame.MessageType != WebSocketMessageType.Text)
            throw new StreamErrorException(StreamErrorCondition.BadFormat, "text messages only");
        byte[] buffer = frame.EndOfMessage ? [] : ArrayPool<byte>.Shared.Rent(ReadSize);
        int length = 0;
        int empty = 0;
        while (!frame.EndOfMessage)
        {
            if (length == buffer.Length)
                buffer = Grow(buffer);
            frame = await ReceiveAsync(buffer.AsMemory(length), cancellation);
            if (frame.MessageType == WebSocketMessageType.Close)
                return null;
            length += frame.Count;
            bool endless = frame.Count == 0 && !frame.EndOfMessage && ++empty > MostEmptyFrames;
            if (endless || length > Limits.Bytes)
                throw new StreamErrorException(StreamErrorCondition.PolicyViolation, "message too large");
        }
        byte[] message = buffer.AsSpan(0, length).Trim(" \t\r\n"u8).ToArray();
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        return message;
    }

    private static byte[] Grow(byte[] buffer)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    // A receive that is cancelled aborts the WebSocket, and then nobody could say goodbye; so it is left to wait.
    private async ValueTask<ValueWebSocketReceiveResult> ReceiveAsync(Memory<byte> into, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        ValueTask<ValueWebSocketReceiveResult> receive = socket.ReceiveAsync(into, CancellationToken.None);
        if (receive.IsCompleted)
            return await receive;
        _pending = receive.AsTask();
        ValueWebSocketReceiveResult result = await _pending.WaitAsync(cancellation);
        _pending = null;
        return result;
    }

    public override async ValueTask FlushAsync(CancellationToken cancellation)
    {
        try
        {
            int start = 0;
            foreach (int end in _ends)
            {
                ReadOnlyMemory<byte> element = _output.Written[start..end];
                await socket.SendAsync(element, WebSocketMessageType.Text, endOfMessage: true, cancellation);
                start = end;
            }
        }
        catch (WebSocketException lost)
        {
            throw new IOException(lost.Message, lost);
        }
        _ends.Clear();
        _output.Clear();
    }

    public override async ValueTask DisposeAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(_patience);
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, patience.Token);
        }
        catch (Exception lost) when (IsLoss(lost))
        {
            socket.Abort();
        }
        socket.Dispose();
        // Who accepted the WebSocket may end the read only after us, so it is not waited for.
        _ = _pending?.ContinueWith(
            static pending => pending.Exception,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    private static bool IsLoss(Exception error) =>
        error is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException;
}
