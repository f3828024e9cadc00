using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xunit;
using static Server.Tests.Plays.Stage.RoomStage;

namespace Server.Tests.Plays;

/// <summary>Roles and affiliations change (XEP-0045 §8.2 to §8.6, §9, §10.3 to §10.8).</summary>
public sealed class RoomStandingPlays
{
    private static async Task<(Actor Anna, Actor Ben, Actor Eve)> Three(Play play, params string[] fields)
    {
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        Actor eve = await play.Connect("eve", "phone");
        await anna.Found("Anna", Room, fields);
        if (fields.Contains("membersonly=1"))
            await anna.Set("jid='ben@kith.test' affiliation='member'");
        await ben.Enter("Ben");
        if (!fields.Contains("membersonly=1"))
            await eve.Enter("Eve");
        await play.Watch(anna, ben, eve);
        return (anna, ben, eve);
    }

    // §8.2.
    [Theory, Framings]
    public async Task A_moderator_kicks(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben, eve) = await Three(play);
        (await ben.Set("nick='Eve' role='none'")).ShouldMatch($"<iq type='error'>{Error("forbidden", "auth")}</iq>");
        (
            await anna.Ask(
                $"<iq type='set' to='{Room}'><query xmlns='{Muc}#admin'><item nick='Eve' role='none'><reason>Out</reason></item></query></iq>"
            )
        ).ShouldMatch("<iq type='result'/>");
        const string Why = "<actor nick='Anna'/><reason>Out</reason>";
        await eve.Expect(
            $"<presence from='{Room}/Eve' type='unavailable'><x xmlns='{Muc}#user'><item affiliation='none' role='none'>{Why}</item><status code='307'/><status code='110'/></x></presence>"
        );
        await ben.Expect(
            $"<presence from='{Room}/Eve' type='unavailable'><x xmlns='{Muc}#user'><item affiliation='none' role='none'>{Why}</item><status code='307'/></x></presence>"
        );
        await eve.Enter("Eve");
        (await anna.Set("nick='Nobody' role='none'")).ShouldMatch(
            $"<iq type='error'>{Error("item-not-found", "cancel")}</iq>"
        );
    }

    // §8.3, §8.4, §7.5.
    [Theory, Framings]
    public async Task Voice_is_given_and_taken(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben, _) = await Three(play, "moderatedroom=1");
        await ben.Say("mute");
        await ben.Expect($"<message type='error'>{Error("forbidden", "auth")}</message>");
        await anna.Set("nick='Ben' role='participant'");
        await ben.Expect(Presence("Ben", "affiliation='none' role='participant'", "{none}", 110));
        await ben.Say("loud");
        await ben.Hears("Ben", "loud");
        await anna.Set("nick='Ben' role='visitor'");
        await ben.Expect(Presence("Ben", "role='visitor'", "{none}", 110));
        await ben.Say("mute");
        await ben.Expect($"<message type='error'>{Error("forbidden", "auth")}</message>");
        (await anna.Set("nick='Anna' role='visitor'")).ShouldMatch(
            $"<iq type='error'>{Error("not-allowed", "cancel")}</iq>"
        );
    }

    // §7.13, §8.6.
    [Theory, Framings]
    public async Task Voice_is_asked_for(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben, eve) = await Three(play, "moderatedroom=1");
        string form =
            $"<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>{Muc}#request</value></field><field var='muc#role'><value>participant</value></field>";
        await ben.Send($"<message to='{Room}'>{form}</x></message>");
        await anna.Expect(
            $"<message from='{Room}'><x xmlns='jabber:x:data' type='form'><field var='muc#jid'><value>{ben.Jid}</value></field><field var='muc#roomnick'><value>Ben</value></field><field var='muc#request_allow'><value>false</value></field></x></message>"
        );
        string approval =
            $"<message to='{Room}'>{form}<field var='muc#roomnick'><value>Ben</value></field><field var='muc#request_allow'><value>true</value></field></x></message>";
        await eve.Send(approval);
        await anna.Await(
            $"<message from='{Room}'><x xmlns='jabber:x:data' type='form'><field var='muc#roomnick'><value>Eve</value></field></x></message>"
        );
        await anna.Send(approval);
        await ben.Expect(Presence("Ben", "role='participant'", "{none}", 110));
        await ben.Send($"<message to='{Room}'>{form}</x></message>");
        await ben.Expect($"<message type='error'>{Error("bad-request", "modify")}</message>");
    }

    // §9.6, §9.7, §9.8.
    [Theory, Framings]
    public async Task Moderators_are_made_by_admins(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben, eve) = await Three(play);
        await anna.Set("nick='Ben' role='moderator'");
        await eve.Expect(Presence("Ben", "affiliation='none' role='moderator' jid='{none}'"));
        (await ben.Set("nick='Eve' role='moderator'")).ShouldMatch(
            $"<iq type='error'>{Error("forbidden", "auth")}</iq>"
        );
        (await ben.Set("nick='Eve' role='visitor'")).ShouldMatch("<iq type='result'/>");
        // §7.2.3: who moderates sees real addresses in a semi-anonymous room.
        await ben.Await(Presence("Eve", $"role='visitor' jid='{eve.Jid}'"));
        XElement list = await ben.Ask(
            $"<iq type='get' to='{Room}'><query xmlns='{Muc}#admin'><item role='moderator'/></query></iq>"
        );
        list.ShouldMatch(
            $"<iq type='result'><query xmlns='{Muc}#admin'><item nick='Anna'/><item nick='Ben'/></query></iq>"
        );
        await anna.Set("nick='Ben' role='participant'");
        await eve.Await(Presence("Ben", "role='participant'"));
        (
            await ben.Ask($"<iq type='get' to='{Room}'><query xmlns='{Muc}#admin'><item role='visitor'/></query></iq>")
        ).ShouldMatch($"<iq type='error'>{Error("forbidden", "auth")}</iq>");
    }

    // §9.1, §9.2.
    [Theory, Framings]
    public async Task An_admin_bans(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben, eve) = await Three(play);
        await anna.Set("jid='eve@kith.test' affiliation='outcast'");
        await eve.Expect(Presence("Eve", "affiliation='outcast' role='none'", "unavailable", 301, 110));
        await ben.Expect(Presence("Eve", "affiliation='outcast' role='none'", "unavailable", 301));
        await eve.Knock("Eve");
        await eve.Expect($"<presence type='error'>{Error("forbidden", "auth")}</presence>");
        string bans =
            $"<iq type='get' to='{Room}'><query xmlns='{Muc}#admin'><item affiliation='outcast'/></query></iq>";
        await anna.Ask(bans, $"<iq type='result'><query xmlns='{Muc}#admin'><item jid='eve@kith.test'/></query></iq>");
        await ben.Ask(bans, $"<iq type='error'>{Error("forbidden", "auth")}</iq>");
        (await anna.Set("jid='anna@kith.test' affiliation='outcast'")).ShouldMatch(
            $"<iq type='error'>{Error("conflict", "cancel")}</iq>"
        );
        await anna.Set("jid='eve@kith.test' affiliation='none'");
        await eve.Enter("Eve");
        // A whole domain.
        await anna.Set("jid='ben@kith.test' affiliation='member'");
        await anna.Set("jid='kith.test' affiliation='outcast'");
        await eve.Await(Presence("Eve", "affiliation='outcast'", "unavailable", 301));
        await play.ExpectNothingBut(ben, "presence");
        await ben.Say("a member stays");
        await ben.Await($"<message from='{Room}/Ben'><body>a member stays</body></message>");
    }

    // §9.3 to §9.5, §15.6.2.
    [Theory, Framings]
    public async Task Members_come_and_go_in_a_members_only_room(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben, eve) = await Three(play, "membersonly=1");
        await eve.Knock("Eve");
        await eve.Expect($"<presence type='error'>{Error("registration-required", "auth")}</presence>");
        await anna.Set("jid='eve@kith.test' affiliation='member'");
        // §9.3: who is not there is told of by a message, to those who may know.
        await anna.Expect(
            $"<message from='{Room}'><x xmlns='{Muc}#user'><item affiliation='member' jid='eve@kith.test'/></x></message>"
        );
        await play.ExpectNothing(ben);
        await eve.Enter("Eve");
        await ben.Expect(Presence("Eve", "affiliation='member' role='participant'"));
        await anna.Set("nick='Eve' affiliation='none'");
        await eve.Await(Presence("Eve", "affiliation='none' role='none'", "unavailable", 321, 110));
        eve.Forget();
        await eve.Knock("Eve");
        await eve.Expect($"<presence type='error'>{Error("registration-required", "auth")}</presence>");
        // security.md, "Leaks": lists of closed rooms are for their people, and where addresses are hidden for admins.
        string members =
            $"<iq type='get' to='{Room}'><query xmlns='{Muc}#admin'><item affiliation='member'/></query></iq>";
        await eve.Ask(members, $"<iq type='error'>{Error("forbidden", "auth")}</iq>");
        await ben.Ask(members, $"<iq type='error'>{Error("forbidden", "auth")}</iq>");
        await anna.Configure(Room, "whois=anyone");
        await ben.Ask(
            members,
            $"<iq type='result'><query xmlns='{Muc}#admin'><item jid='ben@kith.test'/></query></iq>"
        );
        await eve.Ask(members, $"<iq type='error'>{Error("forbidden", "auth")}</iq>");
    }

    // §10.3 to §10.8.
    [Theory, Framings]
    public async Task Owners_and_admins_are_made_by_owners_and_one_stays(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben, eve) = await Three(play);
        await anna.Set("jid='ben@kith.test' affiliation='admin'");
        await eve.Expect(Presence("Ben", "affiliation='admin' role='moderator'"));
        (await ben.Set("jid='eve@kith.test' affiliation='admin'")).ShouldMatch(
            $"<iq type='error'>{Error("forbidden", "auth")}</iq>"
        );
        (await ben.Set("jid='anna@kith.test' affiliation='none'")).ShouldMatch(
            $"<iq type='error'>{Error("not-allowed", "cancel")}</iq>"
        );
        (await anna.Set("jid='anna@kith.test' affiliation='admin'")).ShouldMatch(
            $"<iq type='error'>{Error("conflict", "cancel")}</iq>"
        );
        await anna.Set("jid='eve@kith.test' affiliation='owner'");
        (await anna.Set("jid='anna@kith.test' affiliation='member'")).ShouldMatch("<iq type='result'/>");
        await eve.Await(Presence("Anna", "affiliation='member' role='participant'"));
        await eve.Ask(
            $"<iq type='get' to='{Room}'><query xmlns='{Muc}#admin'><item affiliation='owner'/></query></iq>",
            $"<iq type='result'><query xmlns='{Muc}#admin'><item jid='eve@kith.test'/></query></iq>"
        );
        await anna.Ask(
            $"<iq type='get' to='{Room}'><query xmlns='{Muc}#owner'/></iq>",
            $"<iq type='error'>{Error("forbidden", "auth")}</iq>"
        );
    }

    // §9: several at once, all or none.
    [Theory, Framings]
    public async Task Several_changes_are_one(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben, eve) = await Three(play);
        string items = "<item jid='ben@kith.test' affiliation='member'/>";
        string Change(string more) =>
            $"<iq type='set' to='{Room}'><query xmlns='{Muc}#admin'>{items}{more}</query></iq>";
        await anna.Ask(
            Change("<item jid='anna@kith.test' affiliation='none'/>"),
            $"<iq type='error'>{Error("conflict", "cancel")}</iq>"
        );
        await anna.Ask(
            Change("<item affiliation='member'/>"),
            $"<iq type='error'>{Error("item-not-found", "cancel")}</iq>"
        );
        await anna.Ask(
            Change("<item jid='@' affiliation='member'/>"),
            $"<iq type='error'>{Error("jid-malformed", "modify")}</iq>"
        );
        await anna.Ask(
            Change("<item jid='x@kith.test' affiliation='king'/>"),
            $"<iq type='error'>{Error("bad-request", "modify")}</iq>"
        );
        await anna.Ask(Change("<item jid='x@kith.test'/>"), $"<iq type='error'>{Error("bad-request", "modify")}</iq>");
        await anna.Ask(
            $"<iq type='set' to='{Room}'><query xmlns='{Muc}#admin'/></iq>",
            $"<iq type='error'>{Error("bad-request", "modify")}</iq>"
        );
        await play.ExpectNothing(ben);
        await anna.Ask(Change("<item jid='eve@kith.test' affiliation='outcast'/>"), "<iq type='result'/>");
        await ben.Expect(Presence("Ben", "affiliation='member'", "{none}", 110));
        await eve.Await(Presence("Eve", "affiliation='outcast'", "unavailable", 301));
    }

    // Life 4: what could not be written is not so.
    [Theory, Framings]
    public async Task A_change_that_cannot_be_written_is_taken_back(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben, _) = await Three(play);
        play.Disk.Hold();
        Task<XElement> asked = anna.Set("jid='zoe@kith.test' affiliation='outcast'");
        await play.Disk.Holds(1);
        play.Disk.Fail(new Xmpp.Server.Stores.StorageException("broken"));
        (await asked).ShouldMatch($"<iq type='error'>{Error("internal-server-error", "cancel")}</iq>");
        play.Log.TakeFailures();
        (
            await anna.Ask(
                $"<iq type='get' to='{Room}'><query xmlns='{Muc}#admin'><item affiliation='outcast'/></query></iq>"
            )
        )
            .Descendants()
            .ShouldNotContain(element => element.Name.LocalName == "item");
    }

    // §10.2, §15.6: what changes for everybody is said by codes.
    [Theory, Framings]
    public async Task Configuration_is_told_by_codes(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben, eve) = await Three(play);
        async Task Expect(string[] fields, params int[] codes)
        {
            await anna.Configure(Room, fields);
            string all = string.Concat(codes.Select(code => $"<status code='{code}'/>"));
            await ben.Expect(
                $"<message from='{Room}' type='groupchat'><x xmlns='{Muc}#user'>{all}</x></message>",
                strict: false
            );
        }
        await Expect(["roomname=New"], 104);
        await Expect(["whois=anyone"], 172);
        await Expect(["whois=moderators", "roomdesc=x"], 104, 173);
        await Expect(["enablearchiving=0"], 171);
        await Expect(["mam=1"], 170);
        await anna.Configure(Room);
        await play.ExpectNothing(ben);
        eve.Forget();
        await anna.Set("jid='ben@kith.test' affiliation='member'");
        await anna.Configure(Room, "membersonly=1");
        await eve.Await(Presence("Eve", "role='none'", "unavailable", 322, 110));
        XElement form = await anna.Ask($"<iq type='get' to='{Room}'><query xmlns='{Muc}#owner'/></iq>");
        form.ShouldMatch(
            $"<iq type='result'><query xmlns='{Muc}#owner'><x xmlns='jabber:x:data' type='form'>"
                + "<field var='muc#roomconfig_roomname'><value>New</value></field><field var='muc#roomconfig_membersonly' type='boolean'><value>1</value></field>"
                + "<field var='muc#roomconfig_slow_mode_duration'><validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:integer'><range min='0'/></validate></field></x></query></iq>"
        );
        foreach (
            string wrong in (string[])
                [
                    "maxusers=many",
                    "whois=all",
                    "publicroom=perhaps",
                    "allowpm=x",
                    "passwordprotectedroom=1",
                    "slow_mode_duration=-1",
                    "muc#maxhistoryfetch=1000",
                ]
        )
            await anna.Ask(
                $"<iq type='set' to='{Room}'><query xmlns='{Muc}#owner'>{Form(wrong)}</query></iq>",
                $"<iq type='error'>{Error("not-acceptable", "modify")}</iq>"
            );
    }

    // §10.9.
    [Theory, Framings]
    public async Task A_destroyed_room_says_where_to_go(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben, _) = await Three(play);
        await ben.Say("old");
        await ben.Hears("Ben", "old");
        string destroy =
            $"<iq type='set' to='{Room}'><query xmlns='{Muc}#owner'><destroy jid='attic@groups.kith.test'><reason>Rain</reason></destroy></query></iq>";
        await ben.Ask(destroy, $"<iq type='error'>{Error("forbidden", "auth")}</iq>");
        await anna.Ask(destroy, "<iq type='result'/>");
        await ben.Expect(
            $"<presence from='{Room}/Ben' type='unavailable'><x xmlns='{Muc}#user'><item affiliation='none' role='none'/>"
                + $"<destroy jid='attic@groups.kith.test'><reason>Rain</reason></destroy><status code='110'/></x></presence>"
        );
        await play.ExpectNothing(ben);
        await ben.Ask(
            $"<iq type='get' to='{Room}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            $"<iq type='error'>{Error("item-not-found", "cancel")}</iq>"
        );
        await ben.Knock("Ben");
        await ben.Expect(Presence("Ben", "affiliation='owner'", "{none}", 201));
        await ben.Expect("<message><subject/></message>");
        await play.ExpectNothing(ben);
    }

    // §7.10, §7.12, §9.9.
    [Theory, Framings]
    public async Task People_register_with_a_room(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben, eve) = await Three(play);
        string ask = $"<iq type='get' to='{Room}'><query xmlns='jabber:iq:register'/></iq>";
        string Submit(string nick) =>
            $"<iq type='set' to='{Room}'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>{Muc}#register</value></field>"
            + $"<field var='muc#register_roomnick'><value>{nick}</value></field></x></query></iq>";
        await ben.Ask(
            ask,
            $"<iq type='result'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='form'><field var='muc#register_roomnick'/></x></query></iq>"
        );
        await ben.Ask(Submit("Anna"), $"<iq type='error'>{Error("conflict", "cancel")}</iq>");
        await ben.Ask(Submit("Benjamin"), "<iq type='result'/>");
        await eve.Await(Presence("Ben", "affiliation='member'"));
        await ben.Ask(
            ask,
            "<iq type='result'><query xmlns='jabber:iq:register'><registered/><username>Benjamin</username></query></iq>"
        );
        await ben.Ask(
            $"<iq type='get' to='{Room}'><query xmlns='http://jabber.org/protocol/disco#info' node='x-roomuser-item'/></iq>",
            "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' name='Benjamin' type='text'/></query></iq>"
        );
        await eve.Send($"<presence to='{Room}/benjamin'/>");
        await eve.Await($"<presence type='error'>{Error("conflict", "cancel")}</presence>");
        await ben.Ask(
            $"<iq type='set' to='{Room}'><query xmlns='jabber:iq:register'><remove/></query></iq>",
            "<iq type='result'/>"
        );
        await eve.Await(Presence("Ben", "affiliation='none'"));
        // A closed room asks its admins.
        await anna.Set("jid='ben@kith.test' affiliation='member'");
        await anna.Configure(Room, "membersonly=1");
        anna.Forget();
        await eve.Ask(Submit("Eve"), "<iq type='result'/>");
        await anna.Await(
            $"<message from='{Room}'><x xmlns='jabber:x:data' type='form'><field var='muc#register_jid'><value>eve@kith.test</value></field></x></message>"
        );
        string approval =
            $"<message to='{Room}'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>{Muc}#register</value></field>"
            + "<field var='muc#register_jid'><value>eve@kith.test</value></field><field var='muc#register_roomnick'><value>Eve</value></field><field var='muc#register_allow'><value>1</value></field></x></message>";
        await ben.Send(approval);
        await ben.Await($"<message type='error'>{Error("forbidden", "auth")}</message>");
        await anna.Send(approval);
        await play.Settle();
        await eve.Enter("Eve");
        await anna.Configure(Room, "allowregistration=0");
        Actor zoe = await play.Connect("zoe", "phone");
        await zoe.Ask(ask, $"<iq type='error'>{Error("not-allowed", "cancel")}</iq>");
    }

    // §7.10, §10.4: whoever takes a registration back is nothing in the room any more; a room keeps its owner.
    [Theory, Framings]
    public async Task An_admin_gives_its_place_up(Framing framing)
    {
        const string Remove = $"<iq type='set' to='{Room}'><query xmlns='jabber:iq:register'><remove/></query></iq>";
        await using Play play = await Play.StartAsync(framing);
        var (anna, ben, eve) = await Three(play, "membersonly=1");
        await anna.Set("jid='ben@kith.test' affiliation='admin'");
        await anna.Set("jid='eve@kith.test' affiliation='admin'");
        await eve.Enter("Eve");
        await play.Watch(anna, ben, eve);

        await ben.Ask(Remove, "<iq type='result'/>");
        await anna.Await(
            $"<presence from='{Room}/Ben' type='unavailable'><x xmlns='{Muc}#user'><item affiliation='none' role='none'/><status code='321'/></x></presence>"
        );
        await eve.Send($"<presence to='{Room}/Eve' type='unavailable'/>");
        await anna.Await(Presence("Eve", "affiliation='admin' role='none'", "unavailable"));
        await eve.Ask(Remove, "<iq type='result'/>");
        await anna.Await(
            $"<message from='{Room}'><x xmlns='{Muc}#user'><item affiliation='none' role='none' jid='eve@kith.test'/></x></message>"
        );
        await eve.Knock("Eve");
        await eve.Await($"<presence type='error'>{Error("registration-required", "auth")}</presence>");

        await anna.Ask(Remove, "<iq type='result'/>");
        await anna.Enter("Anna");
        (await anna.Set("jid='anna@kith.test' affiliation='none'")).ShouldMatch(
            $"<iq type='error'>{Error("conflict", "cancel")}</iq>"
        );
    }
}
