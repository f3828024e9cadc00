using System.Net;
using Kith.Tests.Client;
using Kith.Tests.Limits;
using Kith.Tests.Program;
using Shouldly;
using Xunit;

namespace Kith.Tests.Uploads;

/// <summary>The published program, killed, cut off and starved of room while files come (security.md, "Storage").</summary>
[Collection(nameof(PublishedProgram))]
public sealed class BrokenUploadTests
{
    private const long Size = 20L << 20;
    private const long Half = Size / 2;

    [Fact]
    public async Task An_interrupted_upload_leaves_nothing_behind()
    {
        using KithHome home = await KithHome.CreateAsync(["ada"]);
        using var ada = new UploadClient(home);
        Directory.CreateDirectory(ada.Folder);
        using var watcher = new FileSystemWatcher(ada.Folder) { EnableRaisingEvents = true };
        var deleted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Deleted += (_, _) => deleted.TrySetResult();
        await using KithProcess kith = await KithProcess.StartAsync(home, ada.Settings());
        await ada.SignInAsync();
        Slot slot = await ada.SlotAsync("film.mp4", Size);
        await Should.ThrowAsync<HttpRequestException>(() => ada.PutAsync(slot, Broken(ada.Cut)));

        await deleted.Task.WaitAsync(Signal.Patience);
        Directory.EnumerateFiles(ada.Folder).ShouldBeEmpty();
        (await ada.Http.GetAsync(slot.Get)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await kith.StopAsync()).ExitCode.ShouldBe(0);
    }

    // Half of it is certainly there when the other half is never sent.
    private static MadeUpContent Broken(Action breaks) =>
        new(
            Size,
            sent =>
            {
                if (sent == Half)
                    breaks();
            }
        );

    [Fact]
    public async Task What_was_acknowledged_survives_kill_and_what_was_not_is_gone()
    {
        using KithHome home = await KithHome.CreateAsync(["ada"]);
        using var ada = new UploadClient(home);
        List<Slot> kept = [];
        List<Slot> broken = [];
        for (int round = 0; round < (KithProgram.Long ? 50 : 4); round++)
        {
            await using KithProcess kith = await KithProcess.StartAsync(home, ada.Settings());
            await ada.SignInAsync();
            await CheckAsync(ada, kept, broken);
            Slot slot = await ada.SlotAsync($"film{round}.mp4", Size);
            if (round % 2 == 0)
            {
                (await ada.PutAsync(slot, new MadeUpContent(Size, static _ => { }))).ShouldBe(HttpStatusCode.Created);
                await kith.KillAsync();
                kept.Add(slot);
            }
            else
            {
                Task killed = Task.CompletedTask;
                await Should.ThrowAsync<HttpRequestException>(() =>
                    ada.PutAsync(slot, Broken(() => killed = kith.KillAsync()))
                );
                await killed;
                broken.Add(slot);
            }
            await ada.Device.CutAsync();
        }
        await using (await KithProcess.StartAsync(home, ada.Settings()))
            await CheckAsync(ada, kept, broken);
    }

    private static async Task CheckAsync(UploadClient ada, List<Slot> kept, List<Slot> broken)
    {
        if (Directory.Exists(ada.Folder))
            Directory
                .EnumerateFiles(ada.Folder)
                .Select(file => Path.GetFileName(file))
                .ShouldBe(kept.Select(slot => slot.Id), ignoreOrder: true);
        foreach (Slot slot in kept)
        {
            await using Stream film = await ada.Http.GetStreamAsync(slot.Get);
            (await MadeUpContent.IsSameAsync(film, Size, static _ => { })).ShouldBeTrue();
        }
        foreach (Slot slot in broken)
            (await ada.Http.GetAsync(slot.Get)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_disk_that_is_nearly_full_refuses_files_and_gives_those_that_it_has()
    {
        using SmallDisk? disk = SmallDisk.TryMount(megabytes: 200);
        Assert.SkipWhen(disk is null, "only root can mount a small disk");
        using KithHome home = await KithHome.CreateAsync(["ada"], Path.Combine(disk.Folder, "data"));
        using var ada = new UploadClient(home);
        await using KithProcess kith = await KithProcess.StartAsync(home, ada.Settings());
        await ada.SignInAsync();
        Slot first = await ada.SlotAsync("first.mp4", Size);
        (await ada.PutAsync(first, new MadeUpContent(Size, static _ => { }))).ShouldBe(HttpStatusCode.Created);
        Slot second = await ada.SlotAsync("second.mp4", Size);

        disk.Fill(left: 130 << 20);
        (await ada.AskAsync("third.mp4", Size)).ToString().ShouldContain("resource-constraint");
        (await ada.PutAsync(second, new MadeUpContent(Size, static _ => { }))).ShouldBe(
            HttpStatusCode.InsufficientStorage
        );
        Directory.EnumerateFiles(ada.Folder).Select(file => Path.GetFileName(file)).ShouldBe([first.Id]);
        await using (Stream film = await ada.Http.GetStreamAsync(first.Get))
            (await MadeUpContent.IsSameAsync(film, Size, static _ => { })).ShouldBeTrue();

        disk.Empty();
        (await ada.PutAsync(second, new MadeUpContent(Size, static _ => { }))).ShouldBe(HttpStatusCode.Created);
        (await kith.StopAsync()).ExitCode.ShouldBe(0);
    }
}
