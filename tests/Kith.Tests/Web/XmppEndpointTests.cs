using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Shouldly;
using Xunit;

namespace Kith.Tests.Web;

/// <summary>WebSocket, host-meta and what other origins may do (interface.md, "Addresses").</summary>
public sealed class XmppEndpointTests
{
    private static readonly CancellationToken _patience = new CancellationTokenSource(TimeSpan.FromSeconds(30)).Token;

    private static async Task<ClientWebSocket> ConnectAsync(WebStage stage, Version? version = null)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("xmpp");
        socket.Options.HttpVersion = version ?? HttpVersion.Version11;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.SetRequestHeader("Origin", "https://elsewhere.test");
        var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        var address = new UriBuilder(stage.Address) { Scheme = "ws", Path = "/xmpp-websocket" };
        await socket.ConnectAsync(address.Uri, invoker, _patience);
        return socket;
    }

    private static Task SayAsync(WebSocket socket, string xml) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(xml), WebSocketMessageType.Text, true, _patience);

    private static async Task<XElement?> HearAsync(WebSocket socket)
    {
        var buffer = new byte[65536];
        ValueWebSocketReceiveResult part = await socket.ReceiveAsync(buffer.AsMemory(), _patience);
        part.EndOfMessage.ShouldBeTrue();
        return part.MessageType == WebSocketMessageType.Close
            ? null
            : XElement.Parse(Encoding.UTF8.GetString(buffer, 0, part.Count));
    }

    private const string Open = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='kith.test' version='1.0'/>";

    [Theory]
    [InlineData(HttpProtocols.Http1, "1.1")]
    [InlineData(HttpProtocols.Http2, "2.0")]
    public async Task A_browser_signs_in_over_a_WebSocket(HttpProtocols protocols, string version)
    {
        await using WebStage stage = await WebStage.StartAsync(protocols);
        await stage.AddAsync("juliet", "wherefore");
        using ClientWebSocket socket = await ConnectAsync(stage, Version.Parse(version));
        socket.SubProtocol.ShouldBe("xmpp");

        await SayAsync(socket, Open);
        (await HearAsync(socket))!.Name.LocalName.ShouldBe("open");
        (await HearAsync(socket))!.ToString().ShouldContain("urn:xmpp:sasl:2");
        string plain = Convert.ToBase64String("\0juliet\0wherefore"u8);
        await SayAsync(
            socket,
            $"<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>{plain}</initial-response>"
                + "<bind xmlns='urn:xmpp:bind:0'/></authenticate>"
        );
        (await HearAsync(socket))!.Name.LocalName.ShouldBe("success");
        (await HearAsync(socket))!.Name.LocalName.ShouldBe("features");

        await SayAsync(socket, "<close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
        (await HearAsync(socket))!.Name.LocalName.ShouldBe("close");
        (await HearAsync(socket)).ShouldBeNull();
        socket.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    // The process stops: the stream says why, and nothing hangs.
    [Fact]
    public async Task A_stopping_server_says_goodbye()
    {
        WebStage stage = await WebStage.StartAsync();
        await stage.AddAsync("juliet", "wherefore");
        using ClientWebSocket socket = await ConnectAsync(stage);
        await SayAsync(socket, Open);
        await HearAsync(socket);
        await HearAsync(socket);
        Task ended = stage.DisposeAsync().AsTask();
        (await HearAsync(socket))!.ToString().ShouldContain("system-shutdown");
        (await HearAsync(socket))!.Name.LocalName.ShouldBe("close");
        await ended.WaitAsync(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Without_the_subprotocol_there_is_no_WebSocket()
    {
        await using WebStage stage = await WebStage.StartAsync();
        using HttpResponseMessage plain = await stage.Client.GetAsync("/xmpp-websocket");
        plain.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("chat");
        var address = new UriBuilder(stage.Address) { Scheme = "ws", Path = "/xmpp-websocket" };
        await Should.ThrowAsync<WebSocketException>(() => socket.ConnectAsync(address.Uri, _patience));
    }

    // Laws, "The world outside", 1: from the settings, whatever the request's Host says.
    [Fact]
    public async Task Host_meta_tells_both_ways_in_both_forms()
    {
        await using WebStage stage = await WebStage.StartAsync();
        stage.Client.DefaultRequestHeaders.Host = "evil.test";

        using HttpResponseMessage xml = await stage.Client.GetAsync("/.well-known/host-meta");
        xml.Content.Headers.ContentType!.MediaType.ShouldBe("application/xrd+xml");
        XElement document = XElement.Parse(await xml.Content.ReadAsStringAsync());
        document
            .Elements()
            .ToDictionary(link => link.Attribute("rel")!.Value, link => link.Attribute("href")!.Value)
            .ShouldBe(
                new Dictionary<string, string>
                {
                    ["urn:xmpp:alt-connections:websocket"] = "wss://kith.test:8443/xmpp-websocket",
                    ["urn:xmpp:alt-connections:xbosh"] = "https://kith.test:8443/http-bind",
                },
                ignoreOrder: true
            );

        using HttpResponseMessage json = await stage.Client.GetAsync("/.well-known/host-meta.json");
        json.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        using JsonDocument parsed = JsonDocument.Parse(await json.Content.ReadAsStringAsync());
        parsed
            .RootElement.GetProperty("links")[0]
            .GetProperty("href")
            .GetString()
            .ShouldBe("wss://kith.test:8443/xmpp-websocket");
    }

    [Theory]
    [InlineData("/.well-known/host-meta")]
    [InlineData("/.well-known/host-meta.json")]
    [InlineData("/http-bind")]
    public async Task Other_origins_may_look(string path)
    {
        await using WebStage stage = await WebStage.StartAsync();
        if (path != "/http-bind")
        {
            using HttpResponseMessage got = await stage.Client.GetAsync(path);
            got.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        }
        using HttpResponseMessage preflight = await stage.Client.SendAsync(new(HttpMethod.Options, path));
        preflight.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        preflight.Headers.GetValues("Access-Control-Allow-Methods").Single().ShouldContain("PUT, POST");
        preflight.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
    }

    // XEP-0124 over HTTP, and what a browser may not do with its answers.
    [Fact]
    public async Task A_browser_signs_in_over_BOSH()
    {
        await using WebStage stage = await WebStage.StartAsync();
        await stage.AddAsync("juliet", "wherefore");
        const string Bosh = "xmlns='http://jabber.org/protocol/httpbind'";
        XElement session = await PostAsync(
            stage,
            $"<body {Bosh} rid='7' to='kith.test' wait='20' hold='1' ver='1.6'/>"
        );
        string sid = session.Attribute("sid")!.Value;
        string plain = Convert.ToBase64String("\0juliet\0wherefore"u8);
        XElement entered = await PostAsync(
            stage,
            $"<body {Bosh} rid='8' sid='{sid}'><authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>{plain}</initial-response><bind xmlns='urn:xmpp:bind:0'/></authenticate></body>"
        );
        entered.Elements().First().Name.LocalName.ShouldBe("success");
        XElement ended = await PostAsync(stage, $"<body {Bosh} rid='9' sid='{sid}' type='terminate'/>");
        ended.Attribute("type")!.Value.ShouldBe("terminate");
    }

    private static async Task<XElement> PostAsync(WebStage stage, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "text/plain");
        using HttpResponseMessage response = await stage.Client.PostAsync("/http-bind", content);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/xml; charset=utf-8");
        response.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        return XElement.Parse(await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_not_read()
    {
        await using WebStage stage = await WebStage.StartAsync();
        using var known = new ByteArrayContent(new byte[300_000]);
        (await stage.Client.PostAsync("/http-bind", known)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        using var unknown = new StreamContent(new MemoryStream(new byte[300_000]));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/http-bind") { Content = unknown };
        request.Headers.TransferEncodingChunked = true;
        (await stage.Client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    // X-Forwarded-For from strangers is what they say, nothing more.
    [Fact]
    public async Task Only_a_trusted_proxy_says_for_whom_it_asks()
    {
        await using WebStage alone = await WebStage.StartAsync();
        await using WebStage behind = await WebStage.StartAsync(HttpProtocols.Http1, IPNetwork.Parse("127.0.0.0/8"));
        foreach (WebStage stage in new[] { alone, behind })
            stage.Client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9, 198.51.100.7");
        (await alone.Client.GetStringAsync("/who")).ShouldBe("127.0.0.1");
        (await behind.Client.GetStringAsync("/who")).ShouldBe("198.51.100.7");
    }
}
