using System.Net;
using System.Net.Sockets;
using System.Text;
using Kith.Options;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Shouldly;
using Xmpp.Server.Stores;
using Xmpp.Server.Uploads;
using Xunit;

namespace Kith.Tests.Web;

/// <summary><c>PUT /upload/ID/NAME</c> (XEP-0363 §7) and what is left when it is not as it should be.</summary>
public sealed class UploadTests
{
    private static void ShouldBeEmpty(WebStage stage, Uploader uploader)
    {
        stage.Server.Files.List(uploader.Account).ShouldBeEmpty();
        if (Directory.Exists(stage.Uploads.Path))
            Directory.EnumerateFileSystemEntries(stage.Uploads.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, "1.1")]
    [InlineData(HttpProtocols.Http2, "2.0")]
    public async Task A_file_goes_up_and_comes_down_byte_for_byte(HttpProtocols protocols, string version)
    {
        await using WebStage stage = await WebStage.StartAsync(protocols);
        stage.Client.DefaultRequestVersion = Version.Parse(version);
        Uploader juliet = await Uploader.MoveInAsync(stage);
        byte[] bytes = Uploader.Bytes(9_000_001);
        UploadSlot slot = juliet.Slot("tr\u00e8s cool.jpg", bytes.Length, "image/jpeg");

        using HttpResponseMessage put = await juliet.PutAsync(slot, Uploader.Content(bytes, "image/jpeg"));

        put.StatusCode.ShouldBe(HttpStatusCode.Created);
        put.Headers.Location!.AbsoluteUri.ShouldBe($"https://kith.test:8443/upload/{slot.Id}/tr%C3%A8s%20cool.jpg");
        using HttpResponseMessage get = await stage.Client.SendAsync(juliet.New(HttpMethod.Get, juliet.Address(slot)));
        get.StatusCode.ShouldBe(HttpStatusCode.OK);
        get.Version.ToString().ShouldBe(version);
        (await get.Content.ReadAsByteArrayAsync()).ShouldBe(bytes);
        get.Content.Headers.ContentLength.ShouldBe(bytes.Length);
        get.Headers.ETag.ShouldBe(put.Headers.ETag);
        File.ReadAllBytes(Path.Combine(stage.Uploads.Path, slot.Id)).ShouldBe(bytes);
        Directory.GetFiles(stage.Uploads.Path).Length.ShouldBe(1);
        File.GetUnixFileMode(stage.Uploads.Path).ShouldBe((UnixFileMode)0b111_000_000);
        File.GetUnixFileMode(Path.Combine(stage.Uploads.Path, slot.Id)).ShouldBe((UnixFileMode)0b110_000_000);
        UploadRecord record = stage.Server.Files.List(juliet.Account).ShouldHaveSingleItem();
        (record.Name, record.MediaType, record.Size).ShouldBe(("tr\u00e8s cool.jpg", "image/jpeg", bytes.Length));
    }

