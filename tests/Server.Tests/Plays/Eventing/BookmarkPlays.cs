using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Addresses;
using Xmpp.Server.PubSub;
using Xmpp.Server.Stores;
using Xmpp.Xml;
using Xunit;
using static Server.Tests.Plays.Eventing.Lines;

namespace Server.Tests.Plays.Eventing;

/// <summary>XEP-0402, with XEP-0048 and XEP-0049, which show the same bookmarks (§5.2); XEP-0492 in their extensions.</summary>
public sealed class BookmarkPlays
{
    private const string Bookmarks = "urn:xmpp:bookmarks:1";
    private const string Legacy = "storage:bookmarks";
    private const string Notify = "<notify xmlns='urn:xmpp:notification-settings:1'><never/></notify>";

    private static string Conference(string name, string inside = "", string autojoin = "true") =>
        $"<conference xmlns='{Bookmarks}' name='{name}' autojoin='{autojoin}'>{inside}</conference>";

    private static string Old(params string[] rooms) =>
        $"<storage xmlns='{Legacy}'>{string.Concat(rooms)}<url xmlns='{Legacy}' name='X' url='https://x.example'/></storage>";

    private static string Room(string jid, string name, string inside = "") =>
        $"<conference jid='{jid}' name='{name}' autojoin='1'>{inside}</conference>";

    private static string Private(string type, string inside) =>
        $"<iq type='{type}'><query xmlns='jabber:iq:private'>{inside}</query></iq>";

    private static async Task<string[]> List(Actor actor) => [.. ItemIds(await actor.Ask(Items(Bookmarks))).Order()];

    // §4.3: without a word of the client they are for nobody else, and each has its place.
    [Theory, Framings]
    public async Task Bookmarks_are_private_and_many(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        Actor chamber = await play.Connect("juliet", "chamber");
        foreach (Actor actor in (Actor[])[chamber, romeo])
            await play.Interest(actor, Bookmarks);
        foreach (string room in (string[])["a@groups.kith.test", "b@groups.kith.test"])
        {
            await juliet.Ask(Publish(Bookmarks, room, Conference("R")), Result);
            await chamber.Expect(Event(juliet.Bare, Bookmarks, $"<item id='{room}'>{Conference("R")}</item>"));
        }
        // The room of their circle was there before.
        (await List(juliet)).ShouldBe(["a@groups.kith.test", "b@groups.kith.test", "verona@groups.kith.test"]);
        await juliet.Ask(Retract(Bookmarks, "a@groups.kith.test"), Result);
        await chamber.Expect(Event(juliet.Bare, Bookmarks, "<retract id='a@groups.kith.test'/>"));
        await romeo.Ask(Items(Bookmarks, "", juliet.Bare), Error("not-allowed", "closed-node"));
        await play.ExpectNothing(romeo, chamber);
        (await juliet.Ask($"<iq type='get' to='{juliet.Bare}'><query xmlns='{Ns.DiscoInfo}'/></iq>")).ShouldMatch(
            $"<iq><query xmlns='{Ns.DiscoInfo}'><feature var='{Bookmarks}#compat'/><feature var='{Bookmarks}#compat-pep'/></query></iq>"
        );
    }

    [Theory, Framings]
    public async Task What_is_published_is_in_the_old_places_too(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor old = await play.Connect("juliet", "chamber");
        await play.Interest(old, Legacy);
        await juliet.Ask(
            Publish(
                Bookmarks,
                "a@groups.kith.test",
                Conference("A", $"<nick>J</nick><extensions>{Notify}</extensions>")
            ),
            Result
        );
        const string Expected =
            $"<storage xmlns='{Legacy}'><conference jid='a@groups.kith.test' name='A' autojoin='true'><nick>J</nick></conference></storage>";
        await old.Expect(Event(juliet.Bare, Legacy, $"<item id='current'>{Expected}</item>"));
        (await old.Ask(Items(Legacy))).ShouldMatch(
            $"<iq><pubsub xmlns='{PubSub}'><items node='{Legacy}'><item id='current'>{Expected}</item></items></pubsub></iq>"
        );
        (await old.Ask(Private("get", $"<storage xmlns='{Legacy}'/>"))).ShouldMatch(
            $"<iq><query xmlns='jabber:iq:private'>{Expected}</query></iq>"
        );

        await juliet.Ask(Retract(Bookmarks, "a@groups.kith.test"), Result);
        await old.Expect(Event(juliet.Bare, Legacy, $"<item id='current'><storage xmlns='{Legacy}'/></item>"));
        (await old.Ask(Private("get", $"<storage xmlns='{Legacy}'/>"))).Without("conference", Legacy);
    }

