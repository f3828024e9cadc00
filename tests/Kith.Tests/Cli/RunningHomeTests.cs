using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Kith.Tests.Program;
using Shouldly;
using Xunit;

namespace Kith.Tests.Cli;

/// <summary>The verbs of the published program against the running service.</summary>
[Collection(nameof(PublishedProgram))]
public sealed class RunningHomeTests
{
    private static async Task<string> Do(KithHome home, string input, params string[] arguments)
    {
        Outcome done = await KithProgram.RunWithAsync(input, [.. arguments, "--data", home.Data]);
        done.ExitCode.ShouldBe(0, done.Error);
        return done.Output;
    }

    [Fact]
    public async Task Every_verb_works_on_the_running_service_as_it_does_without_it()
    {
        using KithHome home = await KithHome.CreateAsync(["romeo"]);
        await using KithProcess kith = await KithProcess.StartAsync(home, "Public:Url=https://home.localhost:8443");

        await Do(home, "secret words", "user", "add", "anna", "--role", "admin", "--password-stdin");
        (await Do(home, "", "user", "add", "ben")).ShouldStartWith("https://home.localhost:8443/reset/");
        await Do(home, "another one", "user", "password", "ben", "--password-stdin");
        await Do(home, "", "user", "role", "ben", "limited");
        await Do(home, "", "user", "lock", "romeo");
        await Do(home, "", "user", "unlock", "romeo");
        (await Do(home, "", "user", "reset", "romeo")).ShouldContain("/reset/");
        await Do(home, "", "circle", "create", "Mum/Dad & co");
        await Do(home, "", "circle", "add", "mum/dad & co", "ben");
        (await Do(home, "", "circle", "list")).ShouldContain("Mum/Dad & co  ben");
        await Do(home, "", "circle", "drop", "Mum/Dad & co", "ben");
        await Do(home, "", "circle", "remove", "Mum/Dad & co");
        string[] invite = (await Do(home, "", "invite", "create", "--from", "anna", "--expires", "2h")).Split('\n');
        invite[0].ShouldStartWith("https://home.localhost:8443/invite/");
        invite[1].ShouldStartWith("xmpp:anna@home.localhost?roster;preauth=");
        await Do(home, "tim:x\ntom:y", "user", "import", "-", "--circle", "Family");
        using (var users = JsonDocument.Parse(await Do(home, "", "user", "list", "--json")))
            users
                .RootElement.EnumerateArray()
                .Select(user =>
                    $"{user.GetProperty("name")} {user.GetProperty("role")} {user.GetProperty("circles").GetArrayLength()}"
                )
                .ShouldBe(["anna admin 1", "ben limited 1", "romeo member 0", "tim member 1", "tom member 1"]);
        using (var invites = JsonDocument.Parse(await Do(home, "", "invite", "list", "--json")))
            await Do(home, "", "invite", "revoke", invites.RootElement[0].GetProperty("id").GetString()!);
        await Do(home, "", "user", "remove", "tom");
        (await Do(home, "", "doctor")).ShouldContain("is running");
        (await Do(home, "", "version")).ShouldStartWith("kith ");
    }

    [Fact]
    public async Task What_the_service_refuses_is_one_line_and_one()
    {
        using KithHome home = await KithHome.CreateAsync(["romeo"]);
        await using KithProcess kith = await KithProcess.StartAsync(home);
        foreach (
            (string[] verb, string says) in ((string[], string)[])
                [
                    (["user", "lock", "nobody"], "There is nobody called “nobody” here.\n"),
                    (["user", "lock", "a/../b"], "“a/../b” cannot be a name here"),
                    (["user", "lock", ".."], "“..” is no name."),
                    (["user", "add", "romeo", "--password-stdin"], "The name romeo is taken.\n"),
                    (["circle", "remove", "Chess"], "There is no circle"),
                    (["invite", "revoke", "x"], "There is no invite x.\n"),
                ]
        )
        {
            Outcome done = await KithProgram.RunWithAsync("secret words", [.. verb, "--data", home.Data]);
            (done.ExitCode, done.Output).ShouldBe((1, ""));
            done.Error.ShouldStartWith(says);
        }
    }

    // interface.md: 0600, and only while the service runs.
    [Fact]
    public async Task The_control_socket_is_its_owners_alone_and_ends_with_the_service()
    {
        using KithHome home = await KithHome.CreateAsync(["romeo"]);
        string socket = Path.Combine(home.Data, "control.sock");
        await using (KithProcess kith = await KithProcess.StartAsync(home))
        {
            File.GetUnixFileMode(socket).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.GetUnixFileMode(home.Data)
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            await kith.KillAsync();
        }
        // What a killed service leaves behind is in nobody's way.
        File.Exists(socket).ShouldBeTrue();
        (await Do(home, "", "user", "list")).ShouldContain("romeo");
        await using (KithProcess kith = await KithProcess.StartAsync(home))
        {
            (await Do(home, "", "user", "list")).ShouldContain("romeo");
            (await kith.StopAsync()).ExitCode.ShouldBe(0);
        }
        File.Exists(socket).ShouldBeFalse();
    }

    // security.md, "Web": refuses by default.
    [Fact]
    public async Task The_api_is_closed_to_whoever_comes_over_the_network()
    {
        using KithHome home = await KithHome.CreateAsync(["romeo"]);
        int port = KithHome.FreePort();
        await using KithProcess kith = await KithProcess.StartAsync(home, $"Listen:Http={port}");
        using var network = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        foreach (string path in (string[])["/api/users", "/API/users", "/api/nothing", "/api/", "/api"])
            ((int)(await network.GetAsync(path)).StatusCode).ShouldBe(401, path);
        ((int)(await network.PostAsync("/api/users/romeo/lock", null)).StatusCode).ShouldBe(401);

        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(home.Data, "control.sock")), stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using var control = new HttpClient(handler) { BaseAddress = new Uri("http://kith") };
        ((int)(await control.GetAsync("/api/users")).StatusCode).ShouldBe(200);
        ((int)(await control.GetAsync("/api/nothing")).StatusCode).ShouldBe(404);
        foreach (string body in (string[])["", "{", "[]", "null", """{"name":1}""", """{"name":"x","roles":"admin"}"""])
            ((int)(await control.PostAsync("/api/users", new StringContent(body))).StatusCode).ShouldBe(400, body);
    }

    // interface.md: 2,000 accounts in under 10 s, also into the running service. What it computes is counted, not how busy
    // the machine is with other things.
    [Fact]
    public async Task Two_thousand_accounts_are_imported_in_less_than_ten_seconds_of_this_machine()
    {
        using KithHome home = await KithHome.CreateAsync(["romeo"]);
        await using KithProcess kith = await KithProcess.StartAsync(home);
        string people = string.Join('\n', Enumerable.Range(0, 2000).Select(number => $"user{number}:pass{number}"));
        using Process service = Process.GetProcessById(kith.Id);
        TimeSpan before = service.TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        (await Do(home, people, "user", "import", "-")).ShouldBe("2000 accounts are added.\n");
        watch.Stop();
        service.Refresh();
        TimeSpan computed = service.TotalProcessorTime - before;
        (computed / Environment.ProcessorCount).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        // On all cores: alone on the machine it takes little longer than its share of each.
        TestContext.Current.SendDiagnosticMessage($"2,000 accounts: {computed} of processor time, {watch.Elapsed}");
    }
}
