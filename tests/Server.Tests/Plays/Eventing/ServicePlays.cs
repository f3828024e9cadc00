using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xmpp.Xml;
using Xunit;
using static Server.Tests.Plays.Eventing.Lines;

namespace Server.Tests.Plays.Eventing;

/// <summary>XEP-0060 at the domain itself: nodes of the house, subscriptions and affiliations.</summary>
public sealed class ServicePlays
{
    private const string House = Play.Domain;
    private const string Board = "board";

    private static string Owners(string type, string inside, string to = House) => Iq(type, inside, to, Owner);

    private static string Subscribe(Actor actor, string to = House, string? jid = null) =>
        Iq("set", $"<subscribe node='{Board}' jid='{jid ?? actor.Bare}'/>", to);

    private static string Unsubscribe(Actor actor, string to = House) =>
        Iq("set", $"<unsubscribe node='{Board}' jid='{actor.Bare}'/>", to);

    private static string Subscription(Actor actor, string state) =>
        $"<iq type='result'><pubsub xmlns='{PubSub}'><subscription node='{Board}' jid='{actor.Bare}' subscription='{state}'/></pubsub></iq>";

    private static async Task<(Actor Owner, Actor Reader)> Assemble(Play play, params string[] options)
    {
        Actor owner = await play.Connect("juliet", "balcony");
        Actor reader = await play.Connect("romeo", "orchard");
        string form = Form(PubSub + "#node_config", options);
        await owner.Ask(Iq("set", $"<create node='{Board}'/><configure>{form}</configure>", House), Result);
        return (owner, reader);
    }

    // §6.1, §6.2, §7.1.2, §5.6.
    [Theory, Framings]
    public async Task Subscribers_hear_of_items_until_they_unsubscribe(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await Assemble(play);
        Actor phone = await play.Connect("romeo", "phone");
        await juliet.Ask(Publish(Board, "1", Note("first"), House), Result);
        await romeo.Ask(Subscribe(romeo), Subscription(romeo, "subscribed"));
        foreach (Actor actor in (Actor[])[romeo, phone])
            await actor.Expect(Event(House, Board, $"<item id='1'>{Note("first")}</item>"));
        await romeo.Ask(Subscribe(romeo), Subscription(romeo, "subscribed"));
        await juliet.Ask(Publish(Board, "2", Note("second"), House), Result);
        foreach (Actor actor in (Actor[])[romeo, phone])
            await actor.Expect(Event(House, Board, $"<item id='2'>{Note("second")}</item>"));
        await romeo.Ask(Subscribe(romeo, House, romeo.Jid), Result);
        romeo.Forget();
        await romeo.Ask(
            Iq("get", "<subscriptions/>", House),
            $"<iq><pubsub xmlns='{PubSub}'><subscriptions><subscription node='{Board}' jid='{romeo.Bare}'/><subscription node='{Board}' jid='{romeo.Jid}'/></subscriptions></pubsub></iq>"
        );
        await romeo.Ask(Unsubscribe(romeo), Result);
        await romeo.Ask(Unsubscribe(romeo), Error("unexpected-request", "not-subscribed"));
        await juliet.Ask(Publish(Board, "3", Note("third"), House), Result);
        await romeo.Expect(Event(House, Board, $"<item id='3'>{Note("third")}</item>"));
        await play.ExpectNothing(romeo, phone, juliet);
        await romeo.Ask(Publish(Board, "4", Note("x"), House), Error("forbidden"));
        (await romeo.Ask($"<iq type='get' to='{House}'><query xmlns='{Ns.DiscoInfo}'/></iq>")).ShouldMatch(
            $"<iq><query xmlns='{Ns.DiscoInfo}'><identity category='pubsub' type='service'/><feature var='{PubSub}#subscribe'/></query></iq>"
        );
        (await romeo.Ask($"<iq type='get' to='{House}'><query xmlns='{Ns.DiscoItems}'/></iq>")).ShouldMatch(
            $"<iq><query xmlns='{Ns.DiscoItems}'><item jid='{House}' node='{Board}'/></query></iq>"
        );
    }

    // §16.4.3: on_sub_and_presence.
    [Theory, Framings]
    public async Task A_subscriber_who_comes_gets_the_last_item(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await Assemble(play, "send_last_published_item=on_sub_and_presence");
        await romeo.Ask(Subscribe(romeo), Result);
        await romeo.Leave();
        await juliet.Ask(Publish(Board, "1", Note("x"), House), Result);
        await romeo.Return();
        await romeo.Send("<presence/>");
        await romeo.Expect(Event(House, Board, $"<item id='1'>{Note("x")}</item>"));
        await play.ExpectNothing(romeo, juliet);
    }

