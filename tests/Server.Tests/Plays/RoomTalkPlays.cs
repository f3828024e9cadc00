using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xunit;
using static Server.Tests.Plays.Stage.RoomStage;

namespace Server.Tests.Plays;

/// <summary>Private messages, IQs, invitations, retraction and the archive of rooms.</summary>
public sealed class RoomTalkPlays
{
    private static async Task<(Actor Anna, Actor Ben)> Two(Play play, params string[] fields)
    {
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna", Room, fields);
        if (fields.Contains("membersonly=1"))
            await anna.Set("jid='ben@kith.test' affiliation='member'");
        await ben.Enter("Ben", fields.Contains("roomsecret=rose") ? "<password>rose</password>" : "");
        await play.Settle();
        anna.Forget();
        ben.Forget();
        return (anna, ben);
    }

    // XEP-0045 §7.5, XEP-0280 §6.1: to every session of the nick, from the nick; archived by both sides, not by the room.
    [Theory, Framings]
    public async Task A_private_message_is_for_one(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben) = await Two(play);
        Actor eve = await play.Connect("eve", "phone");
        Actor tablet = await play.Connect("ben", "tablet", carbons: true);
        await eve.Enter("Eve");
        await play.Settle();
        anna.Forget();
        ben.Forget();
        await anna.Send(
            $"<message to='{Room}/Ben' type='chat' id='p'><body>psst</body><x xmlns='{Muc}#user'/></message>"
        );
        await ben.Expect(
            $"<message from='{Room}/Anna' to='{ben.Jid}' type='chat' id='p'><body>psst</body><x xmlns='{Muc}#user'/><occupant-id xmlns='urn:xmpp:occupant-id:0'/></message>"
        );
        await play.ExpectNothing(eve, tablet, anna);
        await tablet.Enter("Ben");
        tablet.Forget();
        await anna.Send($"<message to='{Room}/Ben' type='chat'><body>both</body></message>");
        await ben.Await("<message><body>both</body></message>");
        await tablet.Await("<message><body>both</body></message>");
        await anna.Send($"<message to='{Room}/Nobody' type='chat'><body>x</body></message>");
        await anna.Expect($"<message from='{Room}/Nobody' type='error'>{Error("item-not-found", "cancel")}</message>");
        await anna.Send($"<message to='{Room}/Ben' type='groupchat'><body>x</body></message>");
        await anna.Expect($"<message type='error'>{Error("bad-request", "modify")}</message>");
        // In the archives of both, and not in the room's.
        foreach (Actor actor in (Actor[])[anna, ben])
        {
            actor.Forget();
            await actor.Send("<iq type='set' id='q'><query xmlns='urn:xmpp:mam:2'/></iq>");
            (await actor.Await("<message><result xmlns='urn:xmpp:mam:2'/></message>"))
                .Find("body")
                .Value.ShouldBe("psst");
            await actor.Await("<message><result xmlns='urn:xmpp:mam:2'/></message>");
        }
        XElement page = await anna.Ask($"<iq type='set' to='{Room}'><query xmlns='urn:xmpp:mam:2'/></iq>");
        page.ShouldMatch(
            "<iq type='result'><fin xmlns='urn:xmpp:mam:2' complete='true'><set xmlns='http://jabber.org/protocol/rsm'><count>0</count></set></fin></iq>"
        );
        await anna.Configure(Room, "allowpm=none");
        await ben.Send($"<message to='{Room}/Anna' type='chat'><body>x</body></message>");
        await ben.Await($"<message type='error'>{Error("forbidden", "auth")}</message>");
    }

    // Reach 2: in private to people whom the sender may reach, both ways.
    [Theory, Framings]
    public async Task A_limited_account_talks_in_private_to_its_own_people_only(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna");
        await play.AddAccount("child", Role.Limited, circle: "Nursery");
        await play.AddAccount("mum", circle: "Nursery");
        await play.Server.Home.Approvals.AllowAsync("child", Room);
        Actor anna = await play.Connect("anna", "phone");
        Actor mum = await play.Connect("mum", "phone");
        Actor child = await play.Connect("child", "tablet");
        await anna.Found("Anna");
        await mum.Enter("Mum");
        await child.Enter("Child");
        await play.Settle();
        child.Forget();
        mum.Forget();
        anna.Forget();
        await child.Say("hi all");
        await child.Hears("Child", "hi all");
        await child.Send($"<message to='{Room}/Mum' type='chat'><body>hi mum</body></message>");
        await mum.Await("<message><body>hi mum</body></message>");
        foreach (var (from, to) in ((Actor, string)[])[(child, "Anna"), (anna, "Child")])
        {
            await from.Send($"<message to='{Room}/{to}' type='chat'><body>psst</body></message>");
            await from.Await($"<message type='error'>{Error("service-unavailable", "cancel")}</message>");
            await from.Ask(
                $"<iq type='get' to='{Room}/{to}'><ping xmlns='urn:xmpp:ping'/></iq>",
                $"<iq type='error'>{Error("service-unavailable", "cancel")}</iq>"
            );
        }
        await child.Send($"<message to='{Room}'><x xmlns='{Muc}#user'><invite to='ben@kith.test'/></x></message>");
        await child.Await($"<message type='error'>{Error("service-unavailable", "cancel")}</message>");
    }

    // XEP-0045 §17.4: answered by whom it is for, and by nobody else.
    [Theory, Framings]
    public async Task An_iq_passes_between_occupants(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben) = await Two(play);
        Actor eve = await play.Connect("eve", "phone");
        await anna.Send($"<iq type='get' id='v' to='{Room}/Ben'><query xmlns='jabber:iq:version'/></iq>");
        XElement asked = await ben.Expect(
            $"<iq type='get' from='{Room}/Anna' to='{ben.Jid}'><query xmlns='jabber:iq:version'/></iq>"
        );
        string id = asked.Attribute("id")!.Value;
        await eve.Send(
            $"<iq type='result' id='{id}' to='{Room}/Anna'><query xmlns='jabber:iq:version'><name>forged</name></query></iq>"
        );
        await play.ExpectNothing(anna);
        await ben.Send(
            $"<iq type='result' id='{id}' to='{Room}/Anna'><query xmlns='jabber:iq:version'><name>true</name></query></iq>"
        );
        await anna.Expect(
            $"<iq type='result' id='v' from='{Room}/Ben'><query xmlns='jabber:iq:version'><name>true</name></query></iq>"
        );
        await ben.Send($"<iq type='result' id='{id}' to='{Room}/Anna'/>");
        await play.ExpectNothing(anna);
        // A card is the account's own.
        await ben.Ask("<iq type='set'><vCard xmlns='vcard-temp'><FN>Ben</FN></vCard></iq>", "<iq type='result'/>");
        await anna.Ask(
            $"<iq type='get' to='{Room}/Ben'><vCard xmlns='vcard-temp'/></iq>",
            $"<iq type='result' from='{Room}/Ben'><vCard xmlns='vcard-temp'><FN>Ben</FN></vCard></iq>"
        );
        await eve.Ask(
            $"<iq type='get' to='{Room}/Ben'><vCard xmlns='vcard-temp'/></iq>",
            $"<iq type='error'>{Error("not-acceptable", "modify")}</iq>"
        );
        await anna.Ask(
            $"<iq type='get' to='{Room}/Nobody'><a xmlns='b'/></iq>",
            $"<iq type='error'>{Error("item-not-found", "cancel")}</iq>"
        );
    }

    // XEP-0045 §7.8.2, XEP-0249: offline or not, and who is invited into a members-only room is a member.
    [Theory, Framings]
    public async Task Invitations_go_through_the_room(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("eve");
        var (anna, ben) = await Two(
            play,
            "membersonly=1",
            "passwordprotectedroom=1",
            "roomsecret=rose",
            "allowinvites=0"
        );
        string invite =
            $"<message to='{Room}'><x xmlns='{Muc}#user'><invite to='eve@kith.test'><reason>Tea</reason></invite></x></message>";
        await ben.Send(invite);
        await ben.Expect($"<message type='error'>{Error("forbidden", "auth")}</message>");
        await anna.Send(invite);
        await play.Settle();
        Actor eve = await play.Connect("eve", "phone");
        await eve.Expect(
            $"<message from='{Room}' to='eve@kith.test'><x xmlns='{Muc}#user'><invite from='{Room}/Anna'><reason>Tea</reason></invite><password>rose</password></x>"
                + $"<x xmlns='jabber:x:conference' jid='{Room}' password='rose' reason='Tea'/><delay xmlns='urn:xmpp:delay'/></message>"
        );
        await eve.Send(
            $"<message to='{Room}'><x xmlns='{Muc}#user'><decline to='{Room}/Anna'><reason>Busy</reason></decline></x></message>"
        );
        await anna.Await(
            $"<message from='{Room}'><x xmlns='{Muc}#user'><decline from='eve@kith.test'><reason>Busy</reason></decline></x></message>"
        );
        await eve.Send($"<message to='{Room}'><x xmlns='{Muc}#user'><decline to='zoe@kith.test'/></x></message>");
        await eve.Expect($"<message type='error'>{Error("item-not-found", "cancel")}</message>");
        await eve.Enter("Eve", "<password>rose</password>");
        await anna.Set("jid='ben@kith.test' affiliation='outcast'");
        anna.Forget();
        await anna.Send(invite.Replace("eve@", "ben@", StringComparison.Ordinal));
        await anna.Expect($"<message type='error'>{Error("forbidden", "auth")}</message>");
        await anna.Send(invite.Replace("eve@", "nobody@", StringComparison.Ordinal));
        await anna.Await($"<message type='error'>{Error("service-unavailable", "cancel")}</message>");
    }

    // XEP-0500 §5: for everybody but those who run the room, chat states apart, over all nicks of a person.
    [Theory, Framings]
    public async Task Slow_mode_slows_down(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben) = await Two(play, "slow_mode_duration=20");
        await ben.Say("one");
        await ben.Hears("Ben", "one");
        await ben.Send(
            $"<message to='{Room}' type='groupchat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
        );
        await ben.Expect(
            $"<message from='{Room}/Ben'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
        );
        Actor tablet = await play.Connect("ben", "tablet");
        await tablet.Enter("Benny");
        tablet.Forget();
        foreach (Actor device in (Actor[])[ben, tablet])
        {
            await device.Say("two");
            await device.Expect($"<message type='error'>{Error("policy-violation", "wait")}</message>");
        }
        await anna.Say("at once");
        await anna.Say("and again");
        await ben.Hears("Anna", "at once");
        await ben.Hears("Anna", "and again");
        await play.Advance(TimeSpan.FromSeconds(20));
        await tablet.Say("two");
        await ben.Hears("Benny", "two");
        (
            await ben.Ask($"<iq type='get' to='{Room}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>")
        ).ShouldMatch(
            "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'><x xmlns='jabber:x:data' type='result'><field var='muc#roominfo_slow_mode_duration'><value>20</value></field></x></query></iq>"
        );
    }

    private static async Task<(XElement Fin, List<XElement> Results)> Archive(Actor actor, string inside = "")
    {
        actor.Forget();
        XElement fin = await actor.Ask(
            $"<iq type='set' to='{Room}'><query xmlns='urn:xmpp:mam:2' queryid='q'>{inside}</query></iq>"
        );
        return (fin, [.. actor.TakeAll("result", "urn:xmpp:mam:2")]);
    }

    // XEP-0313 §6.1: ids, pages, who it was for those who may know; nothing that was not for all.
    [Theory, Framings]
    public async Task The_archive_of_a_room_is_read_in_pages(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben) = await Two(play);
        var ids = new List<string>();
        foreach (string word in (string[])["one", "two", "three"])
        {
            await ben.Say(word);
            ids.Add((await ben.Hears("Ben", word)).Find("stanza-id").Attribute("id")!.Value);
        }
        await ben.Send(
            $"<message to='{Room}' type='groupchat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
        );
        await ben.Send(
            $"<message to='{Room}' type='groupchat'><body>secret</body><no-store xmlns='urn:xmpp:hints'/></message>"
        );
        await ben.Await("<message><body>secret</body></message>");
        var (fin, results) = await Archive(ben, "<set xmlns='http://jabber.org/protocol/rsm'><max>2</max></set>");
        fin.ShouldMatch(
            $"<iq type='result'><fin xmlns='urn:xmpp:mam:2' complete='{{none}}' stable='true'><set xmlns='http://jabber.org/protocol/rsm'><first>{ids[0]}</first><last>{ids[1]}</last></set></fin></iq>"
        );
        results[0]
            .ShouldMatch(
                $"<message from='{Room}' to='{ben.Jid}'><result xmlns='urn:xmpp:mam:2' queryid='q' id='{ids[0]}'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay'/>"
                    + $"<message xmlns='jabber:client' from='{Room}/Ben' type='groupchat'><body>one</body><occupant-id xmlns='urn:xmpp:occupant-id:0'/></message></forwarded></result></message>"
            );
        results[0].Without("x", Muc + "#user");
        (fin, results) = await Archive(
            ben,
            $"<set xmlns='http://jabber.org/protocol/rsm'><after>{ids[1]}</after></set>"
        );
        fin.ShouldMatch("<iq type='result'><fin xmlns='urn:xmpp:mam:2' complete='true'/></iq>");
        results.ShouldHaveSingleItem().Find("body").Value.ShouldBe("three");
        (_, results) = await Archive(anna);
        results.Count.ShouldBe(3);
        results[0].Find("item").Attribute("jid")!.Value.ShouldBe(ben.Jid);
        string by =
            "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field><field var='with'><value>ben@kith.test</value></field></x>";
        (_, results) = await Archive(anna, by);
        results.Count.ShouldBe(3);
        (fin, _) = await Archive(ben, by);
        fin.ShouldMatch($"<iq type='error'>{Error("forbidden", "auth")}</iq>");
        (fin, _) = await Archive(ben, "<set xmlns='http://jabber.org/protocol/rsm'><after>1</after></set>");
        fin.ShouldMatch($"<iq type='error'>{Error("item-not-found", "cancel")}</iq>");
        await ben.Ask(
            $"<iq type='get' to='{Room}'><metadata xmlns='urn:xmpp:mam:2'/></iq>",
            $"<iq type='result'><metadata xmlns='urn:xmpp:mam:2'><start id='{ids[0]}'/><end id='{ids[2]}'/></metadata></iq>"
        );
        await ben.Ask(
            $"<iq type='get' to='{Room}'><query xmlns='urn:xmpp:mam:2'/></iq>",
            "<iq type='result'><query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data' type='form'/></query></iq>"
        );
    }

    // security.md, "Leaks": the archive of a closed room is its people's.
    [Theory, Framings]
    public async Task The_archive_is_for_those_who_may_enter(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben) = await Two(play);
        await ben.Say("one");
        await ben.Hears("Ben", "one");
        Actor eve = await play.Connect("eve", "phone");
        (await Archive(eve)).Results.Count.ShouldBe(1);
        string closed = $"<iq type='error'>{Error("forbidden", "auth")}</iq>";
        await anna.Set("jid='ben@kith.test' affiliation='member'");
        await anna.Configure(Room, "membersonly=1");
        (await Archive(eve)).Fin.ShouldMatch(closed);
        await eve.Ask($"<iq type='get' to='{Room}'><metadata xmlns='urn:xmpp:mam:2'/></iq>", closed);
        (await Archive(ben)).Results.Count.ShouldBe(1);
        await anna.Configure(Room, "membersonly=0", "passwordprotectedroom=1", "roomsecret=x");
        (await Archive(eve)).Fin.ShouldMatch(closed);
        await anna.Configure(Room, "passwordprotectedroom=0");
        await anna.Set("jid='eve@kith.test' affiliation='outcast'");
        (await Archive(eve)).Fin.ShouldMatch(closed);
        await anna.Configure(Room, "enablearchiving=0");
        (await Archive(ben)).Fin.ShouldMatch($"<iq type='error'>{Error("service-unavailable", "cancel")}</iq>");
        await ben.Say("unkept");
        (await ben.Await($"<message from='{Room}/Ben'><body>unkept</body></message>")).Without(
            "stanza-id",
            "urn:xmpp:sid:0"
        );
        await anna.Configure(Room, "enablearchiving=1");
        (await Archive(ben)).Results.ShouldHaveSingleItem().Find("body").Value.ShouldBe("one");
    }

    // XEP-0424 §4, §5.1: one's own, by the room's id; a tombstone stays.
    [Theory, Framings]
    public async Task What_its_sender_takes_back_is_gone_from_the_archive(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben) = await Two(play);
        await ben.Say("oops");
        string id = (await ben.Hears("Ben", "oops")).Find("stanza-id").Attribute("id")!.Value;
        string retract =
            $"<message to='{Room}' type='groupchat' id='r1'><retract xmlns='urn:xmpp:message-retract:1' id='{id}'/></message>";
        await anna.Send(retract);
        await ben.Expect(
            $"<message from='{Room}/Anna'><retract xmlns='urn:xmpp:message-retract:1' id='{id}'/></message>"
        );
        (await Archive(ben)).Results[0].Find("body").Value.ShouldBe("oops");
        await ben.Send(retract);
        await anna.Await(
            $"<message from='{Room}/Ben'><retract xmlns='urn:xmpp:message-retract:1' id='{id}'/></message>"
        );
        XElement first = (await Archive(ben)).Results[0];
        first.Without("body", "jabber:client");
        first.Find("retracted").Attribute("id")!.Value.ShouldBe("r1");
        first.Find("occupant-id");
    }

    // XEP-0425 §3 to §5.
    [Theory, Framings]
    public async Task A_moderator_takes_back_what_another_said(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben) = await Two(play);
        await ben.Say("spam");
        string id = (await ben.Hears("Ben", "spam")).Find("stanza-id").Attribute("id")!.Value;
        string Moderate(string what) =>
            $"<iq type='set' to='{Room}'><moderate xmlns='urn:xmpp:message-moderate:1' id='{what}'><retract xmlns='urn:xmpp:message-retract:1'/><reason>Rude</reason></moderate></iq>";
        await ben.Ask(Moderate(id), $"<iq type='error'>{Error("forbidden", "auth")}</iq>");
        await anna.Ask(Moderate("77"), $"<iq type='error'>{Error("item-not-found", "cancel")}</iq>");
        await anna.Ask(Moderate("x"), $"<iq type='error'>{Error("item-not-found", "cancel")}</iq>");
        await anna.Ask(Moderate(id), "<iq type='result'/>");
        await ben.Expect(
            $"<message from='{Room}' type='groupchat' id='{{any}}'><retract xmlns='urn:xmpp:message-retract:1' id='{id}'>"
                + $"<moderated xmlns='urn:xmpp:message-moderate:1' by='{Room}/Anna'><occupant-id xmlns='urn:xmpp:occupant-id:0'/></moderated><reason>Rude</reason></retract>"
                + $"<stanza-id xmlns='urn:xmpp:sid:0' by='{Room}'/></message>"
        );
        var (_, results) = await Archive(ben);
        results[0].Without("body", "jabber:client");
        results[0]
            .Find("retracted")
            .ShouldMatch(
                "<retracted xmlns='urn:xmpp:message-retract:1' stamp='{any}'><moderated xmlns='urn:xmpp:message-moderate:1'/><reason>Rude</reason></retracted>"
            );
        results.Count.ShouldBe(2);
        // Nobody pretends to be the room.
        await ben.Send(
            $"<message to='{Room}' type='groupchat'><body>x</body><moderated xmlns='urn:xmpp:message-moderate:1' by='{Room}'/></message>"
        );
        (await ben.Await($"<message from='{Room}/Ben'><body>x</body></message>")).Without(
            "moderated",
            "urn:xmpp:message-moderate:1"
        );
    }
}
