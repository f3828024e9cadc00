using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xunit;
using static Server.Tests.Plays.Stage.RoomStage;

namespace Server.Tests.Plays;

/// <summary>How rooms are found and what they tell (XEP-0045 §6; XEP-0317, XEP-0433, XEP-0486, XEP-0502; security.md, "Leaks").</summary>
public sealed class RoomDiscoveryPlays
{
    private const string Info = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
    private const string Items = "<query xmlns='http://jabber.org/protocol/disco#items'/>";

    private static async Task<string[]> Listed(Actor actor, string to = Service)
    {
        XElement answer = await actor.Ask($"<iq type='get' to='{to}'>{Items}</iq>");
        return
        [
            .. answer
                .Descendants()
                .Where(item => item.Name.LocalName == "item")
                .Select(item => item.Attribute("jid")!.Value),
        ];
    }

    // §6.1 to §6.3.
    [Theory, Framings]
    public async Task The_service_is_found_and_lists_what_is_public(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        (await Listed(ben, Play.Domain)).ShouldContain(Service);
        await ben.Ask(
            $"<iq type='get' to='{Service}'>{Info}</iq>",
            $"<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'><identity category='conference' type='text'/><feature var='{Muc}'/><feature var='urn:xmpp:occupant-id:0'/></query></iq>"
        );
        await anna.Found("Anna", Room, "roomname=The Garden");
        await anna.Found("Anna", "cellar@" + Service, "publicroom=0");
        await anna.Enter("Anna", room: "unopened@" + Service);
        (await Listed(ben)).ShouldBe([Room]);
        // One's own, but none that is not open yet.
        (await Listed(anna)).ShouldBe(["cellar@" + Service, Room]);
        await ben.Ask(
            $"<iq type='get' to='nowhere@{Service}'>{Info}</iq>",
            $"<iq type='error'>{Error("item-not-found", "cancel")}</iq>"
        );
        await ben.Ask(
            $"<iq type='get' to='{Service}'><a xmlns='b'/></iq>",
            $"<iq type='error'>{Error("service-unavailable", "cancel")}</iq>"
        );
    }

    // §6.4, §6.5: who is in a closed room, and what they talk of, is for its people.
    [Theory, Framings]
    public async Task A_closed_room_tells_others_little(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna");
        await anna.Send($"<message to='{Room}' type='groupchat'><subject>Roses</subject></message>");
        await anna.Await("<message><subject>Roses</subject></message>");
        (await Listed(ben, Room)).ShouldBe([Room + "/Anna"]);
        XElement open = await ben.Ask($"<iq type='get' to='{Room}'>{Info}</iq>");
        open.ShouldMatch(
            $"<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'><feature var='muc_open'/><feature var='{Muc}#self-ping-optimization'/><feature var='{Muc}#stable_id'/><feature var='urn:xmpp:mam:2'/>"
                + $"<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE'><value>{Muc}#roominfo</value></field><field var='muc#roominfo_occupants'><value>1</value></field><field var='muc#roominfo_subject'><value>Roses</value></field></x></query></iq>"
        );
        await anna.Configure(Room, "membersonly=1");
        (await Listed(ben, Room)).ShouldBeEmpty();
        XElement closed = await ben.Ask($"<iq type='get' to='{Room}'>{Info}</iq>");
        closed.ToString().ShouldNotContain("Roses");
        closed.ToString().ShouldNotContain("roominfo_occupants");
        (await Listed(anna, Room)).ShouldBe([Room + "/Anna"]);
        await ben.Ask(
            $"<iq type='get' to='{Room}'><vCard xmlns='vcard-temp'/></iq>",
            $"<iq type='error'>{Error("forbidden", "auth")}</iq>"
        );
    }

    // XEP-0433 §4, §5.
    [Theory, Framings]
    public async Task Rooms_are_searched_for(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna", Room, "roomname=The Garden", "roomdesc=Roses and more");
        await anna.Found("Anna", "kitchen@" + Service, "roomname=Kitchen");
        await anna.Found("Anna", "secret@" + Service, "roomname=Garden party", "publicroom=0");
        await ben.Enter("Ben", room: "kitchen@" + Service);
        const string Ns = "urn:xmpp:channel-search:0:search";
        string Search(string fields, string set = "") =>
            $"<iq type='get' to='{Service}'><search xmlns='{Ns}'>{set}<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>urn:xmpp:channel-search:0:search-params</value></field>{fields}</x></search></iq>";
        string Field(string name, string value) => $"<field var='{name}'><value>{value}</value></field>";
        await ben.Ask(
            $"<iq type='get' to='{Service}'><search xmlns='{Ns}'/></iq>",
            $"<iq type='result'><search xmlns='{Ns}'><x xmlns='jabber:x:data' type='form'><field var='q'/><field var='key'/></x></search></iq>"
        );
        XElement found = await ben.Ask(Search(Field("q", "garden")));
        found.ShouldMatch(
            $"<iq type='result'><result xmlns='{Ns}'><item address='{Room}'><name>The Garden</name><description>Roses and more</description><nusers>1</nusers><service-type>xep-0045</service-type><is-open/></item></result></iq>"
        );
        found.Descendants().Count(item => item.Name.LocalName == "item").ShouldBe(1);
        XElement all = await ben.Ask(Search(Field("all", "true")));
        all.Descendants()
            .Where(item => item.Name.LocalName == "item")
            .Select(item => item.Attribute("address")!.Value)
            .ShouldBe(["kitchen@" + Service, Room]);
        XElement page = await ben.Ask(
            Search(
                Field("all", "true") + Field("key", "{urn:xmpp:channel-search:0:order}address"),
                "<set xmlns='http://jabber.org/protocol/rsm'><max>1</max></set>"
            )
        );
        page.ShouldMatch(
            $"<iq type='result'><result xmlns='{Ns}'><item address='{Room}'/><set xmlns='http://jabber.org/protocol/rsm'><last>{Room}</last><count>2</count></set></result></iq>"
        );
        await ben.Ask(
            Search(Field("key", "x") + Field("q", "y")),
            $"<iq type='error'><error type='modify'><invalid-sort-key xmlns='urn:xmpp:channel-search:0:error'/></error></iq>"
        );
        await ben.Ask(
            Search(""),
            "<iq type='error'><error type='modify'><no-search-conditions xmlns='urn:xmpp:channel-search:0:error'/></error></iq>"
        );
        await ben.Ask(
            Search(Field("q", "y") + Field("all", "1")),
            "<iq type='error'><error type='modify'><conflicting-fields xmlns='urn:xmpp:channel-search:0:error'/></error></iq>"
        );
    }

