using Shouldly;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

public sealed class RetentionTests : IDisposable
{
    private readonly Home _home = new();
    private readonly Conversation _talk;

    public RetentionTests() => _talk = new Conversation(_home);

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Old_messages_go_from_both_archives_with_their_content()
    {
        long old = await _talk.Send(1, 2, "old");
        await _home.Write(t => _home.Archive.SetDeliveredMark(t, 2, old));
        _home.Clock.Advance(TimeSpan.FromDays(10));
        await _talk.Send(1, 2, "young");

        (await RemoveOlder(5)).ShouldBe(1);
        _talk.Texts(1).ShouldBe(["young"]);
        _talk.Texts(2).ShouldBe(["young"]);
        Tables.Count(_home, "message").ShouldBe(1);
        (await RemoveOlder(5)).ShouldBe(0);
    }

    [Fact]
    public async Task What_was_not_delivered_yet_stays()
    {
        long first = await _talk.Send(1, 2, "delivered");
        await _talk.Send(1, 2, "not delivered");
        await _talk.Send(1, 2, "not kept", flags: EntryFlags.Incoming);
        await _home.Write(t => _home.Archive.SetDeliveredMark(t, 2, first));
        _home.Clock.Advance(TimeSpan.FromDays(10));

        (await RemoveOlder(5)).ShouldBe(2);
        _talk.Texts(2).ShouldBe(["not delivered"]);
        _talk.Texts(1).ShouldBe(["not delivered"]);
    }

    [Fact]
    public async Task At_most_so_many_go_at_once_and_the_oldest_first()
    {
        for (int i = 0; i < 10; i++)
            await _talk.With(1, "far@away.example", $"{i}");
        _home.Clock.Advance(TimeSpan.FromDays(10));

        (await RemoveOlder(5, max: 4)).ShouldBe(4);
        string.Concat(_talk.Texts(1)).ShouldBe("456789");
    }

    [Fact]
    public async Task A_message_written_while_the_clock_was_behind_is_not_removed_before_its_neighbours()
    {
        await _talk.With(1, "far@away.example", "today");
        DateTimeOffset today = _home.Clock.GetUtcNow();
        _home.Clock.Set(DateTimeOffset.UnixEpoch);
        await _talk.With(1, "far@away.example", "in 1970");
        _home.Clock.Set(today.AddHours(1));

        (await RemoveOlder(5)).ShouldBe(0);
        _home.Clock.Advance(TimeSpan.FromDays(6));
        (await RemoveOlder(5)).ShouldBe(2);
    }

    [Fact]
    public async Task Retention_goes_on_after_a_clock_that_ran_ahead()
    {
        DateTimeOffset today = _home.Clock.GetUtcNow();
        _home.Clock.Set(today.AddYears(10));
        await _talk.With(1, "far@away.example", "ahead");
        _home.Clock.Set(today);
        await _talk.With(1, "far@away.example", "today");
        _home.Clock.Advance(TimeSpan.FromDays(6));
        await _talk.With(1, "far@away.example", "later");

        (await RemoveOlder(5)).ShouldBe(1);
        _talk.Texts(1).ShouldBe(["ahead", "later"]);
    }

    [Fact]
    public async Task Hidden_messages_go_once_they_are_delivered()
    {
        const EntryFlags Hidden = Conversation.Received | EntryFlags.Hidden;
        long first = await _talk.Send(1, 2, "sender keeps it", flags: Hidden);
        await _talk.With(2, "far@away.example", "nobody keeps it", Hidden);
        long last = await _talk.With(2, "far@away.example", "shown", Conversation.Received);
        long waiting = await _talk.With(2, "far@away.example", "waits", Hidden);
        (await RemoveHidden()).ShouldBe(0);

        await _home.Write(t => _home.Archive.SetDeliveredMark(t, 2, last));
        (await RemoveHidden()).ShouldBe(0);
        _home.Clock.Advance(TimeSpan.FromDays(2));
        (await RemoveHidden()).ShouldBe(2);
        _talk.Texts(1).ShouldBe(["sender keeps it"]);
        _talk.Texts(2).ShouldBe(["shown"]);
        Conversation
            .Texts(_home.Read(a => _home.Archive.Undelivered(a, 2, first, waiting, 10)))
            .ShouldBe(["shown", "waits"]);
        Tables.Count(_home, "message").ShouldBe(3);
    }

    private Task<int> RemoveOlder(int days, int max = 100) =>
        _home.Write(t => _home.Archive.RemoveOlder(t, _home.Clock.GetUtcNow().AddDays(-days), max));

    private Task<int> RemoveHidden() =>
        _home.Write(t => _home.Archive.RemoveHidden(t, _home.Clock.GetUtcNow().AddDays(-1), 100));
}
