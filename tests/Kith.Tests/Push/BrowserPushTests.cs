using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kith.Tests.Client;
using Kith.Tests.Program;
using Protocol.Tests.Dns;
using Protocol.Tests.WebPush;
using Shouldly;
using Xmpp.Xml;
using Xunit;

namespace Kith.Tests.Push;

/// <summary>The published program wakes a browser over its push service (src/Xmpp.Server/README.md, "Waking devices").</summary>
[Collection(nameof(PublishedProgram))]
public sealed class BrowserPushTests : IAsyncLifetime
{
    private const string WebPush = "urn:kith:web-push:0";
    private KithHome _home = null!;
    private PushService _service = null!;

    public async ValueTask InitializeAsync()
    {
        _home = await KithHome.CreateAsync(["juliet", "romeo", "nurse"]);
        _service = await PushService.StartAsync(_home);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _home.Dispose();
    }

    private Task<KithProcess> StartAsync(bool allowed = true, params string[] settings) =>
        KithProcess.StartAsync(
            _home,
            [$"Push:AllowPrivateAddresses={(allowed ? "true" : "false")}", .. settings],
            ["env", $"SSL_CERT_FILE={_service.Root}"]
        );

    private async Task<Device> ConnectAsync(string user, string resource)
    {
        var device = new Device(KithHome.Domain, user, resource);
        await device.ConnectAsync(_home.DirectTls);
        return device;
    }

    private static async Task<string> KeyOf(Device device)
    {
        Element answer = await device.AskAsync("get", null, $"<web-push xmlns='{WebPush}'/>");
        return answer.Child("web-push", WebPush).Attribute("key").ShouldNotBeNull(answer.ToString());
    }

    private static Task<Element> SubscribeAsync(Device device, Browser browser, string endpoint) =>
        device.AskAsync(
            "set",
            null,
            $"<subscribe xmlns='{WebPush}' endpoint='{endpoint}' p256dh='{browser.Key}' auth='{browser.Auth}'/>"
        );

    private static Task<Element> EnableAsync(Device device, string node) =>
        device.AskAsync("set", null, $"<enable xmlns='urn:xmpp:push:0' jid='{KithHome.Domain}' node='{node}'/>");

    // A browser that is closed; returns its node.
    private async Task<string> CloseAsync(Device device, Browser browser, string path)
    {
        Element subscribed = await SubscribeAsync(device, browser, _service.Endpoint(path));
        string node = subscribed.Child("subscribed", WebPush).Attribute("node").ShouldNotBeNull(subscribed.ToString());
        (await EnableAsync(device, node)).Attribute("type").ShouldBe("result");
        await device.SignOffAsync();
        return node;
    }

    [Fact]
    public async Task A_message_wakes_a_closed_browser_and_nobody_else_can_read_it()
    {
        await using KithProcess kith = await StartAsync();
        Device juliet = await ConnectAsync("juliet", "browser");
        string key = await KeyOf(juliet);
        var browser = new Browser();
        await CloseAsync(juliet, browser, "/push/secret");
        Device romeo = await ConnectAsync("romeo", "phone");

        string word = await romeo.SendMessageAsync(juliet.Account, request: true);

        Pushed push = (await _service.GotAsync(1)).ShouldHaveSingleItem();
        push.Path.ShouldBe("POST /push/secret");
        push["Content-Encoding"].ShouldBe("aes128gcm");
        push["Urgency"].ShouldBe("normal");
        int.Parse(push["TTL"]).ShouldBe(7 * 24 * 3600);
        push["Topic"].Length.ShouldBe(32);
        using var json = JsonDocument.Parse(browser.Open(push.Body));
        json.RootElement.GetProperty("from").GetString().ShouldBe(romeo.Account);
        json.RootElement.GetProperty("text").GetString().ShouldBe(word);
        json.RootElement.GetProperty("to").GetString().ShouldBe("juliet");
        Encoding.Latin1.GetString(push.Body).ShouldNotContain(word);
        Verify(push["Authorization"], key, $"https://localhost:{_service.Port}");
        kith.Log.ShouldNotContain(line => line.Contains("secret") || line.Contains(word));
    }

