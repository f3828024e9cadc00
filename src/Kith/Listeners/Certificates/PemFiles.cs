using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kith.Listeners.Certificates;

/// <summary>Certificate and key from PEM files that somebody else renews (<c>Tls:Mode</c> <c>files</c>).</summary>
internal sealed class PemFiles(string certificatePath, string keyPath, TimeProvider time) : ICertificateSource
{
    private byte[] _certificate = [];
    private byte[] _key = [];

    public ServerCertificate First()
    {
        (_certificate, _key) = Read();
        return LoadNamed(_certificate, _key);
    }

    // Contents are compared, not times: a link that now leads elsewhere is noticed too.
    public ServerCertificate? Newer()
    {
        (byte[] certificate, byte[] key) = Read();
        if (certificate.AsSpan().SequenceEqual(_certificate) && key.AsSpan().SequenceEqual(_key))
            return null;
        ServerCertificate loaded = LoadNamed(certificate, key);
        if (loaded.NotAfter <= time.GetUtcNow())
            throw new CryptographicException($"{certificatePath} ended at {loaded.NotAfter:u}");
        (_certificate, _key) = (certificate, key);
        return loaded;
    }

    /// <summary>The first certificate is the server's own; those after it lead to its root.</summary>
    /// <exception cref="CryptographicException">No certificate, no key, or a key that is not the certificate's.</exception>
    public static ServerCertificate Load(byte[] certificatePem, byte[] keyPem)
    {
        string text = Encoding.UTF8.GetString(certificatePem);
        X509Certificate2 leaf;
        try
        {
            leaf = X509Certificate2.CreateFromPem(text, Encoding.UTF8.GetString(keyPem));
        }
        catch (ArgumentException e)
        {
            // What a key that does not match, or an encrypted one, is called there.
            throw new CryptographicException(e.Message, e);
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(text);
        chain.RemoveAt(0);
        return new ServerCertificate(leaf, chain);
    }

    private ServerCertificate LoadNamed(byte[] certificate, byte[] key)
    {
        try
        {
            return Load(certificate, key);
        }
        catch (CryptographicException e)
        {
            string where = keyPath == certificatePath ? "it" : keyPath;
            throw new CryptographicException(
                $"{certificatePath} holds no certificate in PEM form whose unencrypted key is in {where}",
                e
            );
        }
    }

    private (byte[] Certificate, byte[] Key) Read() => (File.ReadAllBytes(certificatePath), File.ReadAllBytes(keyPath));
}