    // §8.6: the owner is asked, the subscriber is told; on the service and on an account.
    [Theory, Framings]
    public async Task Owners_are_asked_where_the_model_says_so(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await Assemble(play, "access_model=authorize");
        await juliet.Ask(Publish(Board, "1", Note("y"), null, "access_model=authorize"), Result);
        await juliet.Ask(Publish(Board, "1", Note("y"), House), Result);
        foreach (string host in (string[])[House, juliet.Bare])
        {
            foreach (bool allowed in (bool[])[false, true])
            {
                await romeo.Ask(Subscribe(romeo, host), Subscription(romeo, "pending"));
                await romeo.Ask(Subscribe(romeo, host), Error("not-authorized", "pending-subscription"));
                await romeo.Ask(Items(Board, "", host), Error("not-authorized", "not-subscribed"));
                await juliet.Expect(
                    $"""
                    <message from='{host}' to='{juliet.Bare}'><x xmlns='{Ns.DataForms}' type='form'>
                      <field var='FORM_TYPE'><value>{PubSub}#subscribe_authorization</value></field>
                      <field var='pubsub#node'><value>{Board}</value></field>
                      <field var='pubsub#subscriber_jid'><value>{romeo.Bare}</value></field></x></message>
                    """
                );
                string form = Form(
                    PubSub + "#subscribe_authorization",
                    "node=" + Board,
                    "subscriber_jid=" + romeo.Bare,
                    "allow=" + (allowed ? "true" : "false")
                );
                // Who is no owner decides nothing.
                await romeo.Send($"<message to='{House}'>{form}</message>");
                await play.ExpectNothing(romeo, juliet);
                await juliet.Send($"<message to='{host}'>{form}</message>");
                await romeo.Expect(
                    $"<message type='headline' from='{host}'><event xmlns='{Events}'><subscription node='{Board}' jid='{romeo.Bare}' subscription='{(allowed ? "subscribed" : "none")}'/></event></message>"
                );
            }
            await romeo.Expect(Event(host, Board, $"<item id='1'>{Note("y")}</item>"));
            await romeo.Ask(Items(Board, "", host), Result);
            await play.ExpectNothing(romeo, juliet);
        }
    }

    // §8.8, §8.9.
    [Theory, Framings]
    public async Task Owners_manage_subscriptions_and_affiliations(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await Assemble(play, "access_model=whitelist");
        string Affiliate(string jid, string what) =>
            $"<affiliations node='{Board}'><affiliation jid='{jid}' affiliation='{what}'/></affiliations>";
        await romeo.Ask(Subscribe(romeo), Error("not-allowed", "closed-node"));
        await romeo.Ask(Owners("set", Affiliate(romeo.Bare, "owner")), Error("forbidden"));
        await juliet.Ask(Owners("set", Affiliate(romeo.Bare, "publisher")), Result);
        await romeo.Expect(
            $"<message type='headline' from='{House}'><pubsub xmlns='{PubSub}'><affiliations><affiliation node='{Board}' affiliation='publisher'/></affiliations></pubsub></message>"
        );
        await romeo.Ask(Subscribe(romeo), Subscription(romeo, "subscribed"));
        await romeo.Ask(Publish(Board, "1", Note("mine"), House), Result);
        await romeo.Expect(Event(House, Board, $"<item id='1'>{Note("mine")}</item>"));
        await juliet.Ask(Publish(Board, "2", Note("hers"), House), Result);
        await romeo.Expect("<message/>");
        await romeo.Ask(Retract(Board, "2", House), Error("forbidden"));
        await romeo.Ask(Retract(Board, "1", House), Result);
        await romeo.Expect(Event(House, Board, "<retract id='1'/>"));
        await juliet.Ask(
            Owners("get", $"<affiliations node='{Board}'/>"),
            $"<iq><pubsub xmlns='{Owner}'><affiliations node='{Board}'><affiliation jid='{juliet.Bare}' affiliation='owner'/><affiliation jid='{romeo.Bare}' affiliation='publisher'/></affiliations></pubsub></iq>"
        );
        await romeo.Ask(
            Iq("get", "<affiliations/>", House),
            $"<iq><pubsub xmlns='{PubSub}'><affiliations><affiliation node='{Board}' affiliation='publisher'/></affiliations></pubsub></iq>"
        );
        await juliet.Ask(
            Owners("get", $"<subscriptions node='{Board}'/>"),
            $"<iq><pubsub xmlns='{Owner}'><subscriptions node='{Board}'><subscription jid='{romeo.Bare}' subscription='subscribed'/></subscriptions></pubsub></iq>"
        );
        foreach (string list in (string[])["affiliations", "subscriptions"])
            await romeo.Ask(Owners("get", $"<{list} node='{Board}'/>"), Error("forbidden"));

        // Who loses the right is no longer subscribed; and somebody must own the node.
        await juliet.Ask(Owners("set", Affiliate(romeo.Bare, "none")), Result);
        await romeo.Expect("<message type='headline'/>");
        await juliet.Ask(Publish(Board, "3", Note("x"), House), Result);
        await play.ExpectNothing(romeo);
        await juliet.Ask(Owners("set", Affiliate(juliet.Bare, "none")), Error("not-acceptable"));
        string subscription = $"<subscription jid='{romeo.Bare}' subscription='subscribed'/>";
        await juliet.Ask(Owners("set", Affiliate(romeo.Bare, "member")), Result);
        await romeo.Expect("<message type='headline'/>");
        await juliet.Ask(Owners("set", $"<subscriptions node='{Board}'>{subscription}</subscriptions>"), Result);
        await romeo.ExpectAll(
            $"<message><event xmlns='{Events}'>{subscription}</event></message>",
            Event(House, Board, $"<item id='3'>{Note("x")}</item>")
        );
        await juliet.Ask(
            Owners(
                "set",
                $"<subscriptions node='{Board}'>{subscription.Replace("'subscribed'", "'x'")}</subscriptions>"
            ),
            Error("bad-request")
        );
    }

