using Shouldly;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

/// <summary>laws.md, "The life of a message", 1: nobody sees what is not committed, and order is kept.</summary>
public sealed class GroupCommitTests : IDisposable
{
    private readonly Home _home = new();
    private readonly Commits _commits;

    public GroupCommitTests() => _commits = new Commits(_home.Database);

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Commits_are_released_in_the_order_in_which_they_were_queued()
    {
        for (int i = 0; i < 5000; i++)
        {
            string name = $"{i}";
            _commits.Add(name, i % 3 == 0 ? null : t => AddCircle(t, name));
        }
        await _commits.Settle();

        _commits.Events.ShouldBe(Enumerable.Range(0, 5000).Select(i => $"released {i}"));
        _home.Read(_home.Household.Circles).Count.ShouldBe(3333);
    }

    [Fact]
    public async Task What_waits_together_is_written_together()
    {
        int seenByFirst = -1;
        using (_commits.Hold())
        {
            _commits.Add("first", t => AddCircle(t, "one"), () => seenByFirst = CountCircles());
            _commits.Add("second", t => AddCircle(t, "two"));
        }
        await _commits.Settle();

        seenByFirst.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_released_is_seen_by_a_reader_at_that_moment()
    {
        int seen = 0;
        for (int i = 1; i <= 50; i++)
        {
            int expected = i;
            _commits.Add(
                "",
                t => AddCircle(t, $"{expected}"),
                () =>
                {
                    if (CountCircles() >= expected)
                        seen++;
                }
            );
        }
        await _commits.Settle();

        seen.ShouldBe(50);
    }

    [Fact]
    public async Task A_failing_commit_in_the_middle_of_a_batch_fails_alone_and_in_its_place()
    {
        using (_commits.Hold())
        {
            _commits.Add("one", t => AddCircle(t, "one"));
            _commits.Add("order only");
            _commits.Add(
                "two",
                t =>
                {
                    AddCircle(t, "two");
                    throw new FormatException("a bug");
                }
            );
            _commits.Add("three", t => AddCircle(t, "three"));
        }
        await _commits.Settle();

        _commits.Events.ShouldBe(["released one", "released order only", "failed two", "released three"]);
        _commits.Errors["two"].ShouldBeOfType<FormatException>();
        _home.Read(_home.Household.Circles).Select(c => c.Name).ShouldBe(["one", "three"]);
    }

    [Fact]
    public async Task A_refusal_by_the_database_is_a_storage_exception()
    {
        _commits.Add("stranger", t => _home.Household.AddMember(t, 77, 99));
        await _commits.Settle();

        StorageException error = _commits.Errors["stranger"].ShouldBeOfType<StorageException>();
        error.DiskFull.ShouldBeFalse();
    }

    [Fact]
    public async Task A_fault_while_a_statement_is_in_use_does_not_spoil_the_next_commit()
    {
        long anna = await _home.AddAccount("anna");
        var report = new ReportRecord(anna, "x@far.example", "spam", null, [60], _home.Clock.GetUtcNow());
        _commits.Add("broken", t => _home.Accounts.AddReport(t, null!));
        _commits.Add("sound", t => _home.Accounts.AddReport(t, report));
        await _commits.Settle();

        _commits.Events.ShouldBe(["failed broken", "released sound"]);
    }

    [Fact]
    public async Task A_fault_in_Released_is_warned_of_and_the_writer_lives_on()
    {
        _commits.Add("one", t => AddCircle(t, "one"), () => throw new FormatException("a bug"));
        _commits.Add("two", t => AddCircle(t, "two"));
        await _commits.Settle();

        _commits.Events.ShouldBe(["released one", "released two"]);
        _home.Warnings.ShouldHaveSingleItem().ShouldContain("a bug");
    }

    [Fact]
    public async Task A_batch_that_writes_nothing_does_not_touch_the_database()
    {
        await _commits.Settle();
        string log = _home.Options.Path + "-wal";
        byte[] before = File.ReadAllBytes(log);
        for (int i = 0; i < 100; i++)
            _commits.Add("order only");
        await _commits.Settle();

        File.ReadAllBytes(log).ShouldBe(before);
    }

    [Fact]
    public async Task Many_that_write_and_read_at_once_see_each_message_once_and_in_order()
    {
        const int Writers = 4;
        const int Each = 500;
        var talk = new Conversation(_home);
        Task[] writers = Enumerable
            .Range(1, Writers)
            .Select(account =>
                Task.Run(async () =>
                {
                    for (int i = 0; i < Each; i++)
                    {
                        await talk.With(account, "far@away.example", $"{i}");
                        string newest = talk.Texts(account, new ArchiveQuery { Backwards = true, Max = 1 })[0];
                        newest.ShouldBe($"{i}");
                    }
                })
            )
            .ToArray();
        await Task.WhenAll(writers);

        for (int account = 1; account <= Writers; account++)
            talk.Texts(account, new ArchiveQuery { Max = 2 * Each })
                .ShouldBe(Enumerable.Range(0, Each).Select(i => $"{i}"));
    }

    [Fact]
    public async Task A_transaction_ends_with_its_write()
    {
        Transaction? kept = null;
        _commits.Add("keeps it", t => kept = t);
        await _commits.Settle();

        Should.Throw<InvalidOperationException>(() => AddCircle(kept!, "late"));
    }

    [Fact]
    public async Task Closing_writes_what_is_queued_and_refuses_what_comes_later()
    {
        using (_commits.Hold())
        {
            _commits.Add("queued", t => AddCircle(t, "queued"));
        }
        _home.Reopen();
        await Task.CompletedTask;
        _commits.Add("late", t => AddCircle(t, "late"));

        _commits.Events.ShouldBe(["released queued", "failed late"]);
        _home.Read(_home.Household.Circles).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_reader_sees_one_moment_only()
    {
        using Access access = _home.Database.OpenRead();
        _home.Household.Circles(access).ShouldBeEmpty();
        await _home.Write(t => AddCircle(t, "one"));

        _home.Household.Circles(access).ShouldBeEmpty();
        CountCircles().ShouldBe(1);
    }

    [Fact]
    public void A_reader_that_was_given_back_cannot_be_used()
    {
        Access access = _home.Database.OpenRead();
        access.Dispose();
        access.Dispose();

        Should.Throw<ObjectDisposedException>(() => _home.Household.Circles(access));
    }

    [Fact]
    public void A_reader_cannot_write()
    {
        using Access access = _home.Database.OpenRead();
        Should.Throw<StorageException>(() => Storage.AccessExtensions.Sql(access, "DELETE FROM account").Run());
    }

    [Fact]
    public async Task A_long_log_is_moved_when_the_home_is_quiet()
    {
        await _home.Write(t =>
        {
            for (int i = 0; i < 40; i++)
                AddCircle(t, new string('x', 50_000) + i);
        });
        long small = new FileInfo(_home.Options.Path).Length;
        await _commits.Settle();
        _home.Clock.Advance(TimeSpan.FromSeconds(6));

        SpinWait
            .SpinUntil(() => new FileInfo(_home.Options.Path).Length > small + 1_000_000, TimeSpan.FromSeconds(20))
            .ShouldBeTrue();
    }

    private void AddCircle(Transaction transaction, string name) => _home.Household.AddCircle(transaction, name);

    private int CountCircles() => _home.Read(_home.Household.Circles).Count;
}
