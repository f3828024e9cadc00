using Shouldly;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

public sealed class HouseholdStoreTests : IDisposable
{
    private readonly Home _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Circles_have_names_and_members()
    {
        long anna = await _home.AddAccount("anna");
        long ben = await _home.AddAccount("ben");
        long family = await AddCircle("Family");
        long book = await AddCircle("Book club");
        await _home.Write(t =>
        {
            _home.Household.AddMember(t, family, anna);
            _home.Household.AddMember(t, family, ben);
            _home.Household.AddMember(t, family, ben);
            _home.Household.AddMember(t, book, ben);
        });

        _home.Read(_home.Household.Circles).Select(c => c.Name).ShouldBe(["Book club", "Family"]);
        _home.Read(a => _home.Household.FindCircle(a, "Family")).ShouldBe(new CircleRecord(family, "Family"));
        _home.Read(a => _home.Household.FindCircle(a, "Choir")).ShouldBeNull();
        _home.Read(a => _home.Household.Members(a, family)).ShouldBe([anna, ben]);
        _home.Read(a => _home.Household.CirclesOf(a, ben)).Select(c => c.Id).ShouldBe([book, family]);

        await _home.Write(t => _home.Household.RemoveMember(t, family, ben));
        _home.Read(a => _home.Household.Members(a, family)).ShouldBe([anna]);
    }

    [Fact]
    public async Task A_circle_of_the_same_name_is_refused()
    {
        await AddCircle("Family");
        await Should.ThrowAsync<InvalidOperationException>(() => AddCircle("Family"));
    }

    [Fact]
    public async Task A_circle_takes_its_memberships_and_invites_with_it()
    {
        long anna = await _home.AddAccount("anna");
        long family = await AddCircle("Family");
        await _home.Write(t =>
        {
            _home.Household.AddMember(t, family, anna);
            _home.Household.AddInvite(t, Invite("a") with { Circle = family });
            _home.Household.AddInvite(t, Invite("b"));
            _home.Household.RemoveCircle(t, family);
        });

        _home.Read(a => _home.Household.CirclesOf(a, anna)).ShouldBeEmpty();
        _home.Read(_home.Household.Invites).Select(i => i.Id).ShouldBe(["b"]);
    }

    [Fact]
    public async Task An_invite_is_found_by_its_tokens_hash_as_it_was_written()
    {
        long anna = await _home.AddAccount("anna");
        long family = await AddCircle("Family");
        InviteRecord invite = Invite("a") with
        {
            From = anna,
            Role = Role.Guest,
            Circle = family,
            AccountExpires = _home.Clock.GetUtcNow().AddDays(30),
            Note = "for Grandma",
            Reset = anna,
            Name = "anna",
            ContactOnly = true,
        };
        await _home.Write(t => _home.Household.AddInvite(t, invite));
        InviteRecord used = invite with { Used = 1, Note = null };
        await _home.Write(t => _home.Household.UpdateInvite(t, used));

        InviteRecord found = _home.Read(a => _home.Household.FindInvite(a, invite.TokenHash)).ShouldNotBeNull();
        found.TokenHash.ShouldBe(invite.TokenHash);
        (found with { TokenHash = used.TokenHash }).ShouldBe(used);
        _home.Read(a => _home.Household.FindInvite(a, [1, 2, 3])).ShouldBeNull();
        await _home.Write(t => _home.Household.RemoveInvite(t, "a"));
        _home.Read(_home.Household.Invites).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_invite_of_the_box_itself_comes_from_nobody()
    {
        await _home.Write(t => _home.Household.AddInvite(t, Invite("a")));
        _home.Read(_home.Household.Invites).ShouldHaveSingleItem().From.ShouldBe(0);
    }

    [Fact]
    public async Task Guardians_are_set_as_a_whole()
    {
        long child = await _home.AddAccount("child", Role.Limited);
        long anna = await _home.AddAccount("anna");
        long ben = await _home.AddAccount("ben");
        await _home.Write(t => _home.Household.SetGuardians(t, child, [anna, ben]));
        _home.Read(a => _home.Household.Guardians(a, child)).ShouldBe([anna, ben]);

        await _home.Write(t => _home.Household.SetGuardians(t, child, [ben]));
        _home.Read(a => _home.Household.Guardians(a, child)).ShouldBe([ben]);
        _home.Read(a => _home.Household.Guardians(a, anna)).ShouldBeEmpty();
        _home.Read(a => _home.Household.IsGuardian(a, ben)).ShouldBeTrue();
        _home.Read(a => _home.Household.IsGuardian(a, anna)).ShouldBeFalse();
        _home.Read(a => _home.Household.IsGuardian(a, child)).ShouldBeFalse();
    }

    [Fact]
    public async Task Approvals_are_given_and_taken_one_by_one()
    {
        long child = await _home.AddAccount("child", Role.Limited);
        await _home.Write(t =>
        {
            _home.Household.SetApproved(t, child, "aunt@far.example", true);
            _home.Household.SetApproved(t, child, "aunt@far.example", true);
            _home.Household.SetApproved(t, child, "club@rooms.example", true);
            _home.Household.SetApproved(t, child, "club@rooms.example", false);
        });

        _home.Read(a => _home.Household.Approved(a, child)).ShouldBe(["aunt@far.example"]);
    }

    private Task<long> AddCircle(string name) => _home.Write(t => _home.Household.AddCircle(t, name));

    private InviteRecord Invite(string id) =>
        new()
        {
            Id = id,
            TokenHash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(id)),
            Uses = 5,
            Created = _home.Clock.GetUtcNow(),
            Expires = _home.Clock.GetUtcNow().AddDays(7),
        };
}
