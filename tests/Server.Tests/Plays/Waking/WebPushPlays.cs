using System.Text;
using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Push;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xunit;
using static Server.Tests.Plays.Waking.Sleeping;

namespace Server.Tests.Plays.Waking;

/// <summary>The box's own app server, for browsers (README, "Waking devices"): XEP-0357 with Kith's own protocol.</summary>
public sealed class WebPushPlays
{
    private const string Ns = "urn:kith:web-push:0";
    private readonly Browsers _browsers = new();

    private Task<Play> StartAsync(Framing framing) =>
        Play.StartAsync(framing, options => options with { WebPush = _browsers });

    private static string Subscribe(string endpoint = "https://push.example/1") =>
        $"<iq type='set'><subscribe xmlns='{Ns}' endpoint='{endpoint}' p256dh='key' auth='auth'/></iq>";

    private static async Task<string> NodeOf(Actor browser, string endpoint = "https://push.example/1")
    {
        XElement answer = await browser.Ask(Subscribe(endpoint));
        answer.ShouldMatch($"<iq type='result'><subscribed xmlns='{Ns}' jid='{Play.Domain}' node='{{any}}'/></iq>");
        return answer.Find("subscribed").Attribute("node")!.Value;
    }

    private static Task<XElement> EnableOwn(Actor browser, string node) =>
        browser.Ask(Enable(node, jid: Play.Domain), "<iq type='result'/>");

    // Juliet's browser, closed; and Romeo.
    private static async Task<(Actor Browser, Actor Romeo)> Assemble(Play play)
    {
        await play.AddAccount("juliet", Role.Member, "Verona");
        await play.AddAccount("romeo", Role.Member, "Verona");
        Actor browser = await play.Connect("juliet", "browser", managed: true);
        await EnableOwn(browser, await NodeOf(browser));
        await browser.Leave();
        return (browser, await play.Connect("romeo", "orchard"));
    }

    // XEP-0357 §4.2.
    [Theory, Framings]
    public async Task The_box_says_that_it_is_an_app_server_and_by_which_key(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        Actor browser = await play.Connect("juliet", "browser");
        await browser.Ask(
            $"<iq type='get' to='{Play.Domain}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='pubsub' type='push'/><feature var='urn:xmpp:push:0'/></query></iq>"
        );
        await browser.Ask(
            $"<iq type='get'><web-push xmlns='{Ns}'/></iq>",
            $"<iq type='result'><web-push xmlns='{Ns}' key='BPublicKey'/></iq>"
        );
    }

