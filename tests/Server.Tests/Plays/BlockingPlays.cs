using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0191, and XEP-0377 reports with it.</summary>
public sealed class BlockingPlays
{
    private const string Blocked =
        $"<error type='cancel'><not-acceptable xmlns='{Ns.StanzaErrors}'/><blocked xmlns='urn:xmpp:blocking:errors'/></error>";
    private const string Unavailable = $"<error type='cancel'><service-unavailable xmlns='{Ns.StanzaErrors}'/></error>";

    private static Task Block(Actor actor, params string[] jids) => Command(actor, "block", jids);

    private static Task Unblock(Actor actor, params string[] jids) => Command(actor, "unblock", jids);

    private static Task Command(Actor actor, string name, string[] jids) =>
        actor.Ask(
            $"<iq type='set'><{name} xmlns='urn:xmpp:blocking'>{Items(jids)}</{name}></iq>",
            "<iq type='result'/>"
        );

    private static string Items(params string[] jids) => string.Concat(jids.Select(jid => $"<item jid='{jid}'/>"));

    private static async Task<IEnumerable<string>> List(Actor actor)
    {
        var list = await actor.Ask(
            "<iq type='get'><blocklist xmlns='urn:xmpp:blocking'/></iq>",
            "<iq type='result'><blocklist xmlns='urn:xmpp:blocking'/></iq>"
        );
        return list.Find("blocklist").Elements().Select(item => item.Attribute("jid")!.Value).Order();
    }

    // Two of one circle: each sees the other's presence.
    private static async Task<(Actor Juliet, Actor Romeo)> Lovers(Play play)
    {
        await play.AddAccount("juliet", Role.Member, "Verona");
        await play.AddAccount("romeo", Role.Member, "Verona");
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor romeo = await play.Connect("romeo", "orchard");
        await play.Settle();
        juliet.Forget();
        romeo.Forget();
        romeo.SeesPresence = juliet.SeesPresence = true;
        return (juliet, romeo);
    }

    [Theory, Framings]
    public async Task The_list_grows_shrinks_and_is_kept(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        (await List(juliet)).ShouldBeEmpty();
        await Block(juliet, "romeo@kith.test", "iago@shakespeare.lit");
        await Block(juliet, "paris@kith.test", "romeo@kith.test");
        (await List(juliet)).ShouldBe(["iago@shakespeare.lit", "paris@kith.test", "romeo@kith.test"]);
        await Unblock(juliet, "paris@kith.test", "nobody@kith.test");
        (await List(juliet)).ShouldBe(["iago@shakespeare.lit", "romeo@kith.test"]);

        await play.Restart();
        juliet = await play.Connect("juliet", "balcony");
        (await List(juliet)).ShouldBe(["iago@shakespeare.lit", "romeo@kith.test"]);
        await Unblock(juliet);
        (await List(juliet)).ShouldBeEmpty();
    }

    [Theory, Framings]
    public async Task Devices_that_asked_for_the_list_are_told(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor balcony = await play.Connect("juliet", "balcony");
        Actor chamber = await play.Connect("juliet", "chamber");
        Actor garden = await play.Connect("juliet", "garden");
        await List(balcony);
        await List(chamber);

        await Block(balcony, "romeo@kith.test");
        foreach (Actor told in (Actor[])[balcony, chamber])
            await told.Expect(
                $"""
                <iq type='set' id='{"{any}"}' to='{told.Jid}'>
                  <block xmlns='urn:xmpp:blocking'><item jid='romeo@kith.test'/></block>
                </iq>
                """
            );
        await Unblock(garden, "romeo@kith.test");
        foreach (Actor told in (Actor[])[balcony, chamber])
            await told.Expect(
                "<iq type='set'><unblock xmlns='urn:xmpp:blocking'><item jid='romeo@kith.test'/></unblock></iq>"
            );
        await Unblock(garden);
        foreach (Actor told in (Actor[])[balcony, chamber])
            (await told.Expect("<iq type='set'><unblock xmlns='urn:xmpp:blocking'/></iq>")).Without(
                "item",
                "urn:xmpp:blocking"
            );
        await play.ExpectNothing(balcony, chamber, garden);
    }

    [Theory, Framings]
    public async Task Nonsense_is_refused(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        foreach (string items in (string[])["", "<other xmlns='urn:example'/>"])
            await juliet.Ask(
                $"<iq type='set'><block xmlns='urn:xmpp:blocking'>{items}</block></iq>",
                $"<iq type='error'><error><bad-request xmlns='{Ns.StanzaErrors}'/></error></iq>"
            );
        foreach (string item in (string[])["<item/>", "<item jid=''/>", "<item jid='a@@b'/>"])
            await juliet.Ask(
                $"<iq type='set'><block xmlns='urn:xmpp:blocking'>{item}</block></iq>",
                $"<iq type='error'><error><jid-malformed xmlns='{Ns.StanzaErrors}'/></error></iq>"
            );
    }

