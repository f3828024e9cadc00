using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xunit;
using static Server.Tests.Plays.Stage.RoomStage;

namespace Server.Tests.Plays;

/// <summary>Entering, talking and leaving (XEP-0045 §7).</summary>
public sealed class RoomPlays
{
    // §10.1.2, Reach 2: the maker configures it before others enter; an empty form takes it as it is.
    [Theory, Framings]
    public async Task A_new_room_waits_for_its_owner(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        ben.SeesPresence = true;
        await play.Watch(anna, ben);
        await anna.Knock("Anna");
        XElement self = await anna.Expect(
            Presence("Anna", $"affiliation='owner' role='moderator' jid='{anna.Jid}'", "{none}", 110, 201)
        );
        self.Find("occupant-id").Attribute("id")!.Value.Length.ShouldBe(40);
        await anna.Expect("<message type='groupchat'><subject/></message>");
        await ben.Knock("Ben");
        await ben.Expect($"<presence from='{Room}/Ben' type='error'>{Error("item-not-found", "cancel")}</presence>");
        await anna.Configure();
        await ben.Knock("Ben");
        await ben.Expect(Presence("Anna", "affiliation='owner' role='moderator' jid='{none}'"));
        await ben.Expect(Presence("Ben", $"affiliation='none' role='participant' jid='{ben.Jid}'", "{none}", 110, 170));
        await ben.Expect($"<message from='{Room}' type='groupchat'><subject/></message>");
        await anna.Expect(Presence("Ben", $"affiliation='none' role='participant' jid='{ben.Jid}'"));
        await play.ExpectNothing(anna, ben);
    }

    // §10.1.3: whoever cancels leaves nothing behind; nor does one who goes before it is configured.
    [Theory, Framings]
    public async Task A_room_that_was_never_configured_goes_again(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Enter("Anna");
        await anna.Ask(
            $"<iq type='set' to='{Room}'><query xmlns='{Muc}#owner'><x xmlns='jabber:x:data' type='cancel'/></query></iq>",
            "<iq type='result'/>"
        );
        XElement self = await ben.Enter("Ben");
        self.ShouldMatch(Presence("Ben", "affiliation='owner'", "{none}", 201));
        await ben.Leave();
        await play.Settle();
        (await anna.Enter("Anna")).ShouldMatch(Presence("Anna", "affiliation='owner'", "{none}", 201));
    }

    // §7.4, XEP-0359 §4, XEP-0421 §4: to all, the sender too; ids, occupants and delays are the room's to say.
    [Theory, Framings]
    public async Task What_is_said_reaches_everybody_with_the_rooms_marks(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna");
        XElement entered = await ben.Enter("Ben");
        await ben.Send(
            $"<message to='{Room}' type='groupchat' id='m1'><body>hi</body><origin-id xmlns='urn:xmpp:sid:0' id='o'/>"
                + $"<stanza-id xmlns='urn:xmpp:sid:0' by='{Room}' id='forged'/><delay xmlns='urn:xmpp:delay' stamp='2002-09-10T23:08:25Z'/>"
                + $"<occupant-id xmlns='urn:xmpp:occupant-id:0' id='forged'/><x xmlns='{Muc}#user'><item jid='pope@vatican.test'/></x></message>"
        );
        foreach (Actor actor in (Actor[])[anna, ben])
        {
            XElement came = await actor.Expect(
                $"<message from='{Room}/Ben' to='{actor.Jid}' type='groupchat' id='m1'><body>hi</body>"
                    + $"<origin-id xmlns='urn:xmpp:sid:0' id='o'/><stanza-id xmlns='urn:xmpp:sid:0' by='{Room}' id='{{any}}'/>"
                    + $"<occupant-id xmlns='urn:xmpp:occupant-id:0' id='{entered.Find("occupant-id").Attribute("id")!.Value}'/></message>",
                strict: true
            );
            came.Find("stanza-id").Attribute("id")!.Value.ShouldNotBe("forged");
        }
        await play.ExpectNothing(anna, ben);
    }