    // RFC 8292 §2, §3.
    private static void Verify(string authorization, string key, string audience)
    {
        string[] parts = authorization.Split(' ', ',', '=').Where(part => part.Length > 0).ToArray();
        (parts[0], parts[1], parts[3], parts[4]).ShouldBe(("vapid", "t", "k", key));
        string[] token = parts[2].Split('.');
        byte[] point = Base64Url.DecodeFromChars(key);
        using var verifier = ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = new ECPoint { X = point[1..33], Y = point[33..] },
            }
        );
        verifier
            .VerifyData(
                Encoding.ASCII.GetBytes($"{token[0]}.{token[1]}"),
                Base64Url.DecodeFromChars(token[2]),
                HashAlgorithmName.SHA256
            )
            .ShouldBeTrue();
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token[1]));
        claims.RootElement.GetProperty("aud").GetString().ShouldBe(audience);
        claims.RootElement.GetProperty("sub").GetString().ShouldBe("https://" + KithHome.Domain);
        DateTimeOffset
            .FromUnixTimeSeconds(claims.RootElement.GetProperty("exp").GetInt64())
            .ShouldBeInRange(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddHours(24));
    }

    [Fact]
    public async Task A_push_service_that_is_busy_gets_it_a_little_later()
    {
        await using KithProcess kith = await StartAsync();
        var browser = new Browser();
        await CloseAsync(await ConnectAsync("juliet", "browser"), browser, "/busy");
        _service.Answers["/busy"] = new([(429, "1"), (503, null)]);
        Device romeo = await ConnectAsync("romeo", "phone");
        string word = await romeo.SendMessageAsync($"juliet@{KithHome.Domain}", request: true);
        IReadOnlyList<Pushed> pushes = await _service.GotAsync(3);
        pushes.ShouldAllBe(push => browser.OpenText(push.Body).Contains(word));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    public async Task A_browser_that_is_gone_is_forgotten(int status)
    {
        await using KithProcess kith = await StartAsync();
        Device juliet = await ConnectAsync("juliet", "browser");
        string node = await CloseAsync(juliet, new Browser(), "/gone");
        _service.Answers["/gone"] = new([(status, null)]);
        Device romeo = await ConnectAsync("romeo", "phone");
        await romeo.SendMessageAsync(juliet.Account, request: true);
        await _service.GotAsync(1);

        // Its end is written after the answer; each question waits for what was written before it.
        await juliet.ConnectAsync(_home.DirectTls);
        Element answer = await EnableAsync(juliet, node);
        for (int i = 0; i < 1000 && answer.Attribute("type") == "result"; i++)
            answer = await EnableAsync(juliet, node);
        answer.Child("error").Child("item-not-found", Ns.StanzaErrors).Exists.ShouldBeTrue(answer.ToString());
        _service.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_key_stays_over_a_restart_and_is_its_owner_s_alone()
    {
        string key;
        var browser = new Browser();
        await using (KithProcess first = await StartAsync())
        {
            Device juliet = await ConnectAsync("juliet", "browser");
            key = await KeyOf(juliet);
            await CloseAsync(juliet, browser, "/again");
            (await first.StopAsync()).ExitCode.ShouldBe(0);
        }
        File.GetUnixFileMode(Path.Combine(_home.Data, "web-push.key"))
            .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await using KithProcess second = await StartAsync();
        Device romeo = await ConnectAsync("romeo", "phone");
        (await KeyOf(romeo)).ShouldBe(key);
        string word = await romeo.SendMessageAsync($"juliet@{KithHome.Domain}", request: true);
        browser.OpenText((await _service.GotAsync(1))[0].Body).ShouldContain(word);
    }

    [Fact]
    public async Task The_resolver_of_the_settings_tells_where_push_services_are()
    {
        await using ScriptedServer names = ScriptedServer.Start(asked => asked.Reply());
        await using KithProcess kith = await StartAsync(allowed: true, $"Dns:Server={names.Address}");
        Device juliet = await ConnectAsync("juliet", "browser");
        await CloseAsync(juliet, new Browser(), "/elsewhere");
        Device romeo = await ConnectAsync("romeo", "phone");

        await romeo.SendMessageAsync(juliet.Account, request: true);

        // Elsewhere localhost would be loopback: here the server's word counts, and it knows of no address.
        Asked first = await names.NextAsync();
        Asked second = await names.NextAsync();
        new[] { first, second }
            .Select(asked => $"{asked.Name} {asked.Type}")
            .Order()
            .ShouldBe(["localhost A", "localhost AAAA"]);
        _service.Count.ShouldBe(0);
    }

    // security.md: nobody makes the box knock at doors of its own network.
    [Fact]
    public async Task Endpoints_at_home_are_refused_or_not_reached()
    {
        await using KithProcess kith = await StartAsync(allowed: false);
        Device juliet = await ConnectAsync("juliet", "browser");
        foreach (string home in (string[])["https://127.0.0.1/x", "https://[::1]/x", "https://169.254.169.254/x"])
        {
            Element refused = await SubscribeAsync(juliet, new Browser(), home);
            refused.ToString().ShouldContain("address is not public");
        }
        await CloseAsync(juliet, new Browser(), "/inside");
        Device romeo = await ConnectAsync("romeo", "phone");
        await romeo.SendMessageAsync(juliet.Account, request: true);
        await kith.SaysAsync("A push over localhost did not get through: the endpoint's address is not public");
        _service.Count.ShouldBe(0);
    }
}
