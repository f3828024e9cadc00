using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Push;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xunit;
using static Server.Tests.Plays.Stage.RoomStage;
using static Server.Tests.Plays.Waking.Sleeping;

namespace Server.Tests.Plays.Waking;

/// <summary>Who is told of what is said in a room (README, "Waking devices"; XEP-0492 §4).</summary>
public sealed class RoomPushPlays
{
    private const string Verona = "verona@" + RoomStage.Service;
    private const string PubSub = "http://jabber.org/protocol/pubsub";

    // Juliet's phone, which sleeps, and Romeo in the room of their circle.
    private static async Task<(Actor Phone, Actor Romeo, AppServer Server)> InCircle(Play play, bool managed = true)
    {
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play, managed);
        await romeo.Enter("Romeo", room: Verona);
        return (phone, romeo, server);
    }

    private static async Task Bookmark(Actor actor, string room, string inside, string autojoin = "true") =>
        (
            await actor.Ask(
                $"""
                <iq type='set'><pubsub xmlns='{PubSub}'><publish node='urn:xmpp:bookmarks:1'><item id='{room}'>
                  <conference xmlns='urn:xmpp:bookmarks:1' autojoin='{autojoin}'>{inside}</conference>
                </item></publish></pubsub></iq>
                """
            )
        ).ShouldMatch("<iq type='result'/>");

    // Whatever has come by now is acknowledged.
    private static async Task Read(Actor phone)
    {
        await phone.Ping();
        await phone.Acknowledge();
        await phone.Ping();
    }

    private static Task Setting(Actor actor, string room, string notify, string version = "1") =>
        Bookmark(
            actor,
            room,
            $"<extensions><notify xmlns='urn:xmpp:notification-settings:{version}'>{notify}</notify></extensions>"
        );

    // Waking 6: whoever belongs to a closed room hears of it, in it or not, once; a device that is there does not.
    [Theory, Framings]
    public async Task Members_of_a_circle_s_room_are_told_while_they_are_away(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await InCircle(play);
        await romeo.Say("awake?", Verona);
        await server.ExpectNothing();
        await phone.Leave();
        await romeo.Say("good night", Verona);
        await server.ExpectPush();
        await romeo.Say("good night", Verona);
        await server.ExpectNothing();
        await play.Restart();
        server = new AppServer(play);
        romeo = await play.Connect("romeo", "garden");
        await romeo.Enter("Romeo", room: Verona);
        await romeo.Say("good morning", Verona);
        await server.ExpectPush();
    }

    // Waking 1, 6: a client that is in the room and sleeps.
    [Theory, Framings]
    public async Task An_occupant_that_was_cut_or_is_in_a_pocket_is_told(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await InCircle(play);
        await phone.Enter("Juliet", room: Verona);
        await romeo.Say("see me", Verona);
        await phone.Await("<message><body>see me</body></message>");
        await Read(phone);
        await phone.Cut();
        await server.ExpectNothing();
        await romeo.Say("one", Verona);
        await server.ExpectPush();
        await phone.Resume();
        await phone.Await("<message><body>one</body></message>");
        await phone.Acknowledge();
        await State(phone, "inactive");
        await phone.Ping();
        await romeo.Say("two", Verona);
        await server.ExpectPush();
        await phone.Await("<message><body>two</body></message>");
    }

    // Waking 3: what was on a line that is lost; what came as history was told when it was said.
    [Theory, Framings]
    public async Task What_an_occupant_did_not_acknowledge_is_told_when_the_line_is_lost(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await InCircle(play);
        await romeo.Say("long ago", Verona);
        await play.Settle();
        await phone.Enter("Juliet", room: Verona);
        await phone.Say("my own", Verona);
        await phone.Ping();
        await phone.Cut();
        await server.ExpectNothing();
        await phone.Resume();
        await phone.Acknowledge();
        await phone.Ping();
        await romeo.Say("lost", Verona);
        await server.ExpectNothing();
        await phone.Cut();
        await server.ExpectPush();
    }

    // XEP-0492 §4: always in private rooms, on mention in public ones; by reference, by answer or by nick.
    [Theory, Framings]
    public async Task In_a_public_room_only_a_mention_is_told(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await romeo.Found("Romeo");
        await phone.Enter("Jule");
        await phone.Ping();
        await phone.Cut();
        string[] notMeant =
        [
            "<body>Julep, anybody?</body>",
            "<body>hello all</body>",
            "<reactions xmlns='urn:xmpp:reactions:0' id='x'><reaction>Jule</reaction></reactions>",
            $"<body>@</body><reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:{romeo.Bare}'/>",
            $"<body>@</body><reference xmlns='urn:xmpp:reference:0' type='data' uri='xmpp:{phone.Bare}'/>",
            "<body>[Jule]</body><encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:omemo:2'/>",
            "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
        ];
        foreach (string inside in notMeant)
            await romeo.Send($"<message to='{Room}' type='groupchat'>{inside}</message>");
        await server.ExpectNothing();
        string[] meant =
        [
            "<body>what do you think, jule?</body>",
            $"<body>@</body><reference xmlns='urn:xmpp:reference:0' begin='0' end='1' type='mention' uri='xmpp:{phone.Bare}'/>",
            $"<body>@</body><reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:{Room}/Jule?x'/>",
            $"<body>yes</body><reply xmlns='urn:xmpp:reply:0' to='{Room}/Jule' id='1'/>",
        ];
        foreach (string inside in meant)
        {
            await romeo.Send($"<message to='{Room}' type='groupchat'>{inside}</message>");
            await server.ExpectPush();
            await phone.Resume();
            await Read(phone);
            await phone.Cut();
        }
        // Who left a public room and is nothing in it is not told.
        await phone.Resume();
        await phone.Send($"<presence to='{Room}/Jule' type='unavailable'/>");
        await Read(phone);
        await phone.Cut();
        await romeo.Say("Jule?");
        await server.ExpectNothing();
    }

    // Waking 2, 6: what is louder is told all the same; never their own, nor what those say whom they block.
    [Theory, Framings]
    public async Task A_mention_is_told_after_other_words_and_the_own_and_the_blocked_are_not(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await InCircle(play);
        Actor laptop = await play.Connect("juliet", "laptop");
        await laptop.Enter("Juliet", room: Verona);
        await phone.Leave();
        await laptop.Say("Juliet, myself", Verona);
        await server.ExpectNothing();
        await romeo.Say("one", Verona);
        await server.ExpectPush();
        await romeo.Say("Juliet!", Verona);
        await server.ExpectPush(2);
        await romeo.Say("Juliet!", Verona);
        await server.ExpectNothing();
        await phone.Return();
        await laptop.Ask($"<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='{romeo.Bare}'/></block></iq>");
        await phone.Leave();
        await romeo.Say("Juliet!", Verona);
        await server.ExpectNothing();
    }

    // XEP-0492 §4, §2: the most specific for clients; its older namespace too. It counts from the moment it is set.
    [Theory, Framings]
    public async Task The_bookmark_says_what_is_told(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await InCircle(play);
        Actor laptop = await play.Connect("juliet", "laptop");
        await phone.Leave();
        (string Notify, string Version, bool Words, bool Mention)[] settings =
        [
            ("<never/>", "1", false, false),
            ("<on-mention/>", "1", false, true),
            ("<always/>", "0", true, true),
            ("<always/><never identity-category='client'/>", "1", false, false),
            ("<never identity-category='client' identity-type='pc'/><on-mention/>", "1", false, true),
            ("<other/>", "1", true, true),
        ];
        foreach (var (notify, version, words, mention) in settings)
        {
            await Setting(laptop, Verona, notify, version);
            foreach (var (text, told) in ((string, bool)[])[("hello", words), ("juliet?", mention)])
            {
                await romeo.Say(text, Verona);
                if (told)
                    await server.ExpectPush();
                else
                    await server.ExpectNothing();
                await LookIn(phone);
            }
        }
        // Whoever does not mean to be in it any more is told when they are meant.
        await Bookmark(laptop, Verona, "<nick>Jules</nick>", autojoin: "false");
        await romeo.Say("hello", Verona);
        await server.ExpectNothing();
        await romeo.Say("Jules, come back", Verona);
        await server.ExpectPush();
    }

    // Waking: what the web client's service worker gets.
    [Theory, Framings]
    public async Task A_closed_browser_gets_the_room_who_speaks_and_what(Framing framing)
    {
        var browsers = new Browsers();
        await using Play play = await Play.StartAsync(framing, options => options with { WebPush = browsers });
        await play.AddAccount("juliet", Role.Member, "Verona");
        await play.AddAccount("romeo", Role.Member, "Verona");
        Actor browser = await play.Connect("juliet", "browser");
        string node = (
            await browser.Ask(
                "<iq type='set'><subscribe xmlns='urn:kith:web-push:0' endpoint='https://push.example/1' p256dh='k' auth='a'/></iq>"
            )
        )
            .Find("subscribed")
            .Attribute("node")!
            .Value;
        await browser.Ask(Enable(node, jid: Play.Domain), "<iq type='result'/>");
        await browser.Leave();
        Actor romeo = await play.Connect("romeo", "orchard");
        await romeo.Enter("Romeo", room: Verona);
        await romeo.Say("hi all", Verona);
        await play.Settle();
        WebPushMessage words = await browsers.Expect(
            play,
            $$"""{'kind':'message','to':'juliet','count':1,'from':'{{Verona}}','nick':'Romeo','id':'{{Newest(play)}}','text':'hi all'}"""
        );
        await romeo.Say("hi juliet", Verona);
        await play.Settle();
        WebPushMessage mention = await browsers.Expect(
            play,
            $$"""{'kind':'message','to':'juliet','count':2,'from':'{{Verona}}','nick':'Romeo','id':'{{Newest(play)}}','mention':true,'text':'hi juliet'}"""
        );
        (words.Urgency, mention.Urgency).ShouldBe((Urgency.Normal, Urgency.High));
        mention.TimeToLive.ShouldBe(words.TimeToLive);
        mention.Topic.ShouldNotBe(words.Topic);
        await romeo.Send(
            $"<message to='{Verona}' type='groupchat'><invite xmlns='urn:xmpp:call-invites:0'/><body>a call</body></message>"
        );
        await play.Settle();
        WebPushMessage call = await browsers.Expect(
            play,
            $$"""{'kind':'call','to':'juliet','count':3,'from':'{{Verona}}','nick':'Romeo','id':'{{Newest(play)}}','text':'a call'}"""
        );
        call.TimeToLive.ShouldBeLessThan(TimeSpan.FromMinutes(1));
    }

    private static long Newest(Play play)
    {
        using Access access = play.Stores.Database.OpenRead();
        return play.Stores.Archive.LastId(access);
    }

    // Waking 7: a room of another server; what means the person, what their bookmark wants, and nothing of their own.
    [Theory, Framings]
    public async Task A_room_elsewhere_tells_whom_it_means_and_who_wants_every_word(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor _, AppServer server) = await Assemble(play);
        const string Garden = "garden@rooms.away.test";
        var away = new Neighbour(play, "rooms.away.test");
        play.Server.Dispatcher.Services.Add(away).ShouldBeTrue();
        async Task Says(string nick, string inside)
        {
            await away.Send($"<message from='{Garden}/{nick}' to='{phone.Jid}' type='groupchat'>{inside}</message>");
            await play.Settle();
        }
        await phone.Cut();
        await Says("Bob", "<body>the roses are out</body>");
        await Says("juliet", "<body>juliet: my own</body>");
        await Says("Bob", "<body>juliet: long ago</body><delay xmlns='urn:xmpp:delay' stamp='2026-03-14T00:00:00Z'/>");
        await server.ExpectNothing();
        await Says("Bob", "<body>juliet: come and see</body>");
        await server.ExpectPush();

        await phone.Resume();
        await Read(phone);
        await Setting(phone, Garden, "<always/>");
        await Read(phone);
        await phone.Cut();
        await server.ExpectNothing();
        await Says("Bob", "<body>the tulips, too</body>");
        await server.ExpectPush();

        await phone.Resume();
        await Read(phone);
        await Setting(phone, Garden, "<never/>");
        await Read(phone);
        await phone.Cut();
        await Says("Bob", "<body>juliet?</body>");
        await server.ExpectNothing();
    }

    // Waking 3, 7: the line was lost with it.
    [Theory, Framings]
    public async Task What_a_room_elsewhere_said_on_a_lost_line_is_told(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor _, AppServer server) = await Assemble(play);
        var away = new Neighbour(play, "rooms.away.test");
        play.Server.Dispatcher.Services.Add(away).ShouldBeTrue();
        await away.Send(
            $"<message from='garden@rooms.away.test/Bob' to='{phone.Jid}' type='groupchat'><body>juliet!</body></message>"
        );
        await phone.Await("<message><body>juliet!</body></message>");
        await server.ExpectNothing();
        await phone.Cut();
        await server.ExpectPush();
    }
}
