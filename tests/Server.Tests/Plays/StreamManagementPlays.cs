using System.Globalization;
using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0198: acknowledgements, and sessions that outlive their connections (Life 3, 8, 9).</summary>
public sealed class StreamManagementPlays
{
    private const string Sm = Ns.StreamManagement;

    private static string Message(string to, string id) =>
        $"<message to='{to}' type='chat' id='{id}'><body>{id}</body></message>";

    private static string Failed(string condition, string h = "{none}") =>
        $"<failed xmlns='{Sm}' h='{h}'><{condition} xmlns='{Ns.StanzaErrors}'/></failed>";

    private static async Task<(Actor Romeo, Actor Juliet)> Assemble(Play play)
    {
        Actor romeo = await play.Connect("romeo", "orchard");
        Actor juliet = await play.Connect("juliet", "balcony", managed: true);
        return (romeo, juliet);
    }

    private static async Task Say(Play play, Actor from, Actor to, params string[] ids)
    {
        foreach (string id in ids)
            await from.Send(Message(to.Bare, id));
        await play.Settle();
    }

    private static async Task Hear(Actor actor, params string[] ids)
    {
        foreach (string id in ids)
            await actor.Expect($"<message id='{id}'/>");
    }

    // ---- §3 ----

    [Theory, Framings]
    public async Task It_is_offered_and_enabled_once(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Bind("juliet", "balcony");
        juliet.Features.ShouldMatch($"<stream:features><sm xmlns='{Sm}'/></stream:features>");
        await juliet.Send($"<enable xmlns='{Sm}' resume='true'/>");
        await juliet.Expect($"<enabled xmlns='{Sm}' id='{{any}}' resume='true' max='600'/>");
        await juliet.Send($"<enable xmlns='{Sm}'/>");
        await juliet.Expect(Failed("unexpected-request"));
        await juliet.Send($"<resume xmlns='{Sm}' previd='x' h='0'/>");
        await juliet.Expect(Failed("unexpected-request"));
        await juliet.Ping();
    }

    [Theory, Framings]
    public async Task Without_resumption_there_is_no_id(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Bind("juliet", "balcony");
        await juliet.Send($"<enable xmlns='{Sm}'/>");
        await juliet.Expect($"<enabled xmlns='{Sm}' id='{{none}}' resume='{{none}}'/>");
    }

    [Theory, Framings]
    public async Task It_cannot_be_enabled_before_binding(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("juliet");
        Actor juliet = play.Dial("juliet", "balcony");
        await SignIn.AuthenticateAsync(juliet, SignIn.Plain("juliet"));
        await juliet.Send($"<enable xmlns='{Sm}'/>");
        await juliet.Expect(Failed("unexpected-request"));
        await SignIn.BindAsync(juliet);
    }

    // ---- §4 ----

