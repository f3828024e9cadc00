using System.Diagnostics;
using Kith.Tests.Client;
using Kith.Tests.Program;
using Shouldly;
using Xunit;

namespace Kith.Tests.Listeners.OnePort;

/// <summary>The published program's port of everything, asked by curl, openssl and an XMPP client.</summary>
[Collection(nameof(PublishedProgram))]
public sealed class PublishedPortTests : IAsyncLifetime
{
    private static readonly int _port = KithHome.FreePort();
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);
    private KithHome _home = null!;
    private KithProcess _kith = null!;

    public async ValueTask InitializeAsync()
    {
        _home = await KithHome.CreateAsync(["juliet", "romeo"]);
        _kith = await KithProcess.StartAsync(_home, $"Listen:Https={_port}", "Federation:Mode=open");
    }

    public async ValueTask DisposeAsync()
    {
        await _kith.DisposeAsync();
        _home.Dispose();
    }

    private static async Task<string> RunAsync(string program, string input, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync().WaitAsync(_patience);
        return output + await errors;
    }

    private static Task<string> OpensslAsync(string input, params string[] arguments) =>
        RunAsync(
            "openssl",
            input,
            ["s_client", "-connect", $"127.0.0.1:{_port}", "-servername", KithHome.Domain, .. arguments]
        );

    [Theory]
    [InlineData("--http2", "2")]
    [InlineData("--http1.1", "1.1")]
    [InlineData("--no-alpn", "1.1")]
    public async Task Curl_gets_a_page(string form, string version)
    {
        string answer = await RunAsync(
            "curl",
            "",
            ["-sk", form, "-w", " %{http_code} %{http_version}", $"https://127.0.0.1:{_port}/.well-known/host-meta"]
        );
        answer.ShouldContain("<XRD");
        answer.ShouldEndWith($" 200 {version}");
    }

    [Fact]
    public async Task Curl_without_TLS_is_told_so()
    {
        string answer = await RunAsync("curl", "", "-s", "-w", "%{http_code}", $"http://127.0.0.1:{_port}/");
        answer.ShouldBe("This port speaks TLS: use https.\n400");
    }

    [Theory]
    [InlineData("xmpp-client", "ALPN protocol: xmpp-client", false)]
    [InlineData("xmpp-server", "ALPN protocol: xmpp-server", true)]
    [InlineData("h2", "ALPN protocol: h2", false)]
    [InlineData("http/1.1", "ALPN protocol: http/1.1", false)]
    [InlineData("h2,xmpp-client", "ALPN protocol: xmpp-client", false)]
    public async Task Openssl_agrees_on_what_it_offers_and_only_servers_are_asked_who_they_are(
        string offered,
        string agreed,
        bool asked
    )
    {
        string said = await OpensslAsync("", "-alpn", offered);
        said.ShouldContain(agreed);
        said.Contains("Requested Signature Algorithms", StringComparison.Ordinal).ShouldBe(asked, said);
    }

    [Theory]
    [InlineData("stun.turn", "no application protocol")]
    [InlineData("acme-tls/1", "no application protocol")]
    [InlineData("spdy/3", "no application protocol")]
    public async Task Openssl_is_refused_what_nobody_speaks(string offered, string refusal) =>
        (await OpensslAsync("", "-alpn", offered)).ShouldContain(refusal);

    [Fact]
    public async Task Old_versions_and_renegotiation_are_refused() // security.md, "Streams"
    {
        (await OpensslAsync("", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")).ShouldContain("Cipher is (NONE)");
        string renegotiated = await OpensslAsync("R\n", "-tls1_2");
        renegotiated.ShouldContain("RENEGOTIATING");
        renegotiated.ShouldContain("unexpected eof");
    }

    [Fact]
    public async Task People_write_to_each_other_through_it()
    {
        var door = new Door(KithHome.Domain, _port, DirectTls: true);
        var juliet = new Device(KithHome.Domain, "juliet", "balcony");
        await juliet.ConnectAsync(door);
        var romeo = new Device(KithHome.Domain, "romeo", "garden");
        await romeo.ConnectAsync(_home.DirectTls);
        await romeo.SendMessageAsync(juliet.Account, request: true);
        await juliet.SignOffAsync();
    }
}
