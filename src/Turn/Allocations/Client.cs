using Turn.Protocol;
using Turn.Sockets;

namespace Turn.Allocations;

/// <summary>Who asks: one 5-tuple (RFC 8656 §2), over UDP or on a connection.</summary>
internal abstract class Client(TransportAddress remote, TransportAddress local)
{
    public TransportAddress Remote => remote;

    /// <summary>The server's address that the client reaches it by; its port is the listener's.</summary>
    public TransportAddress Local => local;

    /// <summary>On a stream messages end at multiples of four bytes (RFC 8656 §12.5).</summary>
    public abstract bool IsStream { get; }

    /// <summary>What it has here; set by the table.</summary>
    public virtual Allocation? Allocation { get; set; }

    /// <summary>Sends a STUN message.</summary>
    public abstract void Send(ReadOnlySpan<byte> message);

    /// <summary>Sends what a peer sent, framed, or drops it where the client does not keep up.</summary>
    public abstract void Deliver(in Packet packet);
}