    // Life 3: counted from the stanza behind <enable/>, whatever it is.
    [Theory, Framings]
    public async Task Requests_are_answered_with_what_was_handled(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, Actor juliet) = await Assemble(play);
        int before = await Asked(juliet);
        await juliet.Send(Message(romeo.Bare, "m1"));
        await juliet.Send("<presence/>");
        await juliet.Send("<iq type='get' id='i1'><query xmlns='urn:example'/></iq>");
        await juliet.Send("<message to='a@@b'/>");
        await juliet.Send("<iq type='result' id='i2'/>");
        (await Asked(juliet) - before).ShouldBe(5);
    }

    private static async Task<int> Asked(Actor actor)
    {
        await actor.Send($"<r xmlns='{Sm}'/>");
        return Count(await actor.Await($"<a xmlns='{Sm}'/>"));
    }

    private static int Count(XElement element) =>
        int.Parse(element.Attribute("h")!.Value, CultureInfo.InvariantCulture);

    // Life 3: once everything before it is committed; after one second with the count that is, and then again.
    [Theory, Framings]
    public async Task A_slow_disk_is_waited_for_one_second(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, Actor juliet) = await Assemble(play);
        int before = await Asked(juliet);
        play.Disk.Hold();
        await juliet.Send(Message(romeo.Bare, "m1"));
        await juliet.Send($"<r xmlns='{Sm}'/>");
        // What follows shows that the request was read.
        await juliet.Send(Message(romeo.Bare, "m2"));
        await play.Disk.Holds(2);
        juliet.Unexpected().ShouldBeEmpty();

        play.Clock.Advance(TimeSpan.FromSeconds(1));

        await juliet.Expect($"<a xmlns='{Sm}' h='{before}'/>");
        play.Disk.Continue();
        int after = Count(await juliet.Expect($"<a xmlns='{Sm}' h='{{any}}'/>"));
        after.ShouldBeInRange(before + 1, before + 2);
    }

    [Theory, Framings]
    public async Task The_server_asks_after_a_second_or_a_few_stanzas(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, Actor juliet) = await Assemble(play);
        await juliet.Acknowledge();
        await Say(play, romeo, juliet, "m1");
        await Hear(juliet, "m1");
        await play.Advance(TimeSpan.FromSeconds(1));
        await juliet.Await($"<r xmlns='{Sm}'/>");
        await juliet.Acknowledge();
        await Say(play, romeo, juliet, "a", "b", "c", "d", "e", "f", "g", "h");
        await juliet.Await($"<r xmlns='{Sm}'/>");
    }

    [Theory, Framings]
    public async Task More_handled_than_sent_ends_the_stream(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (_, Actor juliet) = await Assemble(play);
        await juliet.Send($"<a xmlns='{Sm}' h='{juliet.Management.Handled + 7}'/>");
        await juliet.Expect(
            $"""
            <stream:error><undefined-condition xmlns='{Ns.StreamErrors}'/>
              <handled-count-too-high xmlns='{Sm}' h='{juliet.Management.Handled
                + 7}' send-count='{juliet.Management.Handled}'/>
            </stream:error>
            """
        );
        await juliet.ExpectEnd();
    }

    [Theory, Framings]
    public async Task Nonsense_in_an_acknowledgement_ends_the_stream(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        foreach (string attributes in (string[])["", "h=''", "h='-1'", "h='4294967296'", "h='one'"])
        {
            Actor juliet = await play.Connect("juliet", "balcony", managed: true);
            await juliet.Send($"<a xmlns='{Sm}' {attributes}/>");
            await juliet.ExpectEnd("bad-format");
        }
    }

    // ---- §5 ----

    // Life 9: nothing lost, nothing doubled, in order.
    [Theory, Framings]
    public async Task A_cut_session_goes_on_where_it_was(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, Actor juliet) = await Assemble(play);
        await Say(play, romeo, juliet, "m1", "m2");
        await Hear(juliet, "m1", "m2");
        await juliet.Acknowledge();
        await juliet.StopListening();
        await Say(play, romeo, juliet, "m3");
        await juliet.Cut();
        await Say(play, romeo, juliet, "m4");

        await juliet.Resume();

        await Hear(juliet, "m3", "m4");
        await Say(play, romeo, juliet, "m5");
        await Hear(juliet, "m5");
        await juliet.Send(Message(romeo.Bare, "m6"));
        await romeo.Expect($"<message id='m6' from='{juliet.Jid}'/>");
        await play.ExpectNothing(romeo, juliet);
    }

    // §5: h of <resumed/> tells what the server has, so that nothing is said twice.
    [Theory, Framings]
    public async Task The_server_says_what_it_has_handled(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, Actor juliet) = await Assemble(play);
        int before = await Asked(juliet);
        await juliet.Send(Message(romeo.Bare, "m1"));
        await romeo.Expect("<message id='m1'/>");
        await juliet.Cut();
        XElement resumed = await juliet.Resume();
        Count(resumed).ShouldBe(before + 1);
    }

    [Theory, Framings]
    public async Task It_may_be_cut_again_and_again(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, Actor juliet) = await Assemble(play);
        for (int i = 0; i < 5; i++)
        {
            await Say(play, romeo, juliet, $"a{i}");
            await juliet.Cut();
            await Say(play, romeo, juliet, $"b{i}");
            await juliet.Resume();
            await Hear(juliet, $"a{i}", $"b{i}");
        }
        await play.ExpectNothing(juliet);
    }

    // Presence and what else the session is stays as it was: nobody hears of the cut.
    [Theory, Framings]
    public async Task Nobody_notices_a_cut_that_is_mended(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo", circle: "Verona");
        await play.AddAccount("juliet", circle: "Verona");
        (Actor romeo, Actor juliet) = await Assemble(play);
        await SignIn.CarbonsAsync(juliet);
        await play.Settle();
        romeo.SeesPresence = true;
        romeo.Forget();

        await juliet.Cut();
        await juliet.Resume();

        await play.ExpectNothing(romeo);
        Actor garden = await play.Connect("juliet", "garden");
        await garden.Send(Message("romeo@kith.test", "m1"));
        await juliet.Expect("<message><sent xmlns='urn:xmpp:carbons:2'/></message>");
    }

    // §5: the old stream, where it still stands, ends with a conflict.
    [Theory, Framings]
    public async Task The_old_line_is_ended_first(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, Actor juliet) = await Assemble(play);
        await Say(play, romeo, juliet, "m1");
        await Hear(juliet, "m1");

        Actor again = play.Dial("juliet", "balcony");
        await SignIn.AuthenticateAsync(again, SignIn.Plain("juliet"));
        XElement resumed = await SignIn.ResumeAsync(again, juliet.Management.Handled, juliet.Management.Id);

        resumed.ShouldMatch($"<resumed xmlns='{Sm}'/>");
        again.IsBound = true;
        await juliet.ExpectEnd("conflict");
        await Say(play, romeo, again, "m2");
        await Hear(again, "m2");
        await play.ExpectNothing(again);
    }

    [Theory, Framings]
    public async Task A_session_of_somebody_else_is_not_found(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (_, Actor juliet) = await Assemble(play);
        await juliet.Ping();
        await play.AddAccount("tybalt");
        Actor tybalt = play.Dial("tybalt", "street");
        await SignIn.AuthenticateAsync(tybalt, SignIn.Plain("tybalt"));
        foreach (string id in (string[])[juliet.Management.Id!, "unheard-of", ""])
            (await SignIn.ResumeAsync(tybalt, 0, id)).ShouldMatch(Failed("item-not-found"));
        await tybalt.Send($"<resume xmlns='{Sm}' previd='x'/>");
        await tybalt.Expect(Failed("bad-request"));
        await SignIn.BindAsync(tybalt);
        await juliet.Ping();
    }

    [Theory, Framings]
    public async Task A_resumption_that_claims_too_much_fails_and_the_session_stays(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (_, Actor juliet) = await Assemble(play);
        await juliet.Cut();
        await play.Redial(juliet);
        (await SignIn.ResumeAsync(juliet, juliet.Management.Handled + 1)).ShouldMatch(
            Failed("item-not-found", "{any}")
        );
        (await SignIn.ResumeAsync(juliet)).ShouldMatch($"<resumed xmlns='{Sm}'/>");
    }

    // Life 9: when the time is over the session ends; unacknowledged messages are undelivered.
    [Theory, Framings]
    public async Task Ten_minutes_later_it_is_over(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo", circle: "Verona");
        await play.AddAccount("juliet", circle: "Verona");
        (Actor romeo, Actor juliet) = await Assemble(play);
        await juliet.Send(Message(romeo.Bare, "m0"));
        await romeo.Expect("<message id='m0'/>");
        await play.Settle();
        romeo.SeesPresence = true;
        romeo.Forget();
        int handled = await Asked(juliet);
        await juliet.Cut();
        await Say(play, romeo, juliet, "m1");
        await play.Advance(TimeSpan.FromSeconds(599));
        await play.ExpectNothing(romeo);
        await play.Advance(TimeSpan.FromSeconds(1));
        await romeo.Expect($"<presence type='unavailable' from='{juliet.Jid}'/>");
        await Say(play, romeo, juliet, "m2");

        await play.Redial(juliet);
        // §5: what the session handled is still known.
        (await SignIn.ResumeAsync(juliet)).ShouldMatch(Failed("item-not-found", $"{handled}"));
        await SignIn.BindAsync(juliet);
        await juliet.Send("<presence/>");
        foreach (string id in (string[])["m1", "m2"])
            await juliet.Expect($"<message id='{id}'><delay xmlns='urn:xmpp:delay'/></message>");
        await play.ExpectNothing(juliet);
    }

    // §4: a message for a device that is over goes to another, or waits, even when others have acknowledged newer ones.
    [Theory, Framings]
    public async Task What_a_lost_device_never_got_is_not_lost(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, Actor juliet) = await Assemble(play);
        await juliet.Cut();
        await romeo.Send(Message(juliet.Jid, "m1"));
        Actor garden = await play.Connect("juliet", "garden");
        await garden.Expect("<message id='m1'/>");
        await garden.Leave();
        garden = await play.Connect("juliet", "garden");
        await romeo.Send(Message(juliet.Jid, "m2"));
        await Say(play, romeo, juliet, "m3");
        await garden.Expect("<message id='m3'/>");
        await play.Settle();

        await play.Advance(TimeSpan.FromSeconds(600));

        await garden.Expect($"<message id='m2' from='{romeo.Jid}'/>");
        await play.ExpectNothing(garden);
    }

    [Theory, Framings]
    public async Task A_question_that_a_lost_device_never_got_is_answered_for_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo", circle: "Lovers");
        await play.AddAccount("juliet", circle: "Lovers");
        (Actor romeo, Actor juliet) = await Assemble(play);
        await juliet.Cut();
        await romeo.Send($"<iq type='get' id='i1' to='{juliet.Jid}'><query xmlns='urn:example'/></iq>");
        await play.ExpectNothing(romeo);
        await play.Advance(TimeSpan.FromSeconds(600));
        await romeo.Expect(
            $"<iq type='error' id='i1' from='{juliet.Jid}'><error><service-unavailable xmlns='{Ns.StanzaErrors}'/></error></iq>"
        );
    }

    // §6: a stream that is closed in order is over at once.
    [Theory, Framings]
    public async Task A_stream_closed_in_order_is_not_resumed(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (_, Actor juliet) = await Assemble(play);
        await juliet.Leave();
        await play.Redial(juliet);
        (await SignIn.ResumeAsync(juliet)).Name.LocalName.ShouldBe("failed");
    }

    // Life 8: after a restart <failed h='…'/> tells what need not be sent again.
    [Theory, Framings]
    public async Task After_a_restart_the_count_is_still_known(Framing framing)
    {
        foreach (bool crash in (bool[])[false, true])
        {
            await using Play play = await Play.StartAsync(framing);
            (Actor romeo, Actor juliet) = await Assemble(play);
            await juliet.Send(Message(romeo.Bare, "m1"));
            int handled = await Asked(juliet);
            await Say(play, romeo, juliet, "m2");
            await Hear(juliet, "m2");

            await play.Restart(crash);

            await play.Redial(juliet);
            XElement answer = await SignIn.ResumeAsync(juliet, juliet.Management.Handled);
            answer.ShouldMatch(Failed("item-not-found", $"{handled}"));
            await SignIn.BindAsync(juliet);
            await juliet.Send("<presence/>");
            await juliet.Expect("<message id='m2'/>");
        }
    }

    // Life 10: who takes nothing loses the connection, and no message.
    [Theory, Framings]
    public async Task A_client_that_takes_nothing_is_cut_and_loses_nothing(Framing framing)
    {
        const int Messages = 200;
        await using Play play = await Play.StartAsync(framing, options => options with { StanzasPerSecond = 0 });
        (Actor romeo, Actor juliet) = await Assemble(play);
        string body = $"<body>{new string('x', 100_000)}</body>";
        await juliet.StopListening();
        for (int i = 0; i < Messages; i++)
            await romeo.Send($"<message to='{juliet.Bare}' type='chat' id='m{i}'>{body}</message>");
        await play.Settle();
        await juliet.Connection.Served.WaitAsync(Actor.Patience);
        await juliet.Cut();

        juliet = await play.Connect("juliet", "balcony");
        for (int i = 0; i < Messages; i++)
            await juliet.Expect($"<message id='m{i}'/>");
        await play.ExpectNothing(juliet);
    }
}
