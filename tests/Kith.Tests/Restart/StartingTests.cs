using System.Net;
using System.Net.Sockets;
using Kith.Tests.Client;
using Kith.Tests.Program;
using Shouldly;
using Xunit;

namespace Kith.Tests.Restart;

/// <summary>What stops a start is one line that a person understands, and exit code 1 (interface.md, "The command").</summary>
[Collection(nameof(PublishedProgram))]
public sealed class StartingTests
{
    private static async Task<string> RefusedAsync(string[] arguments)
    {
        Outcome done = await KithProgram.RunAsync(arguments);
        done.ExitCode.ShouldBe(1, done.ToString());
        done.Error.TrimEnd('\n').ShouldNotContain("\n");
        done.Error.ShouldNotContain("Exception");
        // Nor is what did not begin a fault of its parts.
        done.Output.ShouldNotContain("Exception");
        return done.Error.TrimEnd('\n');
    }

    [Fact]
    public async Task It_says_which_version_it_is()
    {
        Outcome done = await KithProgram.RunAsync("version");
        done.ExitCode.ShouldBe(0);
        done.Output.ShouldMatch(@"^kith \d+\.\d+\.\d+.*\.NET 10.*\n$");
        done.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_second_one_on_the_same_data_is_refused_and_the_first_goes_on()
    {
        using KithHome home = await KithHome.CreateAsync(["ada"]);
        await using KithProcess kith = await KithProcess.StartAsync(home);
        var device = new Device(KithHome.Domain, "ada", "phone");
        await device.ConnectAsync(home.DirectTls);

        (await RefusedAsync(home.RunArguments())).ShouldContain(home.Data);

        await device.SendMessageAsync(device.Account, request: true);
        await device.SettleAsync();
    }

    [Theory]
    [InlineData("Listen:Client=eighty")]
    [InlineData("Limits:StanzasPerSecond=-1")]
    [InlineData("Tls:Mode=magic")]
    [InlineData("Listen:Clientele=5222")]
    [InlineData("Domain=two words")]
    public async Task A_setting_that_cannot_be_is_named_with_its_value(string setting)
    {
        using KithHome home = await KithHome.CreateAsync(["ada"]);
        string line = await RefusedAsync(home.RunArguments(setting));
        line.ShouldContain(setting.Split('=')[0]);
        if (!setting.StartsWith("Listen:Clientele", StringComparison.Ordinal))
            line.ShouldContain(setting.Split('=')[1]);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        using KithHome home = await KithHome.CreateAsync(["ada"]);
        using var other = new TcpListener(IPAddress.Loopback, home.StartTls.Port);
        other.Start();
        (await RefusedAsync(home.RunArguments())).ShouldContain(home.StartTls.Port.ToString());
    }

    [Fact]
    public async Task A_certificate_that_is_missing_is_named()
    {
        using KithHome home = await KithHome.CreateAsync(["ada"]);
        string missing = home.At("nowhere.pem");
        (await RefusedAsync(home.RunArguments("Tls:Mode=files", $"Tls:Certificate={missing}"))).ShouldContain(missing);
    }

    [Fact]
    public async Task A_database_that_is_none_is_named_and_left_alone()
    {
        using KithHome home = await KithHome.CreateAsync(["ada"]);
        string path = Path.Combine(home.Data, "kith.db");
        byte[] other = [.. Enumerable.Range(0, 8192).Select(i => (byte)i)];
        await File.WriteAllBytesAsync(path, other);
        (await RefusedAsync(home.RunArguments())).ShouldContain(path);
        (await File.ReadAllBytesAsync(path)).ShouldBe(other);
    }

    [Fact]
    public async Task Data_that_cannot_be_a_directory_is_named()
    {
        using KithHome home = await KithHome.CreateAsync(["ada"]);
        string file = home.At("file");
        await File.WriteAllTextAsync(file, "");
        (await RefusedAsync(["run", "--data", file, "--set", "Domain=home.localhost"])).ShouldContain(file);
    }
}
