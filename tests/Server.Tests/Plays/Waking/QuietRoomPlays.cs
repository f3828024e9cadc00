using Server.Tests.Plays.Eventing;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xunit;
using static Server.Tests.Plays.Stage.RoomStage;
using static Server.Tests.Plays.Waking.Sleeping;

namespace Server.Tests.Plays.Waking;

/// <summary>Quiet hours where rooms, nodes and sleeping devices meet (Reach 11, Rooms, Waking).</summary>
public sealed class QuietRoomPlays
{
    private const string Verona = "verona@" + RoomStage.Service;
    private const string Nick = "http://jabber.org/protocol/nick";
    private const string PubSub = "http://jabber.org/protocol/pubsub";

    private static Task Publish(Actor actor, string nick) =>
        actor.Ask(
            $"<iq type='set'><pubsub xmlns='{PubSub}'><publish node='{Nick}'><item id='current'><nick xmlns='{Nick}'>{nick}</nick></item></publish></pubsub></iq>",
            "<iq type='result'/>"
        );

    private static string Event(string from, string nick) =>
        $"<message from='{from}' type='headline'><event xmlns='{PubSub}#event'><items node='{Nick}'><item><nick xmlns='{Nick}'>{nick}</nick></item></items></event></message>";

    // Reach 11: what is said in its rooms tells its devices nothing, it is out of them, and hears of no node; what was
    // written to it waits and is told when they end. Its room goes on.
    [Theory, Framings]
    public async Task A_room_a_node_and_a_push_are_quiet_until_the_hours_end(Framing framing)
    {
        await using Play play = await QuietBen.StartAsync(
            framing,
            "Verona",
            ("romeo", Role.Member),
            ("prince", Role.Admin)
        );
        var server = new AppServer(play);
        Actor romeo = await play.Connect("romeo", "orchard");
        Actor prince = await play.Connect("prince", "palace");
        Actor phone = await play.Connect("ben", "phone");
        await phone.Ask(Enable(), "<iq type='result'/>");
        await phone.Leave();
        Actor tablet = await play.Connect("ben", "tablet");
        await play.Interest(tablet, Nick);
        await romeo.Enter("Romeo", room: Verona);
        await tablet.Enter("Ben", room: Verona);
        await romeo.Say("before", Verona);
        await server.ExpectPush();
        await LookIn(phone);
        await Publish(romeo, "Montague");
        await tablet.Await(Event(romeo.Bare, "Montague"));
        await play.Watch(romeo);
        tablet.Forget();

        await play.Advance(QuietBen.UntilTen);
        await romeo.Await($"<presence from='{Verona}/Ben' type='unavailable'/>");
        await romeo.Say("Ben?", Verona);
        await romeo.Send(Chat(phone.Bare, "<body>waits</body>"));
        await Publish(romeo, "Nobody");
        await play.Settle();
        await server.ExpectNothing();
        tablet.Unexpected().ShouldAllBe(element => element.Name.LocalName == "presence");
        tablet.Forget();
        await tablet.Knock("Ben", room: Verona);
        await tablet.Await("<presence type='error'><error type='wait'/></presence>");
        // A guardian gets through, and wakes.
        await prince.Send(Chat(phone.Bare, "<body>good night</body>"));
        await tablet.Await("<message><body>good night</body></message>");
        await server.ExpectPush();
        await LookIn(phone);
        await romeo.Say("he sleeps", Verona);
        await server.ExpectNothing();

        await play.Advance(QuietBen.Hour);
        // Its stream that was in a room ends, so that it enters anew and reads there what was said.
        await tablet.Await("<stream:error><reset xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>");
        await tablet.Connection.Served.WaitAsync(Actor.Patience);
        tablet.IsBound = false;
        await server.ExpectPush();
        await tablet.Return();
        await tablet.Send("<presence/>");
        await tablet.Await("<message><body>waits</body></message>");
        await tablet.Knock("Ben", room: Verona);
        foreach (string said in (string[])["before", "Ben?", "he sleeps"])
            await tablet.Await($"<message from='{Verona}/Romeo' type='groupchat'><body>{said}</body></message>");
        await LookIn(phone);
        await romeo.Say("awake again", Verona);
        await server.ExpectPush();
    }
}
