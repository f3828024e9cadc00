using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0160 out of the archive (Life 7), XEP-0203, XEP-0334.</summary>
public sealed class OfflinePlays
{
    private static string Message(string to, string id, string inside = "<body>x</body>") =>
        $"<message to='{to}' type='chat' id='{id}'>{inside}</message>";

    private static async Task<Actor> Romeo(Play play)
    {
        await play.AddAccount("juliet");
        return await play.Connect("romeo", "phone");
    }

    private const string Juliet = "juliet@kith.test";

    // XEP-0160 §2; Life 7: older first, with the archive's id and the time.
    [Theory, Framings]
    public async Task What_was_said_while_away_comes_with_its_time(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await Romeo(play);
        await romeo.Send(Message(Juliet, "m1"));
        await play.Settle();
        await play.Advance(TimeSpan.FromMinutes(1));
        await romeo.Send(Message(Juliet, "m2"));
        await play.Settle();

        Actor juliet = await play.Connect("juliet", "balcony");

        await juliet.Expect(
            $"""
            <message from='{romeo.Jid}' to='{Juliet}' type='chat' id='m1'><body>x</body>
              <stanza-id xmlns='{Ns.StanzaId}' by='{Juliet}'/>
              <delay xmlns='urn:xmpp:delay' from='kith.test' stamp='2026-03-14T09:26:53.000Z'/>
            </message>
            """
        );
        await juliet.Expect(
            "<message id='m2'><delay xmlns='urn:xmpp:delay' stamp='2026-03-14T09:27:53.000Z'/></message>"
        );
        await play.ExpectNothing(juliet);
        Actor garden = await play.Connect("juliet", "garden");
        await play.ExpectNothing(juliet, garden);
    }

