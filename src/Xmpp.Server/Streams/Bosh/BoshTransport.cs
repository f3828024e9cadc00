using System.Buffers;
using System.Net;
using System.Threading.Channels;
using Xmpp.Xml;

namespace Xmpp.Server.Streams.Bosh;

/// <summary>
/// XMPP over BOSH (XEP-0206) as any other transport: what requests bring comes out of <see cref="ReadAsync"/>, and what
/// is flushed leaves with the next response.
/// </summary>
internal sealed class BoshTransport : Transport
{
    private readonly record struct Item(StreamInput Input, StreamErrorException? Fault, int Size);

    private readonly Channel<Item> _input = Channel.CreateUnbounded<Item>(new() { SingleReader = true });
    private readonly ArrayBufferWriter<byte> _output = new(1024);
    private readonly BoshSession _session;
    private int _queued;
    private int _elementStart;

    public BoshTransport(BoshSession session, IPAddress remote, bool secure, XmlLimits limits) =>
        (_session, RemoteAddress, IsSecure, Limits) = (session, remote, secure, limits);

    public override bool IsSecure { get; }
    public override IPAddress RemoteAddress { get; }
    public override string Name => "bosh";
    public override XmlLimits Limits { get; set; }
    public override int Unflushed => _output.WrittenCount;
    protected override IBufferWriter<byte> Output => _output;
    protected override ReadOnlySpan<byte> StanzaNamespace => "jabber:client"u8;

    /// <summary>Bytes that the server has not read yet.</summary>
    public int Queued => Volatile.Read(ref _queued);

    /// <summary>The stream's header as we answered it; null before.</summary>
    public StreamHeader? Header { get; private set; }

    /// <summary>Our stream has said that it is over, and whether with an error.</summary>
    public bool IsClosed { get; private set; }
    public bool HasError { get; private set; }

    // ---- the HTTP side ----

    public void Feed(StreamInput input, int size = 0) => Feed(new Item(input, null, size));

    public void Feed(StreamErrorException fault) => Feed(new Item(default, fault, 0));

    private void Feed(Item item)
    {
        Interlocked.Add(ref _queued, item.Size);
        _input.Writer.TryWrite(item);
    }

    // ---- the stream's side ----

    public override async ValueTask<StreamInput> ReadAsync(CancellationToken cancellation)
    {
        Item item = await _input.Reader.ReadAsync(cancellation);
        if (item.Size > 0)
        {
            Interlocked.Add(ref _queued, -item.Size);
            _session.InputTaken();
        }
        return item.Fault is null ? item.Input : throw item.Fault;
    }

    protected override void EndElement()
    {
        ReadOnlySpan<byte> element = _output.WrittenSpan[_elementStart..];
        HasError |= element.StartsWith("<stream:error"u8);
        _elementStart = _output.WrittenCount;
    }

    public override void WriteOpen(StreamHeader header) => Header = header;

    public override void WriteClose() => IsClosed = true;

    /// <summary>Returns once a response has taken it, which is the client's own pace.</summary>
    public override async ValueTask FlushAsync(CancellationToken cancellation)
    {
        Task taken = _session.Offer(_output.WrittenSpan);
        _output.ResetWrittenCount();
        _elementStart = 0;
        await taken.WaitAsync(cancellation);
    }

    public override void Restart() { }

    public override ValueTask DisposeAsync()
    {
        _session.Over();
        return ValueTask.CompletedTask;
    }
}
