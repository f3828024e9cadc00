using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xmpp.Xml;
using Xunit;
using static Server.Tests.Plays.Eventing.Lines;

namespace Server.Tests.Plays.Eventing;

/// <summary>XEP-0163: every account has nodes, and whoever sees it hears of them.</summary>
public sealed class PersonalEventingPlays
{
    private const string Tune = "urn:example:tune";

    // §3.3, §3.4, §4.
    [Theory, Framings]
    public async Task Interested_contacts_and_own_devices_hear_of_an_item(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        Actor chamber = await play.Connect("juliet", "chamber");
        Actor phone = await play.Connect("romeo", "phone");
        Actor stranger = await play.Connect("paris", "hall");
        foreach (Actor actor in (Actor[])[juliet, romeo, stranger])
            await play.Interest(actor, Tune);
        await play.Interest(phone, "urn:example:other");

        await chamber.Ask(
            Publish(Tune, "1", Note("Finzi")),
            $"<iq type='result'><pubsub xmlns='{PubSub}'><publish node='{Tune}'><item id='1'/></publish></pubsub></iq>"
        );

        foreach (Actor actor in (Actor[])[juliet, romeo])
            (await actor.Expect(Event(juliet.Bare, Tune, $"<item id='1'>{Note("Finzi")}</item>")))
                .Attribute("to")!
                .Value.ShouldBe(actor.Jid);
        await play.ExpectNothing(juliet, chamber, romeo, phone, stranger);
    }

    // Life 2: the result and the notices come after the commit.
    [Theory, Framings]
    public async Task Nobody_hears_of_what_is_not_on_disk(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        await play.Interest(romeo, Tune);
        play.Disk.Hold();
        await juliet.Send(Publish(Tune, "1", Note("x")).Insert("<iq".Length, " id='p1'"));
        await play.Disk.Holds(1);
        await romeo.Send($"<iq type='get' id='i1' to='{Play.Domain}'><ping xmlns='urn:xmpp:ping'/></iq>");
        await romeo.Expect("<iq type='result' id='i1'/>");
        juliet.Unexpected().ShouldBeEmpty();
        romeo.Unexpected().ShouldBeEmpty();

        play.Disk.Continue();

        await romeo.Expect(Event(juliet.Bare, Tune, $"<item id='1'>{Note("x")}</item>"));
        await juliet.Expect("<iq type='result' id='p1'/>");
        await play.Restart(crash: true);
        juliet = await play.Connect("juliet", "balcony");
        (await juliet.Ask(Items(Tune))).Find("note").Value.ShouldBe("x");
    }

    // §4.3.4.
    [Theory, Framings]
    public async Task Who_comes_gets_the_last_item_of_each_node(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        await juliet.Ask(Publish(Tune, "1", Note("old")), Result);
        await juliet.Ask(Publish(Tune, "2", Note("new")), Result);
        await juliet.Ask(Publish("urn:example:never", "1", Note("x"), null, "send_last_published_item=never"), Result);
        await juliet.Ask(Publish("urn:example:own", "1", Note("y"), null, "access_model=whitelist"), Result);
        string[] all = [Tune, "urn:example:never", "urn:example:own"];

        await play.Interest(romeo, all);
        await romeo.Expect(
            $"""
            <message type='headline' from='{juliet.Bare}' to='{romeo.Jid}'><event xmlns='{Events}'>
              <items node='{Tune}'><item id='2'>{Note("new")}</item></items></event>
              <delay xmlns='{Ns.Delay}' stamp='{"{any}"}'/></message>
            """
        );
        await play.ExpectNothing(romeo);
        Actor chamber = await play.Connect("juliet", "chamber");
        await play.Interest(chamber, all);
        await chamber.ExpectAll(
            Event(juliet.Bare, Tune, $"<item id='2'>{Note("new")}</item>"),
            Event(juliet.Bare, "urn:example:own", $"<item id='1'>{Note("y")}</item>")
        );

        // Another presence is none that comes; one after an absence is.
        await romeo.Send("<presence><show>away</show></presence>");
        await play.ExpectNothing(romeo, chamber);
        await romeo.Send("<presence type='unavailable'/>");
        // Two clients' stanzas have no order.
        await play.Settle();
        await juliet.Ask(Publish(Tune, "3", Note("newest")), Result);
        await chamber.Expect(Event(juliet.Bare, Tune, $"<item id='3'>{Note("newest")}</item>"));
        await play.ExpectNothing(romeo);
        await play.Interest(romeo, all);
        await romeo.Expect(Event(juliet.Bare, Tune, $"<item id='3'>{Note("newest")}</item>"));
        await play.ExpectNothing(romeo, chamber);
    }

