using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using Kith.Tests.Program;
using Shouldly;
using Xunit;

namespace Kith.Tests.Listeners.OnePort;

/// <summary>How many connections one address may have open without anybody signed in (security.md, "Streams").</summary>
[Collection(nameof(PublishedProgram))]
public sealed class AdmissionTests
{
    private const string Get = "GET /who HTTP/1.1\r\nHost: kith.test\r\n\r\n";

    // Served by HTTP, and kept open by it.
    private static async Task<SslStream> VisitAsync(OnePortStage stage)
    {
        SslStream tls = await stage.SecureAsync("http/1.1");
        (await OnePortStage.AskAsync(tls, Get, "\r\n0\r\n")).ShouldContain("200 OK");
        return tls;
    }

    private static async Task<bool> IsLetInAsync(OnePortStage stage)
    {
        try
        {
            await using SslStream tls = await VisitAsync(stage);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    [Fact]
    public async Task Only_so_many_are_open_at_once_and_who_goes_makes_room()
    {
        await using OnePortStage stage = await OnePortStage.StartAsync(strangers: 2);
        await using SslStream first = await VisitAsync(stage);
        await using (await VisitAsync(stage))
            (await IsLetInAsync(stage)).ShouldBeFalse();
        await LetInAsync(stage);
    }

    // The server hears of the end a moment after the client.
    private static async Task LetInAsync(OnePortStage stage)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await IsLetInAsync(stage))
            patience.Token.ThrowIfCancellationRequested();
    }

    [Fact]
    public async Task A_trusted_proxy_has_as_many_as_it_likes()
    {
        await using OnePortStage stage = await OnePortStage.StartAsync(
            strangers: 1,
            proxies: IPNetwork.Parse("127.0.0.0/8")
        );
        await using SslStream first = await VisitAsync(stage);
        await using SslStream second = await VisitAsync(stage);
    }

    // Its stream is counted until it has signed in, as on every other port.
    [Fact]
    public async Task A_WebSocket_s_connection_gives_its_place_to_its_stream()
    {
        await using OnePortStage stage = await OnePortStage.StartAsync(strangers: 1);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("xmpp");
        await socket.ConnectAsync(new Uri($"wss://localhost:{stage.Port}/xmpp-websocket"), invoker, default);
        string open = $"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='{OnePortStage.Domain}' version='1.0'/>";
        await socket.SendAsync(
            System.Text.Encoding.UTF8.GetBytes(open),
            WebSocketMessageType.Text,
            endOfMessage: true,
            default
        );
        byte[] buffer = new byte[8192];
        WebSocketReceiveResult got = await socket.ReceiveAsync(buffer, default).WaitAsync(TimeSpan.FromSeconds(20));
        System.Text.Encoding.UTF8.GetString(buffer, 0, got.Count).ShouldStartWith("<open");
    }

    // HTTP/2 carries others when that is over; its connection stays counted.
    [Fact]
    public async Task A_WebSocket_over_HTTP2_keeps_the_place_of_its_connection()
    {
        await using OnePortStage stage = await OnePortStage.StartAsync(strangers: 2);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("xmpp");
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new Uri($"wss://localhost:{stage.Port}/xmpp-websocket"), invoker, default);
        byte[] open = System.Text.Encoding.UTF8.GetBytes(
            $"<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='{OnePortStage.Domain}' version='1.0'/>"
        );
        await socket.SendAsync(open, WebSocketMessageType.Text, endOfMessage: true, default);
        await socket.ReceiveAsync(new byte[8192], default).WaitAsync(TimeSpan.FromSeconds(20));
        // The connection and its stream are two.
        (await IsLetInAsync(stage)).ShouldBeFalse();
    }

    // Half a hello, a handshake that is cut, garbage, a request: memory stays flat.
    [Fact]
    public async Task Who_comes_and_goes_leaves_nothing()
    {
        int cycles = Environment.GetEnvironmentVariable("KITH_LONG") is null ? 5_000 : 100_000;
        await using OnePortStage stage = await OnePortStage.StartAsync(strangers: 50);
        byte[] hello = ClientHelloTests.Hello(OnePortStage.Domain, "h2");
        await ComeAndGoAsync(stage, hello, 500);
        await LetInAsync(stage);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        await ComeAndGoAsync(stage, hello, cycles);
        await LetInAsync(stage);
        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        // What pools keep, and nothing for each: a connection that stays has some kilobytes.
        kept.ShouldBeLessThan((2 << 20) + (cycles * 20), "bytes");
    }

    private static async Task ComeAndGoAsync(OnePortStage stage, byte[] hello, int cycles)
    {
        for (int i = 0; i < cycles; i++)
        {
            await using Stream stream = await stage.DialAsync();
            ReadOnlyMemory<byte> sent = (i % 4) switch
            {
                0 => hello.AsMemory(0, 40),
                1 => hello,
                2 => new byte[] { 1, 2, 3 },
                _ => ReadOnlyMemory<byte>.Empty,
            };
            await stream.WriteAsync(sent);
        }
    }
}
