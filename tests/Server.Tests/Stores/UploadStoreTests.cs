using Shouldly;
using Xmpp.Server.Stores;
using Xmpp.Server.Uploads;
using Xunit;

namespace Server.Tests.Stores;

/// <summary>The contract of <see cref="IUploadStore"/>.</summary>
public sealed class UploadStoreTests : IDisposable
{
    private readonly Home _home = new();

    public void Dispose() => _home.Dispose();

    private async Task<string> Add(
        long account,
        string name,
        UploadPurpose purpose = UploadPurpose.Message,
        DateTimeOffset? expires = null,
        long size = 10
    )
    {
        var upload = new UploadRecord
        {
            Id = UploadId.Create(),
            Account = account,
            Name = name,
            MediaType = "image/jpeg",
            Size = size,
            Purpose = purpose,
            Created = _home.Clock.GetUtcNow(),
            Expires = expires,
        };
        (await _home.Write(t => _home.Uploads.Add(t, upload))).ShouldBeTrue();
        return upload.Id;
    }

    private string[] Names(long account) => [.. _home.Read(a => _home.Uploads.List(a, account)).Select(u => u.Name)];

    private async Task<string[]> RemoveOldest(DateTimeOffset than, int max = 100) =>
        [.. (await _home.Write(t => _home.Uploads.RemoveOldest(t, than, max))).Select(upload => upload.Name)];

    [Fact]
    public async Task What_was_added_is_found_whole_after_a_restart()
    {
        long anna = await _home.AddAccount("anna");
        DateTimeOffset end = _home.Clock.GetUtcNow().AddHours(1);
        string id = await Add(anna, "très cool.jpg", UploadPurpose.Ephemeral, end, size: 1L << 40);
        _home.Reopen();

        UploadRecord found = _home.Read(a => _home.Uploads.Find(a, id)).ShouldNotBeNull();
        found.ShouldBe(
            new UploadRecord
            {
                Id = id,
                Account = anna,
                Name = "très cool.jpg",
                MediaType = "image/jpeg",
                Size = 1L << 40,
                Purpose = UploadPurpose.Ephemeral,
                Created = _home.Clock.GetUtcNow(),
                Expires = end,
            }
        );
        _home.Read(a => _home.Uploads.Find(a, id.ToLowerInvariant() + "x")).ShouldBeNull();
        _home.Read(_home.Uploads.Ids).ShouldBe([id]);
    }

    [Fact]
    public async Task An_id_is_added_once()
    {
        long anna = await _home.AddAccount("anna");
        UploadRecord first = await First(anna);
        (await _home.Write(t => _home.Uploads.Add(t, first with { Name = "other" }))).ShouldBeFalse();
        Names(anna).ShouldBe(["first"]);
    }

    private async Task<UploadRecord> First(long account)
    {
        string id = await Add(account, "first");
        return _home.Read(a => _home.Uploads.Find(a, id))!;
    }

    [Fact]
    public async Task Each_account_has_its_own_list_and_sum()
    {
        long anna = await _home.AddAccount("anna");
        long ben = await _home.AddAccount("ben");
        await Add(anna, "one", size: 5);
        string two = await Add(anna, "two", UploadPurpose.Permanent, size: 7);
        await Add(ben, "three", size: 11);

        Names(anna).ShouldBe(["one", "two"]);
        _home.Read(a => _home.Uploads.UsedBytes(a, anna)).ShouldBe(12);
        _home.Read(a => _home.Uploads.UsedBytes(a, ben + 1)).ShouldBe(0);
        (await _home.Write(t => _home.Uploads.Remove(t, ben, two))).ShouldBeFalse();
        (await _home.Write(t => _home.Uploads.Remove(t, anna, two))).ShouldBeTrue();
        (await _home.Write(t => _home.Uploads.Remove(t, anna, two))).ShouldBeFalse();
        _home.Read(a => _home.Uploads.UsedBytes(a, anna)).ShouldBe(5);
        await _home.Write(t => _home.Uploads.Remove(t, [.. _home.Uploads.Ids(t)]));
        Names(anna).ShouldBeEmpty();
        Names(ben).ShouldBeEmpty();
    }

    [Fact]
    public async Task Those_whose_time_is_over_go_whatever_they_are_for()
    {
        long anna = await _home.AddAccount("anna");
        DateTimeOffset now = _home.Clock.GetUtcNow();
        string[] over =
        [
            await Add(anna, "b", UploadPurpose.Ephemeral, now),
            await Add(anna, "a", UploadPurpose.Ephemeral, now.AddHours(-1)),
        ];
        await Add(anna, "later", UploadPurpose.Ephemeral, now.AddTicks(10));
        await Add(anna, "never");

        (await _home.Write(t => _home.Uploads.RemoveExpired(t, now, 1))).ShouldBe([over[1]]);
        (await _home.Write(t => _home.Uploads.RemoveExpired(t, now, 5))).ShouldBe([over[0]]);
        Names(anna).ShouldBe(["later", "never"]);
    }

    // protocol.md, "Files": avatars and permanent files are exempt.
    [Fact]
    public async Task The_oldest_go_first_but_not_the_exempt()
    {
        long anna = await _home.AddAccount("anna");
        DateTimeOffset far = _home.Clock.GetUtcNow().AddDays(100);
        foreach (UploadPurpose purpose in Enum.GetValues<UploadPurpose>())
        {
            await Add(anna, purpose.ToString(), purpose, purpose == UploadPurpose.Ephemeral ? far : null);
            _home.Clock.Advance(TimeSpan.FromHours(1));
        }
        DateTimeOffset now = _home.Clock.GetUtcNow();
        await Add(anna, "new");

        (await RemoveOldest(now, 1)).ShouldBe(["Message"]);
        (await RemoveOldest(now)).ShouldBe(["Ephemeral"]);
        Names(anna).ShouldBe(["Profile", "Permanent", "new"]);
    }

    [Fact]
    public async Task A_clock_that_was_behind_makes_nothing_old_and_one_that_ran_ahead_keeps_nothing_for_ever()
    {
        long anna = await _home.AddAccount("anna");
        DateTimeOffset real = _home.Clock.GetUtcNow();
        await Add(anna, "before");
        _home.Clock.Set(DateTimeOffset.UnixEpoch);
        await Add(anna, "at the epoch");
        _home.Clock.Set(real.AddMinutes(1));
        (await RemoveOldest(real)).ShouldBeEmpty();

        _home.Clock.Set(real.AddYears(9));
        await Add(anna, "from the future");
        _home.Clock.Set(real.AddDays(30));
        await Add(anna, "after");
        _home.Clock.Set(real.AddDays(90));
        (await RemoveOldest(real.AddDays(60))).ShouldBe(["before", "at the epoch", "after"]);
        Names(anna).ShouldBe(["from the future"]);
    }
}
