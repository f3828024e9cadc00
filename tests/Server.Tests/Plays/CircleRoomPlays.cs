using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xunit;
using static Server.Tests.Plays.Stage.RoomStage;

namespace Server.Tests.Plays;

/// <summary>The room of a circle (README, "Who may reach whom"), and who may make and enter rooms.</summary>
public sealed class CircleRoomPlays
{
    private const string Family = "family@" + Service;

    // Reach 3, Rooms 6.
    [Theory, Framings]
    public async Task A_circle_has_a_room_whose_affiliations_are_its_own(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna", Role.Admin, circle: "Family");
        await play.AddAccount("ben", circle: "Family");
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        Actor eve = await play.Connect("eve", "phone");
        await play.Watch(eve);
        (await anna.Enter("Anna", room: Family)).ShouldMatch(
            $"<presence><x xmlns='{Muc}#user'><item affiliation='owner'/><status code='100'/></x></presence>"
        );
        (await ben.Enter("Ben", room: Family)).ShouldMatch(
            $"<presence><x xmlns='{Muc}#user'><item affiliation='member'/></x></presence>"
        );
        await eve.Knock("Eve", room: Family);
        await eve.Expect($"<presence type='error'>{Error("registration-required", "auth")}</presence>");
        (
            await ben.Ask(
                $"<iq type='get' to='{Family}'><query xmlns='{Muc}#admin'><item affiliation='member'/></query></iq>"
            )
        ).ShouldMatch($"<iq type='result'><query xmlns='{Muc}#admin'><item jid='ben@kith.test'/></query></iq>");
        await ben.Ask(
            $"<iq type='get' to='{Family}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'><feature var='urn:kith:circle:0'/></query></iq>"
        );
        string notAllowed = $"<iq type='error'>{Error("not-allowed", "cancel")}</iq>";
        (await anna.Set("jid='eve@kith.test' affiliation='member'", Family)).ShouldMatch(notAllowed);
        (await anna.Set("jid='ben@kith.test' affiliation='outcast'", Family)).ShouldMatch(notAllowed);
        await anna.Ask($"<iq type='set' to='{Family}'><query xmlns='{Muc}#owner'><destroy/></query></iq>", notAllowed);
        await anna.Ask(
            $"<iq type='set' to='{Family}'><query xmlns='{Muc}#owner'>{Form("membersonly=0")}</query></iq>",
            $"<iq type='error'>{Error("not-acceptable", "modify")}</iq>"
        );
        await anna.Send($"<message to='{Family}'><x xmlns='{Muc}#user'><invite to='eve@kith.test'/></x></message>");
        await anna.Await($"<message type='error'>{Error("not-allowed", "cancel")}</message>");
        await anna.Configure(Family, "roomname=Us");
        await play.Settle();
        await play.Watch(anna, ben);

        await play.Server.Home.Circles.AddAsync("Family", "eve");
        await eve.Enter("Eve", room: Family);
        await anna.Await(
            $"<presence from='{Family}/Eve'><x xmlns='{Muc}#user'><item affiliation='member' jid='{eve.Jid}'/></x></presence>"
        );
        await play.Server.Home.Circles.DropAsync("Family", "ben");
        await ben.Await(
            $"<presence from='{Family}/Ben' type='unavailable'><x xmlns='{Muc}#user'><item affiliation='none' role='none'/><status code='321'/><status code='110'/></x></presence>"
        );
        await anna.Await(
            $"<presence from='{Family}/Ben' type='unavailable'><x xmlns='{Muc}#user'><status code='321'/></x></presence>"
        );
        await play.Server.Home.People.SetRoleAsync("eve", Role.Admin);
        await anna.Await(
            $"<presence from='{Family}/Eve'><x xmlns='{Muc}#user'><item affiliation='owner' role='moderator'/></x></presence>"
        );
        await play.Server.Home.Circles.RemoveAsync("Family");
        await anna.Await(
            $"<presence from='{Family}/Anna' type='unavailable'><x xmlns='{Muc}#user'><destroy/><status code='110'/></x></presence>"
        );
        await anna.Ask(
            $"<iq type='get' to='{Family}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            $"<iq type='error'>{Error("item-not-found", "cancel")}</iq>"
        );
    }

