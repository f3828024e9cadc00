using Server.Tests.Plays.Stage;
using Xmpp.Server.Stores;
using Xunit;
using static Server.Tests.Plays.Waking.Sleeping;

namespace Server.Tests.Plays.Waking;

/// <summary>Waking 8; XEP-0492 §2 to §4 for chats with people.</summary>
public sealed class MutedChatPlays
{
    private const string Node = "urn:kith:chats:0";
    private const string Settings = "urn:xmpp:notification-settings:1";
    private const string PubSub = "http://jabber.org/protocol/pubsub";

    private static Task Wish(Actor actor, string whom, string wish) =>
        actor.Ask(
            $"<iq type='set'><pubsub xmlns='{PubSub}'><publish node='{Node}'><item id='{whom}'>"
                + $"<chat xmlns='{Node}'><notify xmlns='{Settings}'>{wish}</notify><pinned xmlns='urn:xmpp:bookmarks-pinning:0'/></chat>"
                + "</item></publish></pubsub></iq>",
            "<iq type='result'/>"
        );

    // Juliet's laptop is there, her phone sleeps.
    private static async Task<(Actor Laptop, Actor Phone, Actor Romeo, AppServer Server)> Begin(Play play)
    {
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        Actor laptop = await play.Connect("juliet", "laptop");
        await phone.Leave();
        return (laptop, phone, romeo, server);
    }

    // §2; the setting counts at once, whoever it was read for before.
    [Theory, Framings]
    public async Task Who_is_muted_wakes_nobody_until_that_is_taken_back(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor laptop, Actor phone, Actor romeo, AppServer server) = await Begin(play);
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush();
        await LookIn(phone);

        await Wish(laptop, romeo.Bare, "<never/>");
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();
        Actor nurse = await play.Connect("nurse", "house");
        await nurse.Send(Chat(phone.Bare));
        await server.ExpectPush();
        await LookIn(phone);

        await Wish(laptop, romeo.Bare, "<always/>");
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush();
        await LookIn(phone);

        await Wish(laptop, romeo.Bare, "<never/>");
        await laptop.Ask(
            $"<iq type='set'><pubsub xmlns='{PubSub}'><retract node='{Node}'><item id='{romeo.Bare}'/></retract></pubsub></iq>",
            "<iq type='result'/>"
        );
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectPush();
    }

    // §4: of two settings the one for clients; what means somebody is a reference or an answer.
    [Theory, Framings]
    public async Task On_mention_is_what_names_the_recipient(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor laptop, Actor phone, Actor romeo, AppServer server) = await Begin(play);
        await Wish(laptop, romeo.Bare, "<always/><on-mention identity-category='client'/>");
        await romeo.Send(Chat(phone.Bare, "<body>juliet?</body>"));
        await server.ExpectNothing();
        await romeo.Send(
            Chat(phone.Bare, $"<body>yes</body><reply xmlns='urn:xmpp:reply:0' to='{phone.Bare}' id='1'/>")
        );
        await server.ExpectPush();
        await LookIn(phone);
        await romeo.Send(
            Chat(
                phone.Bare,
                $"<body>you</body><reference xmlns='urn:xmpp:reference:0' type='mention' uri='xmpp:{phone.Bare}'/>"
            )
        );
        await server.ExpectPush();
    }

    // A lost connection tells no more than a sleeping device is told, also after a restart.
    [Theory, Framings]
    public async Task What_a_lost_connection_swallowed_of_the_muted_is_quiet_too(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo, AppServer server) = await Assemble(play);
        await Wish(phone, romeo.Bare, "<never/>");
        await phone.Acknowledge();
        await phone.Ping();
        await romeo.Send(Chat(phone.Bare));
        await phone.Await("<message><body>look</body></message>");
        await phone.Cut();
        await server.ExpectNothing();
        await play.Restart();
        server = new AppServer(play);
        await romeo.Return();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();
    }

    // Reach 11: what waited for the end of quiet hours is told then, but of the muted.
    [Theory, Framings]
    public async Task What_waited_for_quiet_hours_to_end_is_quiet_afterwards(Framing framing)
    {
        await using Play play = await QuietBen.StartAsync(
            framing,
            "Verona",
            ("romeo", Role.Member),
            ("nurse", Role.Member)
        );
        var server = new AppServer(play);
        Actor romeo = await play.Connect("romeo", "orchard");
        Actor nurse = await play.Connect("nurse", "house");
        Actor phone = await play.Connect("ben", "phone");
        await phone.Ask(Enable(), "<iq type='result'/>");
        await Wish(phone, romeo.Bare, "<never/>");
        await phone.Leave();

        await play.Advance(QuietBen.UntilTen);
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();
        await play.Advance(QuietBen.Hour);
        await server.ExpectNothing();
        await nurse.Send(Chat(phone.Bare));
        await server.ExpectPush();
    }

    // Whoever rings waits for an answer.
    [Theory, Framings]
    public async Task Calls_of_the_muted_ring(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor laptop, Actor phone, Actor romeo, AppServer server) = await Begin(play);
        await Wish(laptop, romeo.Bare, "<never/>");
        await romeo.Send(Chat(phone.Bare, "<propose xmlns='urn:xmpp:jingle-message:0' id='c'/>"));
        await server.ExpectPush();
        await romeo.Send(Chat(phone.Bare));
        await server.ExpectNothing();
    }
}
