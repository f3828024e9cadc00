using System.Buffers;
using System.Net;
using Xmpp.Addresses;
using Xmpp.Sasl;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Streams;

/// <summary>What came in: a stream's opening, a whole element, or its orderly end.</summary>
public enum StreamEvent
{
    Opened,
    Element,
    Closed,

    /// <summary>The connection is gone without an orderly end.</summary>
    Lost,
}

/// <summary>One event of a stream; <see cref="Element"/> is the header or the element.</summary>
public readonly record struct StreamInput(StreamEvent Event, Element Element)
{
    public static readonly StreamInput Closed = new(StreamEvent.Closed, default);
    public static readonly StreamInput Lost = new(StreamEvent.Lost, default);
}

/// <summary>What our stream header says (RFC 6120 §4.7).</summary>
public sealed record StreamHeader(string From, string Id, Jid? To = null, string Language = "en");

/// <summary>
/// One connection as whole elements both ways; TCP's <c>&lt;stream:stream&gt;</c> and WebSocket's <c>&lt;open/&gt;</c>
/// differ below this line and nowhere else. One reader and one writer may use it at a time. Writes gather until
/// <see cref="FlushAsync"/>.
/// </summary>
public abstract class Transport : IAsyncDisposable
{
    /// <summary>TLS is on, here or at a trusted proxy.</summary>
    public abstract bool IsSecure { get; }

    /// <summary>STARTTLS can be offered (TCP without TLS yet).</summary>
    public virtual bool CanStartTls => false;

    /// <summary>False before a handshake has succeeded without which the peer understands nothing.</summary>
    public virtual bool CanBeHeard => true;

    /// <summary>Where the peer is, for slowing down guesses.</summary>
    public abstract IPAddress RemoteAddress { get; }

    /// <summary>A name for logs: <c>tcp</c>, <c>websocket</c>, <c>bosh</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Bindings of this TLS connection, none where TLS ended elsewhere (RFC 5929).</summary>
    public virtual IReadOnlyList<ChannelBinding> Bindings => [];

    /// <summary>What another server has shown in the handshake; null before it, and where it has shown nothing.</summary>
    public virtual Federation.PeerCertificate? PeerCertificate => null;

    /// <summary>What the peer may send from now on.</summary>
    public abstract XmlLimits Limits { get; set; }

    /// <summary>What comes before the stream: the handshake of direct TLS (XEP-0368).</summary>
    public virtual Task BeginAsync(CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>The next event. Holds no buffer while nothing comes.</summary>
    /// <exception cref="StreamErrorException">The peer broke the stream.</exception>
    public abstract ValueTask<StreamInput> ReadAsync(CancellationToken cancellation);

    /// <summary>Where stanzas and other elements are written; whole ones only between two calls of <see cref="EndElement"/>.</summary>
    protected abstract IBufferWriter<byte> Output { get; }

    /// <summary>The default namespace that a stanza must declare for itself in this framing; empty when the stream gives it.</summary>
    protected virtual ReadOnlySpan<byte> StanzaNamespace => default;

    /// <summary>Marks the end of one top-level element.</summary>
    protected virtual void EndElement() { }

    /// <summary>Bytes gathered and not flushed yet.</summary>
    public abstract int Unflushed { get; }

    public abstract void WriteOpen(StreamHeader header);
    public abstract void WriteClose();

    /// <summary>Writes an element that is no stanza and declares its own namespace.</summary>
    public void Write(ReadOnlySpan<byte> element)
    {
        Output.Write(element);
        EndElement();
    }

    /// <summary>Writes a stanza for one recipient (see <see cref="Stanza.Write"/>).</summary>
    public void Write(Stanza stanza, Jid? to, ReadOnlySpan<byte> suffix)
    {
        stanza.Write(Output, to, suffix, StanzaNamespace);
        EndElement();
    }

    /// <summary>Sends what was gathered, in one piece.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public abstract ValueTask FlushAsync(CancellationToken cancellation);

    /// <summary>Forgets the stream and expects a new header (after TLS and SASL; RFC 6120 §4.3.3).</summary>
    public abstract void Restart();

    /// <summary>Turns TLS on, as the side that this is; nothing may have been read ahead.</summary>
    public virtual Task StartTlsAsync(CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>Ends the connection below the stream at once.</summary>
    public abstract ValueTask DisposeAsync();
}
