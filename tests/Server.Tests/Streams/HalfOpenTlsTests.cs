using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Streams;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Streams;

/// <summary>Connections whose TLS handshake never ends are strangers like all others (security.md, "Streams").</summary>
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
