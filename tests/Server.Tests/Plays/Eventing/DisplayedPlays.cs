using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Xml;
using Xunit;
using static Server.Tests.Plays.Eventing.Lines;

namespace Server.Tests.Plays.Eventing;

/// <summary>XEP-0490: how far one has read, for the own devices alone.</summary>
public sealed class DisplayedPlays
{
    private const string Displayed = "urn:xmpp:mds:displayed:0";
    private const string Marker = "<displayed xmlns='urn:xmpp:chat-markers:0' id='m1'/>";

    private static string Mark(string id) =>
        $"<displayed xmlns='{Displayed}'><stanza-id xmlns='urn:xmpp:sid:0' by='juliet@kith.test' id='{id}'/></displayed>";

    [Theory, Framings]
    public async Task Own_devices_follow_and_nobody_else(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        Actor chamber = await play.Connect("juliet", "chamber");
        foreach (Actor actor in (Actor[])[chamber, romeo])
            await play.Interest(actor, Displayed);
        await juliet.Ask(
            Publish(
                Displayed,
                romeo.Bare,
                Mark("1"),
                null,
                "persist_items=true",
                "max_items=max",
                "send_last_published_item=never",
                "access_model=whitelist"
            ),
            Result
        );
        await juliet.Ask(Publish(Displayed, "nurse@kith.test", Mark("2")), Result);
        await chamber.Expect(Event(juliet.Bare, Displayed, $"<item id='{romeo.Bare}'>{Mark("1")}</item>"));
        await chamber.Expect(Event(juliet.Bare, Displayed, $"<item id='nurse@kith.test'>{Mark("2")}</item>"));
        ItemIds(await chamber.Ask(Items(Displayed))).ShouldBe([romeo.Bare, "nurse@kith.test"]);
        await romeo.Ask(Items(Displayed, "", juliet.Bare), Error("not-allowed", "closed-node"));
        await play.ExpectNothing(romeo);
    }

    // §4.3: the marker arrives without what is for the server alone, in the archive too.
    [Theory, Framings]
    public async Task A_marker_takes_it_along(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        Actor chamber = await play.Connect("juliet", "chamber");
        await play.Interest(chamber, Displayed);
        await juliet.Send($"<message to='{romeo.Bare}' type='chat'>{Marker}{Mark("5")}</message>");
        (await romeo.Expect($"<message>{Marker}</message>")).Without("displayed", Displayed);
        await chamber.Expect(Event(juliet.Bare, Displayed, $"<item id='{romeo.Bare}'>{Mark("5")}</item>"));
        await romeo.Ask($"<iq type='set'><query xmlns='{Ns.Archive}'/></iq>", Result);
        foreach (var message in romeo.TakeAll("result", Ns.Archive))
            message.Without("displayed", Displayed);
        (await juliet.Ask($"<iq type='get'><query xmlns='{Ns.DiscoInfo}'/></iq>")).ShouldMatch(
            $"<iq><query xmlns='{Ns.DiscoInfo}'><feature var='urn:xmpp:mds:server-assist:0'/></query></iq>"
        );
        await romeo.Ask(Items(Displayed, "", juliet.Bare), Error("not-allowed", "closed-node"));
    }
}
