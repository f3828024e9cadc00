using System.Net.Security;
using Kith.Listeners.Certificates;
using Microsoft.AspNetCore.Connections;

namespace Kith.Listeners.OnePort;

/// <summary>
/// Who takes what comes through the one port, besides HTTP. Who is null is not there: a connection for it is refused as TLS
/// refuses what nobody speaks (RFC 7301 §3.2).
/// </summary>
internal sealed record Doors(Func<ServerCertificate> Certificate, ClientConnections Clients)
{
    /// <summary>Other servers, TLS not begun yet: who serves them asks for their certificate.</summary>
    public Func<ConnectionContext, Task>? Servers { get; init; }

    /// <summary>STUN and TURN, within TLS.</summary>
    public Func<ConnectionContext, Stream, Task>? Relay { get; init; }

    /// <summary>The certificate that proves the possession of a name (RFC 8737 §3); null when none is being proved.</summary>
    public Func<string, SslStreamCertificateContext?>? Challenge { get; init; }
}