    // Rooms 5; §9.3, §9.4, §10.3, §10.4: who is not in the room has no presence by which the others see it.
    [Theory, Framings]
    public async Task Occupants_hear_who_joins_and_leaves_the_circle(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna", Role.Admin, circle: "Family");
        await play.AddAccount("ben", circle: "Family");
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Enter("Anna", room: Family);
        await ben.Enter("Ben", room: Family);
        await play.Watch(anna, ben);

        await play.AddAccount("eve");
        await play.Server.Home.Circles.AddAsync("Family", "eve");
        await Hear("eve", "member");
        await play.AddAccount("fay", circle: "Family");
        await Hear("fay", "member");
        await play.Server.Home.People.SetRoleAsync("eve", Role.Admin);
        await Hear("eve", "owner");
        await play.Server.Home.People.SetRoleAsync("eve", Role.Member);
        await Hear("eve", "member");
        await play.Server.Home.People.SetRoleAsync("fay", Role.Limited);
        await play.Server.Home.Circles.DropAsync("Family", "eve");
        await Hear("eve", "none");
        await play.Server.Home.People.RemoveAsync("fay");
        await Hear("fay", "none");
        // Of other circles nobody hears anything, nor twice of who is in the room.
        await play.Server.Home.Circles.CreateAsync("Friends");
        await play.Server.Home.Circles.AddAsync("Friends", "eve");
        await play.Server.Home.Circles.DropAsync("Family", "ben");
        await ben.Await(
            $"<presence from='{Family}/Ben' type='unavailable'><x xmlns='{Muc}#user'><status code='321'/></x></presence>"
        );
        await anna.Await(
            $"<presence from='{Family}/Ben' type='unavailable'><x xmlns='{Muc}#user'><item affiliation='none' role='none'/><status code='321'/></x></presence>"
        );
        await play.ExpectNothingBut(anna, "presence");
        await play.ExpectNothingBut(ben, "presence");

        async Task Hear(string name, string affiliation)
        {
            foreach (Actor each in (Actor[])[anna, ben])
                await each.Await(
                    $"<message from='{Family}' to='{each.Jid}'><x xmlns='{Muc}#user'><item affiliation='{affiliation}' role='none' jid='{name}@kith.test'/></x></message>"
                );
            anna.Unexpected().ShouldNotContain(element => element.Name.LocalName == "message");
        }
    }

    // Rooms 5: a whole school that comes at once is not told one by one.
    [Theory, Framings]
    public async Task Many_who_come_to_a_circle_are_told_of_together(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna", circle: "Family");
        Actor anna = await play.Connect("anna", "phone");
        await anna.Enter("Anna", room: Family);
        await play.Watch(anna);
        string[] names = [.. Enumerable.Range(0, 250).Select(i => $"pupil{i}")];

        await play.Server.Home.People.ImportAsync(
            [.. names.Select(name => (name, "pass word"))],
            "Family",
            _ => { },
            TestContext.Current.CancellationToken
        );

        var told = new List<string>();
        int messages = 0;
        while (told.Count < names.Length)
        {
            XElement news = await anna.Await($"<message from='{Family}'><x xmlns='{Muc}#user'/></message>");
            messages++;
            told.AddRange(
                news.Descendants(XName.Get("item", $"{Muc}#user")).Select(item => item.Attribute("jid")!.Value)
            );
        }
        told.ShouldBe(names.Select(name => $"{name}@kith.test"), ignoreOrder: true);
        messages.ShouldBe(3);
    }

    // Reach 3: written once for each member; the room's name is taken from the circle's where it can be an address.
    [Theory, Framings]
    public async Task Each_member_is_given_a_bookmark_once(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("ben", circle: "Family");
        Actor ben = await play.Connect("ben", "phone");
        await Bookmarked(
            ben,
            $"<item id='{Family}'><conference xmlns='{BookmarkNode}' name='Family' autojoin='true'><nick>ben</nick></conference></item>"
        );

        await ben.Ask(
            $"<iq type='set'><pubsub xmlns='{PubSub}'><retract node='{BookmarkNode}'><item id='{Family}'/></retract></pubsub></iq>"
        );
        await play.Server.Home.Circles.DropAsync("Family", "ben");
        await play.Server.Home.Circles.AddAsync("Family", "ben");
        (await Bookmarked(ben, "")).Without("conference", BookmarkNode);

        await ben.Ask(
            $"<iq type='set'><pubsub xmlns='{PubSub}'><publish node='{Nick}'><item id='current'><nick xmlns='{Nick}'>Ben the Great</nick></item></publish></pubsub></iq>",
            "<iq type='result'/>"
        );
        await play.Server.Home.Circles.CreateAsync("Book Club");
        await play.Server.Home.Circles.AddAsync("Book Club", "ben");
        await Bookmarked(
            ben,
            $"<item id='book-club@{Service}'><conference xmlns='{BookmarkNode}' name='Book Club' autojoin='true'><nick>Ben the Great</nick></conference></item>"
        );
        await play.Server.Home.Circles.CreateAsync("@/");
        await play.Server.Home.Circles.AddAsync("@/", "ben");
        await Bookmarked(ben, $"<item id='circle-3@{Service}'/>");
    }

    private const string PubSub = "http://jabber.org/protocol/pubsub";
    private const string Nick = "http://jabber.org/protocol/nick";
    private const string BookmarkNode = "urn:xmpp:bookmarks:1";

