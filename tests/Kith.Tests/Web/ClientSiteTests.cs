using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Kith.Web.Client;
using Shouldly;
using Xunit;

namespace Kith.Tests.Web;

/// <summary>The web client's files: how they are given, kept by browsers, and what else cannot be had that way.</summary>
public sealed class ClientSiteTests
{
    private const string Script = "/assets/kith-A1b2.js";
    private const string Code =
        "console.log('This is the code of the client, which says it twice: the code of the client')";

    private static SiteFile[] Files() =>
        [
            Packed("index.html", "<!doctype html><title>Kith</title>"),
            Packed("assets/kith-A1b2.js", Code),
            Packed("sw.js", "// the worker"),
            new("icons/192.png", () => new MemoryStream([137, 80, 78, 71])),
        ];

    internal static SiteFile Packed(string name, string text)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Optimal))
            brotli.Write(Encoding.UTF8.GetBytes(text));
        byte[] bytes = packed.ToArray();
        return new SiteFile(name + ".br", () => new MemoryStream(bytes));
    }

    private static async Task<HttpResponseMessage> AskAsync(
        WebStage stage,
        string path,
        HttpMethod? method = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        foreach ((string name, string value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await stage.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string Header(HttpResponseMessage response, string name) =>
        string.Join(
            ", ",
            response.Headers.NonValidated.TryGetValues(name, out var values) ? [.. values]
                : response.Content.Headers.NonValidated.TryGetValues(name, out values) ? [.. values]
                : (string[])[]
        );

    [Theory]
    [InlineData("br", true)]
    [InlineData("gzip, deflate, br, zstd", true)]
    [InlineData("*", true)]
    [InlineData("br;q=0.2, gzip", true)]
    [InlineData("br;q=0, *", false)]
    [InlineData("gzip, deflate", false)]
    [InlineData("", false)]
    [InlineData(";;,=", false)]
    public async Task A_file_comes_compressed_to_those_who_read_it(string accepted, bool packed)
    {
        await using WebStage stage = await WebStage.StartAsync(Files());
        using HttpResponseMessage answer = await AskAsync(stage, Script, null, ("Accept-Encoding", accepted));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Header(answer, "Content-Encoding").ShouldBe(packed ? "br" : "");
        Header(answer, "Vary").ShouldBe("Accept-Encoding");
        Header(answer, "Content-Type").ShouldBe("text/javascript; charset=utf-8");
        Header(answer, "Cache-Control").ShouldBe("public, max-age=31536000, immutable");
        Stream content = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        using var reader = new StreamReader(packed ? new BrotliStream(content, CompressionMode.Decompress) : content);
        (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe(Code);
    }

    [Theory]
    [InlineData("/", "text/html; charset=utf-8")]
    [InlineData("/sw.js", "text/javascript; charset=utf-8")]
    [InlineData("/icons/192.png", "image/png")]
    public async Task What_may_change_is_asked_for_each_time_and_sent_when_it_has(string path, string type)
    {
        await using WebStage stage = await WebStage.StartAsync(Files());
        using HttpResponseMessage first = await AskAsync(stage, path);
        Header(first, "Cache-Control").ShouldBe("no-cache");
        Header(first, "Content-Type").ShouldBe(type);
        string tag = Header(first, "ETag");
        foreach (string known in (string[])[tag, "\"other\", " + tag, "*"])
        {
            using HttpResponseMessage again = await AskAsync(stage, path, null, ("If-None-Match", known));
            again.StatusCode.ShouldBe(HttpStatusCode.NotModified);
            Header(again, "ETag").ShouldBe(tag);
            (await again.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        }
        using HttpResponseMessage changed = await AskAsync(stage, path, null, ("If-None-Match", "\"other\", nonsense"));
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task HEAD_says_the_same_and_sends_nothing()
    {
        await using WebStage stage = await WebStage.StartAsync(Files());
        using HttpResponseMessage get = await AskAsync(stage, Script, null, ("Accept-Encoding", "br"));
        using HttpResponseMessage head = await AskAsync(stage, Script, HttpMethod.Head, ("Accept-Encoding", "br"));
        head.Content.Headers.ContentLength.ShouldBe(get.Content.Headers.ContentLength);
        foreach (string name in (string[])["ETag", "Vary", "Content-Type", "Content-Security-Policy"])
            Header(head, name).ShouldBe(Header(get, name));
        (await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
    }

    // security.md, "Web": strict CSP without unsafe-inline, clickjacking.
    [Theory]
    [InlineData("/")]
    [InlineData("/sw.js")]
    [InlineData(Script)]
    public async Task Every_file_carries_the_policy(string path)
    {
        await using WebStage stage = await WebStage.StartAsync(Files());
        using HttpResponseMessage answer = await AskAsync(stage, path);
        string policy = Header(answer, "Content-Security-Policy");
        policy.ShouldStartWith("default-src 'none'; script-src 'self'; style-src 'self'; ");
        policy.ShouldContain("connect-src 'self' wss://kith.test:8443 https:;");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldContain("base-uri 'none'");
        policy.ShouldNotContain("unsafe");
        Header(answer, "X-Content-Type-Options").ShouldBe("nosniff");
        Header(answer, "Cross-Origin-Opener-Policy").ShouldBe("same-origin");
        Header(answer, "Referrer-Policy").ShouldBe("no-referrer");
        Header(answer, "Permissions-Policy").ShouldContain("camera=(self), microphone=(self)");
    }

    // security.md, "Web": path traversal in static paths. Written to the socket, because clients tidy paths up.
    [Theory]
    [InlineData("/assets/../../kith.db")]
    [InlineData("/../kith.db")]
    [InlineData("/assets/%2e%2e/%2e%2e/kith.db")]
    [InlineData("/assets/..%2f..%2fkith.db")]
    [InlineData("/icons/..\\..\\kith.db")]
    [InlineData("//etc/passwd")]
    [InlineData("/assets/")]
    [InlineData("/assets/kith-A1b2.js.br")]
    [InlineData("/assets/kith-A1b2.js/")]
    [InlineData("/index.html.br")]
    [InlineData("/web/index.html")]
    [InlineData("/assets/kith-A1b2.js%00.png")]
    [InlineData("/nobody")]
    public async Task A_path_leads_to_no_other_file(string path)
    {
        await using WebStage stage = await WebStage.StartAsync(Files());
        using var socket = new TcpClient();
        await socket.ConnectAsync(stage.Address.Host, stage.Address.Port, TestContext.Current.CancellationToken);
        NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: kith.test\r\nConnection: close\r\n\r\n"),
            TestContext.Current.CancellationToken
        );
        using var reader = new StreamReader(stream);
        string answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        int status = int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        // A path may also be tidied up to one that is there, which is then that file and nothing else.
        (status is 400 or 404 || path.EndsWith(".js/", StringComparison.Ordinal)).ShouldBeTrue(answer);
    }

    [Theory]
    [InlineData("de", "de", "Neuer Chat")]
    [InlineData("en", "en", "New chat")]
    public async Task The_manifest_has_the_homes_name_and_speaks_the_visitors_language(
        string language,
        string says,
        string shortcut
    )
    {
        await using WebStage stage = await WebStage.StartAsync(Files());
        using HttpResponseMessage answer = await AskAsync(
            stage,
            "/manifest.webmanifest",
            null,
            ("Accept-Language", language)
        );
        Header(answer, "Content-Type").ShouldBe("application/manifest+json");
        using JsonDocument manifest = JsonDocument.Parse(
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        JsonElement root = manifest.RootElement;
        root.GetProperty("name").GetString().ShouldBe("<the Capulets>");
        root.GetProperty("lang").GetString().ShouldBe(says);
        root.GetProperty("shortcuts")[0].GetProperty("name").GetString().ShouldBe(shortcut);
        root.GetProperty("share_target").GetProperty("action").GetString().ShouldBe("/share");
    }

    [Fact]
    public void The_manifests_colours_are_the_clients()
    {
        using Stream stream = typeof(Manifest).Assembly.GetManifestResourceStream("tokens.css")!;
        string tokens = new StreamReader(stream).ReadToEnd();
        tokens.ShouldContain($"--bg: {Manifest.Background};");
        tokens.ShouldContain($"--accent: {Manifest.Accent};");
    }

    [Fact]
    public async Task What_is_shared_before_the_worker_is_there_opens_the_client()
    {
        await using WebStage stage = await WebStage.StartAsync(Files());
        using var visitor = new Visitor(stage);
        Answer answer = await visitor.PostAsync("/share", new() { ["text"] = "hello" });
        (answer.Status, answer.Header("Location")).ShouldBe((HttpStatusCode.SeeOther, "/"));
    }

    [Fact]
    public async Task A_program_without_the_client_says_so()
    {
        await using WebStage stage = await WebStage.StartAsync();
        using HttpResponseMessage answer = await AskAsync(stage, "/");
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain(
            "not part of this build"
        );
        using HttpResponseMessage manifest = await AskAsync(stage, "/manifest.webmanifest");
        manifest.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
