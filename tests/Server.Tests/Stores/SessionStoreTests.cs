using Shouldly;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

public sealed class SessionStoreTests : IDisposable
{
    private static readonly byte[] _token = new byte[32];
    private readonly Home _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task The_last_mark_of_a_commit_is_what_is_found()
    {
        long anna = await _home.AddAccount("anna");
        await _home.Write(t =>
        {
            t.NoteInbound(new SessionMark(_token, anna, "phone", 1));
            t.NoteInbound(new SessionMark([.. _token], anna, "phone", uint.MaxValue));
        });
        SessionMark mark = Find(_token).ShouldNotBeNull();
        mark.Inbound.ShouldBe(uint.MaxValue);
        mark.Account.ShouldBe(anna);
        mark.Resource.ShouldBe("phone");
        mark.TokenHash.ShouldBe(_token);
        Find([1]).ShouldBeNull();
    }

    [Fact]
    public async Task A_mark_is_written_with_the_commit_that_noted_it_or_not_at_all()
    {
        long anna = await _home.AddAccount("anna");
        var commits = new Commits(_home.Database);
        using (commits.Hold())
        {
            commits.Add("first", t => t.NoteInbound(new SessionMark(_token, anna, "phone", 1)));
            commits.Add(
                "second",
                t =>
                {
                    t.NoteInbound(new SessionMark(_token, anna, "phone", 2));
                    throw new FormatException("a bug");
                }
            );
        }
        await commits.Settle();

        Find(_token)!.Inbound.ShouldBe(1u);
    }

    [Fact]
    public async Task A_mark_of_an_account_that_is_gone_is_not_kept_and_fails_nothing()
    {
        long anna = await _home.AddAccount("anna");
        var commits = new Commits(_home.Database);
        using (commits.Hold())
        {
            commits.Add("sound", t => t.NoteInbound(new SessionMark(_token, anna, "phone", 1)));
            commits.Add("stranger", t => t.NoteInbound(new SessionMark([9, 9, 9, 9], anna + 1, "phone", 1)));
        }
        await commits.Settle();

        commits.Events.ShouldBe(["released sound", "released stranger"]);
        _home.Read(a => _home.Sessions.Find(a, [9, 9, 9, 9])).ShouldBeNull();
    }

    [Fact]
    public async Task A_removed_session_is_not_found_even_when_its_mark_came_in_the_same_batch()
    {
        long anna = await _home.AddAccount("anna");
        await _home.Write(t =>
        {
            t.NoteInbound(new SessionMark(_token, anna, "phone", 1));
            _home.Sessions.Remove(t, _token);
        });
        Find(_token).ShouldBeNull();

        await _home.Write(t => t.NoteInbound(new SessionMark(_token, anna, "phone", 1)));
        await _home.Write(t => _home.Sessions.Remove(t, _token));
        Find(_token).ShouldBeNull();
    }

    [Fact]
    public async Task Marks_that_were_not_touched_for_long_are_removed()
    {
        long anna = await _home.AddAccount("anna");
        await _home.Write(t =>
        {
            t.NoteInbound(new SessionMark([1, 1, 1, 1], anna, "phone", 1));
            t.NoteInbound(new SessionMark([2, 2, 2, 2], anna, "laptop", 1));
        });
        _home.Clock.Advance(TimeSpan.FromHours(1));
        await _home.Write(t => t.NoteInbound(new SessionMark([2, 2, 2, 2], anna, "laptop", 2)));
        await _home.Write(t => _home.Sessions.RemoveOlder(t, _home.Clock.GetUtcNow().AddMinutes(-30)));

        Find([1, 1, 1, 1]).ShouldBeNull();
        Find([2, 2, 2, 2])!.Inbound.ShouldBe(2u);
    }

    private SessionMark? Find(byte[] hash) => _home.Read(a => _home.Sessions.Find(a, hash));
}
