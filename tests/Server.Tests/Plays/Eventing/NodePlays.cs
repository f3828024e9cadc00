using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Xml;
using Xunit;
using static Server.Tests.Plays.Eventing.Lines;

namespace Server.Tests.Plays.Eventing;

/// <summary>XEP-0060 on the nodes of an account: what they keep, how they are configured, and who reads them.</summary>
public sealed class NodePlays
{
    private const string Node = "urn:example:n";

    private static async Task Fill(Actor actor, int count, params string[] options)
    {
        for (int i = 1; i <= count; i++)
            await actor.Ask(Publish(Node, $"{i}", Note($"{i}"), null, options), Result);
    }

    private static string Set(string inside) => $"<set xmlns='{Ns.ResultSets}'>{inside}</set>";

    private static string Page(string set) => Iq("get", $"<items node='{Node}'/>{Set(set)}");

    private static string Owners(string type, string inside, string? to = null) => Iq(type, inside, to, Owner);

    private static string Question(string node) => Owners("get", $"<configure node='{node}'/>");

    private static string? Value(XElement form, string field) =>
        form.Descendants(XName.Get("field", Ns.DataForms))
            .Single(element => element.Attribute("var")?.Value == "pubsub#" + field)
            .Elements(XName.Get("value", Ns.DataForms))
            .SingleOrDefault()
            ?.Value;

    // §7.1.5.
    [Theory, Framings]
    public async Task Options_make_the_node_and_are_conditions_afterwards(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        string[] options =
        [
            "access_model=whitelist",
            "max_items=max",
            "persist_items=1",
            "send_last_published_item=never",
        ];
        await juliet.Ask(Publish(Node, "1", Note("1"), null, options), Result);
        XElement form = await juliet.Ask(Question(Node), Result);
        (Value(form, "access_model"), Value(form, "max_items"), Value(form, "send_last_published_item")).ShouldBe(
            ("whitelist", "max", "never")
        );
        await juliet.Ask(Publish(Node, "2", Note("2"), null, options), Result);
        string[][] unmet =
        [
            ["access_model=open"],
            ["max_items=1"],
            ["persist_items=false"],
            ["unheard_of=1"],
            ["notification_type=normal"],
        ];
        foreach (string[] other in unmet)
            await juliet.Ask(
                Publish(Node, "3", Note("3"), null, other),
                $"<iq type='error'><error type='cancel'><conflict xmlns='{Ns.StanzaErrors}'/><precondition-not-met xmlns='{Errors}'/></error></iq>"
            );
        ItemIds(await juliet.Ask(Items(Node))).ShouldBe(["1", "2"]);

        // Nothing is made by what cannot be, nor without the form's type.
        await juliet.Ask(Publish("urn:example:m", "1", Note("x"), null, "unheard_of=1"), Error("not-acceptable"));
        await juliet.Ask(
            Iq(
                "set",
                $"<publish node='urn:example:m'><item/></publish><publish-options>{Form("urn:x", "access_model=open")}</publish-options>"
            ),
            Error("bad-request")
        );
        await juliet.Ask(Items("urn:example:m"), Error("item-not-found"));
    }