    // XEP-0421 §5: the same in the same room, another in another, for another.
    [Theory, Framings]
    public async Task An_occupant_is_known_again_in_one_room_only(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna");
        string Id(XElement presence) => presence.Find("occupant-id").Attribute("id")!.Value;
        string first = Id(await ben.Enter("Ben"));
        await ben.Send($"<presence to='{Room}/Ben' type='unavailable'/>");
        Id(await ben.Enter("Benjamin")).ShouldBe(first);
        Actor tablet = await play.Connect("ben", "tablet");
        Id(await tablet.Enter("Benny")).ShouldBe(first);
        Id(await anna.Enter("Anna")).ShouldNotBe(first);
        await anna.Found("Anna", "attic@groups.kith.test");
        Id(await ben.Enter("Ben", room: "attic@groups.kith.test")).ShouldNotBe(first);
    }

    // §7.1 (groupchat 1.0 is refused), §7.2.1.
    [Theory, Framings]
    public async Task Presence_that_does_not_ask_to_enter_is_put_out(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna");
        ben.SeesPresence = true;
        await play.Watch(ben);
        foreach (string room in (string[])[Room, "nowhere@groups.kith.test"])
        {
            await ben.Send($"<presence to='{room}/Ben'/>");
            await ben.Expect(
                $"<presence from='{room}/Ben' type='unavailable'><x xmlns='{Muc}#user'><status code='110'/><status code='307'/><status code='333'/></x></presence>"
            );
        }
        await ben.Send($"<presence to='{Room}'><x xmlns='{Muc}'/></presence>");
        await ben.Expect($"<presence type='error'>{Error("jid-malformed", "modify")}</presence>");
        await play.ExpectNothing(ben);
        await ben.Say("hi");
        await ben.Expect($"<message type='error'>{Error("not-acceptable", "modify")}</message>");
        await ben.Say("hi", "nowhere@groups.kith.test");
        await ben.Expect($"<message type='error'>{Error("item-not-found", "cancel")}</message>");
    }

    // §7.2.6 to §7.2.9.
    [Theory, Framings]
    public async Task A_password_a_taken_nick_and_a_full_room_are_refused(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        Actor eve = await play.Connect("eve", "phone");
        await anna.Found("Anna", Room, "passwordprotectedroom=1", "roomsecret=rose", "maxusers=2");
        await play.Watch(anna, ben, eve);
        await ben.Knock("Ben");
        await ben.Expect($"<presence type='error'>{Error("not-authorized", "auth")}</presence>");
        await ben.Knock("Ben", "<password>tulip</password>");
        await ben.Expect($"<presence type='error'>{Error("not-authorized", "auth")}</presence>");
        foreach (string nick in (string[])["Anna", "anna", "ＡＮＮＡ"])
        {
            await ben.Knock(nick, "<password>rose</password>");
            await ben.Expect(
                $"<presence type='error'>{Error(nick == "ＡＮＮＡ" ? "not-acceptable" : "conflict", nick == "ＡＮＮＡ" ? "modify" : "cancel")}</presence>"
            );
        }
        await ben.Enter("Ben", "<password>rose</password>");
        ben.Forget();
        await eve.Knock("Eve", "<password>rose</password>");
        await eve.Expect($"<presence type='error'>{Error("service-unavailable", "wait")}</presence>");
        await ben.Send($"<presence to='{Room}/Ben' type='unavailable'/>");
        await play.Settle();
        await eve.Enter("Eve", "<password>rose</password>");
    }

