using Kith.Options;
using Shouldly;
using Xunit;

namespace Kith.Tests.Options;

public sealed class BadSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Listen:Htps", "Listen:Https")]
    [InlineData("Https", "Listen:Https")]
    [InlineData("Listen:Port:Http", "Listen:Http")]
    [InlineData("Tls:Certifikate", "Tls:Certificate")]
    [InlineData("Logging:LogLevel", "Logging:Level")]
    [InlineData("Domian", "Domain")]
    public void An_unknown_key_is_refused_with_the_nearest_one(string key, string near) =>
        Bad($"{key}=1").ShouldBe($"--set: there is no setting {key}; did you mean {near}?");

    [Fact]
    public void A_key_that_is_near_to_none_points_to_the_list() =>
        Bad("Colour:Of:TheWalls=1")
            .ShouldBe("--set: there is no setting Colour:Of:TheWalls; kith run --help lists them all");

    [Fact]
    public void A_section_is_no_setting() => Bad("Listen=1").ShouldContain("Listen is a section");

    [Fact]
    public void A_bad_value_is_refused_with_its_name_the_value_and_what_is_valid() =>
        Bad("Listen:Http=eighty")
            .ShouldBe("--set: Listen:Http cannot be \"eighty\"; valid is a port from 0 to 65535; 0 = off");

    [Fact]
    public void The_line_names_the_file_or_the_variable_that_is_wrong()
    {
        _environment["KITH__Tls__Mode"] = "magic";
        Bad().ShouldBe("KITH__Tls__Mode: Tls:Mode cannot be \"magic\"; valid is one of acme, files, self-signed");
        _environment.Clear();
        File("""{ "Archive": { "Days": -1 } }""");
        Bad().ShouldStartWith("kith.json: Archive:Days cannot be \"-1\"");
    }

    [Fact]
    public void A_bad_value_is_refused_even_where_a_later_one_covers_it() =>
        Bad("Listen:Http=x", "Listen:Http=80").ShouldContain("Listen:Http");

    [Fact]
    public void A_value_with_line_breaks_stays_one_line() => Bad("Listen:Http=8\n0").ShouldNotContain('\n');

    [Theory]
    [InlineData("Domain=two words")]
    [InlineData("Domain=127.0.0.1")]
    [InlineData("Domain=anna@kith.example")]
    [InlineData("Listen:Address=everywhere")]
    [InlineData("Listen:Http=65536")]
    [InlineData("Listen:Http=")]
    [InlineData("Listen:RelayPorts=50010-50000")]
    [InlineData("Listen:TrustedProxies=10.0.0.0/33")]
    [InlineData("Public:Url=kith.example")]
    [InlineData("Public:Url=https://kith.example/?a=b")]
    [InlineData("Home:TimeZone=Middle-earth/Shire")]
    [InlineData("Home:Language=e")]
    [InlineData("Federation:Domains=a b")]
    [InlineData("Federation:Domains=[1]")]
    [InlineData("Federation:Domains=[\"a.example\"")]
    [InlineData("Federation:Hosts=a.example")]
    [InlineData("Federation:Hosts=a.example=b.example")]
    [InlineData("Federation:Hosts=a.example=b.example:0")]
    [InlineData("Federation:Hosts={\"a.example\": 1}")]
    [InlineData("Dns:Server=dns.example")]
    [InlineData("Uploads:MaxBytes=lots")]
    [InlineData("Uploads:MaxBytes=9999999 TiB")]
    [InlineData("Uploads:DiskPercent=0")]
    [InlineData("Relay:AllowPrivatePeers=perhaps")]
    [InlineData("Contact:Addresses=admin")]
    [InlineData("Limits:StanzaBytes=10")]
    [InlineData("Sessions:PerAccount=0")]
    [InlineData("Logging:Level=3")]
    public void Values_that_make_no_sense_are_refused(string set)
    {
        string key = set[..set.IndexOf('=')];
        Bad(set).ShouldStartWith($"--set: {key} cannot be ");
    }

    [Theory]
    [InlineData("Listen:Http")]
    [InlineData("=80")]
    public void What_is_not_key_and_value_is_refused(string set) =>
        Bad(set).ShouldContain("is not of the form Section:Key=VALUE");

    [Fact]
    public void Files_without_a_certificate_are_refused() =>
        Bad("Tls:Mode=files").ShouldContain("Tls:Certificate is empty");

    [Fact]
    public void Two_listeners_do_not_share_a_port()
    {
        Bad("Listen:Client=443")
            .ShouldBe("Listen:Https and Listen:Client cannot all be 443; valid are different ports, or 0 for off");
        Read("Listen:Server=0", "Listen:ServerTls=0").Problems.ShouldBeEmpty();
    }

    [Fact]
    public void A_file_that_is_no_json_is_refused_with_the_line()
    {
        File("{\n  \"Domain\": \n}");
        Bad().ShouldEndWith("kith.json: not valid JSON in line 3, byte 1");
        File("[]");
        Bad().ShouldContain("one JSON object");
    }

    [Fact]
    public void Every_problem_is_named_at_once() =>
        Read("Listen:Http=x", "Nothing=1", "Tls:Mode=y").Problems.Count.ShouldBe(3);

    private void File(string json) => System.IO.File.WriteAllText(_folder.At("kith.json"), json);

    private SettingsResult Read(params string[] sets) => SettingsReader.Read(_folder.Path, _environment, sets);

    private string Bad(params string[] sets)
    {
        SettingsResult result = Read(sets);
        result.Options.ShouldBeNull();
        return result.Problems.ShouldHaveSingleItem();
    }
}