    // Life 7: not a negative priority, not without presence; but once it is 0 or more.
    [Theory, Framings]
    public async Task Only_a_device_that_is_there_gets_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await Romeo(play);
        Actor bot = await play.Connect("juliet", "bot", priority: -5);
        await romeo.Send(Message(Juliet, "m1"));
        await play.ExpectNothing(bot);
        await bot.Send("<presence><priority>0</priority></presence>");
        await bot.Expect("<message id='m1'><delay xmlns='urn:xmpp:delay'/></message>");
        await romeo.Send(Message(Juliet, "m2"));
        (await bot.Expect("<message id='m2'/>")).Without("delay", Ns.Delay);
    }

    // XEP-0334 §4; XEP-0160 §3.
    [Theory, Framings]
    public async Task Hints_and_mere_states_are_heeded(Framing framing)
    {
        const string State = "<active xmlns='http://jabber.org/protocol/chatstates'/>";
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await Romeo(play);
        await romeo.Send(Message(Juliet, "state", State));
        await romeo.Send(Message(Juliet, "thread", State + "<thread>t</thread>"));
        await play.ExpectNothing(romeo);
        await romeo.Send(Message(Juliet, "no-store", "<body>x</body><no-store xmlns='urn:xmpp:hints'/>"));
        await romeo.Expect(
            $"<message type='error' id='no-store'><error><service-unavailable xmlns='{Ns.StanzaErrors}'/></error></message>"
        );
        await romeo.Send(Message(Juliet, "brief", "<body>x</body><no-permanent-store xmlns='urn:xmpp:hints'/>"));
        await romeo.Send(Message(Juliet, "stored", State + "<store xmlns='urn:xmpp:hints'/>"));
        await play.Settle();

        Actor juliet = await play.Connect("juliet", "balcony");
        (await juliet.Expect("<message id='brief'/>")).Without("stanza-id", Ns.StanzaId);
        await juliet.Expect("<message id='stored'/>");
        await play.ExpectNothing(romeo, juliet);
        await juliet.Ask("<iq type='set'><query xmlns='urn:xmpp:mam:2'/></iq>", "<iq type='result'/>");
        juliet.TakeAll("result", Ns.Archive).Single().Find("message").Attribute("id")!.Value.ShouldBe("stored");
    }

    // Life 7: what a stream with acknowledgements has not acknowledged is not delivered yet.
    [Theory, Framings]
    public async Task Unacknowledged_is_undelivered(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await Romeo(play);
        Actor balcony = await play.Connect("juliet", "balcony", managed: true);
        await romeo.Send(Message(Juliet, "m1"));
        await balcony.Expect("<message id='m1'/>");
        await balcony.Acknowledge();
        await romeo.Send(Message(Juliet, "m2"));
        await balcony.Expect("<message id='m2'/>");
        await balcony.Leave();
        await play.Settle();

        Actor garden = await play.Connect("juliet", "garden");
        await garden.Expect("<message id='m2'><delay xmlns='urn:xmpp:delay'/></message>");
        await play.ExpectNothing(garden);
    }

    // Life 7: a message to the very device, or a copy, may come before what waits; taking it does not deliver the rest.
    [Theory, Framings]
    public async Task What_comes_before_the_rest_does_not_stand_for_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await Romeo(play);
        await romeo.Send(Message(Juliet, "m1"));
        await play.Settle();
        Actor plain = await play.Bind("juliet", "plain");
        Actor balcony = await play.Bind("juliet", "balcony");
        await SignIn.ManageAsync(balcony);
        await romeo.Send(Message(balcony.Jid, "m2"));
        await balcony.Expect("<message id='m2'/>");
        await balcony.Acknowledge();
        await balcony.Ping();
        await romeo.Send(Message(plain.Jid, "m3"));
        await plain.Expect("<message id='m3'/>");
        await play.Settle();

        await balcony.Send("<presence/>");

        foreach (string id in (string[])["m1", "m2", "m3"])
            await balcony.Expect($"<message id='{id}'><delay xmlns='urn:xmpp:delay'/></message>");
        await balcony.Acknowledge();
        await balcony.Leave();
        Actor garden = await play.Connect("juliet", "garden");
        await play.ExpectNothing(garden);
    }

    // Life 8: the mark follows within a second; a crash offers again and loses nothing.
    [Theory, Framings]
    public async Task The_mark_is_kept_over_a_restart(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await Romeo(play);
        Actor balcony = await play.Connect("juliet", "balcony");
        await romeo.Send(Message(Juliet, "m1"));
        await balcony.Expect("<message id='m1'/>");
        await play.Settle();
        await play.Advance(TimeSpan.FromSeconds(1));
        await romeo.Send(Message(Juliet, "m2"));
        await balcony.Expect("<message id='m2'/>");
        await play.Settle();

        await play.Restart(crash: true);

        balcony = await play.Connect("juliet", "balcony");
        await balcony.Expect("<message id='m2'><delay xmlns='urn:xmpp:delay'/></message>");
        await play.ExpectNothing(balcony);
        await play.Restart();
        balcony = await play.Connect("juliet", "balcony");
        await play.ExpectNothing(balcony);
    }

    // Life 7: what comes live while the rest is under way comes after it, and once.
    [Theory, Framings]
    public async Task A_message_in_the_same_batch_as_the_presence_comes_once(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await Romeo(play);
        Actor juliet = await play.Bind("juliet", "balcony");
        await romeo.Send(Message(Juliet, "m1"));
        await play.Settle();
        play.Disk.Hold();
        await romeo.Send(Message(Juliet, "m2"));
        await play.Disk.Holds(1);
        await juliet.Send("<presence/>");
        await play.Disk.Holds(2);
        await romeo.Send(Message(Juliet, "m3"));
        await play.Disk.Holds(3);

        play.Disk.Continue();

        foreach (string id in (string[])["m1", "m2", "m3"])
            await juliet.Expect($"<message id='{id}'/>");
        await play.ExpectNothing(juliet);
    }

    // Life 10: who does not take what was kept stops nobody, not even itself, and gets it all once it listens.
    [Theory, Framings]
    public async Task A_long_absence_fits_through_a_narrow_line(Framing framing)
    {
        const int Messages = 300;
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await Romeo(play);
        string body = $"<body>{new string('x', 2000)}</body>";
        for (int i = 0; i < Messages; i++)
            await romeo.Send(Message(Juliet, $"m{i}", body));
        await play.Settle();

        Actor juliet = await play.Bind("juliet", "balcony");
        await juliet.StopListening();
        await juliet.Send("<presence/>");
        await juliet.Send(
            $"<iq type='set' id='q1'><query xmlns='{Ns.Archive}'><set xmlns='{Ns.ResultSets}'><max>250</max></set></query></iq>"
        );
        await romeo.Send(Message(Juliet, "live"));
        await romeo.Ping();
        juliet.ListenAgain();

        for (int i = 0; i < Messages; i++)
            await juliet.Expect($"<message id='m{i}'><delay xmlns='urn:xmpp:delay'/></message>");
        List<XElement> rest = [];
        while (rest.Count < 252)
            rest.Add(await juliet.Next());
        rest.Count(element => element.Name.LocalName == "iq").ShouldBe(1);
        rest.Count(element => element.Attribute("id")?.Value == "live").ShouldBe(1);
        await play.ExpectNothing(juliet);
    }
}
