using System.Security.Cryptography.X509Certificates;
using Kith.Tests.Client;
using Kith.Tests.Listeners.Certificates;
using Kith.Tests.Program;
using Shouldly;
using Xunit;

namespace Kith.Tests.Restart;

/// <summary>Certificates from files: the next one comes without a restart, and nobody is thrown out for it.</summary>
[Collection(nameof(PublishedProgram))]
public sealed class CertificateTests
{
    [Fact]
    public async Task A_new_certificate_is_shown_to_new_connections_and_drops_no_session()
    {
        using KithHome home = await KithHome.CreateAsync(["ada", "ben"]);
        (string certificate, string key) = (home.At("home.pem"), home.At("home.key"));
        Write(certificate, key);
        await using KithProcess kith = await KithProcess.StartAsync(
            home,
            "Tls:Mode=files",
            $"Tls:Certificate={certificate}",
            $"Tls:Key={key}"
        );
        var early = new Device(KithHome.Domain, "ada", "phone");
        await early.ConnectAsync(home.DirectTls);

        Write(certificate, key);
        kith.Reload();
        await kith.SaysAsync("Certificate CN=", times: 2);

        var late = new Device(KithHome.Domain, "ben", "phone");
        await late.ConnectAsync(home.StartTls);
        late.Wire.Certificate!.Thumbprint.ShouldNotBe(early.Wire.Certificate!.Thumbprint);
        string word = await early.SendMessageAsync(late.Account, request: true);
        string answer = await late.SendMessageAsync(early.Account, request: true);
        await late.WhileOnline(() => late.Ledger.Has(word), "a word from who was there before");
        await early.WhileOnline(() => early.Ledger.Has(answer), "an answer over the old connection");
        late.Wire.Certificate.Thumbprint.ShouldBe(TestThumbprint(certificate));
    }

    private static void Write(string certificate, string key)
    {
        TestCertificate made = TestCertificate.Ecdsa(KithHome.Domain, DateTimeOffset.UtcNow.AddDays(60));
        File.WriteAllText(key + ".new", made.Key);
        File.WriteAllText(certificate + ".new", made.Certificate);
        File.Move(key + ".new", key, overwrite: true);
        File.Move(certificate + ".new", certificate, overwrite: true);
    }

    private static string TestThumbprint(string path)
    {
        using X509Certificate2 certificate = X509Certificate2.CreateFromPem(File.ReadAllText(path));
        return certificate.Thumbprint;
    }
}
