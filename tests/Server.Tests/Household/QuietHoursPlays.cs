using Server.Tests.Plays;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Household;

/// <summary>During quiet hours a limited account meets its guardians only (Reach 11). Plays begin at 09:26:53 on a Saturday.</summary>
public sealed class QuietHoursPlays
{
    private const string Bob = "bob@away.test";
    private const string Quiet =
        "<error type='wait'><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>It is quiet hours.</text></error>";

    private static Task<Play> StartAsync(Framing framing) =>
        QuietBen.StartAsync(framing, "Family", ("anna", Role.Admin), ("carl", Role.Member));

    private static string Chat(Actor to, string text) =>
        $"<message to='{to.Bare}' type='chat' id='{text}'><body>{text}</body></message>";

    private static string Body(string text) => $"<message type='chat'><body>{text}</body></message>";

    private static async Task<string[]> Archive(Actor actor)
    {
        await actor.Ask("<iq type='set'><query xmlns='urn:xmpp:mam:2'/></iq>", "<iq type='result'/>");
        return [.. actor.TakeAll("result", "urn:xmpp:mam:2").Select(result => result.Value)];
    }

    [Theory, Framings]
    public async Task What_others_write_waits_and_comes_when_they_are_over(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor carl = await play.Connect("carl", "phone");
        Actor ben = await play.Connect("ben", "tablet", carbons: true);
        Actor bensPhone = await play.Connect("ben", "phone", priority: -1, carbons: true);
        await carl.Send(Chat(ben, "before"));
        await ben.Expect(Body("before"));
        await bensPhone.Expect("<message><received xmlns='urn:xmpp:carbons:2'/></message>");
        await play.Advance(QuietBen.UntilTen);

        await carl.Send(Chat(ben, "waits"));
        await carl.Send(
            $"<message to='{ben.Jid}' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
        );
        await carl.Send($"<message to='{ben.Bare}' type='headline'><body>lost</body></message>");
        await carl.Ping();
        await anna.Send(Chat(ben, "good night"));
        await ben.Expect(Body("good night"));
        await bensPhone.Expect("<message><received xmlns='urn:xmpp:carbons:2'/></message>");
        await play.ExpectNothing(ben, bensPhone, carl);
        string[] archive = await Archive(ben);
        archive.ShouldContain("good night");
        archive.ShouldNotContain("waits");

        await play.Advance(QuietBen.Hour);
        await ben.Expect(
            "<message type='chat' id='waits'><body>waits</body><stanza-id xmlns='urn:xmpp:sid:0'/><delay xmlns='urn:xmpp:delay'/></message>"
        );
        (await Archive(ben)).ShouldContain("waits");
        await carl.Send(Chat(ben, "after"));
        await ben.Expect(Body("after"));
    }

    [Theory, Framings]
    public async Task What_it_sends_is_refused_except_to_guardians(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor carl = await play.Connect("carl", "phone");
        Actor ben = await play.Connect("ben", "tablet");
        await play.Advance(QuietBen.UntilTen);
        await play.Watch(anna, carl, ben);
        // Whom it means makes no difference.
        foreach (string address in (string[])[carl.Bare, carl.Jid, "nobody@kith.test", Bob])
        {
            await ben.Send($"<message to='{address}' type='chat'><body>hi</body></message>");
            await ben.Expect($"<message from='{address}' type='error'>{Quiet}</message>");
            await ben.Send($"<presence to='{address}'/>");
            await ben.Expect($"<presence from='{address}' type='error'>{Quiet}</presence>");
            await ben.Send($"<presence to='{address}' type='subscribe'/>");
            await ben.Expect($"<presence type='error'>{Quiet}</presence>");
            await ben.Ask($"<iq type='get' to='{address}'><a xmlns='b'/></iq>", $"<iq type='error'>{Quiet}</iq>");
        }
        await ben.Send(Chat(anna, "hi"));
        await anna.Expect(Body("hi"));
        await ben.Ask("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>", "<iq type='result'/>");
        await ben.Ping();
        await carl.Ask($"<iq type='get' to='{ben.Jid}'><a xmlns='b'/></iq>", "<iq type='error'/>");
        await play.ExpectNothing(anna, carl, ben);
    }