    // XEP-0486 §3.
    [Theory, Framings]
    public async Task A_room_has_a_picture(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna");
        await ben.Enter("Ben");
        string card =
            "<vCard xmlns='vcard-temp'><PHOTO><TYPE>image/png</TYPE><BINVAL>aGVsbG8=</BINVAL></PHOTO></vCard>";
        string Set(string what) => $"<iq type='set' to='{Room}'>{what}</iq>";
        await ben.Ask(Set(card), $"<iq type='error'>{Error("forbidden", "auth")}</iq>");
        await anna.Ask(
            Set(card.Replace("aGVsbG8=", "§", StringComparison.Ordinal)),
            $"<iq type='error'>{Error("bad-request", "modify")}</iq>"
        );
        await anna.Ask(Set(card), "<iq type='result'/>");
        await ben.Expect(
            $"<message from='{Room}' type='groupchat'><x xmlns='{Muc}#user'><status code='104'/></x></message>"
        );
        await play.Restart();
        await ben.Return();
        await ben.Ask($"<iq type='get' to='{Room}'><vCard xmlns='vcard-temp'/></iq>", $"<iq type='result'>{card}</iq>");
        (await ben.Ask($"<iq type='get' to='{Room}'>{Info}</iq>")).ShouldMatch(
            "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'><x xmlns='jabber:x:data' type='result'><field var='muc#roominfo_avatarhash'><value>aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d</value></field></x></query></iq>"
        );
        await anna.Return();
        await anna.Ask(Set("<vCard xmlns='vcard-temp'/>"), "<iq type='result'/>");
        (await ben.Ask($"<iq type='get' to='{Room}'>{Info}</iq>")).ToString().ShouldNotContain("avatarhash");
    }

    // XEP-0317 §4: what the house knows, not what somebody says.
    [Theory, Framings]
    public async Task Admins_and_guardians_wear_hats(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("anna", Role.Admin);
        Account ben = await play.AddAccount("ben");
        Account child = await play.AddAccount("child", Role.Limited);
        await play.Stores.Database.WriteAsync(transaction =>
            play.Stores.Household.SetGuardians(transaction, child.Id, [ben.Id])
        );
        Actor anna = await play.Connect("anna", "phone");
        Actor guardian = await play.Connect("ben", "phone");
        Actor eve = await play.Connect("eve", "phone");
        (await anna.Enter("Anna"))
            .Find("hats")
            .ShouldMatch("<hats xmlns='urn:xmpp:hats:0'><hat title='Admin' uri='{any}'/></hats>");
        await anna.Configure();
        (await guardian.Enter("Ben"))
            .Find("hats")
            .ShouldMatch("<hats xmlns='urn:xmpp:hats:0'><hat title='Guardian'/></hats>");
        await eve.Send(
            $"<presence to='{Room}/Eve'><x xmlns='{Muc}'/><hats xmlns='urn:xmpp:hats:0'><hat title='King' uri='u'/></hats></presence>"
        );
        (
            await eve.Await($"<presence from='{Room}/Eve'><x xmlns='{Muc}#user'><status code='110'/></x></presence>")
        ).Without("hats", "urn:xmpp:hats:0");
    }

    // XEP-0502 §3, §8.
    [Theory, Framings]
    public async Task An_open_room_tells_how_much_is_said(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        await anna.Found("Anna");
        for (int i = 0; i < 3; i++)
            await anna.Say("x");
        await anna.Send(
            $"<message to='{Room}' type='groupchat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
        );
        await play.Settle();
        await play.Advance(TimeSpan.FromHours(1));
        (await anna.Ask($"<iq type='get' to='{Room}'>{Info}</iq>")).ShouldMatch(
            "<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'><x xmlns='jabber:x:data' type='result'><field var='{urn:xmpp:muc-activity}message-activity'><value>3</value></field></x></query></iq>"
        );
        await anna.Configure(Room, "publicroom=0");
        (await anna.Ask($"<iq type='get' to='{Room}'>{Info}</iq>")).ToString().ShouldNotContain("muc-activity");
    }
}
