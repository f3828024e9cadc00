using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Kith.Listeners.OnePort;
using Kith.Tests.Listeners.Certificates;
using Shouldly;
using Xunit;

namespace Kith.Tests.Listeners.OnePort;

/// <summary>Who arrives where, by what is offered and by the first byte (platform.md, "One port 443").</summary>
public sealed class PortSwitchTests
{
    private const string Get = "GET /who HTTP/1.1\r\nHost: kith.test\r\nConnection: close\r\n\r\n";

    private static Doors WithRelay(OnePortStage stage, Doors doors) =>
        doors with
        {
            Relay = async (connection, stream) =>
            {
                byte[] first = new byte[4];
                await stream.ReadExactlyAsync(first);
                stage.Came.Enqueue($"relay {first[0]} {((IPEndPoint)connection.RemoteEndPoint!).Address}");
                await stream.WriteAsync("turned"u8.ToArray());
            },
        };

    private static Doors WithServers(OnePortStage stage, Doors doors) =>
        doors with
        {
            Servers = async connection =>
            {
                var read = await connection.Transport.Input.ReadAsync();
                stage.Came.Enqueue($"server {read.Buffer.FirstSpan[0]}");
                connection.Transport.Input.AdvanceTo(read.Buffer.End);
            },
        };

    [Theory]
    [InlineData("")]
    [InlineData("http/1.1")]
    [InlineData("http/1.1 http/1.0")]
    public async Task HTTP_arrives_with_ALPN_or_without_from_its_true_address(string offered)
    {
        await using OnePortStage stage = await OnePortStage.StartAsync();
        await using SslStream tls = await stage.SecureAsync(Words(offered));

        string answer = await OnePortStage.AskAsync(tls, Get, "\r\n0\r\n");

        answer.ShouldContain("HTTP/1.1 200 OK");
        answer.ShouldContain("HTTP/1.1 https 127.0.0.1 ");
    }

