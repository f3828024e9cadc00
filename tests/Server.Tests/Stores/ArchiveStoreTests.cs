using System.Text;
using Shouldly;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

public sealed class ArchiveStoreTests : IDisposable
{
    private readonly Home _home = new();
    private readonly Conversation _talk;

    public ArchiveStoreTests() => _talk = new Conversation(_home);

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_message_is_in_the_archives_of_both_its_owners()
    {
        long id = await _talk.Send(1, 2, "hello");

        ArchiveRow sent = _talk.Query(1, new ArchiveQuery()).Rows.ShouldHaveSingleItem();
        ArchiveRow received = _talk.Query(2, new ArchiveQuery()).Rows.ShouldHaveSingleItem();
        sent.Flags.ShouldBe(EntryFlags.None);
        received.Flags.ShouldBe(EntryFlags.Incoming | EntryFlags.KeptOffline);
        (sent.Id, received.Id).ShouldBe((id, id));
        received.Time.ShouldBe(_home.Clock.GetUtcNow());
        Encoding.UTF8.GetString(received.Stanza).ShouldBe("hello");
        _talk.Query(3, new ArchiveQuery()).Rows.ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_owners_are_two_accounts_and_a_message_is_somebodys()
    {
        var owner = new ArchiveOwner(1, Home.Jid("user1@home.example"), EntryFlags.None);
        await Should.ThrowAsync<ArgumentException>(() => _talk.Append("x", owner, owner));
        await Should.ThrowAsync<ArgumentException>(() => _talk.Append("x", null, null));
    }

    [Fact]
    public async Task Ids_grow_whatever_the_clock_does()
    {
        List<long> ids = [await _talk.Send(1, 2, "a")];
        _home.Clock.Set(new DateTimeOffset(1970, 1, 1, 0, 0, 5, TimeSpan.Zero));
        ids.Add(await _talk.Send(1, 2, "b"));
        _home.Reopen();
        ids.Add(await _talk.Send(1, 2, "c"));
        _home.Clock.Set(new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero));
        ids.Add(await _talk.Send(1, 2, "d"));
        _home.Clock.Set(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero));
        ids.Add(await _talk.Send(1, 2, "e"));

