namespace Xmpp.Server.Federation;

/// <summary>
/// What a peer has shown in its TLS handshake: for whom it speaks, and what is wrong with it (null: it leads to a trusted
/// root and is good now).
/// </summary>
public sealed record PeerCertificate(CertificateNames Names, string? Fault)
{
    /// <summary>True when it is to be trusted, and speaks for the domain.</summary>
    public bool IsValidFor(string domain) => Fault is null && Names.Cover(domain);

    /// <summary>Why it is not valid for the domain, and what was shown, for the log.</summary>
    public static string WhyNot(PeerCertificate? certificate, string domain) =>
        certificate switch
        {
            null => "it shows none",
            { Fault: { } fault } => $"{fault} (it is for {certificate.Names})",
            _ => $"it is for {certificate.Names}, not for {domain}",
        };
}
