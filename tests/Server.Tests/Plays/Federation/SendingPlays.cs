using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Federation;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Plays.Federation;

/// <summary>What goes to other servers, and by which streams (README, "Federation").</summary>
public sealed class SendingPlays
{
    private const string Bob = "bob@" + FarServer.Domain;

    private static string Error(string condition) =>
        $"<error><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

    private static IReadOnlyList<QueuedStanza> Queue(Play play)
    {
        using Access access = play.Stores.Database.OpenRead();
        return play.Stores.Queue.Waiting(access);
    }

    // Federation 1, 3: TLS, our certificate, then what waits, in the order in which it was sent.
    [Theory, Framings]
    public async Task Stanzas_go_out_in_order_over_a_stream_that_is_proved_by_certificate(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await anna.Send($"<presence to='{Bob}/x' id='2'/>");
        await anna.Send($"<iq to='{Bob}/x' id='3' type='get'><a xmlns='b'/></iq>");
        FarLine line = await far.Welcome();
        await line.Expect($"<message from='{anna.Jid}' to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await line.Expect($"<presence from='{anna.Jid}' to='{Bob}/x' id='2'/>");
        await line.Expect($"<iq from='{anna.Jid}' to='{Bob}/x' id='3' type='get'><a xmlns='b'/></iq>");
        await anna.Send($"<message to='{Bob}' id='4' type='chat'><body>ho</body></message>");
        await line.Expect("<message id='4'><body>ho</body></message>");
        far.LookUps.Count.ShouldBe(1);
    }

    // Life 2.
    [Fact]
    public async Task Nothing_leaves_before_its_commit()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        play.Disk.Hold();
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await play.Disk.Holds(1);
        far.LookUps.ShouldBeEmpty();
        play.Disk.Continue();
        await (await far.Welcome()).Expect("<message id='1'/>");
    }

