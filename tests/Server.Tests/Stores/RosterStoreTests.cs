using Shouldly;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

public sealed class RosterStoreTests : IDisposable
{
    private readonly Home _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_contact_is_kept_as_it_was_written()
    {
        long anna = await _home.AddAccount("anna");
        var item = new RosterItem(Home.Jid("ben@home.example"))
        {
            Name = "Ben",
            Groups = ["Family", "A\nB", ""],
            Subscription = Subscription.Both,
            Ask = true,
            Approved = true,
            Listed = true,
            PendingIn = [60, 112],
        };
        await Set(anna, item);

        RosterItem found = Find(anna, "ben@home.example").ShouldNotBeNull();
        found.Groups.ShouldBe(item.Groups);
        found.PendingIn.ShouldBe(item.PendingIn);
        (found with { Groups = item.Groups, PendingIn = item.PendingIn }).ShouldBe(item);
        Find(anna, "ben@home.example/phone").ShouldNotBeNull();
        Find(anna, "other@home.example").ShouldBeNull();
    }

    [Fact]
    public async Task A_contact_written_again_takes_the_place_of_the_old_one()
    {
        long anna = await _home.AddAccount("anna");
        var item = new RosterItem(Home.Jid("ben@home.example")) { Name = "Ben", Groups = ["Family"] };
        await Set(anna, item);
        await Set(anna, new RosterItem(item.Contact) { Subscription = Subscription.To });

        RosterItem found = _home.Read(a => _home.Rosters.Items(a, anna)).ShouldHaveSingleItem();
        found.Name.ShouldBeNull();
        found.Groups.ShouldBeEmpty();
        found.PendingIn.ShouldBeNull();
        found.Subscription.ShouldBe(Subscription.To);
    }

    [Fact]
    public async Task A_roster_is_its_owners_alone()
    {
        long anna = await _home.AddAccount("anna");
        long ben = await _home.AddAccount("ben");
        var carol = new RosterItem(Home.Jid("carol@far.example"));
        await Set(anna, carol);
        await Set(ben, carol);
        await _home.Write(t => _home.Rosters.Remove(t, anna, carol.Contact));

        _home.Read(a => _home.Rosters.Items(a, anna)).ShouldBeEmpty();
        _home.Read(a => _home.Rosters.Items(a, ben)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_version_grows_by_each_bump_and_stays_over_a_restart()
    {
        long anna = await _home.AddAccount("anna");
        _home.Read(a => _home.Rosters.Version(a, anna)).ShouldBe(0);
        (await _home.Write(t => _home.Rosters.Bump(t, anna))).ShouldBe(1);
        (await _home.Write(t => _home.Rosters.Bump(t, anna))).ShouldBe(2);
        _home.Reopen();

        _home.Read(a => _home.Rosters.Version(a, anna)).ShouldBe(2);
    }

    [Fact]
    public async Task The_block_list_is_set_as_a_whole()
    {
        long anna = await _home.AddAccount("anna");
        await _home.Write(t =>
            _home.Rosters.SetBlocked(
                t,
                anna,
                [Home.Jid("spam.example"), Home.Jid("x@far.example"), Home.Jid("x@far.example/phone")]
            )
        );
        await _home.Write(t =>
            _home.Rosters.SetBlocked(t, anna, [Home.Jid("spam.example"), Home.Jid("x@far.example/phone")])
        );

        _home
            .Read(a => _home.Rosters.Blocked(a, anna))
            .Select(j => j.ToString())
            .ShouldBe(["spam.example", "x@far.example/phone"]);
    }

    private Task Set(long account, RosterItem item) => _home.Write(t => _home.Rosters.Set(t, account, item));

    private RosterItem? Find(long account, string contact) =>
        _home.Read(a => _home.Rosters.Find(a, account, Home.Jid(contact)));
}
