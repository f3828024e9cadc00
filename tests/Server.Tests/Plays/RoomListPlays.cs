using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xunit;
using static Server.Tests.Plays.Stage.RoomStage;

namespace Server.Tests.Plays;

/// <summary>The fields of a room's configuration that have several values (XEP-0045 §10.2, §15.5.3).</summary>
public sealed class RoomListPlays
{
    private static string Many(string field, params string[] values) =>
        $"<field var='muc#roomconfig_{field}'>{string.Concat(values.Select(value => $"<value>{value}</value>"))}</field>";

    private static Task<XElement> Submit(Actor actor, params string[] fields) =>
        actor.Ask(
            $"<iq type='set' to='{Room}'><query xmlns='{Muc}#owner'><x xmlns='jabber:x:data' type='submit'>"
                + $"<field var='FORM_TYPE'><value>{Muc}#roomconfig</value></field>{string.Concat(fields)}</x></query></iq>"
        );

    private static async Task<string[]> Values(Actor actor, string field) =>
        [
            .. (await actor.Ask($"<iq type='get' to='{Room}'><query xmlns='{Muc}#owner'/></iq>"))
                .Descendants()
                .Single(each => each.Attribute("var")?.Value == "muc#roomconfig_" + field)
                .Elements()
                .Where(each => each.Name.LocalName == "value")
                .Select(each => each.Value),
        ];

    private static async Task<string[]> Listed(Actor actor, string affiliation) =>
        [
            .. (
                await actor.Ask(
                    $"<iq type='get' to='{Room}'><query xmlns='{Muc}#admin'><item affiliation='{affiliation}'/></query></iq>"
                )
            )
                .Descendants()
                .Attributes("jid")
                .Select(jid => jid.Value),
        ];

    // §10.2: the field is the full list, and the room says who gained or lost what.
    [Theory, Framings]
    public async Task Owners_and_admins_are_set_as_whole_lists(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        await anna.Found("Anna");
        await ben.Enter("Ben");
        (await Values(anna, "roomowners")).ShouldBe(["anna@kith.test"]);
        (await Values(anna, "roomadmins")).ShouldBeEmpty();
        await play.Watch(ben);
        (
            await Submit(
                anna,
                Many("roomadmins", "ben@kith.test"),
                Many("roomowners", "anna@kith.test", "eve@kith.test")
            )
        ).ShouldMatch("<iq type='result'/>");
        await ben.Await(Presence("Ben", "affiliation='admin' role='moderator'"));
        (await Values(anna, "roomowners")).ShouldBe(["anna@kith.test", "eve@kith.test"]);
        (await Values(anna, "roomadmins")).ShouldBe(["ben@kith.test"]);
        await play.Restart();
        anna = await play.Connect("anna", "tablet");
        ben = await play.Connect("ben", "tablet");
        await anna.Enter("Anna");
        await ben.Enter("Ben");
        (await Values(anna, "roomadmins")).ShouldBe(["ben@kith.test"]);
        await play.Watch(ben);
        (await Submit(anna, Many("roomadmins"), Many("membersonly", "1"))).ShouldMatch("<iq type='result'/>");
        await ben.Await(Presence("Ben", "affiliation='member' role='participant'"));
        (await Values(anna, "roomowners")).ShouldBe(["anna@kith.test", "eve@kith.test"]);
        (await Submit(anna, Many("roomowners"))).ShouldMatch($"<iq type='error'>{Error("conflict", "cancel")}</iq>");
        (await Submit(anna, Many("roomowners", "@"))).ShouldMatch(
            $"<iq type='error'>{Error("jid-malformed", "modify")}</iq>"
        );
        (await Values(anna, "roomowners")).ShouldBe(["anna@kith.test", "eve@kith.test"]);
    }

    // muc#roomconfig_presencebroadcast (§7.2.2): who is hidden sees, and is not seen; it is for others as if it came and went.
    [Theory, Framings]
    public async Task Whose_presence_is_shown_is_configured(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        Actor eve = await play.Connect("eve", "phone");
        await anna.Found("Anna", Room, "moderatedroom=1");
        await ben.Enter("Ben");
        await play.Watch(anna);
        (await Values(anna, "presencebroadcast")).ShouldBe(["moderator", "participant", "visitor"]);
        (await Submit(anna, Many("presencebroadcast", "moderator", "participant"))).ShouldMatch("<iq type='result'/>");
        await anna.Await(Presence("Ben", "role='none'", "unavailable"));
        await play.Settle();
        anna.Forget();
        await play.Watch(eve);
        await eve.Knock("Eve");
        await eve.Expect(Presence("Anna", "role='moderator'"));
        await eve.Expect(Presence("Eve", "role='visitor'", "{none}", 110));
        await play.Settle();
        anna.Unexpected().ShouldBeEmpty();
        (await anna.Ask($"<iq type='get' to='{Room}'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>"))
            .Descendants()
            .Attributes("jid")
            .Select(jid => jid.Value)
            .ShouldBe([Room + "/Anna"]);
        await anna.Set("nick='Ben' role='participant'");
        await anna.Await(Presence("Ben", "role='participant'"));
        await eve.Await(Presence("Ben", "role='participant'"));
        await anna.Set("nick='Ben' role='visitor'");
        await eve.Await(Presence("Ben", "role='none'", "unavailable"));
        await play.Settle();
        eve.Forget();
        await ben.Send($"<presence to='{Room}/Ben'><show>away</show></presence>");
        await ben.Send($"<presence to='{Room}/Ben' type='unavailable'/>");
        await play.Settle();
        eve.Unexpected().ShouldBeEmpty();
        (await Submit(anna, Many("presencebroadcast", "visitor", "pope"))).ShouldMatch(
            $"<iq type='error'>{Error("not-acceptable", "modify")}</iq>"
        );
        (await Submit(anna, Many("presencebroadcast", "visitor", "participant", "moderator"))).ShouldMatch(
            "<iq type='result'/>"
        );
        await anna.Await(Presence("Eve", "role='visitor'"));
    }

    // muc#roomconfig_getmemberlist (§9.5).
    [Theory, Framings]
    public async Task Who_may_have_the_lists_is_configured(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        Actor ben = await play.Connect("ben", "phone");
        Actor eve = await play.Connect("eve", "phone");
        await anna.Found("Anna");
        await anna.Set("jid='dora@kith.test' affiliation='member'");
        await ben.Enter("Ben");
        (await Values(anna, "getmemberlist")).ShouldBe(["moderator"]);
        const string Query = $"<iq type='get' to='{Room}'><query xmlns='{Muc}#admin'><item affiliation='";
        string forbidden = $"<iq type='error'>{Error("forbidden", "auth")}</iq>";
        await ben.Ask(Query + "member'/></query></iq>", forbidden);
        (await Submit(anna, Many("getmemberlist", "moderator", "participant"))).ShouldMatch("<iq type='result'/>");
        (await Values(anna, "getmemberlist")).ShouldBe(["moderator", "participant"]);
        (await Listed(ben, "member")).ShouldBe(["dora@kith.test"]);
        await ben.Ask(Query + "outcast'/></query></iq>", forbidden);
        await eve.Ask(Query + "member'/></query></iq>", forbidden);
        await anna.Set("nick='Ben' role='visitor'");
        await ben.Ask(Query + "member'/></query></iq>", forbidden);
    }
}
