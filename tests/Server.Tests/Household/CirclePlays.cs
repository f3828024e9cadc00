using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Household;

/// <summary>Circles in contact lists (README, "Who may reach whom", 3).</summary>
public sealed class CirclePlays
{
    private const string Roster = "<iq type='get'><query xmlns='jabber:iq:roster'/></iq>";

    private static async Task<string> List(Actor actor)
    {
        var answer = await actor.Ask(Roster);
        return answer.Elements().Single().Attribute("ver")!.Value;
    }

    private static string Push(string jid, string rest) =>
        $"<iq type='set'><query xmlns='jabber:iq:roster' ver='{{any}}'><item jid='{jid}' {rest}</query></iq>";

    // Reach 3.
    [Theory, Framings]
    public async Task Who_joins_a_circle_is_in_every_members_list_at_once_and_sees_who_is_there(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna", circle: "Family");
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        (anna.SeesPresence, ben.SeesPresence) = (true, true);
        string before = await List(anna);
        await List(ben);
        anna.Forget();
        ben.Forget();

        await play.Server.Home.Circles.AddAsync("family", "ben");

        await anna.Expect(Push("ben@kith.test", "name='ben' subscription='both'><group>Family</group></item>"));
        await anna.Expect("<presence from='ben@kith.test/phone'/>");
        await ben.Expect(Push("anna@kith.test", "subscription='both'><group>Family</group></item>"));
        await ben.Expect("<presence from='anna@kith.test/phone'/>");
        (await List(anna)).ShouldNotBe(before);
        await play.ExpectNothing(anna, ben);
    }

    // Reach 3.
    [Theory, Framings]
    public async Task Leaving_the_last_shared_circle_removes_it_and_hides_both(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna", circle: "Family");
        await play.AddAccount("ben", circle: "Family");
        await play.Server.Home.Circles.CreateAsync("Garden");
        await play.Server.Home.Circles.AddAsync("Garden", "anna");
        await play.Server.Home.Circles.AddAsync("Garden", "ben");
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        (anna.SeesPresence, ben.SeesPresence) = (true, true);
        await List(anna);
        await play.Settle();
        anna.Forget();
        ben.Forget();

        await play.Server.Home.Circles.DropAsync("Garden", "ben");
        await anna.Expect(Push("ben@kith.test", "subscription='both'><group>Family</group></item>"));
        await play.ExpectNothing(anna, ben);

        await play.Server.Home.Circles.DropAsync("Family", "ben");
        await anna.Expect(Push("ben@kith.test", "subscription='remove'/>"));
        await anna.Expect("<presence type='unavailable' from='ben@kith.test/phone'/>");
        await ben.Expect("<presence type='unavailable' from='anna@kith.test/phone'/>");
        await play.ExpectNothing(anna, ben);
    }

    [Theory, Framings]
    public async Task An_own_subscription_outlives_the_circle(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        InviteLink link = await play.Server.Home.Invites.CreateAsync(
            new NewInvite { From = (await play.AddAccount("anna", circle: "Family")).Name }
        );
        await play.Server.Home.Invites.RegisterAsync(link.Token(), "ben", "correct horse");
        Actor anna = await play.Connect("anna", "phone");
        await List(anna);

        await play.Server.Home.Circles.RemoveAsync("Family");

        await anna.Expect(Push("ben@kith.test", "subscription='both'/>"));
        play.Server.Home.Circles.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Circles_are_kept_over_a_restart()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        await play.AddAccount("anna");
        await play.Server.Home.Circles.CreateAsync("  Football ");
        await play.Server.Home.Circles.AddAsync("FOOTBALL", "anna@kith.test");
        await play.Restart();
        Circle circle = play.Server.Home.Circles.All.Values.ShouldHaveSingleItem();
        circle.Name.ShouldBe("Football");
        circle.Has(play.Account("anna")).ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_asked_wrongly_is_refused_in_words()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        await play.AddAccount("anna");
        Circles circles = play.Server.Home.Circles;
        await circles.CreateAsync("Football");
        (await Should.ThrowAsync<RefusedException>(circles.CreateAsync("football"))).Why.ShouldBe(Refusal.CircleTaken);
        foreach (string bad in new[] { "", " ", "a\nb", new string('x', 61), "\ud800" })
            (await Should.ThrowAsync<RefusedException>(() => circles.CreateAsync(bad))).Why.ShouldBe(Refusal.BadCircle);
        var none = await Should.ThrowAsync<RefusedException>(circles.AddAsync("Chess", "anna"));
        none.Message.ShouldBe("There is no circle “Chess”. Circles: Football.");
        (await Should.ThrowAsync<RefusedException>(circles.AddAsync("Football", "nobody"))).Why.ShouldBe(
            Refusal.NoPerson
        );
        (await Should.ThrowAsync<RefusedException>(circles.DropAsync("Football", "anna"))).Message.ShouldBe(
            "anna is not in the circle “Football”."
        );
    }

    // Reach 2: the role decides at once who is reached.
    [Fact]
    public async Task A_guest_sees_its_circle_only()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        await play.AddAccount("anna", circle: "Family");
        await play.AddAccount("stranger");
        await play.Server.Home.People.AddAsync(new NewPerson("tim") { Role = Role.Guest, Password = SignIn.Password });
        Actor tim = await play.Connect("tim", "phone");
        (await tim.Ask(Roster)).ToString().ShouldContain("anna@kith.test");
        await tim.Send("<message to='stranger@kith.test' type='chat' id='m1'><body>hi</body></message>");
        await tim.Expect("<message type='error' id='m1'/>");
    }
}
