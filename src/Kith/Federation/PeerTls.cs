using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kith.Listeners.Certificates;
using Xmpp.Addresses;
using Xmpp.Server.Federation;
using Xmpp.Server.Streams;

namespace Kith.Federation;

/// <summary>
/// TLS between servers, as either side: both show a certificate, none is refused in the handshake, and what was shown goes to
/// the stream, which knows whom it is to prove (RFC 6120 §5, XEP-0368 with ALPN <c>xmpp-server</c>).
/// </summary>
internal sealed class PeerTls(Func<ServerCertificate> certificate, PeerTrust trust)
{
    public static SslApplicationProtocol Protocol { get; } = new("xmpp-server");

    /// <summary>For a connection that another server has made.</summary>
    public PeerHandshake Accept(bool direct) => (plain, cancellation) => AcceptAsync(plain, direct, cancellation);

    /// <summary>For a connection to the server of a domain.</summary>
    public PeerHandshake Connect(string domain, bool direct) =>
        (plain, cancellation) => ConnectAsync(plain, domain, direct, cancellation);

    private async Task<(Stream, PeerCertificate?)> AcceptAsync(
        Stream plain,
        bool direct,
        CancellationToken cancellation
    )
    {
        var shown = new Shown(trust);
        var stream = new SslStream(plain, leaveInnerStreamOpen: false);
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = certificate().Context,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                AllowRenegotiation = false,
                ApplicationProtocols = direct ? [Protocol] : null,
                ClientCertificateRequired = true,
                CertificateChainPolicy = PeerTrust.Policy(),
                RemoteCertificateValidationCallback = shown.Look,
            },
            cancellation
        );
        return (stream, shown.Certificate);
    }

    private async Task<(Stream, PeerCertificate?)> ConnectAsync(
        Stream plain,
        string domain,
        bool direct,
        CancellationToken cancellation
    )
    {
        var shown = new Shown(trust);
        var stream = new SslStream(plain, leaveInnerStreamOpen: false);
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = Idna.TryToAscii(domain, out string? ascii) ? ascii : domain,
                ClientCertificateContext = certificate().Context,
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                AllowRenegotiation = false,
                ApplicationProtocols = direct ? [Protocol] : null,
                CertificateChainPolicy = PeerTrust.Policy(),
                RemoteCertificateValidationCallback = shown.Look,
            },
            cancellation
        );
        return (stream, shown.Certificate);
    }

    private sealed class Shown(PeerTrust trust)
    {
        public PeerCertificate? Certificate { get; private set; }

        // Whether it is enough is not the handshake's to say.
        public bool Look(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors faults)
        {
            if (certificate is X509Certificate2 leaf)
                Certificate = trust.Examine(leaf, chain?.ChainPolicy.ExtraStore ?? []);
            return true;
        }
    }
}