    // Federation 3: XEP-0220 §2.1.1, with a key that our own server says is right (§2.2.2).
    [Fact]
    public async Task Who_does_not_take_the_certificate_may_dial_back()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        FarLine line = await far.Accept();
        await line.AcceptTls();
        await line.Answer(FarLine.Dialback, id: "s2");
        string key = (
            await line.Expect($"<result xmlns='jabber:server:dialback' from='kith.test' to='{FarServer.Domain}'/>")
        ).Value;
        FarLine asking = far.Dial();
        await asking.StartTls();
        foreach (
            var (id, said, type) in ((string, string, string)[])
                [("s2", key, "valid"), ("s3", key, "invalid"), ("s2", "0" + key[1..] + "x", "invalid")]
        )
        {
            await asking.Send($"<db:verify from='{FarServer.Domain}' to='kith.test' id='{id}'>{said}</db:verify>");
            await asking.Expect(
                $"<verify xmlns='jabber:server:dialback' from='kith.test' to='{FarServer.Domain}' id='{id}' type='{type}'/>"
            );
        }
        await line.Send($"<db:result from='{FarServer.Domain}' to='kith.test' type='valid'/>");
        await line.Expect("<message id='1'/>");
    }

    // Federation 3: only the answer to what was asked counts.
    [Theory]
    [InlineData("<db:result from='other.test' to='kith.test' type='valid'/>")]
    [InlineData("<db:result from='away.test' to='other.test' type='valid'/>")]
    [InlineData("<db:result from='away.test' to='kith.test' type='invalid'/>")]
    [InlineData("<db:result from='away.test' to='kith.test'/>")]
    public async Task A_wrong_answer_to_a_key_lets_nothing_out(string answer)
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        FarLine line = await far.Accept();
        await line.AcceptTls();
        await line.Answer(FarLine.Dialback);
        await line.Expect("<result xmlns='jabber:server:dialback'/>");
        await line.Send(answer);
        await line.ExpectEnd();
        await anna.Expect($"<message id='1' type='error'>{Error("remote-server-timeout")}</message>");
    }

    // Federation 3: never without TLS, never to whom it might not be.
    [Fact]
    public async Task A_server_without_TLS_or_with_a_bad_certificate_is_told_nothing()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1'><body>hi</body></message>");
        FarLine plain = await far.Accept();
        await plain.Answer(FarLine.Dialback + FarLine.External);
        await plain.ExpectEnd();
        await anna.Expect($"<message id='1' type='error'>{Error("remote-server-timeout")}</message>");
        foreach (
            PeerCertificate? shown in (PeerCertificate?[])
                [FarServer.For("other.test"), FarServer.For(FarServer.Domain) with { Fault = "it is worn" }, null]
        )
        {
            await play.Advance(TimeSpan.FromMinutes(2));
            far.Certificate = shown;
            await anna.Send($"<message to='{Bob}' id='2'><body>hi</body></message>");
            FarLine line = await far.Accept();
            await line.AcceptTls();
            await line.ExpectEnd();
            await anna.Expect($"<message id='2' type='error'>{Error("remote-server-timeout")}</message>");
        }
        await play.Log.Says("away.test at away.test:5269 is not accepted: it is worn (it is for away.test)");
        await play.Log.Says("is not accepted: it is for other.test, not for away.test");
    }

    // Federation 4: a box whose clock was not set yet reaches out for nobody, and chats at home all the same.
    [Theory, Framings]
    public async Task Other_servers_wait_for_the_clock(Framing framing)
    {
        var start = new PlayClock();
        (Play play, FarServer far) = await FarServer.StartAsync(
            framing,
            o => o with { EarliestTime = start.GetUtcNow() + TimeSpan.FromHours(5) }
        );
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await anna.Send($"<iq to='{Bob}/x' id='2' type='get'><a xmlns='b'/></iq>");
        await anna.Send($"<message to='{ben.Bare}' id='3' type='chat'><body>hi</body></message>");
        await ben.Expect("<message id='3'/>");
        await play.Log.Says("which is over: other servers are reached once it is set");
        await play.Advance(TimeSpan.FromHours(4));
        await play.ExpectNothing(anna);
        far.LookUps.ShouldBeEmpty();
        await play.Advance(TimeSpan.FromMinutes(59));
        await far.AdvanceToCall();
        FarLine line = await far.Welcome();
        await line.Expect("<message id='1'/>");
        await line.Expect("<iq id='2'/>");
    }

    // XEP-0478 §4: what the other server does not take comes back at once, alone, and says why; the rest goes on its way.
    [Theory, Framings]
    public async Task What_is_too_large_there_comes_back_at_once(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        const string Limits = "<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>10000</max-bytes></limits>";
        string large = new('x', 10_000);
        string tooLarge =
            "<error type='modify'><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
            + "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>away.test takes stanzas of at most 10000 bytes</text></error>";
        far.IsUp = false;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await anna.Send($"<message to='{Bob}' id='2' type='chat'><body>{large}</body></message>");
        await anna.Send($"<message to='{Bob}' id='3' type='chat'><body>{large[300..]}</body></message>");
        await anna.Ping();
        await play.Log.Says("was not reached");
        far.IsUp = true;
        await far.AdvanceToCall();
        FarLine line = await far.Accept();
        await line.AcceptTls();
        await line.AcceptExternal(features: Limits);
        await line.Expect("<message id='1'/>");
        await line.Expect("<message id='3'/>");
        await anna.Expect($"<message id='2' type='error'>{tooLarge}</message>");
        await anna.Send($"<message to='{Bob}' id='4' type='chat'><body>{large}</body></message>");
        await anna.Send($"<message to='{Bob}' id='5' type='chat'><body>ho</body></message>");
        await anna.Expect($"<message id='4' type='error'>{tooLarge}</message>");
        await line.Expect("<message id='5'/>");
        // In the other direction of a stream that came, by what its beginner says of itself.
        await line.Close();
        await line.ExpectEnd();
        await play.Log.Says("ended: closed");
        FarLine came = far.Dial();
        await came.StartTls();
        await came.Send($"<bidi xmlns='urn:xmpp:bidi'>{Limits}</bidi>");
        await came.ProveExternally(managed: true);
        await anna.Send($"<message to='{Bob}' id='6' type='chat'><body>{large}</body></message>");
        await anna.Expect($"<message id='6' type='error'>{tooLarge}</message>");
        await anna.Send($"<message to='{Bob}' id='7' type='chat'><body>ho</body></message>");
        await came.Expect("<message id='7'/>");
    }

    // Federation 4: RFC 6120 §8.3.3.16; asked once in a minute.
    [Theory, Framings]
    public async Task A_domain_that_does_not_exist_bounces_at_once(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send("<message to='x@nowhere.test' id='1'><body>hi</body></message>");
        await anna.Expect(
            $"<message id='1' from='x@nowhere.test' type='error'>{Error("remote-server-not-found")}</message>"
        );
        await anna.Send("<message to='x@nowhere.test' id='2'><body>hi</body></message>");
        await anna.Expect($"<message id='2' type='error'>{Error("remote-server-not-found")}</message>");
        await anna.Ask(
            "<iq type='get' to='nowhere.test'><a xmlns='b'/></iq>",
            $"<iq type='error'>{Error("remote-server-not-found")}</iq>"
        );
        far.LookUps.ShouldBe(["nowhere.test"]);
        Queue(play).ShouldBeEmpty();
        await play.Advance(TimeSpan.FromMinutes(2));
        await anna.Send("<message to='x@nowhere.test' id='3'><body>hi</body></message>");
        await anna.Expect($"<message id='3' type='error'>{Error("remote-server-not-found")}</message>");
        far.LookUps.Count.ShouldBe(2);
    }

    // Federation 4: whatever goes wrong on the way to a server, the next attempt comes.
    [Fact]
    public async Task A_fault_of_our_own_is_one_failure()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        far.Fault = new FormatException("no name");
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await play.Log.Says("was not reached");
        play.Log.TakeFailures().ShouldHaveSingleItem().ShouldContain("no name");
        far.Fault = null;
        await play.Advance(TimeSpan.FromSeconds(10));
        await (await far.Welcome()).Expect("<message id='1'/>");
    }

    // Federation 2: XEP-0198 §4; what was not acknowledged goes again, what was is on disk no more.
    [Fact]
    public async Task What_was_not_acknowledged_goes_again_over_the_next_stream()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await anna.Send($"<message to='{Bob}' id='2' type='chat'><body>ho</body></message>");
        FarLine first = await far.Welcome(managed: true);
        await first.Expect("<message id='1'/>");
        await first.Expect("<message id='2'/>");
        await first.Send("<a xmlns='urn:xmpp:sm:3' h='1'/>");
        await first.Send("<r xmlns='urn:xmpp:sm:3'/>");
        await first.Expect("<a xmlns='urn:xmpp:sm:3' h='0'/>");
        await play.Advance(TimeSpan.FromSeconds(2));
        Queue(play).ShouldHaveSingleItem();
        await first.Cut();
        FarLine second = await far.Welcome(managed: true);
        await second.Expect("<message id='2'/>");
        await second.Send("<a xmlns='urn:xmpp:sm:3' h='1'/>");
        await second.Send("<r xmlns='urn:xmpp:sm:3'/>");
        await second.Expect("<a xmlns='urn:xmpp:sm:3' h='0'/>");
        await play.Advance(TimeSpan.FromSeconds(2));
        Queue(play).ShouldBeEmpty();
    }

    // Federation 4: streams that end without having served are failures, and a stanza that they end over is given up.
    [Fact]
    public async Task A_server_that_ends_each_stream_is_tried_at_growing_intervals()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await anna.Send($"<message to='{Bob}' id='2' type='chat'><body>ho</body></message>");
        await anna.Ping();
        int failures = 0;
        foreach (int pause in (int[])[0, 7, 20, 60, 0])
        {
            FarLine line = await far.Welcome(managed: true);
            await line.Expect("<message id='1'/>");
            await line.Cut();
            if (pause == 0)
                continue;
            await play.Log.Says("was not reached", ++failures);
            far.IsQuiet.ShouldBeTrue();
            await play.Advance(TimeSpan.FromSeconds(pause));
        }
        await anna.Expect($"<message id='1' type='error'>{Error("undefined-condition")}</message>");
        FarLine last = await far.Welcome(managed: true);
        await last.Expect("<message id='2'/>");
        Queue(play).ShouldHaveSingleItem();
        // An acknowledgement is life: the next stream comes at once.
        await last.Send("<a xmlns='urn:xmpp:sm:3' h='1'/>");
        await last.Send("<r xmlns='urn:xmpp:sm:3'/>");
        await last.Expect("<a xmlns='urn:xmpp:sm:3' h='0'/>");
        await anna.Send($"<message to='{Bob}' id='3' type='chat'><body>ha</body></message>");
        await last.Expect("<message id='3'/>");
        await last.Cut();
        await (await far.Welcome()).Expect("<message id='3'/>");
    }

    // XEP-0198 §4: the peer cannot have more than it was sent.
    [Fact]
    public async Task Too_high_an_acknowledgement_ends_the_stream()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        FarLine line = await far.Welcome(managed: true);
        await line.Expect("<message id='1'/>");
        await line.Send("<a xmlns='urn:xmpp:sm:3' h='5'/>");
        await line.Expect(
            "<stream:error><handled-count-too-high xmlns='urn:xmpp:sm:3' h='5' send-count='1'/></stream:error>"
        );
        await (await far.Welcome()).Expect("<message id='1'/>");
    }

    // Federation 2: what was acknowledged to a client survives a crash, in order, and says when it was sent.
    [Theory, Framings]
    public async Task Messages_and_requests_survive_a_restart(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        far.IsUp = false;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Ask("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await anna.Send($"<presence to='{Bob}' type='subscribe' id='2'/>");
        await anna.Send(
            $"<message to='{Bob}' id='3' type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
        );
        await anna.Send($"<message to='{Bob}' id='4' type='chat'><body>ho</body></message>");
        await anna.Ping();
        await play.Log.Says("was not reached");
        Queue(play).Count.ShouldBe(3);
        far.IsUp = true;
        await play.Restart(crash: true);
        FarLine line = await far.Welcome();
        await line.Expect(
            "<message id='1'><body>hi</body><delay xmlns='urn:xmpp:delay' from='kith.test' stamp='{any}'/></message>"
        );
        await line.Expect($"<presence from='anna@kith.test' to='{Bob}' type='subscribe' id='2'/>");
        await line.Expect("<message id='4'><body>ho</body></message>");
    }

    // Federation 9: what waits is under the settings of now.
    [Fact]
    public async Task What_waited_goes_back_where_it_may_go_no_more()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        far.IsUp = false;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await play.Log.Says("was not reached");
        play.Federation = play.Federation! with { Domains = ["!" + FarServer.Domain] };
        await play.Restart(crash: true);
        Actor tablet = await play.Connect("anna", "tablet");
        (await tablet.Expect("<message from='kith.test'><body/></message>")).Find("body").Value.ShouldContain(Bob);
        Queue(play).ShouldBeEmpty();
        far.LookUps.Count.ShouldBe(1);
    }

    // Federation 4: a known server is waited for; IQs and presence for minutes.
    [Theory, Framings]
    public async Task A_known_server_that_is_down_is_waited_for(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        FarLine line = await far.Welcome();
        await line.Expect("<message id='1'/>");
        far.IsUp = false;
        await line.Close();
        await line.ExpectEnd();
        await anna.Send($"<message to='{Bob}' id='2' type='chat'><body>ho</body></message>");
        await anna.Send($"<iq to='{Bob}/x' id='3' type='get'><a xmlns='b'/></iq>");
        await play.Log.Says("was not reached, ");
        await play.Advance(TimeSpan.FromMinutes(3));
        await anna.Await($"<iq id='3' type='error'>{Error("remote-server-timeout")}</iq>");
        far.LookUps.Count.ShouldBeLessThan(8);
        far.IsUp = true;
        // It shows itself before the next attempt is due.
        await far.Enter();
        line = await far.Welcome();
        await line.Expect("<message id='2'><delay xmlns='urn:xmpp:delay' from='kith.test'/></message>");
    }

    // Federation 4: one false answer of a name server costs nothing.
    [Fact]
    public async Task A_known_server_is_waited_for_although_its_name_is_gone()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        FarLine line = await far.Welcome();
        await line.Expect("<message id='1'/>");
        far.Domains.Clear();
        await line.Close();
        await line.ExpectEnd();
        await anna.Send($"<message to='{Bob}' id='2' type='chat'><body>ho</body></message>");
        await play.Log.Says("was not reached");
        await play.ExpectNothing(anna);
        far.Domains.Add(FarServer.Domain);
        await far.Enter();
        await (await far.Welcome()).Expect("<message id='2'/>");
    }

    // Federation 4: …and then its sender is told.
    [Fact]
    public async Task What_waited_too_long_goes_back()
    {
        (Play play, FarServer far) = await FarServer.StartAsync(options: o =>
            o with
            {
                QueueTime = TimeSpan.FromHours(4),
            }
        );
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        FarLine line = await far.Welcome();
        await line.Expect("<message id='1'/>");
        far.IsUp = false;
        await line.Close();
        await line.ExpectEnd();
        await anna.Send($"<message to='{Bob}' id='2' type='chat'><body>ho</body></message>");
        await play.Log.Says("was not reached");
        await play.Advance(TimeSpan.FromHours(3));
        await play.ExpectNothing(anna);
        Queue(play).ShouldHaveSingleItem();
        await play.Advance(TimeSpan.FromHours(2));
        await anna.Expect($"<message id='2' type='error' from='{Bob}'>{Error("remote-server-timeout")}</message>");
        Queue(play).ShouldBeEmpty();
    }

    // Federation 4: who is gone by then hears it from the box, once for each contact.
    [Fact]
    public async Task Who_has_gone_hears_from_the_box_what_did_not_arrive()
    {
        (Play play, FarServer far) = await FarServer.StartAsync(options: o =>
            o with
            {
                QueueTime = TimeSpan.FromHours(4),
            }
        );
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        FarLine line = await far.Welcome();
        await line.Expect("<message id='1'/>");
        far.IsUp = false;
        await line.Close();
        await line.ExpectEnd();
        await anna.Send($"<message to='{Bob}' id='2' type='chat'><body>ho</body></message>");
        await anna.Send($"<message to='{Bob}' id='3' type='chat'><body>ha</body></message>");
        await anna.Leave();
        await play.Log.Says("was not reached");
        await play.Advance(TimeSpan.FromHours(5));
        await play.Log.Says("was not reached, 0");
        Actor tablet = await play.Connect("anna", "tablet");
        (await tablet.Expect("<message from='kith.test'><body/></message>")).Find("body").Value.ShouldContain(Bob);
        await play.ExpectNothing(tablet);
    }

    // Federation 5: XEP-0288; the answer comes by the same stream, the reverse of what was proved and no other.
    [Fact]
    public async Task A_peer_may_answer_on_the_same_stream()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        FarLine line = await far.Welcome(bidi: true, managed: true);
        await line.Expect("<message id='1'/>");
        await line.Send($"<message from='{Bob}/x' to='{anna.Jid}' id='2' type='chat'><body>ho</body></message>");
        await anna.Expect($"<message from='{Bob}/x' id='2'><body>ho</body></message>");
        await line.Send("<r xmlns='urn:xmpp:sm:3'/>");
        await line.Expect("<a xmlns='urn:xmpp:sm:3' h='1'/>");
        await line.Send($"<message from='x@other.test' to='{anna.Jid}' id='3'><body>ho</body></message>");
        await line.ExpectEnd("invalid-from");
    }

    // Federation 2, 5: XEP-0198 §3; a peer may send before it says that it counts, as much as it may afterwards.
    [Theory]
    [InlineData("<enabled xmlns='urn:xmpp:sm:3'/>")]
    [InlineData("<failed xmlns='urn:xmpp:sm:3'/>")]
    public async Task A_peer_may_answer_before_it_counts(string answer)
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        FarLine line = await far.Accept();
        await line.AcceptTls();
        await line.AcceptExternal(bidi: true, features: "<sm xmlns='urn:xmpp:sm:3'/>");
        await line.Expect("<enable xmlns='urn:xmpp:sm:3'/>");
        await line.Send(
            $"<message from='{Bob}/x' to='{anna.Jid}' id='2' type='chat'><body>{new string('x', 100_000)}</body></message>"
        );
        await anna.Expect($"<message from='{Bob}/x' id='2'/>");
        await line.Send(answer);
        await line.Expect("<message id='1'/>");
        await line.Send($"<message from='{Bob}/x' to='{anna.Jid}' id='3' type='chat'><body>ho</body></message>");
        await anna.Expect($"<message from='{Bob}/x' id='3'/>");
        if (!answer.StartsWith("<enabled", StringComparison.Ordinal))
            return;
        await line.Send("<r xmlns='urn:xmpp:sm:3'/>");
        await line.Expect("<a xmlns='urn:xmpp:sm:3' h='1'/>");
    }

    // Federation 4: who offers to count and never does is not waited for.
    [Fact]
    public async Task Who_does_not_say_whether_it_counts_is_left()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        FarLine line = await far.Accept();
        await line.AcceptTls();
        await line.AcceptExternal(features: "<sm xmlns='urn:xmpp:sm:3'/>");
        await line.Expect("<enable xmlns='urn:xmpp:sm:3'/>");
        await play.Advance(TimeSpan.FromSeconds(play.Options.AuthenticateSeconds + 1));
        await line.ExpectEnd("connection-timeout");
        await play.Log.Says("was not reached");
        await play.Advance(TimeSpan.FromSeconds(10));
        await (await far.Welcome(managed: true)).Expect("<message id='1'/>");
    }

    // Federation 5: without it nothing is taken on a stream that we began.
    [Fact]
    public async Task Nobody_sends_on_a_stream_that_we_began_unasked()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        FarLine line = await far.Welcome();
        await line.Expect("<message id='1'/>");
        await line.Send($"<message from='{Bob}/x' to='{anna.Jid}' id='2'><body>ho</body></message>");
        await line.ExpectEnd("not-authorized");
        await play.ExpectNothing(anna);
    }

    // Federation 6: idle streams are closed in order, and made again where there is something to send.
    [Fact]
    public async Task An_idle_stream_is_closed_and_made_again()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        FarLine line = await far.Welcome();
        await line.Expect("<message id='1'/>");
        await play.Advance(TimeSpan.FromMinutes(16));
        (await line.Read()).ShouldBeNull();
        await anna.Send($"<message to='{Bob}' id='2' type='chat'><body>ho</body></message>");
        await anna.Ping();
        await line.Close();
        await (await far.Welcome()).Expect("<message id='2'/>");
    }

    // Federation 4: a flood of unknown domains is not passed on to the name servers.
    [Fact]
    public async Task One_account_reaches_out_for_so_many_new_servers()
    {
        (Play play, FarServer far) = await FarServer.StartAsync(options: o => o with { NewDomainsPerAccount = 3 });
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        for (int i = 0; i < 6; i++)
            await anna.Send($"<message to='x@n{i}.test' id='{i}'><body>hi</body></message>");
        for (int i = 0; i < 6; i++)
            await anna.Await($"<message type='error'/>");
        far.LookUps.Count.ShouldBe(3);
        Actor ben = await play.Connect("ben", "phone");
        await ben.Send($"<message to='{Bob}' id='1'><body>hi</body></message>");
        await (await far.Welcome()).Expect("<message id='1'/>");
    }

    // Federation 4: nor by what a list would not say.
    [Fact]
    public async Task What_ends_no_subscription_reaches_out_no_further()
    {
        (Play play, FarServer far) = await FarServer.StartAsync(options: o => o with { NewDomainsPerAccount = 2 });
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        for (int i = 0; i < 6; i++)
            await anna.Send($"<presence to='x@n{i}.test' type='unsubscribe'/>");
        await anna.Ping();
        await play.Log.Says("n0.test was not reached");
        await play.Log.Says("n1.test was not reached");
        far.LookUps.ShouldBe(["n0.test", "n1.test"], ignoreOrder: true);
    }

    // Federation 4: nor through a room (XEP-0045 §7.8.2).
    [Fact]
    public async Task Invitations_reach_out_no_further()
    {
        (Play play, FarServer far) = await FarServer.StartAsync(options: o => o with { NewDomainsPerAccount = 1 });
        await using Play _ = play;
        const string Room = "tea@groups.kith.test";
        Actor anna = await play.Connect("anna", "phone");
        anna.SeesPresence = true;
        await anna.Send($"<presence to='{Room}/anna'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
        await anna.Await($"<presence from='{Room}/anna'/>");
        await anna.Ask(
            $"<iq to='{Room}' type='set'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>"
        );
        foreach (string domain in (string[])[FarServer.Domain, "n1.test"])
            await anna.Send(
                $"<message to='{Room}' id='{domain}'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='x@{domain}'/></x></message>"
            );
        await anna.Await($"<message id='n1.test' type='error'>{Error("resource-constraint")}</message>");
        FarLine line = await far.Accept();
        await line.AcceptTls(to: "groups.kith.test");
        await line.AcceptExternal(to: "groups.kith.test");
        await line.Expect($"<message from='{Room}' to='x@{FarServer.Domain}'/>");
        far.LookUps.ShouldBe([FarServer.Domain]);
    }

    // Federation 4: a home that has talked to many remembers those that it talks to.
    [Fact]
    public async Task Who_is_long_idle_is_forgotten()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        FarLine line = await far.Welcome();
        await line.Expect("<message id='1'/>");
        await line.Close();
        await line.ExpectEnd();
        await play.Advance(TimeSpan.FromMinutes(5));
        play.Server.Others!.Pairs.ShouldBe(1);
        await play.Advance(TimeSpan.FromMinutes(20));
        play.Server.Others.Pairs.ShouldBe(0);
        await anna.Send($"<message to='{Bob}' id='2' type='chat'><body>hi</body></message>");
        await (await far.Welcome()).Expect("<message id='2'/>");
    }

    // Federation 4: so much waits for all of them, and what has gone does not count.
    [Fact]
    public async Task What_waits_for_all_servers_is_bounded()
    {
        (Play play, FarServer far) = await FarServer.StartAsync(options: o => o with { MostBytesInAll = 2_000 });
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        string body = new('x', 900);
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>{body}</body></message>");
        FarLine line = await far.Welcome();
        await line.Expect("<message id='1'/>");
        await anna.Send($"<message to='{Bob}' id='2' type='chat'><body>{body}</body></message>");
        await line.Expect("<message id='2'/>");
        await play.Advance(TimeSpan.FromSeconds(2));
        far.Domains.UnionWith(["n3.test", "n4.test"]);
        far.IsUp = false;
        for (int i = 3; i <= 4; i++)
            await anna.Send($"<message to='x@n{i}.test' id='{i}' type='chat'><body>{body}</body></message>");
        await play.ExpectNothing(anna);
        await anna.Send("<message to='x@n5.test' id='5' type='chat'><body>hi</body></message>");
        await anna.Expect($"<message id='5' type='error'>{Error("resource-constraint")}</message>");
    }

    // Federation 4: the ways to a server are as many as its zone says, and each may lead nowhere.
    [Fact]
    public async Task So_many_ways_are_tried()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        (far.IsUp, far.Routes) = (false, 300);
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1'><body>hi</body></message>");
        await play.Log.Says("was not reached");
        far.Attempts.ShouldBe(8);
    }

    // Federation 4: …and who lets each attempt wait is left after a minute in all.
    [Fact]
    public async Task Reaching_a_server_takes_a_minute_at_most()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        far.Routes = 300;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1'><body>hi</body></message>");
        await far.Accept();
        await play.Advance(TimeSpan.FromSeconds(20));
        far.Attempts.ShouldBe(1);
        await play.Advance(TimeSpan.FromSeconds(11));
        await far.Accept();
        await play.Advance(TimeSpan.FromSeconds(29));
        await play.Log.Says("was not reached");
        far.Attempts.ShouldBe(2);
    }

    // Federation 4: so much waits for one server, the rest is told so.
    [Fact]
    public async Task What_waits_for_one_server_is_bounded()
    {
        (Play play, FarServer far) = await FarServer.StartAsync(options: o => o with { MostStanzas = 2 });
        await using Play _ = play;
        far.IsUp = false;
        Actor anna = await play.Connect("anna", "phone");
        for (int i = 1; i <= 2; i++)
            await anna.Send($"<message to='{Bob}' id='{i}'><body>hi</body></message>");
        await anna.Ping();
        await anna.Send($"<message to='{Bob}' id='3'><body>hi</body></message>");
        await anna.Expect($"<message id='3' type='error'>{Error("resource-constraint")}</message>");
    }
}