    // Reach 4: who is blocked gets service-unavailable, who blocks is told so.
    [Theory, Framings]
    public async Task Messages_are_refused_both_ways_and_kept_nowhere(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await Lovers(play);
        juliet.SeesPresence = romeo.SeesPresence = false;
        await Block(juliet, romeo.Bare);

        foreach (string to in (string[])[juliet.Bare, juliet.Jid])
        {
            await romeo.Send($"<message to='{to}' type='chat' id='m1'><body>hear me</body></message>");
            await romeo.Expect($"<message type='error' from='{to}' id='m1'>{Unavailable}</message>");
        }
        await juliet.Send($"<message to='{romeo.Bare}' type='chat' id='m2'><body>no</body></message>");
        await juliet.Expect($"<message type='error' from='{romeo.Bare}' id='m2'>{Blocked}</message>");
        await romeo.Send($"<message to='{juliet.Bare}' type='error' id='m3'/>");
        await play.ExpectNothing(juliet, romeo);

        await Unblock(juliet);
        await romeo.Send($"<message to='{juliet.Bare}' type='chat' id='m4'><body>at last</body></message>");
        await juliet.Expect("<message id='m4'/>");
        foreach (Actor actor in (Actor[])[juliet, romeo])
        {
            await actor.Ask($"<iq type='set'><query xmlns='{Ns.Archive}'/></iq>", "<iq type='result'/>");
            actor.TakeAll("result", Ns.Archive).Single().Find("body").Value.ShouldBe("at last");
        }
    }

    [Theory, Framings]
    public async Task IQs_are_refused_both_ways(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await Lovers(play);
        romeo.SeesPresence = juliet.SeesPresence = false;
        await Block(juliet, romeo.Bare);

        foreach (string to in (string[])[juliet.Bare, juliet.Jid])
            await romeo.Ask(
                $"<iq type='get' to='{to}'><ping xmlns='urn:xmpp:ping'/></iq>",
                $"<iq type='error' from='{to}'>{Unavailable}</iq>"
            );
        foreach (string to in (string[])[romeo.Bare, romeo.Jid])
            await juliet.Ask(
                $"<iq type='get' to='{to}'><ping xmlns='urn:xmpp:ping'/></iq>",
                $"<iq type='error' from='{to}'>{Blocked}</iq>"
            );
        await romeo.Send($"<iq type='result' id='x' to='{juliet.Jid}'/>");
        await play.ExpectNothing(juliet, romeo);
    }

    // §3.3, §3.4; Reach 4: presence of and to the blocked is dropped in silence.
    [Theory, Framings]
    public async Task Presence_ends_with_the_block_and_returns_after_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await Lovers(play);

        await Block(juliet, romeo.Bare);
        await romeo.Expect($"<presence type='unavailable' from='{juliet.Jid}'/>");
        await romeo.Send("<presence><show>away</show></presence>");
        await romeo.Expect($"<presence from='{romeo.Jid}'/>");
        await juliet.Send("<presence><show>dnd</show></presence>");
        await juliet.Expect($"<presence from='{juliet.Jid}'><show>dnd</show></presence>");
        await romeo.Send($"<presence to='{juliet.Bare}'/>");
        await romeo.Send($"<presence to='{juliet.Bare}' type='subscribe'/>");
        await romeo.Expect("<presence type='subscribed'/>");
        await romeo.Send($"<presence to='{juliet.Bare}' type='probe'/>");
        await play.ExpectNothing(juliet, romeo);

