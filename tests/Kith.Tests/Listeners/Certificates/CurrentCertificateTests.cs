using System.Security.Cryptography;
using Kith.Listeners.Certificates;
using Kith.Options;
using Shouldly;
using Xunit;

namespace Kith.Tests.Listeners.Certificates;

public sealed class CurrentCertificateTests : IDisposable
{
    private static readonly DateTimeOffset _start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan _look = TimeSpan.FromSeconds(5);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new(_start);
    private readonly RecordingLog<CurrentCertificate> _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_loaded_from_the_data_directory_with_their_chain()
    {
        Write(TestCertificate.WithChain("a.example", _start.AddDays(30)));

        using CurrentCertificate certificate = FromFiles();

        certificate.Value.Leaf.Subject.ShouldBe("CN=a.example");
        certificate.Value.Leaf.HasPrivateKey.ShouldBeTrue();
        certificate.Value.Context.TargetCertificate.ShouldBe(certificate.Value.Leaf);
        certificate
            .Value.Settings(TlsPurpose.Https)
            .Options.ServerCertificateContext.ShouldBe(certificate.Value.Context);
    }

    [Fact]
    public void The_key_may_be_in_the_certificates_file()
    {
        TestCertificate both = TestCertificate.Ecdsa("a.example", _start.AddDays(30));
        File.WriteAllText(_folder.At("both.pem"), both.Key + "\n" + both.Certificate);

        using CurrentCertificate certificate = Start(
            new TlsOptions { Mode = TlsMode.Files, Certificate = _folder.At("both.pem") }
        );

        certificate.Value.Leaf.Subject.ShouldBe("CN=a.example");
    }

    [Fact]
    public void A_changed_file_is_used_within_seconds_without_a_restart()
    {
        Write(TestCertificate.Ecdsa("old.example", _start.AddDays(30)));
        using CurrentCertificate certificate = FromFiles();
        ServerCertificate old = certificate.Value;
        _time.Advance(_look);
        certificate.Value.ShouldBeSameAs(old);

        Write(
            TestCertificate.Rsa("new.example", _start.AddDays(90), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        );
        _time.Advance(_look);

        certificate.Value.Leaf.Subject.ShouldBe("CN=new.example");
        _log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public void A_link_that_leads_elsewhere_counts_as_a_change()
    {
        Write(TestCertificate.Ecdsa("old.example", _start.AddDays(30)), "1");
        Write(TestCertificate.Ecdsa("new.example", _start.AddDays(30)), "2");
        Directory.CreateSymbolicLink(_folder.At("now"), _folder.At("1"));
        using CurrentCertificate certificate = Start(
            new TlsOptions
            {
                Mode = TlsMode.Files,
                Certificate = "now/cert.pem",
                Key = "now/key.pem",
            }
        );

        Directory.Delete(_folder.At("now"));
        Directory.CreateSymbolicLink(_folder.At("now"), _folder.At("2"));
        certificate.Check();

        certificate.Value.Leaf.Subject.ShouldBe("CN=new.example");
    }

    [Theory]
    [InlineData("cert.pem", "no certificate")]
    [InlineData("key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    [InlineData("key.pem", null)]
    public void A_broken_file_is_one_logged_error_and_the_old_certificate_stays(string file, string? content)
    {
        Write(TestCertificate.Ecdsa("old.example", _start.AddDays(30)));
        using CurrentCertificate certificate = FromFiles();
        ServerCertificate old = certificate.Value;

        if (content is null)
            File.Delete(_folder.At(file));
        else
            File.WriteAllText(_folder.At(file), content);
        _time.Advance(20 * _look);

        certificate.Value.ShouldBeSameAs(old);
        _log.Errors.ShouldHaveSingleItem().ShouldContain(_folder.Path);
    }

    [Fact]
    public void A_certificate_that_is_replaced_before_its_key_is_no_error()
    {
        Write(TestCertificate.Ecdsa("old.example", _start.AddDays(30)));
        using CurrentCertificate certificate = FromFiles();
        TestCertificate renewed = TestCertificate.Ecdsa("new.example", _start.AddDays(90));

        File.WriteAllText(_folder.At("cert.pem"), renewed.Certificate);
        _time.Advance(_look);
        certificate.Value.Leaf.Subject.ShouldBe("CN=old.example");
        File.WriteAllText(_folder.At("key.pem"), renewed.Key);
        _time.Advance(_look);

        certificate.Value.Leaf.Subject.ShouldBe("CN=new.example");
        _log.Errors.ShouldBeEmpty();
    }

    [Fact]
    public void A_new_file_that_has_ended_already_is_refused()
    {
        Write(TestCertificate.Ecdsa("old.example", _start.AddDays(30)));
        using CurrentCertificate certificate = FromFiles();

        Write(TestCertificate.Ecdsa("new.example", _start.AddDays(-1)));
        _time.Advance(2 * _look);

        certificate.Value.Leaf.Subject.ShouldBe("CN=old.example");
        _log.Errors.ShouldHaveSingleItem().ShouldContain("ended at");
    }

    [Fact]
    public void Without_a_usable_first_certificate_there_is_no_start()
    {
        Write(
            new TestCertificate(
                TestCertificate.Ecdsa("a.example", _start.AddDays(30)).Certificate,
                TestCertificate.Ecdsa("a.example", _start.AddDays(30)).Key
            )
        );
        Should.Throw<CryptographicException>(FromFiles).Message.ShouldContain(_folder.At("key.pem"));
        File.Delete(_folder.At("cert.pem"));
        Should.Throw<IOException>(FromFiles);
    }

    [Fact]
    public void Acme_is_self_signed_for_now_and_says_so()
    {
        using CurrentCertificate certificate = Start(new TlsOptions { Mode = TlsMode.Acme });

        certificate.Value.Leaf.MatchesHostname("kith.example").ShouldBeTrue();
        _log.Lines.ShouldContain(line => line.StartsWith("Warning: Tls:Mode is acme"));
    }

    private CurrentCertificate FromFiles() =>
        Start(
            new TlsOptions
            {
                Mode = TlsMode.Files,
                Certificate = "cert.pem",
                Key = "key.pem",
            }
        );

    private CurrentCertificate Start(TlsOptions tls) =>
        new(new KithOptions { Domain = "kith.example", Tls = tls }, _folder.Path, _time, _log);

    private void Write(TestCertificate certificate, string folder = "")
    {
        Directory.CreateDirectory(_folder.At(folder));
        File.WriteAllText(_folder.At(Path.Combine(folder, "cert.pem")), certificate.Certificate);
        File.WriteAllText(_folder.At(Path.Combine(folder, "key.pem")), certificate.Key);
    }
}
