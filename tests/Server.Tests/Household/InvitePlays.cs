using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Household;

/// <summary>Invites and reset links (laws, "Invites"; README, "Who may reach whom", 8).</summary>
public sealed class InvitePlays
{
    private const string Password = "correct horse";

    private static async Task<Refusal> Why(Func<Task> act) => (await Should.ThrowAsync<RefusedException>(act)).Why;

    private static async Task<List<Refusal>> Refusals(IEnumerable<Task> tries)
    {
        var refusals = new List<Refusal>();
        foreach (Task attempt in tries)
        {
            try
            {
                await attempt;
            }
            catch (RefusedException refused)
            {
                refusals.Add(refused.Why);
            }
        }
        return refusals;
    }

    // Laws, "Invites": one token, three forms.
    [Fact]
    public async Task The_forms_of_a_link_say_who_invites()
    {
        await using Play play = await Play.StartAsync(
            Framing.Tcp,
            options => options with { PublicUrl = "https://kith.test:8443" }
        );
        await play.AddAccount("anna");
        Invites invites = play.Server.Home.Invites;
        InviteLink box = await invites.CreateAsync(new NewInvite());
        box.Token().Length.ShouldBe(32);
        box.Page.ShouldBe("https://kith.test:8443/invite/" + box.Token());
        box.Uri.ShouldBe("xmpp:kith.test?register;preauth=" + box.Token());
        InviteLink named = await invites.CreateAsync(new NewInvite { Name = "Ben" });
        named.Uri.ShouldBe("xmpp:ben@kith.test?register;preauth=" + named.Token());
        InviteLink person = await invites.CreateAsync(new NewInvite { From = "anna" });
        person.Uri.ShouldBe($"xmpp:anna@kith.test?roster;preauth={person.Token()};ibr=y");
        InviteLink contact = await invites.CreateAsync(new NewInvite { From = "anna", ContactOnly = true });
        contact.Uri.ShouldBe($"xmpp:anna@kith.test?roster;preauth={contact.Token()}");
    }