    [Theory, Framings]
    public async Task Without_a_way_to_the_web_it_says_nothing_of_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor browser = await play.Connect("juliet", "browser");
        await browser.Ask($"<iq type='get'><web-push xmlns='{Ns}'/></iq>", Error("service-unavailable"));
        await browser.Ask(Subscribe(), Error("service-unavailable"));
        (
            await browser.Ask(
                $"<iq type='get' to='{Play.Domain}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"
            )
        )
            .ToString()
            .ShouldNotContain("urn:xmpp:push:0");
    }

    // Laws, "The world outside" 2, the other way round: the own web client gets the sender and a short text.
    [Theory, Framings]
    public async Task A_closed_browser_gets_who_and_what(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, Actor romeo) = await Assemble(play);
        await romeo.Send(Chat(browser.Bare, "<body> But, soft! “what” light &lt;b&gt;?\n</body>"));
        await play.Settle();
        WebPushMessage push = await _browsers.Expect(
            play,
            $$"""{'kind':'message','to':'juliet','count':1,'from':'romeo@kith.test','id':'{{Newest(play)}}','text':'But, soft! “what” light <b>?'}"""
        );
        push.Urgency.ShouldBe(Urgency.Normal);
        push.TimeToLive.ShouldBe(TimeSpan.FromDays(7));
        push.Topic.Length.ShouldBe(32);
        push.Topic.ShouldNotContain("romeo");
    }

    private static long Newest(Play play)
    {
        using Access access = play.Stores.Database.OpenRead();
        return play.Stores.Archive.LastId(access);
    }

    // Nothing of what is encrypted, whatever words stand beside it for apps that cannot read it.
    [Theory, Framings]
    public async Task Of_encrypted_messages_there_is_no_text(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, Actor romeo) = await Assemble(play);
        string[] sealedUp =
        [
            "<encrypted xmlns='urn:xmpp:omemo:2'><payload>c2VjcmV0</payload></encrypted>",
            "<encrypted xmlns='eu.siacs.conversations.axolotl'><payload>c2VjcmV0</payload></encrypted><body>secret words</body>",
            "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:other'/><body>secret words</body>",
            "<openpgp xmlns='urn:xmpp:openpgp:0'>c2VjcmV0</openpgp><body>secret words</body>",
        ];
        int count = 0;
        foreach (string inside in sealedUp)
        {
            await play.Advance(TimeSpan.FromMinutes(2));
            await romeo.Send(Chat(browser.Bare, inside));
            await play.Settle();
            await _browsers.Expect(
                play,
                $$"""{'kind':'message','to':'juliet','count':{{++count}},'from':'romeo@kith.test','id':'{{Newest(play)}}','encrypted':true}"""
            );
        }
    }

    // RFC 8030 §5.3: a call cannot wait, and is soon over; what ends it takes its place.
    [Theory, Framings]
    public async Task A_call_rings_and_stops_ringing(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, Actor romeo) = await Assemble(play);
        await romeo.Send(Chat(browser.Bare, "<propose xmlns='urn:xmpp:jingle-message:0' id='c'/>"));
        await play.Settle();
        WebPushMessage ring = await _browsers.Expect(
            play,
            $$"""{'kind':'call','to':'juliet','count':1,'from':'romeo@kith.test','id':'{{Newest(play)}}'}"""
        );
        ring.Urgency.ShouldBe(Urgency.High);
        ring.TimeToLive.ShouldBe(TimeSpan.FromSeconds(45));
        await romeo.Send(Chat(browser.Bare, "<retract xmlns='urn:xmpp:jingle-message:0' id='c'/>"));
        await play.Settle();
        WebPushMessage end = await _browsers.Expect(
            play,
            $$"""{'kind':'missed-call','to':'juliet','count':2,'from':'romeo@kith.test','id':'{{Newest(play)}}'}"""
        );
        end.Topic.ShouldBe(ring.Topic);
    }

    [Theory, Framings]
    public async Task Reactions_and_invitations_are_called_so(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, Actor romeo) = await Assemble(play);
        (string Inside, string Kind)[] cases =
        [
            ("<reactions xmlns='urn:xmpp:reactions:0' id='m'><reaction>x</reaction></reactions>", "reaction"),
            ("<x xmlns='jabber:x:conference' jid='ball@groups.kith.test'/>", "invitation"),
            ("<x xmlns='http://jabber.org/protocol/muc#user'><invite/></x>", "invitation"),
        ];
        int count = 0;
        foreach (var (inside, kind) in cases)
        {
            await play.Advance(TimeSpan.FromMinutes(2));
            await romeo.Send(Chat(browser.Bare, inside));
            await play.Settle();
            await _browsers.Expect(
                play,
                $$"""{'kind':'{{kind}}','to':'juliet','count':{{++count}},'from':'romeo@kith.test','id':'{{Newest(play)}}'}"""
            );
        }
    }

    // Waking 2: of each conversation once in a minute, until the browser was there.
    [Theory, Framings]
    public async Task Each_conversation_is_told_once_in_a_minute(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, Actor romeo) = await Assemble(play);
        Actor nurse = await play.Connect("nurse", "hall");
        await romeo.Send(Chat(browser.Bare));
        (await _browsers.TakeAsync(play)).Count.ShouldBe(1);
        await romeo.Send(Chat(browser.Bare));
        await _browsers.ExpectNothing(play);
        await nurse.Send(Chat(browser.Bare));
        (await _browsers.TakeAsync(play)).ShouldHaveSingleItem().Message.Topic.ShouldNotBeNull();
        await play.Advance(PushTarget.Repeat);
        await romeo.Send(Chat(browser.Bare));
        (await _browsers.TakeAsync(play)).Count.ShouldBe(1);

        await LookIn(browser);
        await romeo.Send(Chat(browser.Bare));
        (await _browsers.TakeAsync(play)).Count.ShouldBe(1);
    }

    // Who floods with addresses is not told of each.
    [Theory, Framings]
    public async Task There_is_an_end_to_how_many_conversations(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, _) = await Assemble(play);
        var crowd = new Neighbour(play, "crowd.test");
        play.Server.Dispatcher.Services.Add(crowd).ShouldBeTrue();
        for (int i = 0; i < 60; i++)
            await crowd.Send(
                $"<message from='{i}@crowd.test' to='{browser.Bare}' type='chat'><body>x</body></message>"
            );
        (await _browsers.TakeAsync(play)).Count.ShouldBe(50);
    }

    // A push service that is slow: of one conversation the newest goes, of the others each.
    [Theory, Framings]
    public async Task While_one_is_on_its_way_the_next_waits(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, Actor romeo) = await Assemble(play);
        Actor nurse = await play.Connect("nurse", "hall");
        var held = new TaskCompletionSource();
        _browsers.Held = held.Task;
        await romeo.Send(Chat(browser.Bare, "<body>one</body>"));
        await play.Settle();
        await nurse.Send(Chat(browser.Bare, "<body>two</body>"));
        await play.Settle();
        await play.Advance(PushTarget.Repeat);
        await nurse.Send(Chat(browser.Bare, "<body>three</body>"));
        await play.Settle();
        held.SetResult();
        (await _browsers.TakeAsync(play))
            .Select(push => Encoding.UTF8.GetString(push.Message.Payload.Span))
            .Select(json =>
                json.Contains("one") ? 1
                : json.Contains("three") ? 3
                : 2
            )
            .ShouldBe([1, 3]);
    }

    // A call goes before what waits, and is a missed one when it waited for too long; it takes no message's place.
    [Theory, Framings]
    public async Task A_call_overtakes_what_waits_but_does_not_ring_late(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, Actor romeo) = await Assemble(play);
        Actor nurse = await play.Connect("nurse", "hall");
        var held = new TaskCompletionSource();
        _browsers.Held = held.Task;
        await romeo.Send(Chat(browser.Bare, "<body>one</body>"));
        await play.Settle();
        await nurse.Send(Chat(browser.Bare, "<body>two</body>"));
        await play.Settle();
        await nurse.Send(Chat(browser.Bare, "<propose xmlns='urn:xmpp:jingle-message:0' id='c'/>"));
        await play.Settle();
        await play.Advance(TimeSpan.FromSeconds(40));
        await romeo.Send(Chat(browser.Bare, "<propose xmlns='urn:xmpp:jingle-message:0' id='d'/>"));
        await play.Settle();
        await play.Advance(TimeSpan.FromSeconds(10));
        held.SetResult();
        var pushed = await _browsers.TakeAsync(play);
        pushed
            .Select(push => push.Message.Urgency)
            .ShouldBe([Urgency.Normal, Urgency.Normal, Urgency.High, Urgency.Normal]);
        string[] texts = [.. pushed.Select(push => Encoding.UTF8.GetString(push.Message.Payload.Span))];
        texts[0].ShouldContain("one");
        texts[1].ShouldContain("missed-call");
        texts[2].ShouldContain("\"call\"");
        texts[3].ShouldContain("two");
        pushed[2].Message.TimeToLive.ShouldBe(TimeSpan.FromSeconds(35));
        pushed.Select(push => push.Message.Topic).ShouldBeUnique();
    }

    // RFC 8030 §7.3: gone is forgotten.
    [Theory, Framings]
    public async Task A_subscription_that_is_gone_is_forgotten(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, Actor romeo) = await Assemble(play);
        long device = play.Account("juliet").PushTargets.ShouldHaveSingleItem().Device;
        _browsers.Outcome = WebPushOutcome.Gone;
        await romeo.Send(Chat(browser.Bare));
        (await _browsers.TakeAsync(play)).Count.ShouldBe(1);
        play.Account("juliet").PushTargets.ShouldBeEmpty();
        using Access access = play.Stores.Database.OpenRead();
        play.Stores.Push.Subscription(access, device).ShouldBeNull();
        play.Stores.Push.Registrations(access, play.Account("juliet").Id).ShouldBeEmpty();
    }

    // What came in the meantime is not forgotten for what was before.
    [Theory, Framings]
    public async Task A_subscription_that_was_renewed_is_not_forgotten_with_the_old_one(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, Actor romeo) = await Assemble(play);
        var held = new TaskCompletionSource();
        (_browsers.Held, _browsers.Outcome) = (held.Task, WebPushOutcome.Gone);
        await romeo.Send(Chat(browser.Bare));
        await play.Settle();
        await browser.Return();
        string node = play.Account("juliet").PushTargets[0].Registration.Node;
        (await NodeOf(browser, "https://push.example/2")).ShouldBe(node);
        held.SetResult();
        await _browsers.TakeAsync(play);
        _browsers.Outcome = WebPushOutcome.Accepted;
        await browser.Leave();
        await romeo.Send(Chat(browser.Bare));
        (await _browsers.TakeAsync(play)).ShouldHaveSingleItem().To.Endpoint.ShouldBe("https://push.example/2");
    }

    [Theory, Framings]
    public async Task What_did_not_get_through_is_tried_with_the_next_message(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, Actor romeo) = await Assemble(play);
        _browsers.Outcome = WebPushOutcome.Failed;
        for (int i = 0; i < 3; i++)
        {
            await romeo.Send(Chat(browser.Bare));
            (await _browsers.TakeAsync(play)).Count.ShouldBe(1);
        }
    }

    // The server's end does not wait for a push service.
    [Theory, Framings]
    public async Task A_push_service_that_hangs_holds_up_neither_messages_nor_the_end(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, Actor romeo) = await Assemble(play);
        _browsers.Held = new TaskCompletionSource().Task;
        await romeo.Send(Chat(browser.Bare));
        await play.Settle();
        await browser.Return();
        await browser.Send("<presence/>");
        await browser.Expect("<message><body>look</body></message>");
        await play.Server.StopAsync().WaitAsync(Actor.Patience);
    }

    // A limited payload keeps who it is from, then the rest.
    [Theory, Framings]
    public async Task What_is_too_long_is_left_out(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, Actor romeo) = await Assemble(play);
        string endless = string.Concat(Enumerable.Repeat("\U0001F339", 500));
        await romeo.Send(Chat(browser.Bare, $"<body>{endless}</body>"));
        await play.Settle();
        await _browsers.Expect(
            play,
            $$"""{'kind':'message','to':'juliet','count':1,'from':'romeo@kith.test','id':'{{Newest(play)}}','text':'{{endless[..200]}}…'}"""
        );
        await play.Advance(PushTarget.Repeat);
        _browsers.LargestPayload = 200;
        await romeo.Send(Chat(browser.Bare, $"<body>{endless}</body>"));
        await play.Settle();
        await _browsers.Expect(
            play,
            $$"""{'kind':'message','to':'juliet','count':2,'from':'romeo@kith.test','id':'{{Newest(play)}}'}"""
        );
    }

    [Theory, Framings]
    public async Task Subscribing_again_keeps_the_node_and_disabling_forgets_it(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        Actor browser = await play.Connect("juliet", "browser");
        Actor other = await play.Connect("juliet", "other");
        string node = await NodeOf(browser);
        (await NodeOf(browser, "https://push.example/2")).ShouldBe(node);
        string theirs = await NodeOf(other);
        theirs.ShouldNotBe(node);
        // A device enables its own.
        await other.Ask(Enable(node, jid: Play.Domain), Error("item-not-found"));
        await EnableOwn(browser, node);
        await browser.Ask(Disable(node, Play.Domain), "<iq type='result'/>");
        await browser.Ask(Enable(node, jid: Play.Domain), Error("item-not-found"));
        await EnableOwn(other, theirs);
    }

    [Theory, Framings]
    public async Task A_subscription_that_cannot_be_used_is_refused_with_the_reason(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        Actor browser = await play.Connect("juliet", "browser");
        await browser.Ask(
            Subscribe("http://push.example/1"),
            """
            <iq type='error'><error type='modify'>
              <not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>
              <text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>the endpoint is no https URL</text>
            </error></iq>
            """
        );
        await browser.Ask($"<iq type='set'><subscribe xmlns='{Ns}'/></iq>", Error("not-acceptable", "modify"));
        await browser.Ask(
            $"<iq type='set' to='romeo@kith.test'><subscribe xmlns='{Ns}' endpoint='https://a' p256dh='k' auth='a'/></iq>",
            Error("service-unavailable")
        );
    }

    // Waking 5: with the password, and over a restart.
    [Theory, Framings]
    public async Task A_subscription_outlives_a_restart_but_not_the_password(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, Actor romeo) = await Assemble(play);
        await play.Restart();
        romeo = await play.Connect("romeo", "garden");
        await romeo.Send(Chat(browser.Bare));
        (await _browsers.TakeAsync(play)).Count.ShouldBe(1);
        await play.Server.Home.People.SetPasswordAsync("juliet", "a better one");
        await play.Advance(PushTarget.Repeat);
        await romeo.Send(Chat(browser.Bare));
        await _browsers.ExpectNothing(play);
    }

    // Waking 3: who calls a line that is lost is missed, not ringing, a minute later.
    [Theory, Framings]
    public async Task A_call_into_a_lost_line_is_a_missed_call(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, Actor romeo) = await Assemble(play);
        await browser.Return();
        await SignIn.ManageAsync(browser);
        await browser.Send("<presence/>");
        await browser.Ping();
        await romeo.Send(Chat(browser.Bare, "<propose xmlns='urn:xmpp:jingle-message:0' id='c'/>"));
        await _browsers.ExpectNothing(play);
        await play.Advance(TimeSpan.FromMinutes(3));
        await browser.Cut();
        await play.Settle();
        WebPushMessage push = await _browsers.Expect(
            play,
            $$"""{'kind':'missed-call','to':'juliet','count':1,'from':'romeo@kith.test','id':'{{Newest(play)}}'}"""
        );
        push.Urgency.ShouldBe(Urgency.Normal);
    }

    // Waking 3: what was told when the line was lost is not told again when the session is.
    [Theory, Framings]
    public async Task A_session_that_is_not_resumed_tells_nothing_twice(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, Actor romeo) = await Assemble(play);
        await browser.Return();
        await SignIn.ManageAsync(browser);
        await browser.Send("<presence/>");
        await browser.Ping();
        await romeo.Send(Chat(browser.Bare));
        await _browsers.ExpectNothing(play);
        await browser.Cut();
        (await _browsers.TakeAsync(play)).Count.ShouldBe(1);
        await play.Advance(TimeSpan.FromSeconds(play.Options.ResumeSeconds + 1));
        await play.Log.Says("not resumed in time");
        await _browsers.ExpectNothing(play);
        await romeo.Send(Chat(browser.Bare));
        (await _browsers.TakeAsync(play)).Count.ShouldBe(1);
    }

    // Who goes down wakes nobody.
    [Theory, Framings]
    public async Task A_server_that_stops_tells_nothing(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        (Actor browser, Actor romeo) = await Assemble(play);
        await browser.Return();
        await SignIn.ManageAsync(browser);
        await browser.Send("<presence/>");
        await browser.Ping();
        await romeo.Send(Chat(browser.Bare));
        await _browsers.ExpectNothing(play);
        await play.Restart();
        await _browsers.ExpectNothing(play);
    }
}
