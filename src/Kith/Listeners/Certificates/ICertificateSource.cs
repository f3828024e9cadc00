using System.Security.Cryptography;

namespace Kith.Listeners.Certificates;

/// <summary>Where the certificate comes from.</summary>
internal interface ICertificateSource
{
    /// <summary>The certificate to start with.</summary>
    /// <exception cref="CryptographicException">It cannot be used.</exception>
    /// <exception cref="IOException">It cannot be read or kept.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read or kept.</exception>
    ServerCertificate First();

    /// <summary>The one that takes its place, or null while it holds. Fails as <see cref="First"/> does.</summary>
    ServerCertificate? Newer();
}
