using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server;
using Xmpp.Server.Streams;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Streams;

/// <summary>Tests that measure the process run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

/// <summary>Connections whose TLS handshake never ends are strangers like all others (security.md, "Streams").</summary>
[Collection(Alone.Name)]
public sealed class HalfOpenTlsTests
{
    private static readonly TlsSettings _tls = new(
        new SslServerAuthenticationOptions { ServerCertificate = SelfSigned() },
        []
    );

    private static X509Certificate2 SelfSigned()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=kith.test", key, HashAlgorithmName.SHA256);
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static (Line Line, Task Served) Connect(Play play, bool direct)
    {
        var line = new Line();
        var transport = new TcpTransport(line.Server, IPAddress.Loopback, new XmlLimits(), () => _tls)
        {
            DirectTls = direct,
        };
        return (line, play.Server.ServeAsync(transport));
    }

    private static Task<Play> StartAsync() =>
        Play.StartAsync(Framing.Tcp, options => options with { UnauthenticatedPerAddress = 2 });

    [Fact]
    public async Task On_the_direct_port_they_are_counted_and_have_their_time()
    {
        await using Play play = await StartAsync();
        var (_, first) = Connect(play, direct: true);
        var (_, second) = Connect(play, direct: true);

        var (line, third) = Connect(play, direct: true);
        await third.WaitAsync(Actor.Patience);
        (await line.Client.ReadAsync(new byte[1])).ShouldBe(0, "what is said before TLS is noise");
        first.IsCompleted.ShouldBeFalse();
        second.IsCompleted.ShouldBeFalse();

        play.Clock.Advance(TimeSpan.FromSeconds(play.Options.AuthenticateSeconds));
        await Task.WhenAll(first, second).WaitAsync(Actor.Patience);
        var (_, fourth) = Connect(play, direct: true);
        fourth.IsCompleted.ShouldBeFalse();
        play.Clock.Advance(TimeSpan.FromSeconds(play.Options.AuthenticateSeconds));
        await fourth.WaitAsync(Actor.Patience);
    }

    [Fact]
    public async Task After_STARTTLS_they_have_their_time_and_harm_nothing()
    {
        await using Play play = await StartAsync();
        var (line, served) = Connect(play, direct: false);
        await Send(
            line,
            $"<stream:stream xmlns='{Ns.Client}' xmlns:stream='{Ns.Streams}' to='kith.test' version='1.0'>"
        );
        await Send(line, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
        await ReadUntil(line, "<proceed");

        play.Clock.Advance(TimeSpan.FromSeconds(play.Options.AuthenticateSeconds));

        await served.WaitAsync(Actor.Patience);
    }

    // security.md, "Streams": memory stays flat, whether they speak, begin TLS, or say nothing.
    [Fact]
    public async Task Who_comes_and_goes_leaves_nothing()
    {
        int cycles = Environment.GetEnvironmentVariable("KITH_LONG") is null ? 10_000 : 100_000;
        await using Play play = await StartAsync();
        await using var server = new XmppServer(play.Options, play.Stores, play.Clock, NullLogger.Instance);
        await ComeAndGo(server, 500);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await ComeAndGo(server, cycles);
        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        kept.ShouldBeLessThan(cycles * 50, "bytes");
    }

    private static async Task ComeAndGo(XmppServer server, int cycles)
    {
        for (int i = 0; i < cycles; i++)
        {
            var line = new Line();
            var transport = new TcpTransport(line.Server, Address(i), new XmlLimits(), () => _tls)
            {
                DirectTls = i % 3 == 0,
            };
            Task served = server.ServeAsync(transport);
            if (i % 3 == 1)
                await Send(
                    line,
                    $"<stream:stream xmlns='{Ns.Client}' xmlns:stream='{Ns.Streams}' to='kith.test' version='1.0'><a"
                );
            line.Cut();
            await served.WaitAsync(Actor.Patience);
        }
    }

    private static IPAddress Address(int number) => new([10, (byte)(number >> 16), (byte)(number >> 8), (byte)number]);

    private static async Task Send(Line line, string text) =>
        await line.Client.WriteAsync(Encoding.UTF8.GetBytes(text));

    private static async Task ReadUntil(Line line, string end)
    {
        var read = new byte[4096];
        string text = "";
        while (!text.Contains(end, StringComparison.Ordinal))
            text += Encoding.UTF8.GetString(read, 0, await line.Client.ReadAsync(read));
    }
}