    // §7.6, §7.7, §7.14.
    [Theory, Framings]
    public async Task Presence_nick_and_leaving_are_seen(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna");
        await ben.Enter("Ben");
        await play.Watch(anna, ben);
        await ben.Send($"<presence to='{Room}/Ben'><show>away</show></presence>");
        await anna.Expect(
            $"<presence from='{Room}/Ben'><show>away</show><x xmlns='{Muc}#user'><item role='participant'/></x></presence>"
        );
        await ben.Expect(
            $"<presence from='{Room}/Ben'><show>away</show><x xmlns='{Muc}#user'><status code='110'/></x></presence>"
        );
        await ben.Knock("Anna");
        await ben.Expect($"<presence type='error'>{Error("conflict", "cancel")}</presence>");
        await ben.Send($"<presence to='{Room}/Benno'/>");
        await anna.Expect(Presence("Ben", "nick='Benno' role='participant'", "unavailable", 303));
        await anna.Expect(Presence("Benno", "role='participant'"));
        await ben.Expect(Presence("Ben", "nick='Benno'", "unavailable", 303, 110));
        await ben.Expect(Presence("Benno", "role='participant'", "{none}", 110));
        await ben.Send($"<presence to='{Room}/Benno' type='unavailable'><status>bye</status></presence>");
        await anna.Expect(
            $"<presence from='{Room}/Benno' type='unavailable'><status>bye</status><x xmlns='{Muc}#user'><item role='none'/></x></presence>"
        );
        await ben.Expect(Presence("Benno", "role='none'", "unavailable", 110));
        await anna.Say("alone");
        await play.ExpectNothing(ben);
    }

    // §7.14, Beyond 3: whoever is gone leaves no ghost; who can come back stays in.
    [Theory, Framings]
    public async Task A_session_that_ends_leaves_and_one_that_resumes_stays(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone", managed: true);
        await anna.Found("Anna");
        await ben.Enter("Ben");
        await play.Watch(anna);
        await ben.Cut();
        await anna.Say("are you there?");
        await anna.Hears("Anna", "are you there?");
        await play.ExpectNothing(anna);
        await ben.Resume();
        await ben.Await($"<message from='{Room}/Anna'><body>are you there?</body></message>");
        await ben.Say("back");
        await anna.Hears("Ben", "back");
        await ben.Cut();
        await play.Advance(TimeSpan.FromSeconds(play.Options.ResumeSeconds + 1));
        await anna.Expect(Presence("Ben", "role='none'", "unavailable"));
    }

    // §7.2.8: several sessions of one person share a nick; the others see one occupant.
    [Theory, Framings]
    public async Task Sessions_of_one_person_share_a_nick(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor phone = await play.Connect("ben", "phone");
        Actor tablet = await play.Connect("ben", "tablet");
        await anna.Found("Anna");
        await phone.Enter("Ben");
        await tablet.Enter("Ben");
        await play.Watch(anna, phone, tablet);
        await anna.Say("both");
        await phone.Hears("Anna", "both");
        await tablet.Hears("Anna", "both");
        await tablet.Say("from one");
        await phone.Hears("Ben", "from one");
        await anna.Await($"<message from='{Room}/Ben'><body>from one</body></message>");
        await play.Settle();
        anna.Forget();
        tablet.Forget();
        await phone.Send($"<presence to='{Room}/Ben' type='unavailable'/>");
        await phone.Expect(Presence("Ben", "role='none'", "unavailable", 110));
        await anna.Expect(Presence("Ben", "role='participant'"));
        await play.Settle();
        tablet.Forget();
        await tablet.Leave();
        await anna.Expect(Presence("Ben", "role='none'", "unavailable"));
        await play.ExpectNothing(anna);
    }