    // §6.5, XEP-0059.
    [Theory, Framings]
    public async Task Items_come_by_id_by_number_and_in_pages(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        await Fill(juliet, 5, "max_items=max");
        async Task<string[]> Ids(string ask) => [.. ItemIds(await juliet.Ask(ask, Result))];
        (await Ids(Items(Node))).ShouldBe(["1", "2", "3", "4", "5"]);
        (await Ids(Iq("get", $"<items node='{Node}' max_items='2'/>"))).ShouldBe(["4", "5"]);
        (await Ids(Items(Node, "<item id='4'/><item id='2'/><item id='9'/>"))).ShouldBe(["4", "2"]);
        await juliet.Ask(Items(Node, "<item id='9'/>"), Error("item-not-found"));

        (await juliet.Ask(Page("<max>2</max>"))).ShouldMatch(
            $"<iq><pubsub xmlns='{PubSub}'><set xmlns='{Ns.ResultSets}'><first index='0'>1</first><last>2</last><count>5</count></set></pubsub></iq>"
        );
        (await Ids(Page("<max>2</max><after>2</after>"))).ShouldBe(["3", "4"]);
        (await Ids(Page("<max>2</max><before/>"))).ShouldBe(["4", "5"]);
        (await Ids(Page("<max>2</max><before>4</before>"))).ShouldBe(["2", "3"]);
        (await Ids(Page("<max>2</max><index>3</index>"))).ShouldBe(["4", "5"]);
        (await juliet.Ask(Page("<max>0</max>"))).Find("count").Value.ShouldBe("5");
        await juliet.Ask(Page("<max>2</max><after>9</after>"), Error("item-not-found"));
        await juliet.Ask(Page("<max>many</max>"), Error("bad-request"));
        await juliet.Ask(Iq("get", $"<items node='{Node}' max_items='0'/>"), Error("bad-request"));
        await juliet.Ask(Iq("get", "<items/>"), Error("bad-request", "nodeid-required"));

        await play.Restart(crash: true);
        juliet = await play.Connect("juliet", "balcony");
        (await Ids(Items(Node))).ShouldBe(["1", "2", "3", "4", "5"]);
    }

    // What has no room in one answer says that there is more.
    [Theory, Framings]
    public async Task A_large_answer_is_a_page(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        string large = new('x', 100_000);
        for (int i = 0; i < 12; i++)
            await juliet.Ask(Publish(Node, $"{i}", Note(large), null, "max_items=max"), Result);
        XElement answer = await juliet.Ask(Items(Node), Result);
        ItemIds(answer).Count().ShouldBe(10);
        answer.Find("last").Value.ShouldBe("11");
        answer.Find("count").Value.ShouldBe("12");
        await juliet.Ask(
            Publish(Node, "big", Note(large + large[..40_000])),
            Error("not-acceptable", "payload-too-big")
        );
    }

    // §7.2, §8.5, §8.4.
    [Theory, Framings]
    public async Task Items_and_nodes_go_and_it_is_told(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        await Fill(juliet, 3, "max_items=max", "notify_retract=false");
        await play.Interest(romeo, Node);
        romeo.Forget();
        await juliet.Ask(Retract(Node, "1", null, notify: false), Result);
        await play.ExpectNothing(romeo);
        await juliet.Ask(Retract(Node, "2"), Result);
        await romeo.Expect(Event(juliet.Bare, Node, "<retract id='2'/>"));
        await juliet.Ask(Retract(Node, "2"), Error("item-not-found"));
        await juliet.Ask(Iq("set", $"<retract node='{Node}'/>"), Error("bad-request", "item-required"));
        await juliet.Ask(Iq("set", "<retract><item id='1'/></retract>"), Error("bad-request", "nodeid-required"));
        await romeo.Ask(Retract(Node, "3", juliet.Bare), Error("forbidden"));

        await juliet.Ask(Owners("set", Configure(Node, "notify_retract=1", "notify_config=1")), Result);
        await romeo.Expect(
            $"<message type='headline'><event xmlns='{Events}'><configuration node='{Node}'/></event></message>"
        );
        await juliet.Ask(Owners("set", $"<purge node='{Node}'/>"), Result);
        await romeo.Expect(
            $"<message type='headline'><event xmlns='{Events}'><purge node='{Node}'/></event></message>"
        );
        ItemIds(await juliet.Ask(Items(Node))).ShouldBeEmpty();
        await romeo.Ask(Owners("set", $"<delete node='{Node}'/>", juliet.Bare), Error("forbidden"));
        await juliet.Ask(
            Owners("set", $"<delete node='{Node}'><redirect uri='xmpp:juliet@kith.test?;node=b'/></delete>"),
            Result
        );
        await romeo.Expect(
            $"<message><event xmlns='{Events}'><delete node='{Node}'><redirect uri='xmpp:juliet@kith.test?;node=b'/></delete></event></message>"
        );
        foreach (string verb in (string[])["delete", "purge"])
            await juliet.Ask(Owners("set", $"<{verb} node='{Node}'/>"), Error("item-not-found"));
        await play.ExpectNothing(romeo);
    }

