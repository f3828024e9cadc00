using System.Net;
using Kith.Options;
using Serilog.Events;
using Shouldly;
using Xunit;

namespace Kith.Tests.Options;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void With_nothing_set_the_defaults_hold()
    {
        KithOptions options = Good();

        options.Domain.ShouldBe("");
        options.Listen.Https.ShouldBe(443);
        options.Tls.Mode.ShouldBe(TlsMode.Acme);
        options.Federation.Mode.ShouldBe(FederationMode.Open);
        options.Logging.Level.ShouldBe(LogEventLevel.Information);
    }

    [Fact]
    public void The_file_the_environment_and_the_command_line_win_in_this_order()
    {
        File("""{ "Listen": { "Http": 81, "Https": 444, "Client": 5322 } }""");
        _environment["KITH__Listen__Https"] = "445";
        _environment["KITH__Listen__Client"] = "5422";

        KithOptions options = Good("Listen:Client=5522");

        options.Listen.Http.ShouldBe(81);
        options.Listen.Https.ShouldBe(445);
        options.Listen.Client.ShouldBe(5522);
    }

    [Fact]
    public void Of_two_values_for_one_key_the_later_wins() =>
        Good("Archive:Days=3", "archive:days=4").Archive.Days.ShouldBe(4);

    [Fact]
    public void It_tells_where_a_value_comes_from()
    {
        File("""{ "Domain": "kith.example", "Archive": { "Days": 3 } }""");

        SettingsResult result = Read("Archive:Days=4");

        result.Sources.ShouldBe(
            new Dictionary<string, string> { ["Domain"] = "kith.json", ["Archive:Days"] = "--set" },
            ignoreOrder: true
        );
    }

    [Fact]
    public void The_file_may_nest_or_write_whole_keys_with_comments_and_a_comma_too_many()
    {
        File(
            """
            {
              // the family
              "Domain": "kith.example",
              "Tls": { "Acme": { "Email": "a@kith.example" }, "Mode": "self-signed", },
              "Home:Name": "Our home",
            }
            """
        );

        KithOptions options = Good();

        options.Domain.ShouldBe("kith.example");
        options.Tls.AcmeEmail.ShouldBe("a@kith.example");
        options.Tls.Mode.ShouldBe(TlsMode.SelfSigned);
        options.Home.Name.ShouldBe("Our home");
    }

    [Theory]
    [InlineData("a.example,!b.example")]
    [InlineData("""["a.example", "!b.example"]""")]
    public void Lists_are_comma_separated_or_json(string text)
    {
        Good($"Federation:Domains={text}").Federation.Domains.ShouldBe(["a.example", "!b.example"]);
        _environment["KITH__Federation__Domains"] = text;
        Good().Federation.Domains.ShouldBe(["a.example", "!b.example"]);
    }

    [Theory]
    [InlineData("A.example=127.0.0.1:5269,b.example=[::1]:5270")]
    [InlineData("""{"a.example": "127.0.0.1:5269", "b.example": "[::1]:5270"}""")]
    public void Maps_are_pairs_or_json(string text) =>
        Good($"Federation:Hosts={text}")
            .Federation.Hosts.ShouldBe(
                new Dictionary<string, HostPort>
                {
                    ["a.example"] = new("127.0.0.1", 5269),
                    ["b.example"] = new("[::1]", 5270),
                },
                ignoreOrder: true
            );

    [Fact]
    public void Lists_and_maps_are_arrays_and_objects_in_the_file()
    {
        File(
            """
            { "Listen": { "TrustedProxies": ["10.0.0.0/8", "::1"] },
              "Federation": { "Hosts": { "a.example": "relay.example:5269" } } }
            """
        );

        KithOptions options = Good();

        options.Listen.TrustedProxies.ShouldBe([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("::1/128")]);
        options.Federation.Hosts["a.example"].ShouldBe(new HostPort("relay.example", 5269));
    }

    [Fact]
    public void Each_kind_of_value_arrives()
    {
        KithOptions options = Good(
            "Domain=Kith.Example",
            "Listen:Address=127.0.0.1",
            "Listen:RelayPorts=50000-50010",
            "Home:TimeZone=Europe/Berlin",
            "Home:Language=de-AT",
            "Dns:Server=9.9.9.9",
            "Uploads:MaxBytes=2 GiB",
            "Relay:AllowPrivatePeers=true",
            "Contact:Addresses=xmpp:admin@kith.example,mailto:admin@kith.example",
            "Limits:SignInFailures=0",
            "Logging:Level=debug"
        );

        options.Domain.ShouldBe("kith.example");
        options.Listen.Address.ShouldBe(IPAddress.Loopback);
        options.Listen.RelayPorts.ShouldBe(new PortRange(50000, 50010));
        options.Home.TimeZone!.Id.ShouldBe("Europe/Berlin");
        options.Home.Language.ShouldBe("de-AT");
        options.Dns.Server.ShouldBe(new IPEndPoint(IPAddress.Parse("9.9.9.9"), 53));
        options.Uploads.MaxBytes.ShouldBe(2L << 30);
        options.Relay.AllowPrivatePeers.ShouldBeTrue();
        options.Contact.Addresses.ShouldBe(["xmpp:admin@kith.example", "mailto:admin@kith.example"]);
        options.Limits.SignInFailures.ShouldBe(0);
        options.Logging.Level.ShouldBe(LogEventLevel.Debug);
    }

    [Theory]
    [InlineData("Domain=kith.example", "https://kith.example")]
    [InlineData("Domain=kith.example Listen:Https=8443", "https://kith.example:8443")]
    [InlineData("Domain=kith.example Listen:Https=0", "https://kith.example")]
    [InlineData("Domain=kith.example Public:Url=https://home.example/", "https://home.example")]
    public void The_public_address_is_as_set_or_follows_from_domain_and_port(string sets, string url) =>
        Good(sets.Split(' ')).PublicUrl.ShouldBe(url);

    private void File(string json) => System.IO.File.WriteAllText(_folder.At("kith.json"), json);

    private SettingsResult Read(params string[] sets) => SettingsReader.Read(_folder.Path, _environment, sets);

    private KithOptions Good(params string[] sets)
    {
        SettingsResult result = Read(sets);
        result.Problems.ShouldBeEmpty();
        return result.Options.ShouldNotBeNull();
    }
}
