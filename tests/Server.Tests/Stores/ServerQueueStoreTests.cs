using System.Text;
using Shouldly;
using Xunit;

namespace Server.Tests.Stores;

public sealed class ServerQueueStoreTests : IDisposable
{
    private const string Here = "home.example";
    private const string Far = "far.example";
    private readonly Home _home = new();

    public void Dispose() => _home.Dispose();

    private Task<long> Add(string to, string stanza) =>
        _home.Write(t => _home.Queue.Add(t, Here, to, Encoding.UTF8.GetBytes(stanza)));

    private IEnumerable<string> Waiting() =>
        _home.Read(_home.Queue.Waiting).Select(each => $"{each.From} {each.To} {Encoding.UTF8.GetString(each.Stanza)}");

    [Fact]
    public async Task What_waits_survives_a_restart_in_its_order()
    {
        await Add(Far, "one");
        await Add("other.example", "two");
        await Add(Far, "three");
        _home.Reopen();
        Waiting().ShouldBe([$"{Here} {Far} one", $"{Here} other.example two", $"{Here} {Far} three"]);
    }

    [Fact]
    public async Task What_was_acknowledged_goes_and_nothing_else()
    {
        await Add(Far, "one");
        long second = await Add(Far, "two");
        await Add(Far, "three");
        await Add("other.example", "four");
        await _home.Write(t => _home.Queue.Add(t, "groups.home.example", Far, "five"u8));
        await _home.Write(t => _home.Queue.Remove(t, Here, Far, second));
        Waiting().ShouldBe([$"{Here} {Far} three", $"{Here} other.example four", $"groups.home.example {Far} five"]);
    }

    [Fact]
    public async Task One_is_taken_off_from_among_others()
    {
        await Add(Far, "one");
        long second = await Add(Far, "two");
        await Add(Far, "three");
        await _home.Write(t => _home.Queue.Remove(t, second));
        await _home.Write(t => _home.Queue.Remove(t, second + 10));
        Waiting().ShouldBe([$"{Here} {Far} one", $"{Here} {Far} three"]);
    }

    [Fact]
    public async Task A_number_never_comes_back()
    {
        long last = await Add(Far, "one");
        await _home.Write(t => _home.Queue.Remove(t, Here, Far, last));
        _home.Reopen();
        (await Add(Far, "two")).ShouldBeGreaterThan(last);
    }

    [Fact]
    public async Task What_has_waited_too_long_is_found_by_its_time()
    {
        long Old() => _home.Read(a => _home.Queue.NewestAt(a, Here, Far, _home.Clock.GetUtcNow().AddHours(-1)));
        await Add(Far, "one");
        long second = await Add(Far, "two");
        Old().ShouldBe(0);
        _home.Clock.Advance(TimeSpan.FromHours(1));
        await Add(Far, "three");
        await Add("other.example", "four");
        Old().ShouldBe(second);
    }

    // A box without a clock of its own begins in the past.
    [Fact]
    public async Task What_was_queued_by_a_wrong_clock_makes_nothing_else_old()
    {
        long Old() => _home.Read(a => _home.Queue.NewestAt(a, Here, Far, _home.Clock.GetUtcNow().AddHours(-1)));
        await Add(Far, "one");
        _home.Clock.Advance(TimeSpan.FromDays(-9000));
        long wrong = await Add(Far, "two");
        _home.Clock.Advance(TimeSpan.FromDays(9000));
        Old().ShouldBe(0);
        _home.Clock.Advance(TimeSpan.FromHours(1));
        Old().ShouldBe(wrong);
    }

    [Fact]
    public async Task A_server_that_was_reached_is_known()
    {
        DateTimeOffset? Seen() => _home.Read(a => _home.Queue.Seen(a, Far));
        Seen().ShouldBeNull();
        DateTimeOffset first = _home.Clock.GetUtcNow();
        await _home.Write(t => _home.Queue.NoteSeen(t, Far, first));
        Seen().ShouldBe(first);
        await _home.Write(t => _home.Queue.NoteSeen(t, Far, first.AddDays(1)));
        _home.Reopen();
        Seen().ShouldBe(first.AddDays(1));
    }
}