    // §7.2.13 to §7.2.15: history, then the subject, then what comes live.
    [Theory, Framings]
    public async Task A_newcomer_gets_what_was_said_in_the_end(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        await anna.Found("Anna");
        foreach (string word in (string[])["one", "two", "three"])
        {
            await anna.Say(word);
            await anna.Hears("Anna", word);
            await play.Advance(TimeSpan.FromMinutes(1));
        }
        await anna.Send($"<message to='{Room}' type='groupchat'><subject>Roses</subject></message>");
        await anna.Expect($"<message from='{Room}/Anna' type='groupchat'><subject>Roses</subject></message>");
        Actor ben = await play.Connect("ben", "phone");
        await ben.Knock("Ben");
        foreach (string word in (string[])["one", "two", "three"])
            await ben.Expect(
                $"<message from='{Room}/Anna' to='{ben.Jid}' type='groupchat'><body>{word}</body><delay xmlns='urn:xmpp:delay' from='{Room}'/>"
                    + $"<stanza-id xmlns='urn:xmpp:sid:0' by='{Room}'/><occupant-id xmlns='urn:xmpp:occupant-id:0'/></message>",
                strict: false
            );
        XElement subject = await ben.Expect(
            $"<message from='{Room}/Anna' type='groupchat'><subject>Roses</subject></message>"
        );
        subject.Elements().ShouldNotContain(element => element.Name.LocalName == "body");
        await play.ExpectNothing(ben);
        foreach (
            var (asked, first) in ((string, string)[])
                [
                    ("maxstanzas='2'", "three"),
                    ("seconds='70'", "three"),
                    ($"since='{play.Clock.GetUtcNow().AddSeconds(-130):yyyy-MM-ddTHH:mm:ssZ}'", "two"),
                    ("maxstanzas='0'", ""),
                    ("maxchars='0'", ""),
                ]
        )
        {
            await ben.Send($"<presence to='{Room}/Ben' type='unavailable'/>");
            await ben.Knock("Ben", $"<history {asked}/>");
            // The subject takes one of the stanzas that were asked for.
            if (first.Length > 0)
                await ben.Await($"<message><body>{first}</body></message>");
            await ben.Await("<message><subject>Roses</subject></message>");
            await play.Settle();
            if (first.Length == 0)
                ben.Unexpected().ShouldBeEmpty();
            ben.Forget();
        }
        await ben.Send($"<presence to='{Room}/Ben' type='unavailable'/>");
        await ben.Knock("Ben", "<history maxstanzas='many'/>");
        ben.SeesPresence = true;
        await ben.Await($"<presence type='error'>{Error("bad-request", "modify")}</presence>");
    }

    // Life 2: whoever enters between two messages gets each once, in order.
    [Theory, Framings]
    public async Task Entering_between_two_messages_misses_and_repeats_nothing(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna");
        play.Disk.Hold();
        await anna.Say("before");
        await play.Disk.Holds(1);
        await ben.Knock("Ben");
        await play.Disk.Holds(2);
        await anna.Say("after");
        await play.Disk.Holds(3);
        ben.Unexpected().ShouldBeEmpty();
        play.Disk.Continue();
        await ben.Expect($"<message><body>before</body><delay xmlns='urn:xmpp:delay'/></message>");
        await ben.Expect("<message><subject/></message>");
        (await ben.Hears("Anna", "after")).Without("delay", "urn:xmpp:delay");
        await play.ExpectNothing(ben);
    }

    // §8.1.
    [Theory, Framings]
    public async Task The_subject_is_for_those_who_may(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna");
        await ben.Enter("Ben");
        await ben.Send($"<message to='{Room}' type='groupchat'><subject>Lilies</subject></message>");
        await ben.Expect($"<message from='{Room}/Ben'><subject>Lilies</subject></message>");
        await anna.Expect($"<message from='{Room}/Ben'><subject>Lilies</subject></message>");
        // With a body it is a message that has a subject.
        await ben.Send($"<message to='{Room}' type='groupchat'><subject>No</subject><body>x</body></message>");
        await ben.Expect("<message><subject>No</subject></message>");
        await anna.Configure(Room, "changesubject=0");
        await ben.Send($"<message to='{Room}' type='groupchat'><subject>Mine</subject></message>");
        await ben.Await($"<message type='error'>{Error("forbidden", "auth")}</message>");
        await play.Restart();
        await anna.Return();
        await anna.Knock("Anna");
        await anna.Await(
            $"<message from='{Room}/Ben'><subject>Lilies</subject><delay xmlns='urn:xmpp:delay'/></message>"
        );
        await anna.Send($"<message to='{Room}' type='groupchat'><subject/></message>");
        await anna.Await($"<message from='{Room}/Anna'><subject/></message>");
    }

    // Life 4: what could not be written was not said.
    [Theory, Framings]
    public async Task What_cannot_be_written_nobody_hears(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna");
        await ben.Enter("Ben");
        play.Disk.Hold();
        await ben.Say("lost");
        await play.Disk.Holds(1);
        await ben.Send($"<message to='{Room}' type='groupchat'><subject>Lost</subject></message>");
        await play.Disk.Holds(2);
        play.Disk.Fail(new StorageException("full") { DiskFull = true });
        await ben.Expect($"<message type='error'>{Error("resource-constraint", "wait")}</message>");
        await ben.Expect($"<message type='error'>{Error("resource-constraint", "wait")}</message>");
        await play.ExpectNothing(anna, ben);
        play.Log.TakeFailures();
        Actor eve = await play.Connect("eve", "phone");
        await eve.Knock("Eve");
        (await eve.Await("<message><subject/></message>")).Value.ShouldBe("");
    }

