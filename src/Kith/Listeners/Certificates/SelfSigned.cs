using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kith.Listeners.Certificates;

/// <summary>
/// A certificate that the box makes for itself: ECDSA P-256, for the domain, its rooms and <c>localhost</c>. Kept in one
/// file with its key, so that the two never part.
/// </summary>
internal sealed class SelfSigned(string directory, string domain, TimeProvider time) : ICertificateSource
{
    private static readonly TimeSpan _lifetime = TimeSpan.FromDays(730);
    private static readonly TimeSpan _renewBefore = TimeSpan.FromDays(30);

    private ServerCertificate? _current;

    private string FilePath => Path.Combine(directory, "self-signed.pem");

    /// <summary>The kept one while it is good; otherwise a new one, kept from now on.</summary>
    public ServerCertificate First() => _current = TryLoad() is { } kept && IsGood(kept) ? kept : Create();

    public ServerCertificate? Newer() => _current is { } current && IsGood(current) ? null : _current = Create();

    // For these names, and neither close to its end nor from a future that a wrong clock made.
    private bool IsGood(ServerCertificate certificate)
    {
        DateTimeOffset now = time.GetUtcNow();
        return certificate.NotBefore <= now
            && now < certificate.NotAfter - _renewBefore
            && Names().All(name => certificate.Leaf.MatchesHostname(name, allowCommonName: false));
    }

    private ServerCertificate? TryLoad()
    {
        try
        {
            byte[] pem = File.ReadAllBytes(FilePath);
            return PemFiles.Load(pem, pem);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or CryptographicException)
        {
            return null;
        }
    }

    private ServerCertificate Create()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string[] names = Names();
        var request = new CertificateRequest($"CN={CommonName(names[0])}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
            alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(
            new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true)
        );
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false) // server authentication
        );
        // A day back: clocks of clients are not always right.
        DateTimeOffset from = time.GetUtcNow().AddDays(-1);
        using X509Certificate2 certificate = request.CreateSelfSigned(from, from + _lifetime);
        byte[] pem = Encoding.ASCII.GetBytes(
            $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n"
        );
        Keep(pem);
        return PemFiles.Load(pem, pem);
    }

    private void Keep(byte[] pem)
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Directory.CreateDirectory(directory, owner | UnixFileMode.UserExecute);
        string fresh = FilePath + ".new";
        File.Delete(fresh);
        var create = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = owner,
        };
        using (var file = new FileStream(fresh, create))
        {
            file.Write(pem);
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, FilePath, overwrite: true);
    }

    // Before the set-up there is no domain.
    private string[] Names()
    {
        if (domain.Length == 0)
            return ["localhost"];
        string ascii = new IdnMapping().GetAscii(domain);
        return [ascii, "groups." + ascii, "localhost"];
    }

    // At most 64 characters (RFC 5280, ub-common-name); the alternative names are what counts.
    private static string CommonName(string name) => name.Length <= 64 ? name : "Kith";
}
