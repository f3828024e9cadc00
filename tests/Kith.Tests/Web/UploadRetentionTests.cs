using Kith.Options;
using Kith.Services;
using Kith.Tests.Limits;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Storage;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Server.Uploads;
using Xunit;

namespace Kith.Tests.Web;

/// <summary>How files go by themselves: by the settings, above a full disk, and after a crash.</summary>
public sealed class UploadRetentionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 3, 14, 9, 26, 53, TimeSpan.Zero));
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    private async Task<Appliance> OpenAsync(UploadsOptions? uploads = null, string? folder = null)
    {
        var options = new KithOptions { Domain = "kith.test", Uploads = uploads ?? new() };
        Appliance appliance = Appliance.TryOpen(folder ?? _folder.Path, options, _time, NullLoggerFactory.Instance)!;
        if (appliance.Server.Accounts.Find("juliet") is null)
            await appliance.Server.Home.People.AddAsync(new NewPerson("juliet") { Password = "wherefore" });
        return appliance;
    }

    private static async Task<string> AddAsync(
        Appliance home,
        UploadPurpose purpose = UploadPurpose.Message,
        DateTimeOffset? expires = null,
        int size = 1000
    )
    {
        var slot = new UploadSlot
        {
            Id = UploadId.Create(),
            Name = "a.bin",
            Account = home.Server.Accounts.Find("juliet")!.Id,
            Size = size,
            Purpose = purpose,
            FileExpires = expires,
            Expires = home.Server.Time.GetUtcNow() + SharedFiles.SlotLifetime,
        };
        using Arrival arrival = home.Server.Files.Begin(slot, out _).ShouldNotBeNull();
        await using IncomingFile file = home.Uploads.Begin(slot.Id, slot.Size);
        await file.WriteAsync(new(new byte[size]));
        await file.CompleteAsync();
        (await arrival.CommitAsync(MediaType.Unknown)).ShouldBeNull();
        file.Keep();
        return slot.Id;
    }

    private static UploadRetention Retention(Appliance home, int percent = 80, Func<double>? used = null) =>
        new(home.Server, home.Uploads, percent, NullLogger<UploadRetention>.Instance)
        {
            UsedPercent = used ?? (static () => 0),
        };

    private static string[] OnDisk(Appliance home) =>
        [.. Directory.GetFiles(home.Uploads.Path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private static string[] Known(Appliance home) =>
        [
            .. home
                .Server.Files.List(home.Server.Accounts.Find("juliet")!.Id)
                .Select(file => file.Id)
                .Order(StringComparer.Ordinal),
        ];

    private static void ShouldHave(Appliance home, params string[] ids)
    {
        Array.Sort(ids, StringComparer.Ordinal);
        Known(home).ShouldBe(ids);
        OnDisk(home).ShouldBe(ids);
    }

    [Fact]
    public async Task Attachments_go_after_the_days_and_avatars_stay()
    {
        await using Appliance home = await OpenAsync(new UploadsOptions { Days = 30 });
        string picture = await AddAsync(home);
        string avatar = await AddAsync(home, UploadPurpose.Profile);
        string kept = await AddAsync(home, UploadPurpose.Permanent);
        await AddAsync(home, UploadPurpose.Ephemeral, _time.GetUtcNow().AddDays(1));
        using UploadRetention retention = Retention(home);

        _time.Advance(TimeSpan.FromDays(2));
        await retention.RunAsync(default);
        ShouldHave(home, picture, avatar, kept);
        _time.Advance(TimeSpan.FromDays(28));
        string later = await AddAsync(home);
        await retention.RunAsync(default);
        ShouldHave(home, picture, avatar, kept, later);
        _time.Advance(TimeSpan.FromHours(1));
        await retention.RunAsync(default);
        ShouldHave(home, avatar, kept, later);
    }

    [Fact]
    public async Task Above_the_percentage_the_oldest_go_until_it_is_enough()
    {
        await using Appliance home = await OpenAsync();
        string avatar = await AddAsync(home, UploadPurpose.Profile);
        List<string> pictures = [];
        for (int i = 0; i < 50; i++)
        {
            pictures.Add(await AddAsync(home));
            _time.Advance(TimeSpan.FromMinutes(1));
        }
        using UploadRetention retention = Retention(home, 80, () => 60 + OnDisk(home).Length);
        _time.Advance(TimeSpan.FromDays(1));
        string fresh = await AddAsync(home);
        await retention.RunAsync(default);
        // Twenty at a time.
        ShouldHave(home, [avatar, .. pictures[40..], fresh]);
    }

    // The disk itself is asked, and asked again once the files are really gone from it.
    [Fact]
    public async Task A_real_disk_has_room_again_when_the_oldest_are_gone()
    {
        using SmallDisk? disk = SmallDisk.TryMount(megabytes: 400);
        Assert.SkipWhen(disk is null, "only root can mount a small disk");
        await using Appliance home = await OpenAsync(folder: disk.Folder);
        List<string> pictures = [];
        for (int i = 0; i < 30; i++)
        {
            pictures.Add(await AddAsync(home, size: 8 << 20));
            _time.Advance(TimeSpan.FromMinutes(1));
        }
        _time.Advance(TimeSpan.FromDays(1));
        home.Uploads.UsedPercent().ShouldBeInRange(60, 66);
        using var enough = new UploadRetention(home.Server, home.Uploads, 70, NullLogger<UploadRetention>.Instance);
        await enough.RunAsync(default);
        ShouldHave(home, [.. pictures]);
        using var tight = new UploadRetention(home.Server, home.Uploads, 40, NullLogger<UploadRetention>.Instance);
        await tight.RunAsync(default);
        ShouldHave(home, [.. pictures[20..]]);
        home.Uploads.UsedPercent().ShouldBeInRange(20, 26);
    }

    // The same on whatever disk there is, for everybody: this one is over one percentage and under another.
    [Fact]
    public async Task The_disk_that_it_is_on_is_the_one_that_counts()
    {
        await using Appliance home = await OpenAsync();
        string old = await AddAsync(home);
        _time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        string fresh = await AddAsync(home);
        int used = (int)home.Uploads.UsedPercent();
        using var under = new UploadRetention(
            home.Server,
            home.Uploads,
            used + 5,
            NullLogger<UploadRetention>.Instance
        );
        await under.RunAsync(default);
        ShouldHave(home, old, fresh);
        using var over = new UploadRetention(home.Server, home.Uploads, used - 5, NullLogger<UploadRetention>.Instance);
        await over.RunAsync(default);
        ShouldHave(home, fresh);
    }

    [Fact]
    public async Task However_full_it_is_what_was_sent_today_and_what_is_exempt_stays()
    {
        await using Appliance home = await OpenAsync();
        string avatar = await AddAsync(home, UploadPurpose.Profile);
        await AddAsync(home);
        _time.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        string fresh = await AddAsync(home);
        using UploadRetention retention = Retention(home, 80, () => 99);
        await retention.RunAsync(default);
        ShouldHave(home, avatar, fresh);
    }

    [Fact]
    public async Task The_start_puts_in_order_what_a_crash_left()
    {
        string kept;
        await using (Appliance home = await OpenAsync())
        {
            kept = await AddAsync(home);
            string lost = await AddAsync(home);
            string[] strays = [UploadId.Create(), UploadId.Create() + ".part", lost + ".part"];
            foreach (string stray in strays)
                await File.WriteAllTextAsync(Path.Combine(home.Uploads.Path, stray), "half");
            await File.WriteAllTextAsync(Path.Combine(home.Uploads.Path, "README"), "not ours");
            File.Delete(Path.Combine(home.Uploads.Path, lost));
        }
        await using Appliance again = await OpenAsync();
        using UploadRetention retention = Retention(again);
        await retention.StartAsync(default);
        Known(again).ShouldBe([kept]);
        OnDisk(again).ShouldBe([kept, "README"], ignoreOrder: true);
        await retention.StopAsync(default);
    }

    // A disk that is not mounted is no reason to forget everything that is on it.
    [Fact]
    public async Task A_missing_directory_forgets_nothing()
    {
        await using Appliance home = await OpenAsync();
        string id = await AddAsync(home);
        var directory = new UploadDirectory(_folder.At("elsewhere"), (text, _) => _warnings.Add(text));
        directory.Sweep(new HashSet<string> { id }).ShouldBeEmpty();
        _warnings.ShouldHaveSingleItem().ShouldContain("1 files");
        directory.Sweep(new HashSet<string>()).ShouldBeEmpty();
        _warnings.Count.ShouldBe(1);
    }

    [Fact]
    public async Task It_runs_once_an_hour_and_when_a_file_came_onto_a_full_disk()
    {
        await using Appliance home = await OpenAsync(new UploadsOptions { Days = 1 });
        bool full = false;
        int looked = 0;
        using var looks = new SemaphoreSlim(0);
        using UploadRetention retention = Retention(
            home,
            80,
            () =>
            {
                looked++;
                looks.Release();
                return full ? 99 : 0;
            }
        );
        await retention.StartAsync(default);
        await AddAsync(home);
        (await looks.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        looked.ShouldBe(1);
        full = true;
        await AddAsync(home);
        // After the upload, and by the run that it caused.
        (await looks.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        (await looks.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        full = false;
        _time.Advance(TimeSpan.FromHours(1));
        (await looks.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        await retention.StopAsync(default);
        looked.ShouldBe(4);
    }
}
