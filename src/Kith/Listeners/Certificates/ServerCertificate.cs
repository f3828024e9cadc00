using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Xmpp.Sasl;
using Xmpp.Server.Streams;

namespace Kith.Listeners.Certificates;

/// <summary>Which kind of listener a TLS handshake belongs to; it decides about ALPN (RFC 7301).</summary>
internal enum TlsPurpose
{
    /// <summary>After STARTTLS: no ALPN (RFC 6120 §5).</summary>
    StartTls,

    /// <summary>Direct TLS for clients: <c>xmpp-client</c> (XEP-0368).</summary>
    Client,

    /// <summary>HTTP/2 and HTTP/1.1.</summary>
    Https,

    /// <summary>TURN over TLS: <c>stun.turn</c> (RFC 7443), where the client says anything.</summary>
    Relay,
}

/// <summary>
/// One certificate with its chain, ready for handshakes: the chain is built once, here, and never per connection.
/// Connections keep the one that they began with. Never disposed by hand: handshakes may still be using it.
/// </summary>
internal sealed class ServerCertificate
{
    private static readonly SslApplicationProtocol _xmppClient = new("xmpp-client");
    private static readonly SslApplicationProtocol _turn = new("stun.turn");
    private static readonly SslApplicationProtocol _stun = new("stun.nat-discovery");

    private readonly TlsSettings[] _settings;

    /// <param name="leaf">With its private key.</param>
    /// <param name="intermediates">In any order, without the root.</param>
    public ServerCertificate(X509Certificate2 leaf, X509Certificate2Collection intermediates)
    {
        Leaf = leaf;
        (NotBefore, NotAfter) = (new DateTimeOffset(leaf.NotBefore), new DateTimeOffset(leaf.NotAfter));
        // Offline: missing intermediates are not looked for on the network.
        Context = SslStreamCertificateContext.Create(leaf, intermediates, offline: true);
        ServerEndPoint = ChannelBinding.ServerEndPoint(leaf);
        // In the order of TlsPurpose.
        _settings =
        [
            Make(null),
            Make([_xmppClient]),
            Make([SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]),
            Make([_turn, _stun]),
        ];
    }

    public X509Certificate2 Leaf { get; }

    public SslStreamCertificateContext Context { get; }

    /// <summary><c>tls-server-end-point</c> (RFC 5929 §4), or null where it is not defined for this certificate.</summary>
    public ChannelBinding? ServerEndPoint { get; }

    public DateTimeOffset NotBefore { get; }

    public DateTimeOffset NotAfter { get; }

    /// <summary>Shared by all handshakes of this kind; not to be changed.</summary>
    public TlsSettings Settings(TlsPurpose purpose) => _settings[(int)purpose];

    /// <summary>What proves the possession of a name to an ACME server (RFC 8737 §3).</summary>
    public static TlsSettings ForChallenge(SslStreamCertificateContext certificate) =>
        new(Options(certificate, [new SslApplicationProtocol("acme-tls/1")]), []);

    private TlsSettings Make(List<SslApplicationProtocol>? protocols) =>
        new(Options(Context, protocols), ServerEndPoint is { } binding ? [binding] : []);

    private static SslServerAuthenticationOptions Options(
        SslStreamCertificateContext certificate,
        List<SslApplicationProtocol>? protocols
    ) =>
        new()
        {
            ServerCertificateContext = certificate,
            // RFC 7590 §3.1, and its successors: nothing below TLS 1.2.
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
            ApplicationProtocols = protocols,
            ClientCertificateRequired = false,
        };
}
