using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Plays.Federation;

/// <summary>Contacts at other servers: who is there (README, "Federation" 11).</summary>
public sealed class ContactPlays
{
    private const string Bob = "bob@" + FarServer.Domain;
    private const string Groups = "groups.kith.test";

    // Anna and Bob see each other; what that takes has come and gone.
    private static async Task<(Actor Anna, FarLine Line)> Befriend(Play play, FarServer far)
    {
        Actor anna = await play.Connect("anna", "phone");
        anna.SeesPresence = true;
        await anna.Ask("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
        await anna.Send($"<presence to='{Bob}' type='subscribe'/>");
        FarLine line = await far.Welcome(bidi: true);
        await line.Expect($"<presence from='anna@kith.test' to='{Bob}' type='subscribe'/>");
        await line.Send($"<presence from='{Bob}' to='anna@kith.test' type='subscribed'/>");
        await line.Send($"<presence from='{Bob}' to='anna@kith.test' type='subscribe'/>");
        await anna.Await($"<presence from='{Bob}' type='subscribe'/>");
        await anna.Send($"<presence to='{Bob}' type='subscribed'/>");
        await line.Expect("<presence type='subscribed'/>");
        await line.Expect($"<presence from='{anna.Jid}' to='{Bob}' type='{{none}}'/>");
        await line.Send($"<presence from='{Bob}/x' to='anna@kith.test'/>");
        await anna.Await($"<presence from='{Bob}/x' type='{{none}}'/>");
        anna.Forget();
        return (anna, line);
    }

    // RFC 6121 §4.2.2, §4.3: a server that was cut off may have been started anew.
    [Theory, Framings]
    public async Task A_server_that_was_cut_off_hears_again_who_is_here(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        (Actor anna, FarLine line) = await Befriend(play, far);
        await line.Cut();
        line = await far.Welcome();
        await line.Expect($"<presence from='{anna.Jid}' to='{Bob}' type='{{none}}'/>");
        await line.Expect($"<presence from='{anna.Jid}' to='{Bob}' type='probe'/>");
    }

    // A server that closes a stream in order is still there.
    [Fact]
    public async Task A_closed_stream_says_nothing_of_who_is_there()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        (Actor anna, FarLine line) = await Befriend(play, far);
        await line.Close();
        await line.ExpectEnd();
        await play.ExpectNothing(anna);
        await anna.Send("<presence><show>away</show></presence>");
        await (await far.Welcome()).Expect($"<presence from='{anna.Jid}' to='{Bob}'><show>away</show></presence>");
    }

    // RFC 6121 §4.2.2: whoever cannot be asked is not there.
    [Theory, Framings]
    public async Task The_people_of_a_lost_server_are_unavailable(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        (Actor anna, FarLine line) = await Befriend(play, far);
        far.IsUp = false;
        await line.Cut();
        await play.Log.Says("was not reached");
        await play.Advance(TimeSpan.FromMinutes(3));
        await anna.Await($"<presence from='{Bob}' type='unavailable'/>");
        // What comes back is asked for who is there.
        far.IsUp = true;
        line = await far.Enter(bidi: true);
        await line.Expect($"<presence from='{anna.Jid}' to='{Bob}' type='{{none}}'/>");
        await line.Expect($"<presence from='{anna.Jid}' to='{Bob}' type='probe'/>");
    }

