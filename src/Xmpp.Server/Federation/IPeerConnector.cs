using Xmpp.Server.Streams;

namespace Xmpp.Server.Federation;

/// <summary>Where a server may answer, and whether TLS comes first there (XEP-0368).</summary>
public sealed record PeerRoute(string Host, int Port, bool DirectTls)
{
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>The way to other servers: names, sockets and TLS are its concern.</summary>
public interface IPeerConnector
{
    /// <summary>
    /// Where the domain's server answers, in the order of trial (RFC 6120 §3.2, RFC 2782). Empty: there is no such domain, or
    /// it says that it has no such service.
    /// </summary>
    /// <exception cref="IOException">It could not be found out now.</exception>
    Task<IReadOnlyList<PeerRoute>> FindAsync(string domain, CancellationToken cancellation);

    /// <summary>
    /// A connection that is to be begun (<see cref="Transport.BeginAsync"/>) or that can start TLS, as a client of the
    /// domain's server; it names the peer's certificate and refuses none.
    /// </summary>
    /// <exception cref="IOException">Nobody answers there.</exception>
    Task<Transport> ConnectAsync(string domain, PeerRoute route, CancellationToken cancellation);
}

/// <summary>Why a server was not reached.</summary>
internal enum PeerFault
{
    /// <summary>The domain does not exist.</summary>
    NotFound,

    /// <summary>It does not answer, or not well.</summary>
    Unreachable,

    /// <summary>Its identity cannot be trusted, or it does not trust ours.</summary>
    Refused,
}

/// <summary>A server was not reached; the message is for the log.</summary>
internal sealed class PeerException(PeerFault fault, string message) : Exception(message)
{
    public PeerFault Fault { get; } = fault;
}