    [Fact]
    public async Task Only_the_tokens_hash_is_kept()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        InviteLink link = await play.Server.Home.Invites.CreateAsync(new NewInvite { Note = "for Ben" });
        Invite kept = play.Server.Home.Invites.List().ShouldHaveSingleItem();
        kept.Record.TokenHash.ShouldBe(LinkToken.Hash(link.Token()));
        kept.Record.Note.ShouldBe("for Ben");
        kept.ToString().ShouldNotContain(link.Token());
        play.Server.Home.Invites.Find(kept.Record.Id).ShouldBeNull();
        play.Server.Home.Invites.Find("").ShouldBeNull();
        play.Server.Home.Invites.Find(new string('a', 5000)).ShouldBeNull();
    }

    // Laws, "Invites": circle and inviter become contacts at once.
    [Theory, Framings]
    public async Task Who_comes_has_the_circle_and_the_inviter_in_the_list_and_they_have_them(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna", circle: "Family");
        await play.AddAccount("oma", circle: "Garden");
        Actor anna = await play.Connect("anna", "phone");
        Actor oma = await play.Connect("oma", "phone");
        foreach (Actor actor in new[] { anna, oma })
            await actor.Ask("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
        InviteLink link = await play.Server.Home.Invites.CreateAsync(
            new NewInvite { From = "anna", Circle = "garden" }
        );

        (await play.Server.Home.Invites.RegisterAsync(link.Token(), "Ben", SignIn.Password)).ShouldBe("ben");

        await anna.Expect(
            """
            <iq type='set'><query xmlns='jabber:iq:roster'><item jid='ben@kith.test' subscription='both'/></query></iq>
            """
        );
        await oma.Expect(
            """
            <iq type='set'><query xmlns='jabber:iq:roster'>
              <item jid='ben@kith.test' subscription='both'><group>Garden</group></item>
            </query></iq>
            """
        );
        Actor ben = await play.Connect("ben", "phone");
        await ben.Ask(
            "<iq type='get'><query xmlns='jabber:iq:roster'/></iq>",
            """
            <iq type='result'><query xmlns='jabber:iq:roster'>
              <item jid='anna@kith.test' subscription='both'/><item jid='oma@kith.test' subscription='both'/>
            </query></iq>
            """
        );
    }

    // Reach 8.
    [Fact]
    public async Task Of_many_who_come_at_once_only_as_many_get_in_as_the_invite_has_uses()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        InviteLink link = await play.Server.Home.Invites.CreateAsync(new NewInvite { Uses = 3 });
        Task<string>[] tries =
        [
            .. Enumerable
                .Range(0, 12)
                .Select(i => play.Server.Home.Invites.RegisterAsync(link.Token(), $"user{i}", Password)),
        ];
        (await Refusals(tries)).ShouldBe(Enumerable.Repeat(Refusal.InviteUsed, 9));
        play.Server.Home.People.List().Count.ShouldBe(3);
        play.Server.Home.Invites.Find(link.Token())!.State.ShouldBe(InviteState.Used);
    }

    [Fact]
    public async Task Of_two_who_want_the_same_name_one_gets_it_and_the_other_keeps_the_invite()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        InviteLink link = await play.Server.Home.Invites.CreateAsync(new NewInvite { Uses = 2 });
        Task<string>[] tries =
        [
            .. Enumerable
                .Range(0, 4)
                .Select(_ => play.Server.Home.Invites.RegisterAsync(link.Token(), "ben", Password)),
        ];
        (await Refusals(tries)).ShouldBe([Refusal.NameTaken, Refusal.NameTaken, Refusal.NameTaken]);
        Invite left = play.Server.Home.Invites.Find(link.Token())!;
        (left.State, left.Record.Used).ShouldBe((InviteState.Good, 1));
    }

    [Fact]
    public async Task What_fails_spends_nothing()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        await play.AddAccount("anna");
        Invites invites = play.Server.Home.Invites;
        string token = (await invites.CreateAsync(new NewInvite())).Token();
        (await Why(() => invites.RegisterAsync(token, "anna", Password))).ShouldBe(Refusal.NameTaken);
        (await Why(() => invites.RegisterAsync(token, "a b", Password))).ShouldBe(Refusal.BadName);
        (await Why(() => invites.RegisterAsync(token, "ben", "short"))).ShouldBe(Refusal.ShortPassword);
        (await Why(() => invites.RegisterAsync("unknown", "ben", Password))).ShouldBe(Refusal.NoInvite);
        (await Why(() => invites.ResetAsync(token, Password))).ShouldBe(Refusal.NoInvite);
        invites.Find(token)!.Record.Used.ShouldBe(0);
        await invites.RegisterAsync(token, "ben", Password);
        (await Why(() => invites.RegisterAsync(token, "eve", Password))).ShouldBe(Refusal.InviteUsed);
    }

    [Fact]
    public async Task An_invite_ends_with_its_time_its_revocation_its_inviter_and_its_circle()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        await play.AddAccount("anna", circle: "Family");
        await play.AddAccount("ben", circle: "Football");
        Home home = play.Server.Home;
        string timed = (await home.Invites.CreateAsync(new NewInvite { Lifetime = TimeSpan.FromHours(1) })).Token();
        InviteLink revoked = await home.Invites.CreateAsync(new NewInvite());
        string annas = (await home.Invites.CreateAsync(new NewInvite { From = "anna" })).Token();
        string bens = (await home.Invites.CreateAsync(new NewInvite { From = "ben" })).Token();
        string football = (await home.Invites.CreateAsync(new NewInvite { Circle = "Football" })).Token();

        await play.Advance(TimeSpan.FromHours(1));
        await home.Invites.RevokeAsync(revoked.Invite.Id);
        await home.People.LockAsync("anna");
        await home.People.RemoveAsync("ben");
        await home.Circles.RemoveAsync("football");

        (await Why(() => home.Invites.RegisterAsync(timed, "eve", Password))).ShouldBe(Refusal.InviteOver);
        (await Why(() => home.Invites.RegisterAsync(revoked.Token(), "eve", Password))).ShouldBe(Refusal.NoInvite);
        (await Why(() => home.Invites.RegisterAsync(annas, "eve", Password))).ShouldBe(Refusal.InviteOver);
        (await Why(() => home.Invites.RegisterAsync(bens, "eve", Password))).ShouldBe(Refusal.NoInvite);
        (await Why(() => home.Invites.RegisterAsync(football, "eve", Password))).ShouldBe(Refusal.NoInvite);
        // XEP-0445 §4: who has shown it in time may go on.
        await home.Invites.RegisterAsync(timed, "eve", Password, timely: true);
    }

    // XEP-0401 §7: a name that an invite gives is kept for it.
    [Fact]
    public async Task A_name_in_an_invite_is_kept_for_who_comes_by_it()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        Home home = play.Server.Home;
        string named = (await home.Invites.CreateAsync(new NewInvite { Name = "ben" })).Token();
        string other = (await home.Invites.CreateAsync(new NewInvite { Uses = 5 })).Token();
        (await Why(() => home.Invites.RegisterAsync(other, "ben", Password))).ShouldBe(Refusal.NameKept);
        (await Why(() => home.Invites.CreateAsync(new NewInvite { Name = "ben" }))).ShouldBe(Refusal.NameKept);
        (await Why(() => home.Invites.RegisterAsync(named, "eve", Password))).ShouldBe(Refusal.BadName);
        await home.Invites.RegisterAsync(named, "ben", Password);
        await home.Invites.RegisterAsync(other, "eve", Password);
    }

    [Fact]
    public async Task Roles_and_ends_come_from_the_invite()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        Home home = play.Server.Home;
        DateTimeOffset end = play.Clock.GetUtcNow().AddDays(3);
        string guest = (
            await home.Invites.CreateAsync(new NewInvite { Role = Role.Guest, AccountExpires = end })
        ).Token();
        string endless = (await home.Invites.CreateAsync(new NewInvite { Role = Role.Guest })).Token();
        string admin = (await home.Invites.CreateAsync(new NewInvite { Role = Role.Admin })).Token();
        await home.Invites.RegisterAsync(guest, "g1", Password);
        await home.Invites.RegisterAsync(endless, "g2", Password);
        await home.Invites.RegisterAsync(admin, "boss", Password);
        home.People.Get("g1").Account.Expires.ShouldBe(end);
        home.People.Get("g2").Account.Expires.ShouldBe(play.Clock.GetUtcNow() + People.GuestStay);
        (home.People.Get("boss").Account.Role, home.People.Get("boss").Account.Expires).ShouldBe((Role.Admin, null));
    }

    [Fact]
    public async Task What_is_asked_wrongly_is_refused()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        Invites invites = play.Server.Home.Invites;
        foreach (
            NewInvite wrong in new NewInvite[]
            {
                new() { Uses = 0 },
                new() { Uses = 1001 },
                new() { Lifetime = TimeSpan.Zero },
                new() { Lifetime = TimeSpan.FromDays(400) },
                new() { Note = new string('x', 201) },
                new() { Note = "a\nb" },
                new() { ContactOnly = true },
            }
        )
            (await Why(() => invites.CreateAsync(wrong))).ShouldBe(Refusal.BadRequest);
        (await Why(() => invites.CreateAsync(new NewInvite { From = "nobody" }))).ShouldBe(Refusal.NoPerson);
        (await Why(() => invites.CreateAsync(new NewInvite { Circle = "Chess" }))).ShouldBe(Refusal.NoCircle);
        (await Why(() => invites.RevokeAsync("x"))).ShouldBe(Refusal.NoInvite);
        invites.List().ShouldBeEmpty();
    }

    [Fact]
    public async Task Old_ones_are_forgotten_when_a_new_one_is_made()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        await play.Server.Home.Invites.CreateAsync(new NewInvite { Note = "old" });
        await play.Advance(TimeSpan.FromDays(36));
        await play.Server.Home.Invites.CreateAsync(new NewInvite { Note = "middle" });
        play.Server.Home.Invites.List().Count.ShouldBe(2);
        await play.Advance(TimeSpan.FromDays(2));
        await play.Server.Home.Invites.CreateAsync(new NewInvite { Note = "new" });
        play.Server.Home.Invites.List().Select(invite => invite.Record.Note).ShouldBe(["middle", "new"]);
    }
}