        ids.ShouldBeInOrder(SortDirection.Ascending);
        ids.Distinct().Count().ShouldBe(5);
        _talk.Texts(2).ShouldBe(["a", "b", "c", "d", "e"]);
        _home.Read(_home.Archive.LastId).ShouldBe(ids[^1]);
    }

    [Fact]
    public async Task Time_filters_go_by_the_time_of_each_message_also_when_the_clock_jumped()
    {
        await _talk.Send(1, 2, "in March");
        _home.Clock.Set(new DateTimeOffset(1970, 1, 1, 0, 0, 5, TimeSpan.Zero));
        await _talk.Send(1, 2, "in 1970");
        _home.Clock.Set(new DateTimeOffset(2026, 3, 3, 0, 0, 0, TimeSpan.Zero));
        await _talk.Send(1, 2, "later in March");

        var march = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        _talk.Texts(2, new ArchiveQuery { Start = march }).ShouldBe(["in March", "later in March"]);
        _talk.Texts(2, new ArchiveQuery { End = march }).ShouldBe(["in 1970"]);
        _talk.Texts(2, new ArchiveQuery { Start = march, End = march.AddDays(1) }).ShouldBe(["in March"]);
    }

    [Fact]
    public async Task Start_and_end_are_inclusive()
    {
        await _talk.Send(1, 2, "now");
        DateTimeOffset now = _home.Clock.GetUtcNow();

        _talk.Texts(2, new ArchiveQuery { Start = now, End = now }).ShouldBe(["now"]);
        _talk.Texts(2, new ArchiveQuery { Start = now.AddMicroseconds(1) }).ShouldBeEmpty();
        _talk.Texts(2, new ArchiveQuery { End = now.AddMicroseconds(-1) }).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_ids_of_a_removed_archive_are_not_given_out_again()
    {
        long anna = await _home.AddAccount("anna");
        _home.Clock.Set(new DateTimeOffset(2040, 1, 1, 0, 0, 0, TimeSpan.Zero));
        long id = await _talk.With(anna, "far@away.example", "x");
        await _home.Write(t => _home.Accounts.Remove(t, anna));
        _home.Clock.Set(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
        _home.Reopen();

        (await _talk.With(7, "far@away.example", "y")).ShouldBeGreaterThan(id);
    }

    [Fact]
    public async Task Bounds_are_the_ends_of_what_is_shown()
    {
        _home.Read(a => _home.Archive.Bounds(a, 2)).ShouldBeNull();
        await _talk.With(2, "far@away.example", "hidden", EntryFlags.Incoming | EntryFlags.Hidden);
        long first = await _talk.Send(1, 2, "a");
        await _talk.Send(1, 2, "b");
        long last = await _talk.Send(1, 2, "c");
        await _talk.With(2, "far@away.example", "hidden", EntryFlags.Incoming | EntryFlags.Hidden);

        (ArchiveRow First, ArchiveRow Last) bounds = _home.Read(a => _home.Archive.Bounds(a, 2)).ShouldNotBeNull();
        (bounds.First.Id, bounds.Last.Id).ShouldBe((first, last));
        bounds.First.Time.ShouldBe(_home.Clock.GetUtcNow());
    }

    [Fact]
    public async Task What_is_undelivered_lies_between_the_mark_and_the_end()
    {
        long one = await _talk.Send(1, 2, "one");
        await _talk.Send(1, 2, "not kept", flags: EntryFlags.Incoming);
        await _talk.Send(2, 1, "own");
        await _talk.With(2, "far@away.example", "hidden", Conversation.Received | EntryFlags.Hidden);
        long three = await _talk.Send(1, 2, "three");
        long four = await _talk.Send(1, 2, "four");

        _home.Read(a => _home.Archive.DeliveredMark(a, 2)).ShouldBe(0);
        await _home.Write(t => _home.Archive.SetDeliveredMark(t, 2, one));
        await _home.Write(t => _home.Archive.SetDeliveredMark(t, 2, one));
        _home.Read(a => _home.Archive.DeliveredMark(a, 2)).ShouldBe(one);
        Undelivered(one, four).ShouldBe(["hidden", "three", "four"]);
        Undelivered(one, three).ShouldBe(["hidden", "three"]);
        Undelivered(one, four, 1).ShouldBe(["hidden"]);
    }

    [Fact]
    public async Task A_sent_message_is_found_by_its_content_newest_first()
    {
        await _talk.With(1, "far@away.example/x", "old id='7'", EntryFlags.None);
        long newer = await _talk.With(1, "far@away.example", "new id='7'", EntryFlags.None);
        await _talk.With(1, "far@away.example", "theirs id='7'");
        await _talk.With(1, "other@away.example", "to somebody else id='7'", EntryFlags.None);

        FindSent("far@away.example/phone", "id='7'").ShouldNotBeNull().Id.ShouldBe(newer);
        FindSent("far@away.example", "id='8'").ShouldBeNull();
        FindSent("unknown@away.example", "id='7'").ShouldBeNull();
    }

    [Fact]
    public async Task Other_content_shows_in_every_archive()
    {
        long id = await _talk.Send(1, 2, "oops");
        await _home.Write(t => _home.Archive.Replace(t, id, Encoding.UTF8.GetBytes("<retracted/>")));

        _talk.Texts(1).ShouldBe(["<retracted/>"]);
        _talk.Texts(2).ShouldBe(["<retracted/>"]);
    }

    [Fact]
    public async Task Preferences_are_kept_as_they_were_set()
    {
        long anna = await _home.AddAccount("anna");
        _home.Read(a => _home.Archive.Preferences(a, anna)).ShouldBe(ArchivePreferences.Everything);
        var preferences = new ArchivePreferences(
            "roster",
            [Home.Jid("a@home.example"), Home.Jid("b@home.example")],
            [Home.Jid("c@home.example")]
        );
        await _home.Write(t => _home.Archive.SetPreferences(t, anna, preferences));

        ArchivePreferences found = _home.Read(a => _home.Archive.Preferences(a, anna));
        found.Default.ShouldBe("roster");
        found.Always.ShouldBe(preferences.Always);
        found.Never.ShouldBe(preferences.Never);
    }

    [Fact]
    public async Task A_peer_first_met_in_a_commit_that_failed_is_still_found_later()
    {
        var commits = new Commits(_home.Database);
        commits.Add(
            "broken",
            t =>
            {
                _talk.Append(t, "x", new ArchiveOwner(1, Home.Jid("new@away.example"), EntryFlags.None), null);
                throw new FormatException("a bug");
            }
        );
        await commits.Settle();
        await _talk.With(1, "other@away.example", "to other", EntryFlags.None);
        await _talk.With(1, "new@away.example", "to new", EntryFlags.None);

        _talk.Texts(1, new ArchiveQuery { With = Home.Jid("new@away.example") }).ShouldBe(["to new"]);
    }

    private string[] Undelivered(long after, long upTo, int max = 100) =>
        Conversation.Texts(_home.Read(a => _home.Archive.Undelivered(a, 2, after, upTo, max)));

    private ArchiveRow? FindSent(string peer, string text) =>
        _home.Read(a =>
            _home.Archive.FindNewest(
                a,
                1,
                Home.Jid(peer),
                incoming: false,
                after: 0,
                stanza => Encoding.UTF8.GetString(stanza.Span).Contains(text, StringComparison.Ordinal)
            )
        );
}