    [Theory, Framings]
    public async Task Others_see_it_go_and_come_and_it_them(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor carl = await play.Connect("carl", "phone");
        Actor ben = await play.Connect("ben", "tablet");
        await play.Watch(anna, carl, ben);
        await play.Advance(QuietBen.UntilTen);
        await carl.Expect($"<presence from='{ben.Jid}' type='unavailable'/>");
        await ben.Expect($"<presence from='{carl.Jid}' type='unavailable'/>");
        await ben.Send("<presence><show>dnd</show></presence>");
        await ben.Expect($"<presence from='{ben.Jid}'><show>dnd</show></presence>");
        await anna.Expect($"<presence from='{ben.Jid}'><show>dnd</show></presence>");
        await carl.Send("<presence><show>away</show></presence>");
        await anna.Expect($"<presence from='{carl.Jid}'/>");
        await carl.Expect($"<presence from='{carl.Jid}'/>");
        await carl.Send($"<presence type='probe' to='{ben.Bare}'/>");
        await carl.Expect($"<presence from='{ben.Bare}' type='unavailable'/>");
        await play.ExpectNothing(anna, carl, ben);
        await play.Advance(QuietBen.Hour);
        await carl.Expect($"<presence from='{ben.Jid}'><show>dnd</show></presence>");
        await ben.Expect($"<presence from='{carl.Jid}'><show>away</show></presence>");
        await play.ExpectNothing(anna, carl, ben);
    }

    [Theory, Framings]
    public async Task Its_rooms_see_it_leave_and_its_client_begins_anew(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        var away = new Neighbour(play, "away.test");
        play.Server.Dispatcher.Services.Add(away);
        await play.Server.Home.Approvals.AllowAsync("ben", Bob);
        Actor ben = await play.Connect("ben", "tablet", managed: true);
        await ben.Send($"<presence to='{Bob}/x'/>");
        await away.Expect($"<presence from='{ben.Jid}' type='{{none}}'/>");
        await play.Watch(ben);
        await play.Advance(QuietBen.UntilTen);
        await away.Expect($"<presence from='{ben.Jid}' to='{Bob}/x' type='unavailable'/>");
        await away.Send($"<presence from='{Bob}/x' to='{ben.Jid}' type='unavailable'/>");
        await ben.Expect($"<presence from='{Bob}/x' type='unavailable'/>");
        await away.Send($"<presence from='{Bob}/x' to='{ben.Jid}'/>");
        await away.Send($"<iq from='{Bob}/x' to='{ben.Jid}' type='get' id='i'><a xmlns='b'/></iq>");
        await away.Expect("<iq type='error'/>");
        await away.Send($"<message from='{Bob}/x' to='{ben.Bare}' type='chat'><body>waits</body></message>");
        await away.Send($"<presence from='{Bob}' to='{ben.Bare}' type='subscribe'/>");
        await play.ExpectNothing(ben);
        await play.Advance(QuietBen.Hour);
        await ben.Await($"<presence from='{Bob}' type='subscribe'/>");
        await ben.Await("<stream:error><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
        await ben.Connection.Served.WaitAsync(Actor.Patience);
        ben.Forget();
        await ben.Return();
        await ben.Send("<presence/>");
        await ben.Await("<message type='chat'><body>waits</body></message>");
    }

    [Theory, Framings]
    public async Task What_waits_outlives_a_restart_and_a_mark_that_went_past_it(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor carl = await play.Connect("carl", "phone");
        Actor ben = await play.Connect("ben", "tablet", managed: true);
        await play.Advance(QuietBen.UntilTen);
        await carl.Send(Chat(ben, "waits"));
        await carl.Ping();
        await anna.Send(Chat(ben, "good night"));
        await ben.Expect(Body("good night"));
        await ben.Acknowledge();
        await ben.Leave();
        await play.Restart();
        await ben.Return();
        await ben.Send("<presence/>");
        await ben.Ping();
        ben.Unexpected().ShouldBeEmpty();
        await ben.Leave();
        await play.Restart();
        play.Clock.Advance(QuietBen.Hour);
        await play.Server.Stores.Database.SettledAsync();
        await ben.Return();
        await ben.Send("<presence/>");
        await ben.Expect("<message id='waits'><body>waits</body><delay xmlns='urn:xmpp:delay'/></message>");
    }

    [Theory, Framings]
    public async Task They_end_with_the_schedule_and_with_the_role(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        Actor carl = await play.Connect("carl", "phone");
        Actor ben = await play.Connect("ben", "tablet");
        await play.Advance(QuietBen.UntilTen);
        await carl.Send(Chat(ben, "one"));
        await play.ExpectNothing(ben);
        await play.Server.Home.QuietHours.SetAsync("ben", []);
        await ben.Expect(Body("one"));
        await play.Server.Home.QuietHours.SetAsync("ben", QuietSchedule.Parse("Sat 10:00-11:00"), play.Account("anna"));
        await carl.Send(Chat(ben, "two"));
        await play.ExpectNothing(ben);
        await play.Server.Home.People.SetRoleAsync("ben", Role.Member);
        await ben.Expect(Body("two"));
        (
            await Should.ThrowAsync<RefusedException>(() => play.Server.Home.QuietHours.SetAsync("carl", []))
        ).Why.ShouldBe(Refusal.BadRequest);
        await Should.ThrowAsync<RefusedException>(() =>
            play.Server.Home.QuietHours.SetAsync("ben", [], play.Account("carl"))
        );
    }
}
