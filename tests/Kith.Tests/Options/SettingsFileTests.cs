using Kith.Options;
using Shouldly;
using Xunit;

namespace Kith.Tests.Options;

public sealed class SettingsFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.At("kith.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_new_file_is_made_for_its_owner_alone()
    {
        Change(("Domain", "kith.example"), ("Listen:Http", "8080")).ShouldBeEmpty();

        File.ReadAllText(Path)
            .ShouldBe("{\n  \"Domain\": \"kith.example\",\n  \"Listen\": {\n    \"Http\": 8080\n  }\n}\n");
        File.GetUnixFileMode(Path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(_folder.Path).ShouldBe([Path]);
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        Change(
                ("Federation:Domains", "a.example,!b.example"),
                ("Federation:Hosts", "a.example=h.example:5269"),
                ("Uploads:MaxBytes", "2 MiB"),
                ("Relay:AllowPrivatePeers", "true"),
                ("Tls:Acme:Email", "a@kith.example")
            )
            .ShouldBeEmpty();

        KithOptions options = Read();
        options.Federation.Domains.ShouldBe(["a.example", "!b.example"]);
        options.Federation.Hosts["a.example"].ShouldBe(new HostPort("h.example", 5269));
        options.Uploads.MaxBytes.ShouldBe(2 << 20);
        options.Relay.AllowPrivatePeers.ShouldBeTrue();
        options.Tls.AcmeEmail.ShouldBe("a@kith.example");
    }

    [Fact]
    public void Other_values_stay_and_a_changed_one_is_there_once_however_it_was_written()
    {
        File.WriteAllText(
            Path,
            """{ "listen:http": 1, "Listen": { "HTTP": 2, "Https": 3 }, "Archive": { "Days": 5 } }"""
        );

        Change(("Listen:Http", "8080"), ("Archive:Days", null)).ShouldBeEmpty();

        KithOptions options = Read();
        options.Listen.Http.ShouldBe(8080);
        options.Listen.Https.ShouldBe(3);
        options.Archive.Days.ShouldBe(0);
        File.ReadAllText(Path).ShouldNotContain("listen:http");
    }

    [Fact]
    public void Nothing_is_written_when_one_change_is_bad()
    {
        Change(("Domain", "kith.example")).ShouldBeEmpty();
        string before = File.ReadAllText(Path);

        Change(("Listen:Http", "8080"), ("Listen:Https", "x"), ("Lisen:Http", "1")).Count.ShouldBe(2);

        File.ReadAllText(Path).ShouldBe(before);
    }

    [Fact]
    public void A_broken_file_is_not_overwritten()
    {
        File.WriteAllText(Path, "{ broken");
        Change(("Domain", "kith.example")).ShouldHaveSingleItem().ShouldContain("not valid JSON");
        File.ReadAllText(Path).ShouldBe("{ broken");
    }

    private IReadOnlyList<string> Change(params (string Key, string? Text)[] changes) =>
        SettingsFile.Change(Path, changes.ToDictionary(change => change.Key, change => change.Text));

    private KithOptions Read() => SettingsReader.Read(_folder.Path, new Dictionary<string, string>(), []).Options!;
}