    // Laws, "Who may reach whom", 3 and 4: the house hides from its children what strangers put up.
    [Theory, Framings]
    public async Task A_limited_account_sees_nodes_of_its_circles_only(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("child", Role.Limited, "Family");
        await play.AddAccount("mother", Role.Member, "Family");
        await play.AddAccount("prince", Role.Admin);
        Actor child = await play.Connect("child", "tablet");
        Actor mother = await play.Connect("mother", "phone");
        (Actor juliet, _) = await Assemble(play, "publish_model=open");
        await juliet.Ask(Publish(Board, "1", Note("x"), House), Result);
        await child.Ask(Items(Board, "", House), Error("item-not-found"));
        await child.Ask(Subscribe(child), Error("item-not-found"));
        await child.Ask(Publish(Board, "1", Note("x"), House), Error("item-not-found"));
        await child.Ask(Iq("set", "<create node='mine'/>", House), Error("forbidden"));
        (await child.Ask($"<iq type='get' to='{House}'><query xmlns='{Ns.DiscoItems}'/></iq>"))
            .ToString()
            .ShouldNotContain(Board);

        await mother.Ask(Publish("family", "1", Note("ours"), House, "publish_model=open"), Result);
        (await child.Ask(Items("family", "", House))).Find("note").Value.ShouldBe("ours");
        await child.Ask(Iq("set", $"<subscribe node='family' jid='{child.Bare}'/>", House), Result);
        await child.Expect(Event(House, "family", $"<item id='1'>{Note("ours")}</item>"));
        await juliet.Ask(Publish("family", "2", Note("theirs"), House), Result);
        await play.ExpectNothing(child);
        ItemIds(await child.Ask(Items("family", "", House))).ShouldBe(["1"]);

        // An admin keeps order in all of them.
        Actor prince = await play.Connect("prince", "palace");
        await prince.Ask(Retract("family", "2", House), Result);
        await child.Expect(Event(House, "family", "<retract id='2'/>"));
    }

    // Whoever gets a name that was somebody else's has nothing of theirs.
    [Theory, Framings]
    public async Task Somebody_who_is_removed_is_subscribed_and_affiliated_nowhere(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await Assemble(play);
        await romeo.Ask(Subscribe(romeo), Result);
        await play.Server.Home.People.RemoveAsync("romeo");
        await romeo.ExpectEnd("not-authorized");
        await juliet.Ask(Publish(Board, "1", Note("x"), House), Result);
        (await juliet.Ask(Owners("get", $"<subscriptions node='{Board}'/>"))).Without("subscription", Owner);
    }
}