    [Fact]
    public async Task A_slot_takes_one_file()
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        UploadSlot slot = juliet.Slot("a.txt", 5);
        (await juliet.PutAsync(slot, Uploader.Content("first"u8.ToArray()))).StatusCode.ShouldBe(
            HttpStatusCode.Created
        );
        (await juliet.PutAsync(slot, Uploader.Content("other"u8.ToArray()))).StatusCode.ShouldBe(
            HttpStatusCode.Conflict
        );
        (await stage.Client.GetStringAsync(juliet.Address(slot))).ShouldBe("first");
    }

    // XEP-0363 §7: who sends more at once than others may is asked to wait, and nobody else is.
    [Fact]
    public async Task Too_many_at_once_are_asked_to_wait()
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        Directory.CreateDirectory(stage.Uploads.Path);
        // A file that is there, half written, is one that arrives.
        using var arriving = new SemaphoreSlim(0);
        using var watcher = new FileSystemWatcher(stage.Uploads.Path) { EnableRaisingEvents = true };
        watcher.Created += (_, _) => arriving.Release();
        var held = new List<(HeldContent Content, Task<HttpResponseMessage> Answer)>();
        for (int i = 0; i < SharedFiles.MostAtOnce; i++)
        {
            var content = new HeldContent("first"u8.ToArray(), "other"u8.ToArray());
            held.Add((content, juliet.PutAsync(juliet.Slot($"{i}.txt", 10), content)));
        }
        foreach (var _ in held)
            (await arriving.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        UploadSlot next = juliet.Slot("next.txt", 5);
        using HttpResponseMessage refused = await juliet.PutAsync(next, Uploader.Content("hello"u8.ToArray()));
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(10));
        held[0].Content.Go();
        using (HttpResponseMessage put = await held[0].Answer)
            put.StatusCode.ShouldBe(HttpStatusCode.Created);
        // Its slot was not spent by the refusal.
        using (HttpResponseMessage put = await juliet.PutAsync(next, Uploader.Content("hello"u8.ToArray())))
            put.StatusCode.ShouldBe(HttpStatusCode.Created);
        foreach ((HeldContent content, Task<HttpResponseMessage> answer) in held.Skip(1))
        {
            content.Go();
            using HttpResponseMessage put = await answer;
            put.StatusCode.ShouldBe(HttpStatusCode.Created);
        }
    }

    [Fact]
    public async Task Without_its_token_an_address_takes_nothing()
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        UploadSlot slot = juliet.Slot("a.txt", 5);
        UploadSlot late = slot with { Expires = stage.Server.Time.GetUtcNow() };
        UploadSlot nobodys = slot with { Account = 99 };
        string[] addresses =
        [
            juliet.Address(slot),
            juliet.Address(slot) + "?slot=",
            juliet.Address(slot) + "?slot=AAAA",
            juliet.PutAddress(slot).Replace("a.txt", "a.exe"),
            juliet.PutAddress(slot).Replace(slot.Id, UploadId.Create()),
            juliet.PutAddress(late),
            juliet.PutAddress(nobodys),
        ];
        foreach (string address in addresses)
        {
            using HttpResponseMessage refused = await stage.Client.PutAsync(
                address,
                Uploader.Content("words"u8.ToArray())
            );
            refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden, address);
        }
        ShouldBeEmpty(stage, juliet);
    }

    // §7: "MUST reject the file upload if the Content-Length does not match".
    [Fact]
    public async Task The_size_is_exact_and_known_before()
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        UploadSlot slot = juliet.Slot("a.bin", 1000);
        (await juliet.PutAsync(slot, Uploader.Content(new byte[999]))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await juliet.PutAsync(slot, Uploader.Content(new byte[1001]))).StatusCode.ShouldBe(
            HttpStatusCode.RequestEntityTooLarge
        );
        using var unknown = new StreamContent(new MemoryStream(new byte[1000]));
        using HttpRequestMessage chunked = juliet.New(HttpMethod.Put, juliet.PutAddress(slot), unknown);
        chunked.Headers.TransferEncodingChunked = true;
        (await stage.Client.SendAsync(chunked)).StatusCode.ShouldBe(HttpStatusCode.LengthRequired);
        ShouldBeEmpty(stage, juliet);
        // None of it has used the slot up.
        (await juliet.PutAsync(slot, Uploader.Content(new byte[1000]))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task The_type_is_the_one_that_was_said_before()
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        UploadSlot slot = juliet.Slot("a.jpg", 3, "image/jpeg");
        (await juliet.PutAsync(slot, Uploader.Content([1, 2, 3], "text/html"))).StatusCode.ShouldBe(
            HttpStatusCode.UnsupportedMediaType
        );
        (await juliet.PutAsync(slot, Uploader.Content([1, 2, 3], "Image/JPEG; q=1"))).StatusCode.ShouldBe(
            HttpStatusCode.Created
        );
        UploadSlot silent = juliet.Slot("b.jpg", 3, "image/jpeg");
        (await juliet.PutAsync(silent, Uploader.Content([1, 2, 3]))).StatusCode.ShouldBe(HttpStatusCode.Created);
        stage.Server.Files.List(juliet.Account).Select(file => file.MediaType).ShouldBe(["image/jpeg", "image/jpeg"]);
    }

    // A phone that loses its network in the middle: over a bare socket, so that it can.
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(3_000_000)]
    public async Task A_broken_upload_leaves_nothing_and_may_be_tried_again(int sent)
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        byte[] bytes = Uploader.Bytes(4_000_000);
        UploadSlot slot = juliet.Slot("a.bin", bytes.Length);
        Directory.CreateDirectory(stage.Uploads.Path);
        using var gone = new FileSystemWatcher(stage.Uploads.Path) { EnableRaisingEvents = true };
        var deleted = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var created = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        gone.Created += (_, change) => created.TrySetResult(change.Name);
        gone.Deleted += (_, change) => deleted.TrySetResult(change.Name);

        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, stage.Address.Port);
            string head =
                $"PUT {juliet.PutAddress(slot)} HTTP/1.1\r\nHost: kith.test\r\nContent-Length: {bytes.Length}\r\n\r\n";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
            await socket.GetStream().WriteAsync(bytes.AsMemory(0, sent));
            (await created.Task.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(slot.Id + ".part");
            socket.Client.LingerState = new LingerOption(enable: sent > 0, seconds: 0);
        }

        (await deleted.Task.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(slot.Id + ".part");
        ShouldBeEmpty(stage, juliet);
        (await stage.Client.GetAsync(juliet.Address(slot))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        HttpStatusCode again;
        do
        // The file goes a moment before the slot is free.
        again = (await juliet.PutAsync(slot, Uploader.Content(bytes))).StatusCode;
        while (again == HttpStatusCode.Conflict && stage.Server.Files.List(juliet.Account).Count == 0);
        again.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_quota_holds_and_a_removed_file_makes_room()
    {
        await using WebStage stage = await WebStage.StartAsync(new UploadsOptions { UserQuotaBytes = 1000 });
        Uploader juliet = await Uploader.MoveInAsync(stage);
        await juliet.AddAsync("a.bin", new byte[600]);
        UploadSlot slot = juliet.Slot("b.bin", 401);
        using HttpResponseMessage full = await juliet.PutAsync(slot, Uploader.Content(new byte[401]));
        full.StatusCode.ShouldBe(HttpStatusCode.InsufficientStorage);
        (await full.Content.ReadAsStringAsync()).ShouldContain("remove some");

        UploadRecord first = stage.Server.Files.List(juliet.Account).ShouldHaveSingleItem();
        await stage.Server.Files.RemoveAsync(juliet.Account, first.Id);
        await stage.Uploads.DeletedAsync();
        Directory.EnumerateFileSystemEntries(stage.Uploads.Path).ShouldBeEmpty();
        (await stage.Client.GetAsync($"/upload/{first.Id}/{first.Name}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await juliet.PutAsync(slot, Uploader.Content(new byte[401]))).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_removed_account_takes_its_files_with_it()
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        string address = await juliet.AddAsync("a.bin", new byte[600]);
        await stage.Server.Home.People.RemoveAsync(Uploader.Owner);
        await stage.Uploads.DeletedAsync();
        Directory.EnumerateFileSystemEntries(stage.Uploads.Path).ShouldBeEmpty();
        (await stage.Client.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    // interface.md, "Addresses".
    [Fact]
    public async Task Pages_from_everywhere_may_upload_and_download()
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        UploadSlot slot = juliet.Slot("a.txt", 5);
        using HttpRequestMessage ask = juliet.New(HttpMethod.Options, juliet.PutAddress(slot));
        ask.Headers.Add("Origin", "https://elsewhere.test");
        ask.Headers.Add("Access-Control-Request-Method", "PUT");
        ask.Headers.Add("Access-Control-Request-Headers", "content-type");
        using HttpResponseMessage preflight = await stage.Client.SendAsync(ask);
        preflight.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        preflight.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        preflight.Headers.GetValues("Access-Control-Allow-Methods").Single().ShouldContain("PUT");
        preflight.Headers.GetValues("Access-Control-Allow-Headers").Single().ShouldContain("Content-Type");
        preflight.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();

        HttpResponseMessage[] answers =
        [
            await juliet.PutAsync(slot, Uploader.Content("words"u8.ToArray())),
            await juliet.PutAsync(slot, Uploader.Content("words"u8.ToArray())),
            await stage.Client.GetAsync(juliet.Address(slot)),
            await stage.Client.GetAsync($"/upload/{UploadId.Create()}/a.txt"),
        ];
        answers.Select(answer => (int)answer.StatusCode).ShouldBe([201, 409, 200, 404]);
        foreach (HttpResponseMessage answer in answers)
        {
            answer.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
            answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
            answer.Headers.GetValues("Content-Security-Policy").Single().ShouldContain("sandbox");
        }
    }

    [Theory]
    [InlineData("/upload/AAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/upload/AAAAAAAAAAAAAAAAAAAAAAAA/")]
    [InlineData("/upload/AAAAAAAAAAAAAAAAAAAAAAAA/a/b")]
    [InlineData("/upload/../kith.db")]
    [InlineData("/upload/..%2F/kith.db")]
    [InlineData("/upload/..%2Fkith.db/a")]
    [InlineData("/upload/%2e%2e/kith.db")]
    [InlineData("/upload/..%5C/kith.db")]
    [InlineData("/upload/kith.db%00aaaaaaaaaaaaaaaa/a")]
    public async Task No_path_leads_out(string path)
    {
        await using WebStage stage = await WebStage.StartAsync();
        await Uploader.MoveInAsync(stage);
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, stage.Address.Port);
        await socket
            .GetStream()
            .WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(socket.GetStream());
        string answer = await reader.ReadToEndAsync();
        answer.Split(' ')[1].ShouldBeOneOf("404", "400");
        answer.ShouldNotContain("SQLite");
    }

    [Theory]
    [InlineData("100%2F?#é'\"; x=y.txt")]
    [InlineData("a+b&c=d.txt")]
    [InlineData("\U0001F468\u200D\U0001F467 日本.txt")]
    [InlineData("-.txt")]
    public async Task Any_name_is_found_at_its_address(string name)
    {
        await using WebStage stage = await WebStage.StartAsync();
        Uploader juliet = await Uploader.MoveInAsync(stage);
        FileName.Sanitise(name).ShouldBe(name);
        string address = await juliet.AddAsync(name, "words"u8.ToArray(), "text/plain");
        using HttpResponseMessage get = await stage.Client.GetAsync(address);
        (await get.Content.ReadAsStringAsync()).ShouldBe("words");
        get.Content.Headers.ContentDisposition!.FileNameStar.ShouldBe(name);
        (await stage.Client.GetAsync(address + "x")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
