using Shouldly;
using Storage;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

/// <summary>security.md, "Storage": a full disk refuses new work with a clear error and keeps serving reads.</summary>
public sealed class FullDiskTests : IDisposable
{
    private long _free = 1L << 30;
    private readonly Home _home;
    private readonly Conversation _talk;

    public FullDiskTests()
    {
        _home = new Home(options => options with { FreeBytes = () => _free });
        _talk = new Conversation(_home);
    }

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Nearly_full_new_messages_are_refused_and_old_ones_read()
    {
        await _talk.Send(1, 2, "before");
        Fill();

        StorageException error = await Should.ThrowAsync<StorageException>(() => _talk.Send(1, 2, "refused"));
        error.DiskFull.ShouldBeTrue();
        (await Should.ThrowAsync<StorageException>(() => _home.AddAccount("late"))).DiskFull.ShouldBeTrue();
        _talk.Texts(2).ShouldBe(["before"]);
        _home.Warnings.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Marks_sign_ins_and_removals_still_pass()
    {
        long anna = await _home.AddAccount("anna");
        long id = await _talk.With(anna, "far@away.example", "before");
        Fill();

        await _home.Write(t => _home.Archive.SetDeliveredMark(t, anna, id));
        await _home.Write(t => t.NoteInbound(new SessionMark([1, 2, 3, 4], anna, "phone", 1)));
        await _home.Write(t =>
            _home.Accounts.SaveDevice(
                t,
                new DeviceRecord
                {
                    Account = anna,
                    Key = "k",
                    Created = _home.Clock.GetUtcNow(),
                    LastSeen = _home.Clock.GetUtcNow(),
                }
            )
        );
        await _home.Write(t => _home.Accounts.Remove(t, anna));
        _home.Read(_home.Accounts.List).ShouldBeEmpty();
    }

    [Fact]
    public async Task Among_the_refused_the_others_keep_their_places()
    {
        var commits = new Commits(_home.Database);
        Fill();
        using (commits.Hold())
        {
            commits.Add("mark", t => _home.Archive.SetDeliveredMark(t, 1, 1));
            commits.Add("account", t => _home.Accounts.Add(t, new AccountRecord { Name = "anna" }));
            commits.Add("order only");
            commits.Add("mark again", t => _home.Archive.SetDeliveredMark(t, 1, 2));
        }
        await commits.Settle();

        commits.Events.ShouldBe(["released mark", "failed account", "released order only", "released mark again"]);
    }

    [Fact]
    public async Task The_disk_is_asked_once_in_a_second_at_most()
    {
        int asked = 0;
        using var home = new Home(options =>
            options with
            {
                FreeBytes = () =>
                {
                    asked++;
                    return 1L << 30;
                },
            }
        );
        for (int i = 0; i < 20; i++)
            await home.AddAccount($"a{i}");
        asked.ShouldBe(1);
        home.Clock.Advance(TimeSpan.FromSeconds(2));
        await home.AddAccount("later");
        asked.ShouldBe(2);
    }

    [Fact]
    public async Task Once_there_is_room_again_messages_are_taken()
    {
        Fill();
        await Should.ThrowAsync<StorageException>(() => _talk.Send(1, 2, "refused"));
        _free = 1L << 30;
        _home.Clock.Advance(TimeSpan.FromSeconds(2));
        await _talk.Send(1, 2, "taken");

        _talk.Texts(2).ShouldBe(["taken"]);
    }

    [Fact]
    public async Task A_file_system_without_room_refuses_and_reads_on_and_the_database_stays_sound()
    {
        using SmallDisk? disk = SmallDisk.TryMount();
        Assert.SkipWhen(disk is null, "needs the right to mount");
        var options = new DatabaseOptions { Path = Path.Combine(disk!.Folder, "kith.db"), LowDiskBytes = 0 };
        using (var database = Database.Open(options))
        {
            var archive = new SqliteArchiveStore();
            StorageException? error = null;
            int kept = 0;
            while (error is null)
            {
                try
                {
                    await database.WriteAsync(t => Append(archive, t));
                    kept++;
                }
                catch (StorageException full)
                {
                    error = full;
                }
            }
            error.DiskFull.ShouldBeTrue(error.Message);
            kept.ShouldBeGreaterThan(10);
            using (Access access = database.OpenRead())
                archive.Query(access, 1, new ArchiveQuery { Max = 10_000 }).Rows.Count.ShouldBe(kept);
        }
        using (var database = Database.Open(options))
            database.Check().ShouldBeNull();
    }

    private static void Append(SqliteArchiveStore archive, Transaction transaction)
    {
        var owner = new ArchiveOwner(1, Home.Jid("far@away.example"), EntryFlags.None);
        archive.Append(
            transaction,
            new ArchivedMessage(transaction.NextArchiveId(), DateTimeOffset.UtcNow, new byte[3000], owner, null)
        );
    }

    private void Fill()
    {
        _free = 1000;
        _home.Clock.Advance(TimeSpan.FromSeconds(2));
    }
}