    // Federation 2: what a list here says its server hears, however much waits for it, and after a restart too.
    [Theory, Framings]
    public async Task A_grant_waits_for_its_server_although_the_queue_is_full(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing, o => o with { MostStanzas = 1 });
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        anna.SeesPresence = true;
        FarLine line = await far.Enter();
        await line.Send($"<presence from='{Bob}' to='anna@kith.test' type='subscribe'/>");
        await anna.Await($"<presence from='{Bob}' type='subscribe'/>");
        far.IsUp = false;
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await anna.Ping();
        await anna.Send($"<presence to='{Bob}' type='subscribed'/>");
        await play.Settle();
        far.IsUp = true;
        await play.Restart(crash: true);
        line = await far.Welcome();
        await line.Expect("<message id='1'/>");
        await line.Expect($"<presence from='anna@kith.test' to='{Bob}' type='subscribed'/>");
    }

    // Federation 2, RFC 6121 §3.1.3: also where nobody is asked, because it was granted before.
    [Fact]
    public async Task A_grant_without_a_question_survives_a_restart()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<presence to='{Bob}' type='subscribed'/>");
        await anna.Ping();
        far.IsUp = false;
        FarLine line = await far.Enter(managed: true);
        await line.Send($"<presence from='{Bob}' to='anna@kith.test' type='subscribe'/>");
        await line.Send("<r xmlns='urn:xmpp:sm:3'/>");
        await line.Expect("<a xmlns='urn:xmpp:sm:3' h='1'/>");
        far.IsUp = true;
        await play.Restart(crash: true);
        await (await far.Welcome()).Expect($"<presence from='anna@kith.test' to='{Bob}' type='subscribed'/>");
    }

    // Beyond 5: anybody may ask, so what is kept of it is bounded.
    [Fact]
    public async Task Requests_that_wait_are_small_and_not_many()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        await play.AddAccount("anna");
        FarLine line = await far.Enter(managed: true);
        await line.Send(
            $"<presence from='{Bob}' to='anna@kith.test' type='subscribe'><status>hi</status>"
                + "<nick xmlns='http://jabber.org/protocol/nick'>Bob</nick>"
                + $"<x xmlns='y'>{new string('x', 400_000)}</x></presence>"
        );
        for (int i = 0; i < 60; i++)
            await line.Send($"<presence from='b{i}@away.test' to='anna@kith.test' type='subscribe'/>");
        await line.Send("<r xmlns='urn:xmpp:sm:3'/>");
        await line.Expect("<a xmlns='urn:xmpp:sm:3' h='61'/>");
        play.Account("anna").Stored.Count.ShouldBe(50);
        Actor anna = await play.Connect("anna", "phone");
        anna.SeesPresence = true;
        XElement request = await anna.Await($"<presence from='{Bob}' type='subscribe'><status>hi</status></presence>");
        request.Elements().Select(child => child.Name.LocalName).ShouldBe(["status", "nick"]);
    }

    // Reach 5, XEP-0012 §4: who was shown that a client is there does not hear how long it was left alone.
    [Fact]
    public async Task Idle_times_are_for_subscribers_alone()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<presence to='{Bob}/x'/>");
        FarLine line = await far.Welcome(bidi: true);
        await line.Expect($"<presence from='{anna.Jid}' to='{Bob}/x'/>");
        await line.Send($"<iq from='{Bob}/x' to='{anna.Jid}' id='1' type='get'><query xmlns='jabber:iq:last'/></iq>");
        await line.Expect(
            $"<iq to='{Bob}/x' id='1' type='error'><error><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>"
        );
        await line.Send(
            $"<iq from='{Bob}/x' to='{anna.Jid}' id='2' type='get'><query xmlns='jabber:iq:version'/></iq>"
        );
        await anna.Expect($"<iq from='{Bob}/x' id='2' type='get'/>");
        await play.ExpectNothing(anna);
    }

    // RFC 6121 §3.2, §3.3.
    [Theory, Framings]
    public async Task Contacts_elsewhere_hear_that_an_account_is_removed(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        (Actor anna, FarLine line) = await Befriend(play, far);
        await play.Server.Home.People.RemoveAsync("anna");
        await line.Expect($"<presence from='{anna.Jid}' to='{Bob}' type='unavailable'/>");
        await line.Expect($"<presence from='anna@kith.test' to='{Bob}' type='unsubscribe'/>");
        await line.Expect($"<presence from='anna@kith.test' to='{Bob}' type='unsubscribed'/>");
    }

    // Federation 2: also who was removed while the home did not run.
    [Theory, Framings]
    public async Task Contacts_elsewhere_hear_of_a_removal_while_the_home_was_stopped(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        await Befriend(play, far);
        Xmpp.Server.Federation.FederationOptions federation = play.Federation!;
        play.Federation = null;
        await play.Restart();
        play.Server.KeepForOthers();
        await play.Server.Home.People.RemoveAsync("anna");
        play.Federation = federation;
        await play.Restart();
        FarLine line = await far.Welcome();
        await line.Expect($"<presence from='anna@kith.test' to='{Bob}' type='unsubscribe'/>");
        await line.Expect($"<presence from='anna@kith.test' to='{Bob}' type='unsubscribed'/>");
    }

    // RFC 6121 §3.4: who was approved beforehand hears so at once, and nobody is asked.
    [Theory, Framings]
    public async Task Who_was_approved_beforehand_need_not_wait(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Ask("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
        await anna.Send($"<presence to='{Bob}' type='subscribed'/>");
        await anna.Await(
            $"<iq type='set'><query xmlns='jabber:iq:roster'><item jid='{Bob}' approved='true'/></query></iq>"
        );
        anna.SeesPresence = true;
        anna.Forget();
        FarLine came = await far.Enter();
        await came.Send($"<presence from='{Bob}' to='anna@kith.test' type='subscribe'/>");
        FarLine line = await far.Welcome();
        await line.Expect($"<presence from='anna@kith.test' to='{Bob}' type='subscribed'/>");
        await line.Expect($"<presence from='{anna.Jid}' to='{Bob}' type='{{none}}'/>");
        await anna.Expect(
            $"<iq type='set'><query xmlns='jabber:iq:roster'><item jid='{Bob}' subscription='from'/></query></iq>"
        );
        await play.ExpectNothing(anna);
    }

    private const string Tea = "tea@groups.kith.test";

    // Anna and Bob are in a room of ours, and the room has its stream to Bob's server.
    private static async Task<(Actor Anna, FarLine Line)> TakeTea(Play play, FarServer far)
    {
        Actor anna = await play.Connect("anna", "phone");
        anna.SeesPresence = true;
        await anna.Send($"<presence to='{Tea}/anna'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
        await anna.Await($"<presence from='{Tea}/anna'/>");
        await anna.Ask(
            $"<iq to='{Tea}' type='set'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>"
        );
        FarLine entering = far.Dial();
        await entering.StartTls(to: Groups);
        await entering.SendKey("k", to: Groups);
        await entering.Expect("<result xmlns='jabber:server:dialback' type='valid'/>");
        await entering.Send(
            $"<presence from='{Bob}/x' to='{Tea}/bob'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
        );
        await anna.Await($"<presence from='{Tea}/bob'/>");
        FarLine line = await FromRooms(far);
        await line.Expect($"<presence from='{Tea}/anna' to='{Bob}/x'/>");
        await line.Expect($"<presence from='{Tea}/bob' to='{Bob}/x'/>");
        await line.Expect($"<message from='{Tea}' to='{Bob}/x' type='groupchat'><subject/></message>");
        return (anna, line);
    }

    private static async Task<FarLine> FromRooms(FarServer far)
    {
        FarLine line = await far.Accept();
        await line.AcceptTls(to: Groups);
        await line.AcceptExternal(to: Groups);
        return line;
    }

    private static string Say(string id, string text, string to = Tea, string type = "groupchat") =>
        $"<message to='{to}' type='{type}' id='{id}'><body>{text}</body></message>";

    // XEP-0045 §18.3, Federation 11: an occupant whose server cannot be reached leaves the room.
    [Theory, Framings]
    public async Task An_occupant_whose_server_is_lost_leaves_the_room(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        (Actor anna, FarLine line) = await TakeTea(play, far);
        far.IsUp = false;
        await line.Close();
        await line.ExpectEnd();
        await anna.Send(Say("1", "hi"));
        await play.Log.Says("was not reached");
        await play.Advance(TimeSpan.FromMinutes(3));
        await anna.Await($"<presence from='{Tea}/bob' type='unavailable'/>");
        // What was said to him until then waits for his server, and what is said now does not.
        await anna.Send(Say("2", "he is gone"));
        await anna.Ping();
        far.IsUp = true;
        await far.AdvanceToCall();
        FarLine next = await FromRooms(far);
        await next.Expect($"<message from='{Tea}/anna' to='{Bob}/x' id='1' type='groupchat'><body>hi</body></message>");
        await play.Stores.Database.SettledAsync();
        using Access access = play.Stores.Database.OpenRead();
        play.Stores.Queue.Waiting(access).Count.ShouldBeLessThanOrEqualTo(1);
    }

    // Federation 2: what our rooms say waits on disk as what people say, in order; presence and the like does not.
    [Theory, Framings]
    public async Task What_rooms_say_survives_a_restart(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        (Actor anna, FarLine line) = await TakeTea(play, far);
        far.IsUp = false;
        await line.Close();
        await line.ExpectEnd();
        await anna.Send(Say("1", "hi"));
        await anna.Send(
            $"<message to='{Tea}' type='groupchat' id='2'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
        );
        await anna.Send($"<presence to='{Tea}/anna'><show>away</show></presence>");
        await anna.Send(Say("3", "for you alone", $"{Tea}/bob", "chat"));
        await anna.Send($"<message to='{Tea}' type='groupchat' id='4'><subject>cups</subject></message>");
        await anna.Send(
            $"<message to='{Tea}' id='5'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='ann@{FarServer.Domain}'/></x></message>"
        );
        await anna.Ping();
        await play.Log.Says("was not reached");
        far.IsUp = true;
        await play.Restart(crash: true);
        line = await FromRooms(far);
        XElement said = await line.Expect(
            $"<message from='{Tea}/anna' to='{Bob}/x' id='1' type='groupchat'><body>hi</body>"
                + "<stanza-id xmlns='urn:xmpp:sid:0' id='{any}'/><occupant-id xmlns='urn:xmpp:occupant-id:0'/>"
                + "<delay xmlns='urn:xmpp:delay' from='groups.kith.test' stamp='{any}'/></message>"
        );
        said.Elements().Count(each => each.Name.LocalName == "stanza-id").ShouldBe(1);
        await line.Expect($"<message from='{Tea}/anna' to='{Bob}/x' id='3' type='chat'><body/></message>");
        await line.Expect($"<message from='{Tea}/anna' to='{Bob}/x' id='4'><subject>cups</subject></message>");
        await line.Expect($"<message from='{Tea}' to='ann@{FarServer.Domain}'/>");
    }

    // Laws, "The world outside" 2, Federation 9.
    [Fact]
    public async Task What_the_house_asks_passes_in_every_mode_and_nothing_else()
    {
        (Play play, FarServer far) = await FarServer.StartAsync(options: o =>
            o with
            {
                Mode = Xmpp.Server.Federation.FederationMode.Off,
            }
        );
        await using Play _ = play;
        Actor anna = await play.Bind("anna", "phone");
        await anna.Ask(
            $"<iq type='set'><enable xmlns='urn:xmpp:push:0' jid='{FarServer.Domain}' node='n'/></iq>",
            "<iq type='result'/>"
        );
        await anna.Leave();
        Actor ben = await play.Connect("ben", "phone");
        await ben.Send("<message to='anna@kith.test' type='chat'><body>hi</body></message>");
        FarLine line = await far.Welcome();
        string id = (await line.Expect($"<iq from='kith.test' to='{FarServer.Domain}' type='set'/>"))
            .Attribute("id")!
            .Value;
        FarLine back = await far.Enter();
        await back.Send($"<message from='{Bob}/x' to='ben@kith.test'><body>let me in</body></message>");
        await back.Send($"<iq from='{FarServer.Domain}' to='kith.test' type='result' id='{id}'/>");
        await play.ExpectNothing(ben);
    }

    // Federation 9: a question that nobody answers is no open door.
    [Fact]
    public async Task What_the_house_asked_long_ago_lets_nobody_in()
    {
        (Play play, FarServer far) = await FarServer.StartAsync(options: o =>
            o with
            {
                Mode = Xmpp.Server.Federation.FederationMode.Off,
            }
        );
        await using Play _ = play;
        Actor anna = await play.Bind("anna", "phone");
        await anna.Ask(
            $"<iq type='set'><enable xmlns='urn:xmpp:push:0' jid='{FarServer.Domain}' node='n'/></iq>",
            "<iq type='result'/>"
        );
        await anna.Leave();
        Actor ben = await play.Connect("ben", "phone");
        await ben.Send("<message to='anna@kith.test' type='chat'><body>hi</body></message>");
        FarLine line = await far.Welcome();
        await line.Expect($"<iq from='kith.test' to='{FarServer.Domain}' type='set'/>");
        await play.Advance(TimeSpan.FromMinutes(11));
        FarLine back = far.Dial();
        await back.StartTls();
        await back.Send(FarLine.Auth(FarServer.Domain));
        await back.Expect("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>");
        await play.Log.Says("was not taken for that of away.test: the settings do not allow it");
    }
}
