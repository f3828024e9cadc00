using System.Text.Json;
using Kith.Tests.Program;
using Shouldly;
using Storage;
using Xunit;

namespace Kith.Tests.Cli;

/// <summary>The verbs on the data directory itself, while the service is stopped (interface.md, "The command").</summary>
public sealed class StoppedHomeTests : IDisposable
{
    private readonly StoppedHome _home = new();

    public void Dispose() => _home.Dispose();

    private async Task<string> Do(params string[] arguments)
    {
        Outcome done = await _home.RunAsync(arguments);
        done.ExitCode.ShouldBe(0, done.Error);
        done.Error.ShouldBeEmpty();
        return done.Output;
    }

    private async Task<string> Refused(params string[] arguments)
    {
        Outcome done = await _home.RunAsync(arguments);
        done.ExitCode.ShouldBe(1);
        done.Output.ShouldBeEmpty();
        done.Error.TrimEnd('\n').ShouldNotContain('\n');
        return done.Error.Trim();
    }

    private async Task<JsonElement[]> List(string what)
    {
        using var list = JsonDocument.Parse(await Do(what, "list", "--json"));
        return [.. list.RootElement.EnumerateArray().Select(item => item.Clone())];
    }

    [Fact]
    public async Task An_account_is_made_listed_changed_and_removed()
    {
        (
            await _home.RunWithAsync("secret words\n", "user", "add", "Anna", "--role", "admin", "--password-stdin")
        ).Output.ShouldBe("anna has an account.\n");
        JsonElement anna = (await List("user")).ShouldHaveSingleItem();
        anna.GetProperty("name").GetString().ShouldBe("anna");
        anna.GetProperty("address").GetString().ShouldBe("anna@home.example");
        anna.GetProperty("role").GetString().ShouldBe("admin");
        anna.GetProperty("circles")[0].GetString().ShouldBe("Family");
        anna.ToString().ShouldNotContain("secret");

        await Do("user", "role", "anna", "guest");
        await Do("user", "lock", "anna@home.example");
        anna = (await List("user")).Single();
        anna.GetProperty("role").GetString().ShouldBe("guest");
        anna.GetProperty("locked").GetBoolean().ShouldBeTrue();
        anna.GetProperty("expires").ValueKind.ShouldBe(JsonValueKind.String);
        await Do("user", "unlock", "anna");
        (await Do("user", "list")).ShouldContain("anna  guest  Family");

        await Do("user", "remove", "anna");
        (await List("user")).ShouldBeEmpty();
        (await Refused("user", "add", "anna")).ShouldContain("rests for a while");
    }

    [Fact]
    public async Task Without_a_password_there_is_a_link_to_choose_one_and_a_reset_makes_another()
    {
        string[] made = (await Do("user", "add", "anna", "--expires", "30d")).Split('\n');
        made[0].ShouldStartWith("https://home.example/reset/");
        made[1].ShouldStartWith("xmpp:anna@home.example?register;preauth=");
        string[] reset = (await Do("user", "reset", "anna")).Split('\n');
        reset[0].ShouldStartWith("https://home.example/reset/");
        reset[0].ShouldNotBe(made[0]);
        // No token is ever shown again.
        JsonElement link = (await List("invite")).ShouldHaveSingleItem();
        link.GetProperty("kind").GetString().ShouldBe("reset");
        link.ToString().ShouldNotContain(reset[0][^32..]);
    }

    [Fact]
    public async Task Circles_come_and_go()
    {
        await _home.RunWithAsync("secret words", "user", "add", "anna", "--circle", "", "--password-stdin");
        await Do("circle", "create", "Mum/Dad");
        await Do("circle", "add", "mum/dad", "anna");
        (await Do("circle", "list")).ShouldBe("CIRCLE   MEMBERS\nMum/Dad  anna\n");
        (await Refused("circle", "add", "Mum/Dad", "anna")).ShouldBe("anna is already in the circle “Mum/Dad”.");
        await Do("circle", "drop", "Mum/Dad", "anna");
        await Do("circle", "remove", "Mum/Dad");
        (await List("circle")).ShouldBeEmpty();
        (await Refused("circle", "remove", "Mum/Dad")).ShouldContain("There is no circle yet.");
    }

