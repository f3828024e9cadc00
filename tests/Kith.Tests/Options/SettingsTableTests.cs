using Kith.Options;
using Shouldly;
using Xunit;

namespace Kith.Tests.Options;

public sealed class SettingsTableTests
{
    // Other programs hold on to these names: a key may be added, and never renamed or dropped.
    private const string Keys = """
        Domain
        Listen:Address Listen:Http Listen:Https Listen:Client Listen:ClientTls Listen:Server Listen:ServerTls
        Listen:Relay Listen:RelayTls Listen:Component Listen:RelayPorts Listen:TrustedProxies
        Public:Url Home:Name Home:Language Home:TimeZone
        Tls:Mode Tls:Certificate Tls:Key Tls:Acme:Directory Tls:Acme:Email Tls:Acme:RootCertificate
        Federation:Mode Federation:Domains Federation:Hosts Federation:QueueSeconds Federation:TrustedRoots
        Federation:AllowPrivateAddresses
        Dns:Server Dns:Validating Archive:Days
        Uploads:MaxBytes Uploads:UserQuotaBytes Uploads:Days Uploads:DiskPercent
        Relay:ExternalAddress Relay:AllowPrivatePeers Push:AllowPrivateAddresses Contact:Addresses
        Limits:AuthenticateSeconds Limits:UnauthenticatedPerAddress Limits:StanzaBytes Limits:ServerStanzaBytes
        Limits:UnauthenticatedStanzaBytes Limits:SignInFailures Limits:StanzasPerSecond
        Sessions:ResumeSeconds Sessions:PerAccount Components Logging:Level
        """;

    [Fact]
    public void Every_published_key_is_there()
    {
        string[] published = Keys.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        SettingsTable.All.Select(setting => setting.Key).ShouldBe(published, ignoreOrder: true);
    }

    [Fact]
    public void Every_default_is_a_valid_value_of_its_own_setting()
    {
        var defaults = new KithOptions();
        foreach (Setting setting in SettingsTable.All)
        {
            string text = setting.Text(defaults);
            setting.TryApply(defaults, text, out KithOptions same).ShouldBeTrue(setting.Key);
            setting.Text(same).ShouldBe(text, setting.Key);
            setting.Json(text).ShouldNotBeNull(setting.Key);
        }
    }

    [Fact]
    public void A_row_changes_its_own_value_and_no_other()
    {
        string[] candidates =
        [
            "self-signed",
            "off",
            "Debug",
            "true",
            "7",
            "20000",
            "1-2",
            "::1",
            "https://x.example",
            "de",
        ];
        string[] more = ["UTC", "x.example=h:1", "x.example", "xmpp:x.example", "10.0.0.0/8", "x.example=a secret"];
        var defaults = new KithOptions();
        foreach (Setting setting in SettingsTable.All)
        {
            KithOptions changed = defaults;
            candidates.Concat(more).First(text => setting.TryApply(defaults, text, out changed));
            SettingsTable
                .All.Where(other => other.Text(changed) != other.Text(defaults))
                .Select(other => other.Key)
                .ShouldBe([setting.Key]);
        }
    }

    [Fact]
    public void Help_and_documentation_name_every_key()
    {
        string help = SettingsText.Help();
        string markdown = SettingsText.Markdown();
        foreach (Setting setting in SettingsTable.All)
        {
            help.ShouldContain($"  {setting.Key} = ");
            markdown.ShouldContain($"| `{setting.Key}` |");
        }

        help.ShouldContain("Uploads:MaxBytes = 100 MiB");
    }
}
