using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xunit;
using static Server.Tests.Plays.Stage.RoomStage;

namespace Server.Tests.Plays;

/// <summary>How long rooms are in memory, and what is said as the process ends (README, "Rooms" 3).</summary>
public sealed class RoomLifePlays
{
    private static Task<string> Subject(Actor actor) =>
        actor.Await("<message type='groupchat'><subject/></message>").ContinueWith(came => came.Result.Value);

    // Rooms 3: memory is given back, and the room comes back as it was.
    [Theory, Framings]
    public async Task A_room_that_nobody_uses_leaves_memory_and_comes_back(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        await anna.Found("Anna", Room, "roomname=The garden");
        await anna.Send($"<message to='{Room}' type='groupchat'><subject>roses</subject></message>");
        await anna.Set("jid='ben@kith.test' affiliation='admin'");
        await anna.Say("hello");
        for (int day = 0; day < 3; day++)
        {
            await play.Advance(TimeSpan.FromHours(25));
            await play.Settle();
        }
        play.Server.Rooms.Loaded.ShouldBe(1);
        await anna.Send($"<presence to='{Room}/Anna' type='unavailable'/>");
        await play.Settle();
        await play.Advance(TimeSpan.FromHours(7));
        play.Server.Rooms.Loaded.ShouldBe(1);
        // Being listed is no use of it.
        for (int hour = 0; hour < 36; hour += 6)
        {
            await play.Advance(TimeSpan.FromHours(6));
            (
                await anna.Ask(
                    $"<iq type='get' to='{Service}'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>"
                )
            )
                .Descendants()
                .Attributes("name")
                .Single()
                .Value.ShouldBe("The garden");
        }
        play.Server.Rooms.Loaded.ShouldBe(0);
        Actor ben = await play.Connect("ben", "phone");
        await ben.Knock("Ben");
        await ben.Expect($"<message from='{Room}/Anna'><body>hello</body></message>");
        (await Subject(ben)).ShouldBe("roses");
        play.Server.Rooms.Loaded.ShouldBe(1);
        (await ben.Set("jid='eve@kith.test' affiliation='member'")).ShouldMatch("<iq type='result'/>");
    }

    // What was about to be used is not put away under somebody's hands.
    [Theory, Framings]
    public async Task A_room_that_is_entered_at_that_moment_stays(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        await anna.Found("Anna");
        await anna.Send($"<presence to='{Room}/Anna' type='unavailable'/>");
        await play.Settle();
        await play.Advance(TimeSpan.FromHours(22));
        play.Disk.Hold();
        play.Clock.Advance(TimeSpan.FromHours(8));
        await anna.Knock("Anna");
        await play.Disk.Holds(2);
        play.Disk.Continue();
        await anna.Await("<message type='groupchat'><subject/></message>");
        play.Server.Rooms.Loaded.ShouldBe(1);
        await anna.Say("still here");
        await anna.Await("<message type='groupchat'><body>still here</body></message>");
    }

    // XEP-0045 §11.2: those who would not see it otherwise; who may resume finds out by its ping (Rooms 3).
    [Theory, Framings]
    public async Task The_end_of_the_process_is_told_to_those_elsewhere(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var away = new Neighbour(play, "away.test");
        play.Server.Dispatcher.Services.Add(away).ShouldBeTrue();
        Actor anna = await play.Connect("anna", "phone");
        Actor eve = await play.Connect("eve", "phone", managed: true);
        await anna.Found("Anna");
        await eve.Enter("Eve");
        await away.Send($"<presence from='bob@away.test/x' to='{Room}/Bob'><x xmlns='{Muc}'/></presence>");
        await away.Expect($"<presence from='{Room}/Anna'/>");
        await away.Expect($"<presence from='{Room}/Eve'/>");
        await away.Expect($"<presence from='{Room}/Bob'/>");
        await away.Expect("<message type='groupchat'><subject/></message>");
        await play.Watch(anna, eve);
        await play.Server.StopAsync();
        string Farewell(string nick) =>
            $"<presence from='{Room}/{nick}' type='unavailable'><x xmlns='{Muc}#user'><item role='none'/><status code='110'/><status code='332'/></x></presence>";
        await away.Expect(Farewell("Bob"));
        await anna.Expect(Farewell("Anna"));
        await anna.ExpectEnd("system-shutdown");
        await eve.ExpectEnd("system-shutdown");
    }
}