    [Theory, Framings]
    public async Task A_large_last_item_comes_too(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        string large = new('x', 20_000);
        await juliet.Ask(Publish(Tune, "1", Note(large)), Result);
        await play.Interest(romeo, Tune);
        (await romeo.Next()).Find("note").Value.ShouldBe(large);
    }

    // §4.3.4 with RFC 6121 §3.1: from the moment on that one sees the other.
    [Theory, Framings]
    public async Task A_new_contact_gets_the_last_item_and_a_lost_one_nothing_more(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor romeo = await play.Connect("romeo", "orchard");
        await juliet.Ask(Publish(Tune, "1", Note("x")), Result);
        await juliet.Ask(Publish("urn:example:open", "1", Note("y"), null, "access_model=open"), Result);
        await play.Interest(romeo, Tune);
        await play.ExpectNothing(romeo);
        await romeo.Ask(Items(Tune, "", juliet.Bare), Error("not-authorized", "presence-subscription-required"));
        (await romeo.Ask(Items("urn:example:open", "", juliet.Bare))).Find("note").Value.ShouldBe("y");

        await Subscribing.Bring(play, juliet, romeo, Subscription.From);
        romeo.SeesPresence = juliet.SeesPresence = false;
        await play.Interest(romeo, "urn:example:nothing");
        await play.Interest(romeo, Tune);
        await romeo.Expect(Event(juliet.Bare, Tune, $"<item id='1'>{Note("x")}</item>"));
        await romeo.Ask(Items(Tune, "", juliet.Bare), Result);

        await juliet.Send($"<presence type='unsubscribed' to='{romeo.Bare}'/>");
        await play.Settle();
        await juliet.Ask(Publish(Tune, "2", Note("z")), Result);
        await play.ExpectNothing(romeo);
        await romeo.Ask(Items(Tune, "", juliet.Bare), Error("not-authorized", "presence-subscription-required"));
    }

    [Theory, Framings]
    public async Task The_last_item_follows_an_approval_at_once(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor romeo = await play.Connect("romeo", "orchard");
        await juliet.Ask(Publish(Tune, "1", Note("x")), Result);
        await play.Interest(romeo, Tune);
        await romeo.Send($"<presence type='subscribe' to='{juliet.Bare}'/>");
        await play.Settle();
        await juliet.Send($"<presence type='subscribed' to='{romeo.Bare}'/>");
        await romeo.Await(Event(juliet.Bare, Tune, $"<item id='1'>{Note("x")}</item>"));

        // A circle is the same, even while its owner is not there.
        Actor nurse = await play.Connect("nurse", "street");
        await play.Interest(nurse, Tune);
        await juliet.Leave();
        await play.Server.Home.Circles.CreateAsync("Verona");
        await play.Server.Home.Circles.AddAsync("Verona", "juliet");
        await play.Server.Home.Circles.AddAsync("Verona", "nurse");
        await nurse.Await(Event(juliet.Bare, Tune, $"<item id='1'>{Note("x")}</item>"));
    }

    // XEP-0191 and §4.3.3.
    [Theory, Framings]
    public async Task The_blocked_hear_and_read_nothing(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        await play.Interest(romeo, Tune);
        await juliet.Ask(
            $"<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='{romeo.Bare}'/></block></iq>",
            Result
        );
        await juliet.Ask(Publish(Tune, "1", Note("x"), null, "access_model=open"), Result);
        await romeo.Ask(Items(Tune, "", juliet.Bare), Error("service-unavailable"));
        await play.ExpectNothing(romeo);
    }

    // Laws, "Who may reach whom", 3 and 5: open nodes too are behind the gate.
    [Theory, Framings]
    public async Task A_limited_account_shows_nothing_to_those_outside_its_circles(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("child", Role.Limited, "Family");
        await play.AddAccount("mother", Role.Member, "Family");
        Actor child = await play.Connect("child", "tablet");
        Actor mother = await play.Connect("mother", "phone");
        Actor stranger = await play.Connect("stranger", "street");
        await child.Ask(Publish(Tune, "1", Note("x"), null, "access_model=open"), Result);
        await stranger.Ask(Publish(Tune, "1", Note("x"), null, "access_model=open"), Result);

        (await mother.Ask(Items(Tune, "", child.Bare))).Find("note").Value.ShouldBe("x");
        foreach (string to in (string[])[child.Bare, "nobody@kith.test"])
        {
            await stranger.Ask(Items(Tune, "", to), Error("service-unavailable"));
            await stranger.Ask(Items("urn:example:none", "", to), Error("service-unavailable"));
            await stranger.Ask(
                Iq("set", $"<subscribe node='{Tune}' jid='{stranger.Bare}'/>", to),
                Error("service-unavailable")
            );
        }
        await child.Ask(Items(Tune, "", stranger.Bare), Error("service-unavailable"));
    }

