using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kith.Federation;
using Shouldly;
using Xmpp.Server.Federation;
using Xunit;

namespace Kith.Tests.Federation;

/// <summary>What makes another server's certificate good (RFC 6120 §13.7.2, platform.md).</summary>
public sealed class PeerTrustTests
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string MailUse = "1.3.6.1.5.5.7.3.4";
    private static readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    private static X509Certificate2 Root(string name)
    {
        var request = new CertificateRequest(
            $"CN={name}",
            ECDsa.Create(ECCurve.NamedCurves.nistP256),
            HashAlgorithmName.SHA256
        );
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(_now.AddDays(-30), _now.AddDays(30));
    }

    private static X509Certificate2 Issue(X509Certificate2 root, string use, int from = -1, int until = 1)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=away.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("away.test");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        return request.Create(root, _now.AddDays(from), _now.AddDays(until), [1, 2, 3]);
    }

    private static PeerCertificate Examine(X509Certificate2 leaf, params X509Certificate2[] roots) =>
        new PeerTrust([.. roots], TimeProvider.System).Examine(leaf, []);

    // Public authorities give out no others.
    [Fact]
    public void One_for_servers_only_is_good_between_servers()
    {
        using X509Certificate2 root = Root("good");
        using X509Certificate2 leaf = Issue(root, ServerUse);
        PeerCertificate found = Examine(leaf, root);
        found.Fault.ShouldBeNull();
        found.IsValidFor("away.test").ShouldBeTrue();
        found.IsValidFor("other.test").ShouldBeFalse();
    }

    [Fact]
    public void What_is_wrong_is_said()
    {
        using X509Certificate2 root = Root("good");
        using X509Certificate2 other = Root("other");
        using X509Certificate2 leaf = Issue(root, ServerUse);
        Examine(leaf, other).Fault.ShouldBe("nobody that is trusted here has signed it, but CN=good");
        Examine(leaf).Fault.ShouldBe("nobody that is trusted here has signed it, but CN=good");
        using X509Certificate2 old = Issue(root, ServerUse, from: -9, until: -2);
        Examine(old, root).Fault.ShouldNotBeNull().ShouldStartWith("it was good until");
        using X509Certificate2 early = Issue(root, ServerUse, from: 2, until: 9);
        Examine(early, root).Fault.ShouldNotBeNull().ShouldContain("the clock here says");
        using X509Certificate2 mail = Issue(root, MailUse);
        Examine(mail, root).Fault.ShouldNotBeNull().ShouldContain("NotValidForUsage");
    }

    [Fact]
    public void Roots_come_from_a_file_that_can_be_read()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "roots.pem");
        using X509Certificate2 root = Root("good");
        File.WriteAllText(file, root.ExportCertificatePem());
        using X509Certificate2 leaf = Issue(root, ServerUse);
        PeerTrust.Load(file, TimeProvider.System).Examine(leaf, []).Fault.ShouldBeNull();
        Should.Throw<IOException>(() => PeerTrust.Load(Path.Combine(folder.Path, "none.pem"), TimeProvider.System));
        File.WriteAllText(file, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Should
            .Throw<IOException>(() => PeerTrust.Load(file, TimeProvider.System))
            .Message.ShouldContain("holds no certificates that can be read");
    }
}