    // §8.1, §8.2, §8.3.
    [Theory, Framings]
    public async Task An_owner_makes_and_configures_nodes(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        string create = Iq(
            "set",
            $"<create node='{Node}'/><configure>{Form(PubSub + "#node_config", "title=T")}</configure>"
        );
        await juliet.Ask(create, Result);
        await juliet.Ask(create, Error("conflict"));
        string instant = (await juliet.Ask(Iq("set", "<create/>"), Result)).Find("create").Attribute("node")!.Value;
        await juliet.Ask(Items(instant), Result);
        Value(await juliet.Ask(Question(Node)), "title").ShouldBe("T");
        Value(await juliet.Ask(Owners("get", "<default/>")), "access_model").ShouldBe("presence");

        await Fill(juliet, 1);
        await juliet.Ask(Owners("set", Configure(Node, "max_items=2")), Result);
        await Fill(juliet, 4);
        ItemIds(await juliet.Ask(Items(Node))).ShouldBe(["3", "4"]);
        await juliet.Ask(Owners("set", Configure(Node, "max_items=1", "unheard_of=x")), Result);
        ItemIds(await juliet.Ask(Items(Node))).ShouldBe(["4"]);
        foreach (
            string wrong in (string[])
                ["access_model=none", "max_items=-1", "persist_items=perhaps", "title=" + new string('x', 2000)]
        )
            await juliet.Ask(Owners("set", Configure(Node, wrong)), Error("not-acceptable"));
        await juliet.Ask(
            Owners("set", $"<configure node='{Node}'><x xmlns='{Ns.DataForms}' type='cancel'/></configure>"),
            Result
        );
        await juliet.Ask(Owners("set", $"<configure node='{Node}'/>"), Error("bad-request"));
        await romeo.Ask(Owners("set", Configure(Node, "title=x"), juliet.Bare), Error("forbidden"));
        await romeo.Ask(Owners("get", $"<configure node='{Node}'/>", juliet.Bare), Error("forbidden"));
        await romeo.Ask(Iq("set", "<create node='mine'/>", juliet.Bare), Error("item-not-found"));
        await romeo.Ask(Publish("mine", "1", Note("x"), juliet.Bare), Error("item-not-found"));
        await romeo.Ask(Publish(Node, "1", Note("x"), juliet.Bare), Error("forbidden"));
    }

    // §4.5, §6.5.9.
    [Theory, Framings]
    public async Task Each_access_model_lets_its_own_in(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        Actor stranger = await play.Connect("stranger", "street");
        await Fill(juliet, 1);
        (string Model, string Romeo, string Stranger)[] table =
        [
            ("open", Result, Result),
            ("presence", Result, Error("not-authorized", "presence-subscription-required")),
            ("roster", Error("not-authorized", "not-in-roster-group"), Error("not-authorized", "not-in-roster-group")),
            ("authorize", Error("not-authorized", "not-subscribed"), Error("not-authorized", "not-subscribed")),
            ("whitelist", Error("not-allowed", "closed-node"), Error("not-allowed", "closed-node")),
        ];
        foreach (var (model, his, theirs) in table)
        {
            await juliet.Ask(Owners("set", Configure(Node, "access_model=" + model)), Result);
            await romeo.Ask(Items(Node, "", juliet.Bare), his);
            await stranger.Ask(Items(Node, "", juliet.Bare), theirs);
            await juliet.Ask(Items(Node), Result);
        }
        await juliet.Ask(Owners("set", Configure(Node, "access_model=roster", "roster_groups_allowed=Verona")), Result);
        await romeo.Ask(Items(Node, "", juliet.Bare), Result);
        await stranger.Ask(Items(Node, "", juliet.Bare), Error("not-authorized", "not-in-roster-group"));
        string Affiliate(string jid, string what) =>
            Owners(
                "set",
                $"<affiliations node='{Node}'><affiliation jid='{jid}' affiliation='{what}'/></affiliations>"
            );
        await juliet.Ask(Owners("set", Configure(Node, "access_model=whitelist")), Result);
        await juliet.Ask(Affiliate(stranger.Bare, "member"), Result);
        await stranger.Ask(Items(Node, "", juliet.Bare), Result);
        await juliet.Ask(Owners("set", Configure(Node, "access_model=open")), Result);
        await juliet.Ask(Affiliate(stranger.Bare, "outcast"), Result);
        await stranger.Ask(Items(Node, "", juliet.Bare), Error("forbidden"));
        await juliet.Ask(Affiliate(stranger.Bare, "publish-only"), Result);
        await stranger.Ask(Items(Node, "", juliet.Bare), Error("forbidden"));
        await stranger.Ask(Publish(Node, "9", Note("x"), juliet.Bare), Result);
        await juliet.Ask(Affiliate(juliet.Bare, "none"), Error("not-acceptable"));
        await juliet.Ask(Affiliate(stranger.Bare, "king"), Error("bad-request"));
        await juliet.Ask(Affiliate("a@@b", "member"), Error("bad-request", "invalid-jid"));
    }