    // security.md, "Identity"; XEP-0115 §5.4: caps that do not hash to what was said interest nobody in anything.
    [Theory, Framings]
    public async Task A_client_that_lies_about_itself_hears_nothing(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        await romeo.Send($"<presence><c xmlns='{Ns.Caps}' hash='sha-1' node='http://play' ver='AAAA'/></presence>");
        string id = (await romeo.Expect("<iq type='get'/>")).Attribute("id")!.Value;
        await romeo.Send(
            $"<iq type='result' to='{Play.Domain}' id='{id}'><query xmlns='{Ns.DiscoInfo}'><feature var='{Tune}+notify'/></query></iq>"
        );
        await romeo.Ping();
        await juliet.Ask(Publish(Tune, "1", Note("x")), Result);
        await play.ExpectNothing(romeo);
    }

    // XEP-0352 §5: a headline waits while nobody looks, and is kept in no archive.
    [Theory, Framings]
    public async Task A_notice_waits_for_a_phone_in_a_pocket_and_is_not_archived(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        await play.Interest(romeo, Tune);
        await romeo.Send("<inactive xmlns='urn:xmpp:csi:0'/>");
        await play.Settle();
        await juliet.Ask(Publish(Tune, "1", Note("x")), Result);
        await play.Stores.Database.WriteAsync(static _ => { });
        romeo.Unexpected().ShouldBeEmpty();
        await romeo.Send("<active xmlns='urn:xmpp:csi:0'/>");
        await romeo.Expect(Event(juliet.Bare, Tune, $"<item id='1'>{Note("x")}</item>"));
        await romeo.Ask($"<iq type='set'><query xmlns='{Ns.Archive}'/></iq>", Result);
        romeo.TakeAll("result", Ns.Archive).ShouldBeEmpty();
        await play.ExpectNothing(romeo);
    }

    // §6.1.
    [Theory, Framings]
    public async Task An_account_says_that_it_has_nodes_and_shows_them_to_those_who_may_read_them(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor juliet, Actor romeo) = await play.Lovers();
        await juliet.Ask(Publish(Tune, "1", Note("x"), null, "title=Tunes"), Result);
        await juliet.Ask(Publish("urn:example:own", "1", Note("y"), null, "access_model=whitelist"), Result);
        (await romeo.Ask($"<iq type='get' to='{juliet.Bare}'><query xmlns='{Ns.DiscoInfo}'/></iq>")).ShouldMatch(
            $"""
            <iq type='result'><query xmlns='{Ns.DiscoInfo}'><identity category='pubsub' type='pep'/>
              <feature var='{PubSub}#access-presence'/><feature var='{PubSub}#auto-create'/>
              <feature var='{PubSub}#auto-subscribe'/><feature var='{PubSub}#filtered-notifications'/>
              <feature var='{PubSub}#publish-options'/><feature var='{PubSub}#persistent-items'/>
            </query></iq>
            """
        );
        string ask = $"<iq type='get' to='{juliet.Bare}'><query xmlns='{Ns.DiscoItems}'/></iq>";
        (await romeo.Ask(ask)).ShouldMatch(
            $"<iq><query xmlns='{Ns.DiscoItems}'><item jid='{juliet.Bare}' node='{Tune}' name='Tunes'/></query></iq>"
        );
        (await romeo.Ask(ask)).ToString().ShouldNotContain("urn:example:own");
        (await juliet.Ask(ask)).ToString().ShouldContain("urn:example:own");
        string Node(string query, string node) =>
            $"<iq type='get' to='{juliet.Bare}'><query xmlns='{query}' node='{node}'/></iq>";
        (await romeo.Ask(Node(Ns.DiscoInfo, Tune))).ShouldMatch(
            $"""
            <iq type='result'><query xmlns='{Ns.DiscoInfo}' node='{Tune}'><identity category='pubsub' type='leaf'/>
              <x xmlns='{Ns.DataForms}' type='result'><field var='FORM_TYPE'><value>{PubSub}#meta-data</value></field>
              <field var='pubsub#title'><value>Tunes</value></field>
              <field var='pubsub#owner'><value>{juliet.Bare}</value></field>
              <field var='pubsub#access_model'><value>presence</value></field></x></query></iq>
            """
        );
        (await romeo.Ask(Node(Ns.DiscoItems, Tune))).ShouldMatch(
            $"<iq type='result'><query xmlns='{Ns.DiscoItems}'><item jid='{juliet.Bare}' node='{"{none}"}' name='1'/></query></iq>"
        );
        foreach (string query in (string[])[Ns.DiscoInfo, Ns.DiscoItems])
        {
            await romeo.Ask(Node(query, "urn:example:own"), Error("item-not-found"));
            await romeo.Ask(Node(query, "urn:example:none"), Error("item-not-found"));
        }
    }
}