        await Unblock(juliet, romeo.Bare);
        await romeo.Expect($"<presence from='{juliet.Jid}' type='{{none}}'><show>dnd</show></presence>");
        await juliet.Expect($"<presence from='{romeo.Jid}' type='{{none}}'><show>away</show></presence>");
        await play.ExpectNothing(juliet, romeo);
    }

    [Theory, Framings]
    public async Task Directed_presence_is_taken_back(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor nurse = await play.Connect("nurse", "street");
        nurse.SeesPresence = true;
        nurse.Forget();
        await juliet.Send($"<presence to='{nurse.Jid}'/>");
        await nurse.Expect($"<presence from='{juliet.Jid}'/>");

        await Block(juliet, nurse.Bare);

        await nurse.Expect($"<presence from='{juliet.Jid}' type='unavailable'/>");
        await play.ExpectNothing(nurse);
    }

    [Theory, Framings]
    public async Task A_stranger_who_is_blocked_hears_nothing_of_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor paris = await play.Connect("paris", "hall");
        paris.SeesPresence = true;
        paris.Forget();

        await Block(juliet, paris.Bare);
        await paris.Send($"<presence to='{juliet.Bare}' type='probe'/>");
        await paris.Ping();
        await Unblock(juliet);

        await play.ExpectNothing(paris);
    }

    // §5 and §6.
    [Theory, Framings]
    public async Task A_device_and_a_domain_are_blocked_by_themselves_but_never_ones_own(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor chamber = await play.Connect("juliet", "chamber");
        Actor orchard = await play.Connect("romeo", "orchard");
        Actor phone = await play.Connect("romeo", "phone");
        async Task Send(Actor from, string id) =>
            await from.Send($"<message to='{juliet.Jid}' type='chat' id='{id}'><body>x</body></message>");

        await Block(juliet, orchard.Jid);
        await Send(orchard, "m1");
        await orchard.Expect($"<message type='error' id='m1'>{Unavailable}</message>");
        await Send(phone, "m2");
        await juliet.Expect("<message id='m2'/>");

        await Block(juliet, Play.Domain, juliet.Bare);
        await Send(phone, "m3");
        await phone.Expect($"<message type='error' id='m3'>{Unavailable}</message>");
        await Send(chamber, "m4");
        await juliet.Expect("<message id='m4'/>");
    }

    // XEP-0377 §6; laws, "The world outside", 3.
    [Theory, Framings]
    public async Task A_report_is_kept_and_told_to_the_admins(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("prince", Role.Admin);
        Actor prince = await play.Connect("prince", "palace");
        Actor juliet = await play.Connect("juliet", "balcony");

        await juliet.Ask(
            """
            <iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='tybalt@kith.test'>
              <report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:abuse'>
                <stanza-id xmlns='urn:xmpp:sid:0' by='juliet@kith.test' id='1'/><text xml:lang='en'> He draws. </text>
              </report>
            </item></block></iq>
            """,
            "<iq type='result'/>"
        );

        (await List(juliet)).ShouldBe(["tybalt@kith.test"]);
        await prince.Expect(
            "<message from='kith.test' type='chat'><body>juliet blocked tybalt@kith.test and reports abuse: He draws.</body></message>"
        );
        ReportRecord report = play.Server.Home.Reports.List().ShouldHaveSingleItem();
        report.Contact.ShouldBe("tybalt@kith.test");
        report.Reason.ShouldBe("urn:xmpp:reporting:abuse");
        report.Text.ShouldBe("He draws.");
        System.Text.Encoding.UTF8.GetString(report.Xml).ShouldContain("<stanza-id");
        await play.Server.Home.Reports.DismissAsync(report.Id);
        play.Server.Home.Reports.List().ShouldBeEmpty();
        (
            await Should.ThrowAsync<RefusedException>(() => play.Server.Home.Reports.DismissAsync(report.Id))
        ).Why.ShouldBe(Refusal.NoRequest);
    }

    [Theory, Framings]
    public async Task Reports_have_an_end(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        static string Items(int from, int count) =>
            string.Concat(
                Enumerable
                    .Range(from, count)
                    .Select(i =>
                        $"<item jid='spam{i}@far.test'><report xmlns='urn:xmpp:reporting:1' reason='urn:xmpp:reporting:spam'/></item>"
                    )
            );
        static string Block(string items) => $"<iq type='set'><block xmlns='urn:xmpp:blocking'>{items}</block></iq>";
        await juliet.Ask(
            Block(Items(0, 21)),
            $"<iq type='error'><error><policy-violation xmlns='{Ns.StanzaErrors}'/></error></iq>"
        );
        (await List(juliet)).ShouldBeEmpty();
        for (int i = 0; i <= ReportInbox.MostOfOne; i += 20)
            await juliet.Ask(Block(Items(i, 20)), "<iq type='result'/>");
        IReadOnlyList<ReportRecord> kept = play.Server.Home.Reports.List();
        kept.Count.ShouldBe(ReportInbox.MostOfOne);
        kept[0].Contact.ShouldBe("spam20@far.test");
    }

    [Theory, Framings]
    public async Task A_report_without_a_reason_blocks_nobody(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        await juliet.Ask(
            "<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='a@kith.test'><report xmlns='urn:xmpp:reporting:1'/></item></block></iq>",
            $"<iq type='error'><error><bad-request xmlns='{Ns.StanzaErrors}'/></error></iq>"
        );
        (await List(juliet)).ShouldBeEmpty();
    }
}
