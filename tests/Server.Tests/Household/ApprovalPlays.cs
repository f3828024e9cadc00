using Server.Tests.Plays;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Household;

/// <summary>Who limited accounts meet elsewhere is their guardians' to say (Reach 2, 10).</summary>
public sealed class ApprovalPlays
{
    private const string Bob = "bob@away.test";
    private const string Refused =
        "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

    private static async Task<(Play Play, Neighbour Away)> StartAsync(Framing framing, string? language = null)
    {
        Play play = await Play.StartAsync(framing, options => options with { Language = language });
        var away = new Neighbour(play, "away.test");
        play.Server.Dispatcher.Services.Add(away).ShouldBeTrue();
        await play.AddAccount("anna", Role.Admin, "Family");
        await play.AddAccount("ben", Role.Limited, "Family");
        return (play, away);
    }

    private static string Says(string text) => $"<message from='kith.test' type='chat'><body>{text}</body></message>";

    private static Task Tell(Actor actor, string text) =>
        actor.Send($"<message to='kith.test' type='chat'><body>{text}</body></message>");

    [Theory, Framings]
    public async Task A_stranger_is_answered_as_by_nobody_and_a_guardian_is_asked_once(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "tablet");
        await play.Watch(anna, ben);
        for (int i = 0; i < 3; i++)
        {
            await away.Send($"<message from='{Bob}/x' to='{ben.Bare}' type='chat' id='m'><body>hi</body></message>");
            await away.Expect($"<message from='{ben.Bare}' to='{Bob}/x' id='m' type='error'>{Refused}</message>");
        }
        // What is no word is no wish.
        await away.Send(
            "<message from='eve@away.test/x' to='ben@kith.test' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
        );
        await away.Expect("<message type='error'/>");
        await anna.Expect(Says($"{Bob} wrote to ben. Answer “yes 1” or “no 1”."));
        await Tell(anna, "yes 1");
        await anna.Expect(Says($"anna said yes: ben and {Bob} can reach each other."));
        await away.Send($"<message from='{Bob}/x' to='{ben.Bare}' type='chat'><body>hi again</body></message>");
        await ben.Expect($"<message from='{Bob}/x'><body>hi again</body></message>");
        await ben.Send($"<message to='{Bob}' type='chat'><body>ho</body></message>");
        await away.Expect("<message><body>ho</body></message>");
        await play.ExpectNothing(anna, ben);
    }

    [Theory, Framings]
    public async Task A_child_that_asks_is_told_so_and_hears_the_answer(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "tablet");
        await play.Watch(anna, ben);
        await ben.Send($"<message to='{Bob}' type='chat'><body>hi</body></message>");
        await ben.Expect(
            $"<message from='{Bob}' type='error'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>A guardian has to approve this address first.</text></error></message>"
        );
        await ben.Send($"<presence to='{Bob}' type='subscribe'/>");
        await ben.Expect("<presence type='error'/>");
        await ben.Ask($"<iq type='get' to='{Bob}'><a xmlns='b'/></iq>", "<iq type='error'/>");
        await ben.Send("<presence to='room@rooms.away.test/ben'/>");
        await ben.Expect("<presence type='error'/>");
        await anna.Expect(Says($"ben wants to reach {Bob}. Answer “yes 1” or “no 1”."));
        await Tell(anna, "No 1.");
        await anna.Expect(Says($"anna said no: ben and {Bob} do not reach each other."));
        await ben.Expect(Says($"Your guardians said no to {Bob}."));
        await ben.Send($"<message to='{Bob}' type='chat'><body>hi</body></message>");
        await ben.Expect("<message type='error'/>");
        await play.ExpectNothing(anna, ben);
        await away.ExpectNothing();

        // Thirty days later it may be asked again.
        await play.Advance(Approvals.Rest);
        await ben.Send($"<message to='{Bob}' type='chat'><body>hi</body></message>");
        await ben.Expect("<message type='error'/>");
        await anna.Expect(Says($"ben wants to reach {Bob}. Answer “yes 2” or “no 2”."));
        await Tell(anna, "yes");
        await anna.Expect(Says($"anna said yes: ben and {Bob} can reach each other."));
        await ben.Expect(Says($"You can reach {Bob} now."));
        await away.ExpectNothing();
    }

    [Theory, Framings]
    public async Task A_wish_to_become_a_contact_goes_on_its_way_with_the_yes(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing, "de-AT");
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "tablet");
        await play.Watch(anna, ben);
        await away.Send($"<presence from='{Bob}' to='{ben.Bare}' type='subscribe'/>");
        await anna.Expect(Says($"{Bob} möchte ein Kontakt von ben werden. Antworte „ja 1“ oder „nein 1“."));
        await Tell(anna, "Liste");
        await anna.Expect(Says($"1: {Bob} möchte ein Kontakt von ben werden"));
        await Tell(anna, "ja 1");
        await anna.Expect(Says($"anna hat ja gesagt: ben und {Bob} können einander erreichen."));
        await ben.Expect($"<presence from='{Bob}' type='subscribe'/>");
        await ben.Send($"<presence to='{Bob}' type='subscribed'/>");
        await away.Expect($"<presence from='{ben.Bare}' to='{Bob}' type='subscribed'/>");
        await away.Expect($"<presence from='{ben.Jid}' to='{Bob}' type='{{none}}'/>");

        // What was approved ends: the other sees it go, and nothing passes any more.
        await play.Server.Home.Approvals.WithdrawAsync("ben", Bob);
        await away.Expect($"<presence from='{ben.Jid}' to='{Bob}' type='unavailable'/>");
        await ben.Send("<presence><show>away</show></presence>");
        await away.Send($"<message from='{Bob}/x' to='{ben.Bare}' type='chat'><body>hi</body></message>");
        await away.Expect("<message type='error'/>");
        await away.ExpectNothing();
    }

    [Theory, Framings]
    public async Task Who_is_named_is_asked_and_nobody_else_may_answer(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        Actor oma = await play.Connect("oma", "phone");
        await Tell(oma, "list");
        await oma.Expect($"<message from='kith.test' type='error'>{Refused}</message>");
        await play.Server.Home.Guardians.NameAsync("ben", ["oma"]);
        play.Server.Home.Guardians.Named("ben").ShouldBe(["oma"]);
        await play.Watch(anna, oma);
        await away.Send($"<presence from='{Bob}' to='ben@kith.test' type='subscribe'/>");
        await oma.Expect("<message from='kith.test'/>");
        await Tell(anna, "yes 1");
        await anna.Expect(Says("There is no request 1 that waits for you."));
        play.Server.Home.Approvals.List(play.Account("anna")).ShouldBeEmpty();
        Approval waiting = play.Server.Home.Approvals.List(play.Account("oma")).ShouldHaveSingleItem();
        (waiting.Name, waiting.Request.Jid).ShouldBe(("ben", Bob));
        await Tell(oma, "what?");
        (await oma.Next()).Value.ShouldContain("I am the box");
        await Tell(oma, "yes 1");
        await oma.Expect(Says($"oma said yes: ben and {Bob} can reach each other."));
        play.Server.Home.Approvals.Approved("ben").ShouldBe([Bob]);
        await play.ExpectNothing(anna, oma);

        // Without the last one who was named all admins watch again.
        await play.Server.Home.People.RemoveAsync("oma");
        await away.Send("<presence from='eve@away.test' to='ben@kith.test' type='subscribe'/>");
        await anna.Expect(Says("eve@away.test wants to become a contact of ben. Answer “yes 2” or “no 2”."));
    }

    [Fact]
    public async Task Strangers_cannot_fill_a_guardians_day()
    {
        (Play play, Neighbour away) = await StartAsync(Framing.Tcp);
        await using Play _ = play;
        for (int i = 0; i < Approvals.MostWaiting + 5; i++)
            await away.Send($"<presence from='bob{i}@away.test' to='ben@kith.test' type='subscribe'/>");
        await play.Settle();
        play.Server.Home.Approvals.List().Count.ShouldBe(Approvals.MostWaiting);
        await play.AddAccount("gast", Role.Guest);
        await away.Send("<presence from='bob@away.test' to='gast@kith.test' type='subscribe'/>");
        await play.Settle();
        play.Server.Home.Approvals.List().ShouldNotContain(waiting => waiting.Name == "gast");
    }
}
