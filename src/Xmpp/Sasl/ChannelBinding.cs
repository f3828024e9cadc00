using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Xmpp.Sasl;

/// <summary>What ties a sign-in to the TLS connection it runs in (RFC 5056).</summary>
/// <param name="Type">The registered name, such as <c>tls-server-end-point</c>.</param>
/// <param name="Data">The bytes that both ends of one connection agree upon.</param>
public sealed record ChannelBinding(string Type, byte[] Data)
{
    public const string ServerEndPointType = "tls-server-end-point";

    /// <summary><c>tls-server-end-point</c> of a certificate (RFC 5929 §4.1), or null for signatures whose hash the
    /// RFC leaves undefined.</summary>
    public static ChannelBinding? ServerEndPoint(X509Certificate2 certificate)
    {
        var hash = SignatureHash(certificate.SignatureAlgorithm.Value);
        return hash is { } name ? new(ServerEndPointType, certificate.GetCertHash(name)) : null;
    }

    private static HashAlgorithmName? SignatureHash(string? oid) =>
        oid switch
        {
            // MD5 and SHA-1 count as SHA-256.
            "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.10045.4.1" => HashAlgorithmName.SHA256,
            "1.2.840.113549.1.1.11" or "1.2.840.10045.4.3.2" => HashAlgorithmName.SHA256,
            "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => HashAlgorithmName.SHA384,
            "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => HashAlgorithmName.SHA512,
            _ => null,
        };
}