    // §7.1.3; security.md: every handler survives absent and absurd attributes.
    [Theory, Framings]
    public async Task Nonsense_is_refused(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        string tooLong = new('n', 1024);
        (string Inside, string Answer)[] table =
        [
            ("", Error("bad-request")),
            ("<jump/>", Error("bad-request")),
            ("<publish><item/></publish>", Error("bad-request", "nodeid-required")),
            ("<publish node='n'/>", Error("bad-request", "item-required")),
            ($"<publish node='{tooLong}'><item/></publish>", Error("bad-request")),
            ($"<publish node='n'><item id='{tooLong}'/></publish>", Error("bad-request")),
            ("<publish node='n'><item/><item/></publish>", Error("not-allowed")),
            (
                $"<publish node='n'><item>{Note("1")}{Note("2")}</item></publish>",
                Error("bad-request", "invalid-payload")
            ),
            ("<publish node='n'><item><x/></item></publish>", Error("bad-request", "invalid-payload")),
            ("<subscribe node='n'/>", Error("bad-request", "jid-required")),
            ("<subscribe node='n' jid='romeo@kith.test'/>", Error("bad-request", "invalid-jid")),
            ("<subscribe node='n' jid='juliet@kith.test'/>", Error("item-not-found")),
            ("<unsubscribe node='n' jid='juliet@kith.test'/>", Error("item-not-found")),
            ("<options node='n' jid='juliet@kith.test'/>", Error("feature-not-implemented", "unsupported")),
        ];
        foreach (var (inside, answer) in table)
            await juliet.Ask(Iq("set", inside), answer);
        foreach (string verb in (string[])["configure", "delete", "purge", "affiliations", "subscriptions"])
            await juliet.Ask(Owners("set", $"<{verb}/>"), "<iq type='error'/>");
        await juliet.Ask(Owners("set", "<jump/>"), Error("bad-request"));
        await juliet.Ask(Owners("get", ""), Error("bad-request"));
        await juliet.Ask(Iq("get", ""), Error("bad-request"));
    }

    // Laws, "Bytes and lifetimes": a payload declares what it uses, wherever that was declared.
    [Theory, Framings]
    public async Task A_payload_stands_by_itself(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        await play.Interest(romeo, Node);
        await juliet.Ask(
            $"""
            <iq type='set'><p:pubsub xmlns:p='{PubSub}' xmlns:q='urn:q'><p:publish node='{Node}' xmlns='urn:d'>
              <p:item id='1'><q:a q:b='1'><c/></q:a></p:item></p:publish></p:pubsub></iq>
            """,
            Result
        );
        const string Payload = "<a xmlns='urn:q' xmlns:q='urn:q' q:b='1'><c xmlns='urn:d'/></a>";
        await romeo.Expect(Event(juliet.Bare, Node, $"<item id='1'>{Payload}</item>"));
        await romeo.Ask(
            Items(Node, "", juliet.Bare),
            $"<iq><pubsub xmlns='{PubSub}'><items node='{Node}'><item id='1'>{Payload}</item></items></pubsub></iq>"
        );
    }
}