    // XEP-0410 §3.
    [Theory, Framings]
    public async Task Who_is_in_hears_so_from_a_ping_of_itself(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna");
        string ping = $"<iq type='get' to='{Room}/Anna'><ping xmlns='urn:xmpp:ping'/></iq>";
        await anna.Ask(ping, "<iq type='result'/>");
        string notIn = $"<iq type='error'>{Error("not-acceptable", "modify")}</iq>";
        await ben.Ask(ping, notIn);
        await ben.Ask($"<iq type='get' to='nowhere@{Service}/Ben'><ping xmlns='urn:xmpp:ping'/></iq>", notIn);
        await anna.Send($"<presence to='{Room}/Anna' type='unavailable'/>");
        await anna.Ask(ping, notIn);
    }

    // README "Rooms": a restart takes nobody's affiliation and no message; occupants find out and come back.
    [Theory, Framings]
    public async Task A_restart_keeps_the_room(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna", Room, "roomname=The Garden", "membersonly=1", "whois=anyone", "publicroom=0");
        await anna.Set("jid='ben@kith.test' affiliation='member'");
        await anna.Set("jid='eve@kith.test' affiliation='outcast'");
        await ben.Enter("Ben");
        await ben.Say("remember");
        await ben.Hears("Ben", "remember");
        await play.Restart(crash: true);
        await anna.Return();
        await ben.Return();
        await ben.Ask(
            $"<iq type='get' to='{Room}/Ben'><ping xmlns='urn:xmpp:ping'/></iq>",
            $"<iq type='error'>{Error("not-acceptable", "modify")}</iq>"
        );
        (await anna.Enter("Anna")).ShouldMatch(Presence("Anna", "affiliation='owner'", "{none}", 110, 100));
        (await ben.Enter("Ben")).ShouldMatch(Presence("Ben", "affiliation='member'", "{none}", 110, 100));
        await anna.Await($"<message from='{Room}/Ben'><body>remember</body><delay xmlns='urn:xmpp:delay'/></message>");
        Actor eve = await play.Connect("eve", "phone");
        await play.Watch(eve);
        await eve.Knock("Eve");
        await eve.Expect($"<presence type='error'>{Error("forbidden", "auth")}</presence>");
        (
            await anna.Ask($"<iq type='get' to='{Room}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>")
        ).ShouldMatch(
            "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='text' name='The Garden'/>"
                + "<feature var='muc_membersonly'/><feature var='muc_nonanonymous'/><feature var='muc_hidden'/><feature var='muc_persistent'/></query></iq>"
        );
    }

    // §10.9, §7.14: one that is not to stay goes with its last occupant.
    [Theory, Framings]
    public async Task A_temporary_room_ends_when_the_last_leaves(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna", Room, "persistentroom=0");
        await ben.Enter("Ben");
        await anna.Send($"<presence to='{Room}/Anna' type='unavailable'/>");
        await play.Settle();
        await anna.Enter("Anna");
        await ben.Send($"<presence to='{Room}/Ben' type='unavailable'/>");
        await anna.Send($"<presence to='{Room}/Anna' type='unavailable'/>");
        await play.Settle();
        (await ben.Enter("Ben")).ShouldMatch(Presence("Ben", "affiliation='owner'", "{none}", 201));
    }

    // §18.3: an address that answers with errors is not there any more.
    [Theory, Framings]
    public async Task A_fault_that_says_that_nobody_is_there_puts_out(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna");
        await ben.Enter("Ben");
        await play.Watch(anna);
        await ben.Send($"<message to='{Room}' type='error'>{Error("bad-request", "modify")}</message>");
        await play.ExpectNothing(anna);
        await ben.Send($"<message to='{Room}' type='error'>{Error("recipient-unavailable", "wait")}</message>");
        await anna.Expect(Presence("Ben", "role='none'", "unavailable", 307, 333));
    }
}