    // §5.2: SHOULD NOT send notifications for unchanged items; XEP-0492: settings survive apps that do not know them.
    [Theory, Framings]
    public async Task What_an_old_app_writes_changes_just_that(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor old = await play.Connect("juliet", "chamber");
        foreach (bool pep in (bool[])[false, true])
        {
            string[] rooms = [.. "abc".Select(letter => $"{letter}{(pep ? 1 : 0)}@groups.kith.test")];
            await juliet.Ask(
                Publish(Bookmarks, rooms[0], Conference("A", $"<nick>J</nick><extensions>{Notify}</extensions>")),
                Result
            );
            await juliet.Ask(Publish(Bookmarks, rooms[1], Conference("B")), Result);
            await play.Interest(juliet, Bookmarks);
            await play.ExpectNothing(juliet);
            string list = Old(Room(rooms[0], "A2", "<nick>J</nick>"), Room(rooms[2], "C", "<password>p</password>"));

            await old.Ask(pep ? Publish(Legacy, "current", list) : Private("set", list), Result);

            string changed = Conference("A2", $"<nick>J</nick><extensions>{Notify}</extensions>");
            List<string> expected =
            [
                Event(juliet.Bare, Bookmarks, $"<item id='{rooms[0]}'>{changed}</item>"),
                Event(juliet.Bare, Bookmarks, $"<retract id='{rooms[1]}'/>"),
                Event(
                    juliet.Bare,
                    Bookmarks,
                    $"<item id='{rooms[2]}'>{Conference("C", "<password>p</password>")}</item>"
                ),
            ];
            if (pep)
                foreach (string gone in (string[])["a0@groups.kith.test", "c0@groups.kith.test"])
                    expected.Add(Event(juliet.Bare, Bookmarks, $"<retract id='{gone}'/>"));
            await juliet.ExpectAll([.. expected]);
            (await List(juliet)).ShouldBe([rooms[0], rooms[2]]);
            XElement shown = await old.Ask(Private("get", $"<storage xmlns='{Legacy}'/>"));
            shown.Find("url").Attribute("url")!.Value.ShouldBe("https://x.example");
            shown.Descendants(XName.Get("conference", Legacy)).Count().ShouldBe(2);

            // The same list again changes nothing.
            await old.Ask(pep ? Publish(Legacy, "current", list) : Private("set", list), Result);
            await play.ExpectNothing(juliet);
            await juliet.Send("<presence type='unavailable'/>");
        }
    }

    // §5.2: an old app that has none any more.
    [Theory, Framings]
    public async Task Whoever_empties_the_old_node_has_no_bookmarks(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        string owner = $"<iq type='set'><pubsub xmlns='{PubSub}#owner'>{{0}}</pubsub></iq>";
        string[] ways =
        [
            Retract(Legacy, "current"),
            owner.Replace("{0}", $"<purge node='{Legacy}'/>", StringComparison.Ordinal),
            owner.Replace("{0}", $"<delete node='{Legacy}'/>", StringComparison.Ordinal),
        ];
        foreach (string way in ways)
        {
            foreach (string letter in (string[])["a", "b"])
                await juliet.Ask(Publish(Bookmarks, $"{letter}@groups.kith.test", Conference(letter)), Result);
            await juliet.Ask(way, Result);
            (await List(juliet)).ShouldBeEmpty();
            (await juliet.Ask(Private("get", $"<storage xmlns='{Legacy}'/>"))).Without("conference", Legacy);
        }
    }

    // §5.2: what lay in private XML before there was a node for it.
    [Theory, Framings]
    public async Task What_was_kept_in_private_xml_is_moved_once(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        await play.AddAccount("romeo");
        await juliet.Ask(Publish(Bookmarks, "a@groups.kith.test", Conference("A")), Result);
        byte[] storage = System.Text.Encoding.UTF8.GetBytes(
            Old(
                Room("a@groups.kith.test", "older"),
                Room("b@groups.kith.test", "B", "<nick>J</nick>"),
                Room("b@groups.kith.test", "twice"),
                "<conference jid='@' name='none'/>"
            )
        );
        await play.Stores.Database.WriteAsync(transaction =>
        {
            foreach (string name in (string[])["juliet", "romeo"])
                play.Stores.Accounts.SetDocument(
                    transaction,
                    play.Account(name).Id,
                    $"private {Legacy} storage",
                    storage
                );
        });
        await play.Restart();
        juliet = await play.Connect("juliet", "balcony");
        (await juliet.Ask(Items(Bookmarks))).ShouldMatch(
            $"<iq><pubsub xmlns='{PubSub}'><items node='{Bookmarks}'><item id='a@groups.kith.test'>{Conference("A")}</item><item id='b@groups.kith.test'>{Conference("B", "<nick>J</nick>")}</item></items></pubsub></iq>"
        );
        XElement shown = await juliet.Ask(Private("get", $"<storage xmlns='{Legacy}'/>"));
        shown.Find("url").Attribute("url")!.Value.ShouldBe("https://x.example");
        shown.Descendants(XName.Get("conference", Legacy)).Count().ShouldBe(2);
        Actor romeo = await play.Connect("romeo", "orchard");
        (await List(romeo)).ShouldBe(["a@groups.kith.test", "b@groups.kith.test"]);
        // A bookmark that goes afterwards stays away.
        await romeo.Ask(Retract(Bookmarks, "b@groups.kith.test"), Result);
        await play.Restart();
        romeo = await play.Connect("romeo", "orchard");
        (await List(romeo)).ShouldBe(["a@groups.kith.test"]);
    }

    // Laws, "Circles are computed": written once, and a member's own removal or autojoin=false stands.
    [Theory, Framings]
    public async Task The_house_offers_a_bookmark_and_keeps_what_is_there(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        await play.Interest(juliet, Bookmarks);
        async Task<bool> Offer(string room)
        {
            NodeChange? change = await play.Stores.Database.WriteAsync(transaction =>
                Xmpp.Server.Extensions.Bookmarks.Offer(
                    play.Server,
                    transaction,
                    play.Account("juliet").Id,
                    Jid.Parse(room),
                    "Verona"
                )
            );
            change?.Released();
            return change is not null;
        }
        (await Offer("verona@groups.kith.test")).ShouldBeTrue();
        await juliet.Expect(
            Event(juliet.Bare, Bookmarks, $"<item id='verona@groups.kith.test'>{Conference("Verona")}</item>")
        );
        await juliet.Ask(Publish(Bookmarks, "verona@groups.kith.test", Conference("V", "", "false")), Result);
        (await Offer("verona@groups.kith.test")).ShouldBeFalse();
        (await juliet.Ask(Items(Bookmarks))).Find("conference").Attribute("autojoin")!.Value.ShouldBe("false");
    }
}
