using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Kith.Tests.Listeners.Certificates;

/// <summary>Certificates made for one test, as PEM.</summary>
internal sealed record TestCertificate(string Certificate, string Key)
{
    public static TestCertificate Ecdsa(string name, DateTimeOffset until, HashAlgorithmName? hash = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, hash ?? HashAlgorithmName.SHA256);
        return Sign(request, name, until, key.ExportPkcs8PrivateKeyPem());
    }

    public static TestCertificate Rsa(
        string name,
        DateTimeOffset until,
        HashAlgorithmName hash,
        RSASignaturePadding padding
    )
    {
        using var key = RSA.Create(2048);
        return Sign(
            new CertificateRequest($"CN={name}", key, hash, padding),
            name,
            until,
            key.ExportPkcs8PrivateKeyPem()
        );
    }

    /// <summary>A leaf and the intermediate that signed it, without the root: <c>fullchain.pem</c> of ACME clients.</summary>
    public static TestCertificate WithChain(string name, DateTimeOffset until)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var intermediateKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest rootRequest = Authority("Root", rootKey);
        using X509Certificate2 root = rootRequest.CreateSelfSigned(until.AddDays(-90), until.AddDays(2));
        using X509Certificate2 signed = Authority("Intermediate", intermediateKey)
            .Create(root, until.AddDays(-90), until.AddDays(1), [1]);
        using X509Certificate2 intermediate = signed.CopyWithPrivateKey(intermediateKey);
        using X509Certificate2 leaf = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).Create(
            intermediate,
            until.AddDays(-90),
            until,
            [2]
        );
        return new TestCertificate(
            $"{leaf.ExportCertificatePem()}\n{intermediate.ExportCertificatePem()}\n",
            key.ExportPkcs8PrivateKeyPem()
        );
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        return request;
    }

    private static TestCertificate Sign(CertificateRequest request, string name, DateTimeOffset until, string key)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(until.AddDays(-90), until);
        return new TestCertificate(certificate.ExportCertificatePem(), key);
    }
}
