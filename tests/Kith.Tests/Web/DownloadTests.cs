using System.Net;
using System.Net.Http.Headers;
using Shouldly;
using Xmpp.Server.Stores;
using Xmpp.Server.Uploads;
using Xunit;

namespace Kith.Tests.Web;

/// <summary><c>GET</c> and <c>HEAD</c>: conditions and stretches (RFC 9110 §13, §14), and what a browser may do with a file.</summary>
public sealed class DownloadTests
{
    private static readonly byte[] _bytes = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];

    [Theory]
    [InlineData("bytes=0-0", 206, 0, 1)]
    [InlineData("bytes=0-", 206, 0, 1000)]
    [InlineData("bytes=10-19", 206, 10, 10)]
    [InlineData("bytes=990-2000", 206, 990, 10)]
    [InlineData("bytes=999-", 206, 999, 1)]
    [InlineData("bytes=-1", 206, 999, 1)]
    [InlineData("bytes=-2000", 206, 0, 1000)]
    [InlineData("bytes=1000-", 416, 0, 0)]
    [InlineData("bytes=5000-6000", 416, 0, 0)]
    [InlineData("bytes=-0", 416, 0, 0)]
    [InlineData("bytes=0-1,5-6", 200, 0, 1000)]
    [InlineData("bytes=9-5", 200, 0, 1000)]
    [InlineData("bytes=a-b", 200, 0, 1000)]
    [InlineData("bytes=-", 200, 0, 1000)]
    [InlineData("bytes", 200, 0, 1000)]
    [InlineData("lines=0-1", 200, 0, 1000)]
    [InlineData("bytes=99999999999999999999-", 200, 0, 1000)]
    public async Task A_stretch_is_given_where_there_is_one(string range, int status, int start, int length)
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        string address = await juliet.AddAsync("a.bin", _bytes);
        using HttpResponseMessage get = await AskAsync(stage, HttpMethod.Get, address, ("Range", range));
        ((int)get.StatusCode).ShouldBe(status);
        (await get.Content.ReadAsByteArrayAsync()).ShouldBe(_bytes[start..(start + length)]);
        get.Content.Headers.ContentLength.ShouldBe(length);
        get.Content.Headers.ContentRange?.ToString()
            .ShouldBe(
                status switch
                {
                    206 => $"bytes {start}-{start + length - 1}/1000",
                    416 => "bytes */1000",
                    _ => null,
                }
            );
        if (status != 416)
            get.Headers.AcceptRanges.ShouldBe(["bytes"]);
        // §14.2: a range is for GET alone.
        using HttpResponseMessage head = await AskAsync(stage, HttpMethod.Head, address, ("Range", range));
        (head.StatusCode, head.Content.Headers.ContentLength).ShouldBe((HttpStatusCode.OK, 1000));
    }

    private static Task<HttpResponseMessage> AskAsync(
        WebStage stage,
        HttpMethod method,
        string address,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(method, address);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return stage.Client.SendAsync(request);
    }

    [Theory]
    [InlineData("If-None-Match", "{tag}", 304)]
    [InlineData("If-None-Match", "W/{tag}", 304)]
    [InlineData("If-None-Match", "\"other\", {tag}", 304)]
    [InlineData("If-None-Match", "*", 304)]
    [InlineData("If-None-Match", "\"other\"", 200)]
    [InlineData("If-Modified-Since", "{time}", 304)]
    [InlineData("If-Modified-Since", "{after}", 304)]
    [InlineData("If-Modified-Since", "{before}", 200)]
    [InlineData("If-Modified-Since", "yesterday", 200)]
    [InlineData("If-Match", "{tag}", 200)]
    [InlineData("If-Match", "*", 200)]
    [InlineData("If-Match", "W/{tag}", 412)]
    [InlineData("If-Match", "\"other\"", 412)]
    [InlineData("If-Unmodified-Since", "{time}", 200)]
    [InlineData("If-Unmodified-Since", "{before}", 412)]
    [InlineData("If-Range", "{tag}", 206)]
    [InlineData("If-Range", "W/{tag}", 200)]
    [InlineData("If-Range", "\"other\"", 200)]
    [InlineData("If-Range", "{time}", 206)]
    [InlineData("If-Range", "{after}", 200)]
    [InlineData("If-Range", "{before}", 200)]
    public async Task A_condition_is_heeded(string header, string value, int status)
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        string address = await juliet.AddAsync("a.bin", _bytes);
        using HttpResponseMessage first = await stage.Client.GetAsync(address);
        DateTimeOffset time = first.Content.Headers.LastModified!.Value;
        string said = value
            .Replace("{tag}", first.Headers.ETag!.ToString())
            .Replace("{time}", time.ToString("R"))
            .Replace("{after}", time.AddSeconds(1).ToString("R"))
            .Replace("{before}", time.AddSeconds(-1).ToString("R"));
        (string, string)[] headers = header == "If-Range" ? [(header, said), ("Range", "bytes=0-9")] : [(header, said)];

        using HttpResponseMessage get = await AskAsync(stage, HttpMethod.Get, address, headers);

        ((int)get.StatusCode).ShouldBe(status);
        (await get.Content.ReadAsByteArrayAsync()).Length.ShouldBe(
            status switch
            {
                200 => 1000,
                206 => 10,
                _ => 0,
            }
        );
        if (status == 304)
            get.Headers.ETag.ShouldBe(first.Headers.ETag);
    }

    [Fact]
    public async Task HEAD_says_what_GET_says()
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        string address = await juliet.AddAsync("a.jpg", _bytes, "image/jpeg");
        using HttpResponseMessage get = await stage.Client.GetAsync(address);
        using HttpResponseMessage head = await AskAsync(stage, HttpMethod.Head, address);
        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
        Lines(head).ShouldBe(Lines(get));
        string[] lines = Lines(get);
        lines.ShouldContain("Accept-Ranges: bytes");
        lines.ShouldContain("Content-Length: 1000");
        lines.ShouldContain("Cache-Control: max-age=604800, private, immutable");
        lines.ShouldContain("Cross-Origin-Resource-Policy: cross-origin");
    }

    private static string[] Lines(HttpResponseMessage response) =>
        [
            .. response
                .Headers.Concat(response.Content.Headers)
                .Where(header => header.Key != "Date")
                .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}")
                .Order(StringComparer.Ordinal),
        ];

    // security.md, "Web": scripts in uploads. The address is the web client's own origin.
    [Theory]
    [InlineData("image/jpeg", "image/jpeg", "inline")]
    [InlineData("video/mp4", "video/mp4", "inline")]
    [InlineData("audio/ogg", "audio/ogg", "inline")]
    [InlineData("text/plain", "text/plain; charset=utf-8", "inline")]
    [InlineData("application/pdf", "application/pdf", "attachment")]
    [InlineData("text/html", "application/octet-stream", "attachment")]
    [InlineData("application/xhtml+xml", "application/octet-stream", "attachment")]
    [InlineData("image/svg+xml", "application/octet-stream", "attachment")]
    [InlineData("text/xml", "application/octet-stream", "attachment")]
    [InlineData("text/javascript", "application/octet-stream", "attachment")]
    [InlineData("application/javascript", "application/octet-stream", "attachment")]
    [InlineData("text/css", "application/octet-stream", "attachment")]
    [InlineData("application/wasm", "application/octet-stream", "attachment")]
    [InlineData("multipart/x-mixed-replace", "application/octet-stream", "attachment")]
    [InlineData(null, "application/octet-stream", "attachment")]
    public async Task Only_what_holds_no_program_is_shown(string? type, string served, string disposition)
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        string address = await juliet.AddAsync("evil.html", "<script>alert(1)</script>"u8.ToArray(), type);
        using HttpResponseMessage get = await stage.Client.GetAsync(address);
        get.Content.Headers.ContentType!.ToString().ShouldBe(served);
        get.Content.Headers.ContentDisposition!.DispositionType.ShouldBe(disposition);
        get.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        string policy = get.Headers.GetValues("Content-Security-Policy").Single();
        policy.ShouldContain("sandbox");
        policy.ShouldContain("default-src 'none'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("script");
    }

    // RFC 6266: a name can neither end the header nor begin another.
    [Fact]
    public async Task A_name_stays_inside_its_header()
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        string name = FileName.Sanitise("a\"; filename=\"b.exe\r\nSet-Cookie: x=y; \u202Etxt.html");
        string address = await juliet.AddAsync(name, _bytes);
        using HttpResponseMessage get = await stage.Client.GetAsync(address);
        get.Headers.Contains("Set-Cookie").ShouldBeFalse();
        ContentDispositionHeaderValue disposition = get.Content.Headers.ContentDisposition!;
        disposition.DispositionType.ShouldBe("attachment");
        disposition.FileNameStar.ShouldBe("a\"; filename=\"b.exeSet-Cookie: x=y; txt.html");
        disposition.Parameters.Count.ShouldBe(2);
    }

    // XEP-0363 §4.1.3.
    [Fact]
    public async Task What_goes_soon_is_cached_by_nobody()
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        UploadSlot slot = juliet.Slot("a.jpg", 3) with
        {
            Purpose = UploadPurpose.Ephemeral,
            FileExpires = stage.Server.Time.GetUtcNow().AddDays(1),
        };
        (await juliet.PutAsync(slot, Uploader.Content([1, 2, 3]))).StatusCode.ShouldBe(HttpStatusCode.Created);
        using HttpResponseMessage get = await stage.Client.GetAsync(juliet.Address(slot));
        get.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_that_is_not_whole_is_not_given()
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        string address = await juliet.AddAsync("a.bin", _bytes);
        string path = Directory.GetFiles(stage.Uploads.Path).Single();
        await File.WriteAllBytesAsync(path, new byte[999]);
        (await stage.Client.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        File.Delete(path);
        (await stage.Client.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_download_goes_on_while_its_file_is_removed()
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        byte[] bytes = Uploader.Bytes(20_000_000);
        string address = await juliet.AddAsync("a.bin", bytes);
        using HttpResponseMessage get = await stage.Client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead);
        await stage.Server.Files.RemoveAsync(juliet.Account, address.Split('/')[2]);
        await stage.Uploads.DeletedAsync();
        (await get.Content.ReadAsByteArrayAsync()).ShouldBe(bytes);
        (await stage.Client.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("DELETE")]
    [InlineData("POST")]
    [InlineData("PATCH")]
    public async Task Nothing_else_can_be_asked_for(string method)
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        string address = await juliet.AddAsync("a.bin", _bytes);
        (await AskAsync(stage, new HttpMethod(method), address)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        (await stage.Client.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
