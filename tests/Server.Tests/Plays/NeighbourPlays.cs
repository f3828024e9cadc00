using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Extensions;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>What goes to and comes from domains that are not the household's own (README, "Beyond the accounts").</summary>
public sealed class NeighbourPlays
{
    private const string Away = "away.test";
    private const string Bob = "bob@away.test";

    private static async Task<(Play Play, Neighbour Away)> StartAsync(Framing framing)
    {
        Play play = await Play.StartAsync(framing);
        var neighbour = new Neighbour(play, Away);
        play.Server.Dispatcher.Services.Add(neighbour).ShouldBeTrue();
        return (play, neighbour);
    }

    // Beyond 1.
    [Theory, Framings]
    public async Task Messages_presence_and_iqs_reach_a_service_in_the_order_in_which_they_were_sent(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        play.Disk.Hold();
        await anna.Send($"<message to='anna@kith.test'><body>first a commit</body></message>");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await anna.Send($"<presence to='{Bob}/x' id='2'/>");
        await anna.Send($"<iq to='{Bob}/x' id='3' type='result'/>");
        await play.Disk.Holds(4);
        play.Disk.Continue();
        await away.Expect($"<message from='{anna.Jid}' to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await away.Expect($"<presence from='{anna.Jid}' to='{Bob}/x' id='2'/>");
        await away.Expect($"<iq from='{anna.Jid}' to='{Bob}/x' id='3' type='result'/>");
        await away.ExpectNothing();
    }

    // Beyond 1: RFC 6120 §8.3.3.16.
    [Theory, Framings]
    public async Task A_domain_without_a_service_does_not_exist(Framing framing)
    {
        (Play play, Neighbour _) = await StartAsync(framing);
        await using Play __ = play;
        Actor anna = await play.Connect("anna", "phone");
        const string Error =
            "<error type='cancel'><remote-server-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";
        await play.Watch(anna);
        await anna.Send("<message to='x@nowhere.test'><body>hi</body></message>");
        await anna.Expect($"<message from='x@nowhere.test' type='error'>{Error}</message>");
        await anna.Send("<presence to='x@nowhere.test/y'/>");
        await anna.Expect($"<presence from='x@nowhere.test/y' type='error'>{Error}</presence>");
        await anna.Send("<presence to='x@nowhere.test' type='subscribe'/>");
        await anna.Expect($"<presence from='x@nowhere.test' type='error'>{Error}</presence>");
        await anna.Ask("<iq type='get' to='x@nowhere.test'><a xmlns='b'/></iq>", $"<iq type='error'>{Error}</iq>");
        var elsewhere = new Neighbour(play, "elsewhere.test");
        play.Server.Dispatcher.Services.Elsewhere = elsewhere;
        await anna.Send("<message to='x@nowhere.test'><body>hi</body></message>");
        await elsewhere.Expect("<message to='x@nowhere.test'/>");
    }

    // Beyond 2: what is to a third domain is not passed on.
    [Theory, Framings]
    public async Task The_house_relays_for_nobody(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        var elsewhere = new Neighbour(play, "elsewhere.test");
        play.Server.Dispatcher.Services.Elsewhere = elsewhere;
        await away.Send($"<message from='{Bob}/x' to='eve@third.test' id='m'><body>hi</body></message>");
        await away.Expect($"<message from='eve@third.test' to='{Bob}/x' id='m' type='error'/>");
        await elsewhere.ExpectNothing();
    }

    // Beyond 1.
    [Theory, Framings]
    public async Task A_service_answers_requests_and_a_fault_of_it_is_the_senders(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        away.Answer = iq => Reply.Result(new XmlBuilder().Start("pong", "x").Attribute("to", iq.From));
        await anna.Ask(
            $"<iq type='get' to='{Away}'><ping xmlns='x'/></iq>",
            $"<iq type='result' from='{Away}'><pong xmlns='x' to='{anna.Jid}'/></iq>"
        );
        await anna.Ask(
            $"<iq type='get' to='{Away}'/>",
            "<iq type='error'><error><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        );
        away.OnMessage = (_, _) => throw new StanzaErrorException(StanzaError.Forbidden());
        await anna.Send($"<message to='{Away}' id='m'><body>hi</body></message>");
        await anna.Expect($"<message from='{Away}' id='m' type='error'><error type='auth'/></message>");
    }

    // Beyond 3: RFC 6121 §4.6.3.
    [Theory, Framings]
    public async Task Directed_presence_ends_with_the_session_and_not_before(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone", managed: true);
        await anna.Send($"<presence to='{Bob}/x'/>");
        await anna.Send($"<presence to='{Bob}/y'/>");
        await anna.Send($"<presence to='{Bob}/y' type='unavailable'/>");
        await away.Expect($"<presence from='{anna.Jid}' to='{Bob}/x'/>");
        await away.Expect($"<presence from='{anna.Jid}' to='{Bob}/y'/>");
        await away.Expect($"<presence from='{anna.Jid}' to='{Bob}/y' type='unavailable'/>");
        await anna.Cut();
        await away.ExpectNothing();
        await play.Advance(TimeSpan.FromSeconds(play.Options.ResumeSeconds + 1));
        await play.Server.Stores.Database.SettledAsync();
        await away.Expect($"<presence from='{anna.Jid}' to='{Bob}/x' type='unavailable'/>");
        await away.ExpectNothing();
    }

    // Beyond 3: who goes and comes back at once is there.
    [Theory, Framings]
    public async Task Presence_that_was_sent_after_going_offline_stays(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<presence to='{Bob}/x'/>");
        await away.Expect($"<presence to='{Bob}/x' type='{{none}}'/>");
        play.Disk.Hold();
        await anna.Send("<presence type='unavailable'><status>bye</status></presence>");
        await anna.Send("<presence/>");
        await anna.Send($"<presence to='{Bob}/x'/>");
        await play.Disk.Holds(4);
        play.Disk.Continue();
        await away.Expect($"<presence to='{Bob}/x' type='unavailable'><status>bye</status></presence>");
        await away.Expect($"<presence to='{Bob}/x' type='{{none}}'/>");
        await away.ExpectNothing();
    }

    // Beyond 4: archived for the recipient, kept for later, delivered and copied like any message.
    [Theory, Framings]
    public async Task A_message_from_a_service_is_a_message(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        await play.AddAccount("anna");
        await away.Send($"<message from='{Bob}/x' to='anna@kith.test' type='chat' id='m'><body>hi</body></message>");
        await play.Settle();
        Actor anna = await play.Connect("anna", "phone");
        await anna.Expect(
            $"<message from='{Bob}/x' id='m'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0'/><delay xmlns='urn:xmpp:delay'/></message>"
        );
        Actor tablet = await play.Connect("anna", "tablet", carbons: true);
        await away.Send($"<message from='{Bob}/x' to='{anna.Jid}' type='chat' id='n'><body>ho</body></message>");
        await anna.Expect($"<message from='{Bob}/x' id='n'><body>ho</body></message>");
        await tablet.Expect(
            "<message><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'/></received></message>"
        );
    }

    // Beyond 4: RFC 6121 §8.5; nobody there, and none of that name, look the same.
    [Theory, Framings]
    public async Task What_cannot_be_delivered_goes_back_to_the_service(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        await play.AddAccount("anna");
        foreach (string name in (string[])["anna", "nobody"])
        {
            await away.Send($"<message from='{Bob}/x' to='{name}@kith.test/none' id='m'><body>hi</body></message>");
            await away.Expect(
                $"<message from='{name}@kith.test/none' to='{Bob}/x' id='m' type='error'><error><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
            );
            await away.Send($"<message from='{Bob}/x' to='{name}@kith.test/none' type='error'/>");
            await away.Send($"<iq from='{Bob}/x' to='{name}@kith.test/none' id='i' type='get'><a xmlns='b'/></iq>");
            await away.Expect($"<iq from='{name}@kith.test/none' to='{Bob}/x' id='i' type='error'/>");
            await away.Send(
                $"<iq from='{Bob}/x' to='{name}@kith.test' id='i' type='get'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"
            );
            await away.Expect($"<iq from='{name}@kith.test' to='{Bob}/x' id='i' type='error'/>");
            await away.Send($"<presence from='{Bob}/x' to='{name}@kith.test' type='probe'/>");
            await away.Expect($"<presence from='{name}@kith.test' to='{Bob}' type='unsubscribed'/>");
        }
        await away.ExpectNothing();
        await away.Send($"<iq from='{Bob}/x' to='kith.test' id='i' type='get'><query xmlns='jabber:iq:version'/></iq>");
        await away.Expect($"<iq from='kith.test' to='{Bob}/x' id='i' type='result'/>");
    }

    // Beyond 4: RFC 6121 §8.5.3.1.
    [Theory, Framings]
    public async Task A_client_is_asked_from_elsewhere_only_by_who_knows_that_it_is_there(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        string question = $"<iq from='{Bob}/x' to='{anna.Jid}' id='i' type='get'><a xmlns='b'/></iq>";
        await away.Send(question);
        await away.Expect("<iq id='i' type='error'/>");
        await anna.Send($"<presence to='{Bob}/x'/>");
        await away.Expect($"<presence from='{anna.Jid}'/>");
        await away.Send(question);
        await anna.Expect($"<iq from='{Bob}/x' id='i' type='get'/>");
        await anna.Send($"<presence to='{Bob}/x' type='unavailable'/>");
        await away.Expect("<presence type='unavailable'/>");
        await away.Send(question);
        await away.Expect("<iq id='i' type='error'/>");
        await play.ExpectNothing(anna);
    }

    // Beyond 5: RFC 6121 §3.1, §4.2 to §4.5, with somebody elsewhere.
    [Theory, Framings]
    public async Task Somebody_elsewhere_subscribes_sees_who_is_there_and_stops(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Ask("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
        await play.Watch(anna);
        await away.Send($"<presence from='{Bob}' to='anna@kith.test' type='subscribe'/>");
        await anna.Expect($"<presence from='{Bob}' type='subscribe'/>");
        await anna.Send($"<presence to='{Bob}' type='subscribed'/>");
        await away.Expect($"<presence from='anna@kith.test' to='{Bob}' type='subscribed'/>");
        await away.Expect($"<presence from='{anna.Jid}' to='{Bob}' type='{{none}}'/>");
        await anna.Send("<presence><show>away</show></presence>");
        await away.Expect($"<presence from='{anna.Jid}' to='{Bob}'><show>away</show></presence>");
        await away.Send($"<presence from='{Bob}/x' to='anna@kith.test' type='probe'/>");
        await away.Expect($"<presence from='{anna.Jid}' to='{Bob}/x'><show>away</show></presence>");
        await away.Send($"<presence from='{Bob}' to='anna@kith.test' type='unsubscribe'/>");
        await away.Expect($"<presence from='{anna.Jid}' to='{Bob}' type='unavailable'/>");
        await anna.Leave();
        await away.ExpectNothing();
    }

    // Beyond 5: RFC 6121 §3.1, §3.3, §4.3.
    [Theory, Framings]
    public async Task Somebody_here_follows_somebody_elsewhere(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        anna.SeesPresence = true;
        await anna.Ask("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
        anna.Forget();
        await anna.Send($"<presence to='{Bob}' type='subscribe' id='s'/>");
        await away.Expect($"<presence from='anna@kith.test' to='{Bob}' type='subscribe' id='s'/>");
        await anna.Await("<iq type='set'><query xmlns='jabber:iq:roster'><item ask='subscribe'/></query></iq>");
        await away.Send($"<presence from='{Bob}' to='anna@kith.test' type='subscribed'/>");
        await anna.Await("<iq type='set'><query xmlns='jabber:iq:roster'><item subscription='to'/></query></iq>");
        await away.Send($"<presence from='{Bob}/x' to='anna@kith.test'/>");
        await anna.Await($"<presence from='{Bob}/x' type='{{none}}'/>");
        Actor tablet = await play.Connect("anna", "tablet");
        await away.Expect($"<presence from='{tablet.Jid}' to='{Bob}' type='probe'/>");
        await anna.Ask(RosterPlays.Set($"<item jid='{Bob}' subscription='remove'/>"));
        await away.Expect($"<presence from='anna@kith.test' to='{Bob}' type='unsubscribe'/>");
        await away.ExpectNothing();
    }

    // Beyond 6, Reach 2: in both directions and for every kind, unless a guardian approved the address.
    [Theory, Framings]
    public async Task A_limited_account_and_a_neighbour_do_not_meet(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        await play.AddAccount("child", Role.Limited);
        Actor child = await play.Connect("child", "tablet");
        await play.Watch(child);
        await away.Send($"<message from='{Bob}/x' to='{child.Jid}' id='m'><body>hi</body></message>");
        await away.Expect("<message type='error'/>");
        await away.Send($"<presence from='{Bob}/x' to='{child.Jid}'/>");
        await away.Send($"<presence from='{Bob}' to='{child.Bare}' type='subscribe'/>");
        await away.Send($"<presence from='{Bob}/x' to='{child.Bare}' type='probe'/>");
        await away.Expect("<presence type='unsubscribed'/>");
        await away.Send($"<iq from='{Bob}/x' to='{child.Jid}' id='i' type='get'><a xmlns='b'/></iq>");
        await away.Expect("<iq type='error'/>");
        await play.ExpectNothing(child);
        await child.Send($"<message to='{Bob}'><body>hi</body></message>");
        await child.Expect("<message type='error'/>");
        await child.Send($"<presence to='{Bob}/x'/>");
        await child.Expect("<presence type='error'/>");
        await child.Send($"<presence to='{Bob}' type='subscribe'/>");
        await child.Expect("<presence type='error'/>");
        await child.Ask($"<iq type='get' to='{Bob}'><a xmlns='b'/></iq>", "<iq type='error'/>");
        await away.ExpectNothing();
        await play.Server.Home.Approvals.AllowAsync("child", Bob);
        await child.Send($"<message to='{Bob}'><body>hi</body></message>");
        await away.Expect("<message><body>hi</body></message>");
        await away.Send($"<message from='{Bob}/x' to='{child.Jid}' id='m'><body>ho</body></message>");
        await child.Expect("<message><body>ho</body></message>");
    }

    // Beyond 6, Reach 4: XEP-0191 §3.3, §3.5.
    [Theory, Framings]
    public async Task A_blocked_domain_is_blocked_both_ways(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<presence to='{Bob}/x'/>");
        await away.Expect($"<presence to='{Bob}/x'/>");
        await anna.Ask($"<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='{Away}'/></block></iq>");
        await away.Expect($"<presence from='{anna.Jid}' to='{Bob}/x' type='unavailable'/>");
        await anna.Send($"<message to='{Bob}'><body>hi</body></message>");
        await anna.Expect(
            "<message type='error'><error><not-acceptable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        );
        await away.Send($"<message from='{Bob}/x' to='{anna.Jid}' id='m'><body>hi</body></message>");
        await away.Expect("<message type='error'/>");
        await anna.Leave();
        await away.ExpectNothing();
    }

    // Beyond 4: what a service lets leave is in the sender's archive and on the sender's other devices, after the commit.
    [Theory, Framings]
    public async Task A_message_leaves_through_its_senders_stages(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        Actor tablet = await play.Connect("anna", "tablet", carbons: true);
        away.OnMessage = (origin, message) =>
            origin.Perform(
                message,
                play.Server.Dispatcher.Messages.Leaving(
                    origin,
                    message,
                    left => away.Note(Origin.Elsewhere(play.Server, left.From!), left)
                )
            );
        await anna.Send(
            $"<message to='{Bob}' type='chat'><body>hi</body><delay xmlns='urn:xmpp:delay' stamp='2002-09-10T23:08:25Z'/></message>"
        );
        await away.Expect($"<message from='{anna.Jid}' to='{Bob}'><body>hi</body></message>");
        await tablet.Expect("<message><sent xmlns='urn:xmpp:carbons:2'/></message>");
        await anna.Send("<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2'/></iq>");
        var result = await anna.Await("<message><result xmlns='urn:xmpp:mam:2'/></message>");
        result.Find("body").Value.ShouldBe("hi");
        result.Without("delay", "jabber:client");
    }

    // Life 4, Beyond 1: one that cannot be written is answered, and what memory knew is taken back.
    [Theory, Framings]
    public async Task An_effect_that_cannot_be_written_fails_alone(Framing framing)
    {
        (Play play, Neighbour away) = await StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        var failed = 0;
        away.OnMessage = (origin, message) => origin.Perform(message, new Faulty(() => failed++));
        play.Disk.Hold();
        await anna.Send($"<message to='{Bob}' id='m'><body>hi</body></message>");
        await play.Disk.Holds(1);
        play.Disk.Fail(new StorageException("full") { DiskFull = true });
        await anna.Expect(
            "<message id='m' type='error'><error><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        );
        failed.ShouldBe(1);
        play.Log.TakeFailures();
    }

    private sealed class Faulty(Action failed) : Effect
    {
        public override bool Writes => true;

        public override void Released() => throw new InvalidOperationException("was not written");

        public override void Failed() => failed();
    }
}