    private static async Task<XElement> Bookmarked(Actor actor, string item) =>
        (
            await actor.Ask($"<iq type='get'><pubsub xmlns='{PubSub}'><items node='{BookmarkNode}'/></pubsub></iq>")
        ).ShouldMatch(
            $"<iq type='result'><pubsub xmlns='{PubSub}'><items node='{BookmarkNode}'>{item}</items></pubsub></iq>"
        );

    // Reach 3: a room that somebody made keeps its name.
    [Theory, Framings]
    public async Task A_taken_name_is_left_alone(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        await anna.Found("Anna", Family);
        await play.Server.Home.Circles.CreateAsync("Family");
        await play.Server.Home.Circles.AddAsync("Family", "anna");
        (await anna.Enter("Anna", room: "family-2@" + Service)).ShouldMatch(
            $"<presence><x xmlns='{Muc}#user'><item affiliation='member'/></x></presence>"
        );
        (await anna.Ask($"<iq type='get' to='{Family}'><query xmlns='{Muc}#owner'/></iq>")).ShouldMatch(
            "<iq type='result'/>"
        );
    }

    // Reach 2, Rooms 6: guests and limited accounts make none, enter their circles' and see no others.
    [Theory, Framings]
    public async Task Guests_and_limited_accounts_have_their_circles_rooms(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna");
        Actor anna = await play.Connect("anna", "phone");
        await anna.Found("Anna");
        foreach (Role role in (Role[])[Role.Guest, Role.Limited])
        {
            string name = role.ToString().ToLowerInvariant();
            Account account = await play.AddAccount(name, role, circle: "Family");
            Actor actor = await play.Connect(name, "tablet");
            await play.Watch(actor);
            await actor.Knock("Me");
            await actor.Expect($"<presence type='error'>{Error("service-unavailable", "cancel")}</presence>");
            await actor.Knock("Me", room: "own@" + Service);
            await actor.Expect($"<presence type='error'>{Error("service-unavailable", "cancel")}</presence>");
            await actor.Enter("Me" + name, room: Family);
            XElement listed = await actor.Ask(
                $"<iq type='get' to='{Service}'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>"
            );
            listed
                .Descendants()
                .Where(item => item.Name.LocalName == "item")
                .Select(item => item.Attribute("jid")!.Value)
                .ShouldBe([Family]);
            actor.Forget();
            // An invitation from elsewhere does not get through.
            await anna.Send(
                $"<message to='{Room}'><x xmlns='{Muc}#user'><invite to='{name}@kith.test'/></x></message>"
            );
            await anna.Await($"<message type='error'>{Error("service-unavailable", "cancel")}</message>");
            await play.ExpectNothingBut(actor, "presence");
        }
        await play.Server.Home.People.SetRoleAsync("anna", Role.Limited);
        anna.SeesPresence = true;
        await anna.Await(
            $"<presence from='{Room}/Anna' type='unavailable'><x xmlns='{Muc}#user'><status code='110'/></x></presence>"
        );
    }

    // security.md, "Identity": a name that somebody else has later brings nothing with it.
    [Theory, Framings]
    public async Task Who_is_removed_is_nothing_in_any_room(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna", Room, "membersonly=1");
        await anna.Set("jid='ben@kith.test' affiliation='admin'");
        await ben.Enter("Ben");
        anna.SeesPresence = true;
        await play.Server.Home.People.RemoveAsync("ben");
        await anna.Await(Presence("Ben", "role='none'", "unavailable"));
        await anna.Await(
            $"<message from='{Room}'><x xmlns='{Muc}#user'><item affiliation='none' role='none' jid='ben@kith.test'/></x></message>"
        );
        string admins =
            $"<iq type='get' to='{Room}'><query xmlns='{Muc}#admin'><item affiliation='admin'/></query></iq>";
        (await anna.Ask(admins)).Descendants().ShouldNotContain(item => item.Name.LocalName == "item");
        await play.Restart();
        await anna.Return();
        (await anna.Ask(admins)).Descendants().ShouldNotContain(item => item.Name.LocalName == "item");
    }

    // README "Rooms": temporary rooms outlive the process for those who come back, and no longer.
    [Theory, Framings]
    public async Task A_temporary_room_waits_for_its_people_after_a_restart(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        await anna.Found("Anna", Room, "persistentroom=0");
        await anna.Say("keep");
        await anna.Hears("Anna", "keep");
        await play.Restart();
        await anna.Return();
        await anna.Knock("Anna");
        await anna.Await($"<message from='{Room}/Anna'><body>keep</body><delay xmlns='urn:xmpp:delay'/></message>");
        await play.Restart();
        await play.Advance(TimeSpan.FromHours(2));
        await play.Server.Stores.Database.SettledAsync();
        await anna.Return();
        anna.Forget();
        (await anna.Enter("Anna")).ShouldMatch(Presence("Anna", "affiliation='owner'", "{none}", 201));
    }
}