    [Fact]
    public async Task An_invite_prints_its_forms_and_can_be_revoked()
    {
        await _home.RunWithAsync("secret words", "user", "add", "anna", "--password-stdin");
        string[] link = (
            await Do("invite", "create", "--from", "anna", "--role", "limited", "--uses", "3", "--note", "@school")
        )
            .TrimEnd()
            .Split('\n');
        link.Length.ShouldBe(2);
        link[0].ShouldStartWith("https://home.example/invite/");
        link[1].ShouldBe($"xmpp:anna@home.example?roster;preauth={link[0][^32..]};ibr=y");
        JsonElement invite = (await List("invite")).ShouldHaveSingleItem();
        invite.GetProperty("note").GetString().ShouldBe("@school");
        invite.GetProperty("uses").GetInt32().ShouldBe(3);
        invite.GetProperty("role").GetString().ShouldBe("limited");
        await Do("invite", "revoke", invite.GetProperty("id").GetString()!);
        (await List("invite")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Accounts_are_imported_from_a_file_or_standard_input_or_not_at_all()
    {
        await File.WriteAllTextAsync(_home.At("people"), "anna:one:two\n\nben:x\r\n");
        (await Do("user", "import", _home.At("people"))).ShouldBe("2 accounts are added.\n");
        (await _home.RunWithAsync("eve:y", "user", "import", "-", "--circle", "Family")).Output.ShouldBe(
            "1 account is added.\n"
        );
        (await List("user")).Select(user => user.GetProperty("circles").GetArrayLength()).ShouldBe([0, 0, 1]);
        foreach (string bad in new[] { "", "noone", ":x", "tim:", "tim:x\nanna:x" })
            (await _home.RunWithAsync(bad, "user", "import", "-")).ExitCode.ShouldBe(1);
        (await List("user")).Length.ShouldBe(3);
        (await Refused("user", "import", _home.At("nothing"))).ShouldContain("nothing");
    }

    // interface.md: exit codes.
    [Theory]
    [InlineData]
    [InlineData("user")]
    [InlineData("user", "add")]
    [InlineData("user", "add", "anna", "--role", "king")]
    [InlineData("user", "role", "anna", "king")]
    [InlineData("user", "frobnicate")]
    [InlineData("invite", "create", "--expires", "never")]
    [InlineData("invite", "create", "--expires", "2020-01-01")]
    [InlineData("--nonsense")]
    public async Task Wrong_usage_is_two_and_says_where_help_is(params string[] arguments)
    {
        Outcome done = await StoppedHome.RunBareAsync("", arguments);
        done.ExitCode.ShouldBe(2);
        done.Error.ShouldContain("--help");
        done.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_possible_is_one_and_one_line()
    {
        (await Refused("user", "lock", "anna")).ShouldContain("There is no directory");
        await Do("user", "import", "-", "--help");
        await _home.RunWithAsync("x:y", "user", "import", "-");
        (await Refused("user", "lock", "anna")).ShouldBe("There is nobody called “anna” here.");
        (await Refused("user", "password", "x")).ShouldContain("--password-stdin");
        (await Refused("user", "password", "x", "--password-stdin")).ShouldContain("standard input");
        (await Refused("invite", "revoke", "nothing")).ShouldBe("There is no invite nothing.");
        (await Refused("user", "list", "--set", "Listen:Http=x")).ShouldContain("Listen:Http");
    }

    [Fact]
    public async Task Before_there_is_a_domain_people_can_be_added_but_no_link_made()
    {
        string[] bare = ["--data", _home.Data];
        (await StoppedHome.RunBareAsync("anna:x", ["user", "import", "-", .. bare])).ExitCode.ShouldBe(0);
        Outcome link = await StoppedHome.RunBareAsync("", ["invite", "create", .. bare]);
        (link.ExitCode, link.Output).ShouldBe((1, ""));
        link.Error.ShouldContain("set Domain");
        (await StoppedHome.RunBareAsync("", ["user", "list", .. bare])).Output.ShouldContain("anna");
    }

    [Fact]
    public async Task A_directory_that_somebody_holds_without_answering_is_left_alone()
    {
        DataDirectoryLock.TryTake(_home.Data, out DataDirectoryLock? held).ShouldBeTrue();
        using (held)
            (await Refused("user", "add", "anna")).ShouldContain("is in use");
    }

    [Fact]
    public async Task The_doctor_finds_and_advises()
    {
        await Do("circle", "create", "Garden");
        Outcome found = await _home.RunAsync(
            "doctor",
            "--json",
            "--set",
            "Listen:Client=0",
            "--set",
            "Listen:ClientTls=0",
            "--set",
            "Listen:Http=0",
            "--set",
            "Listen:Https=0",
            "--set",
            "Listen:Relay=0",
            "--set",
            "Listen:RelayTls=0"
        );
        using var findings = JsonDocument.Parse(found.Output);
        findings
            .RootElement.EnumerateArray()
            .Select(finding => finding.GetProperty("check").GetString())
            .ShouldBe(["service", "domain", "dns", "dns", "certificate", "clock", "disk", "memory"]);
        (await StoppedHome.RunBareAsync("", "version")).Output.ShouldStartWith("kith ");
    }
}
