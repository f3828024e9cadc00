using System.Net;
using Kith.Tests.Program;
using Shouldly;
using Xunit;

namespace Kith.Tests.Uploads;

/// <summary>The published program and a film: it goes up and down while memory stays flat.</summary>
[Collection(nameof(PublishedProgram))]
public sealed class LargeFileTests(ITestOutputHelper output)
{
    private const long Film = 100L << 20;
    private const long Most = 20L << 20;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_hundred_megabytes_go_up_and_down_in_constant_memory(string version)
    {
        using KithHome home = await KithHome.CreateAsync(["ada"]);
        using var ada = new UploadClient(home);
        ada.Http.DefaultRequestVersion = Version.Parse(version);
        ada.Http.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await using KithProcess kith = await KithProcess.StartAsync(home, ada.Settings());
        await ada.SignInAsync();
        // What the first file of all needs (code, pools) is not the film's.
        await UpAndDownAsync(ada, 8 << 20, static _ => { });
        long before = kith.ResidentBytes();
        long most = 0;

        await UpAndDownAsync(ada, Film, _ => most = Math.Max(most, kith.ResidentBytes()));

        output.WriteLine($"HTTP/{version}: {before >> 10} kB before, {most >> 10} kB at most");
        (most - before).ShouldBeLessThan(Most);
        (await kith.StopAsync()).ExitCode.ShouldBe(0);
    }

    private static async Task UpAndDownAsync(UploadClient ada, long size, Action<long> look)
    {
        Slot slot = await ada.SlotAsync("film.mp4", size);
        (await ada.PutAsync(slot, new MadeUpContent(size, look))).ShouldBe(HttpStatusCode.Created);
        using HttpResponseMessage get = await ada.Http.GetAsync(slot.Get, HttpCompletionOption.ResponseHeadersRead);
        get.Content.Headers.ContentLength.ShouldBe(size);
        await using Stream film = await get.Content.ReadAsStreamAsync();
        (await MadeUpContent.IsSameAsync(film, size, look)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_settings_are_heeded()
    {
        using KithHome home = await KithHome.CreateAsync(["ada"]);
        using var ada = new UploadClient(home);
        string[] settings = ada.Settings("Uploads:MaxBytes=1 KiB", "Uploads:UserQuotaBytes=1500", "Uploads:Days=7");
        await using KithProcess kith = await KithProcess.StartAsync(home, settings);
        await ada.SignInAsync();
        (await ada.AskAsync("a.mp4", 1025)).ToString().ShouldContain("<max-file-size>1024</max-file-size>");
        Slot slot = await ada.SlotAsync("a.mp4", 1000);
        (await ada.PutAsync(slot, new ByteArrayContent(new byte[1000]))).ShouldBe(HttpStatusCode.Created);
        string full = (await ada.AskAsync("b.mp4", 501)).ToString();
        full.ShouldContain("resource-constraint");
        full.ShouldContain("<retry ");
        (await ada.SlotAsync("b.mp4", 500)).ShouldNotBeNull();
    }
}