    [Theory]
    [InlineData(2, "HTTP/2 https 127.0.0.1 ")]
    [InlineData(1, "HTTP/1.1 https 127.0.0.1 ")]
    public async Task A_web_client_gets_the_version_that_it_wants(int version, string expected)
    {
        await using OnePortStage stage = await OnePortStage.StartAsync();
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        using var http = new HttpClient(handler)
        {
            DefaultRequestVersion = new Version(version, version == 1 ? 1 : 0),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        (await http.GetStringAsync($"https://localhost:{stage.Port}/who")).ShouldStartWith(expected);
    }

    [Theory]
    [InlineData("xmpp-client")]
    [InlineData("h2 xmpp-client")]
    [InlineData("")]
    [InlineData("http/1.1")]
    public async Task XMPP_arrives_with_ALPN_or_by_its_first_byte_and_is_bound_to_the_channel(string offered)
    {
        await using OnePortStage stage = await OnePortStage.StartAsync();
        await using SslStream tls = await stage.SecureAsync(Words(offered));

        string features = await OnePortStage.AskAsync(tls, OnePortStage.Open, "</stream:features>");

        features.ShouldContain("SCRAM-SHA-256-PLUS");
        features.ShouldNotContain("starttls");
    }

    [Theory]
    [InlineData("stun.turn", "\0\u0001\0\0")]
    [InlineData("http/1.1 stun.turn", "\u0001\0\0\0")]
    [InlineData("", "\0\u0001\0\0")]
    [InlineData("http/1.1", "\u0003\0\0\0")]
    public async Task STUN_arrives_at_the_relay(string offered, string first)
    {
        await using OnePortStage stage = await OnePortStage.StartAsync(WithRelay);
        await using SslStream tls = await stage.SecureAsync(Words(offered));

        (await OnePortStage.AskAsync(tls, first, "turned")).ShouldBe("turned");

        stage.Came.ShouldBe([$"relay {(int)first[0]} 127.0.0.1"]);
    }

    [Fact]
    public async Task Other_servers_arrive_where_TLS_is_still_to_begin()
    {
        await using OnePortStage stage = await OnePortStage.StartAsync(WithServers);
        await Should.ThrowAsync<Exception>(() => stage.SecureAsync("xmpp-server"));
        stage.Came.ShouldBe(["server 22"]);
    }

    [Theory]
    [InlineData("stun.turn")]
    [InlineData("xmpp-server")]
    [InlineData("acme-tls/1")]
    [InlineData("spdy/3")]
    public async Task What_nobody_speaks_is_refused_as_TLS_refuses(string offered) // RFC 7301 §3.2
    {
        await using OnePortStage stage = await OnePortStage.StartAsync();
        var refused = await Should.ThrowAsync<AuthenticationException>(() => stage.SecureAsync(offered));
        refused.ToString().ShouldContain("no application protocol");
    }

    // RFC 8737 §3: alone, for a name that is being proved, and nothing after it.
    [Fact]
    public async Task A_challenge_gets_its_certificate_and_no_more()
    {
        TestCertificate made = TestCertificate.Ecdsa("proof", DateTimeOffset.UtcNow.AddDays(1));
        using var pair = X509Certificate2.CreateFromPem(made.Certificate, made.Key);
        using X509Certificate2 certificate = X509CertificateLoader.LoadPkcs12(
            pair.Export(X509ContentType.Pkcs12),
            null
        );
        var proof = SslStreamCertificateContext.Create(certificate, null, offline: true);
        string? wanted = OnePortStage.Domain;
        await using OnePortStage stage = await OnePortStage.StartAsync(
            (_, doors) => doors with { Challenge = name => name == wanted ? proof : null }
        );
        await using (SslStream tls = await stage.SecureAsync("acme-tls/1"))
        {
            tls.RemoteCertificate!.Subject.ShouldBe("CN=proof");
            tls.NegotiatedApplicationProtocol.ToString().ShouldBe("acme-tls/1");
            (await OnePortStage.EndAsync(tls)).ShouldBe("");
        }

        await using (SslStream both = await stage.SecureAsync("acme-tls/1", "h2"))
            both.NegotiatedApplicationProtocol.ToString().ShouldBe("h2");
        wanted = null;
        await Should.ThrowAsync<AuthenticationException>(() => stage.SecureAsync("acme-tls/1"));
    }

    [Fact]
    public async Task A_hello_may_come_byte_by_byte()
    {
        await using OnePortStage stage = await OnePortStage.StartAsync();
        await using SslStream tls = await OnePortStage.SecureAsync(
            new Crumbling(await stage.DialAsync()),
            "xmpp-client"
        );
        (await OnePortStage.AskAsync(tls, OnePortStage.Open, "</stream:features>")).ShouldContain("SCRAM");
    }

    [Fact]
    public async Task Plain_HTTP_is_told_what_is_spoken_here()
    {
        await using OnePortStage stage = await OnePortStage.StartAsync();
        await using Stream plain = await stage.DialAsync();
        await plain.WriteAsync(System.Text.Encoding.ASCII.GetBytes(Get));
        string answer = await OnePortStage.EndAsync(plain);
        answer.ShouldStartWith("HTTP/1.1 400 Bad Request");
        answer.ShouldEndWith("use https.\n");
    }

    [Theory]
    [InlineData("<?xml version='1.0'?><stream:stream>")]
    [InlineData("\u0001\u0002\u0003\u0004")]
    [InlineData("\u0016\u0003\u0001\u0000\u0005\u0002zzzz")]
    public async Task Rubbish_is_closed(string rubbish)
    {
        await using OnePortStage stage = await OnePortStage.StartAsync();
        await using Stream plain = await stage.DialAsync();
        await plain.WriteAsync(rubbish.Select(c => (byte)c).ToArray());
        (await OnePortStage.EndAsync(plain)).ShouldNotContain("HTTP");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(-1)]
    public async Task Who_is_slow_is_let_go(int hello)
    {
        await using OnePortStage stage = await OnePortStage.StartAsync(patience: TimeSpan.FromMilliseconds(300));
        await using Stream plain = await stage.DialAsync();
        if (hello < 0)
        {
            // Within TLS, and then silent.
            await using SslStream tls = await OnePortStage.SecureAsync(plain);
            (await OnePortStage.EndAsync(tls)).ShouldBe("");
            return;
        }

        await plain.WriteAsync(ClientHelloTests.Hello(OnePortStage.Domain).AsMemory(0, hello));
        (await OnePortStage.EndAsync(plain)).ShouldBe("");
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
