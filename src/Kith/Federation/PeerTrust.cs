using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Xmpp.Server.Federation;

namespace Kith.Federation;

/// <summary>
/// Looks at what another server has shown (RFC 6120 §13.7.2): it must lead to one of the system's roots, or of
/// <c>Federation:TrustedRoots</c>. Authorities give out certificates for the use as a server only; between servers those
/// count for clients too (XEP-0178 §2).
/// </summary>
internal sealed class PeerTrust(X509Certificate2Collection roots, TimeProvider time)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <exception cref="IOException">The file cannot be used; the message names it.</exception>
    public static PeerTrust Load(string? file, TimeProvider time)
    {
        X509Certificate2Collection roots = [];
        try
        {
            if (file is not null)
                roots.ImportFromPemFile(file);
        }
        catch (CryptographicException fault)
        {
            throw new IOException($"{file} holds no certificates that can be read: {fault.Message}", fault);
        }
        return new PeerTrust(roots, time);
    }

    /// <param name="sent">What came with it, to lead to a root.</param>
    public PeerCertificate Examine(X509Certificate2 certificate, X509Certificate2Collection sent)
    {
        string? fault = Fault(certificate, sent, custom: false);
        if (fault is not null && roots.Count > 0)
            fault = Fault(certificate, sent, custom: true);
        return new PeerCertificate(CertificateNames.Of(certificate), fault);
    }

    private string? Fault(X509Certificate2 certificate, X509Certificate2Collection sent, bool custom)
    {
        using var chain = new X509Chain { ChainPolicy = Policy() };
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().UtcDateTime;
        chain.ChainPolicy.ExtraStore.AddRange(sent);
        if (custom)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        }
        return chain.Build(certificate) ? null : Describe(certificate, chain.ChainStatus);
    }

    /// <summary>For the handshake itself too: nothing is fetched from elsewhere.</summary>
    public static X509ChainPolicy Policy() =>
        new()
        {
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            ApplicationPolicy = { new Oid(ServerAuthentication) },
        };

    private string Describe(X509Certificate2 certificate, X509ChainStatus[] faults)
    {
        bool Has(X509ChainStatusFlags fault) => faults.Any(each => each.Status == fault);
        DateTime now = time.GetUtcNow().UtcDateTime;
        if (certificate.NotAfter.ToUniversalTime() < now)
            return $"it was good until {certificate.NotAfter.ToUniversalTime():u}";
        if (certificate.NotBefore.ToUniversalTime() > now)
            return $"it is good from {certificate.NotBefore.ToUniversalTime():u}, and the clock here says {now:u}";
        if (Has(X509ChainStatusFlags.UntrustedRoot) || Has(X509ChainStatusFlags.PartialChain))
            return $"nobody that is trusted here has signed it, but {certificate.Issuer}";
        return string.Join(", ", faults.Select(each => each.Status));
    }
}
