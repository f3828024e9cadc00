using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>The contact list over IQs (RFC 6121 §2).</summary>
public sealed class RosterPlays
{
    private const string Get = "<iq type='get'><query xmlns='jabber:iq:roster'/></iq>";

    internal static string Set(string items) => $"<iq type='set'><query xmlns='jabber:iq:roster'>{items}</query></iq>";

    internal static string Push(string item) =>
        $"<iq type='set' id='{{any}}'><query xmlns='jabber:iq:roster' ver='{{any}}'>{item}</query></iq>";

    private static string Error(string type, string condition) =>
        $"<iq type='error'><error type='{type}'><{condition} xmlns='{Ns.StanzaErrors}'/></error></iq>";

    /// <summary>The list, which makes the client interested.</summary>
    internal static async Task<(long Version, XElement[] Items)> List(Actor actor)
    {
        XElement query = (await actor.Ask(Get, "<iq type='result'><query xmlns='jabber:iq:roster'/></iq>")).Find(
            "query"
        );
        return ((long)query.Attribute("ver")!, [.. query.Elements()]);
    }

    private static long Version(XElement push) => (long)push.Find("query").Attribute("ver")!;

    // §2.6.1, §3.4.1.
    [Theory, Framings]
    public async Task Versions_and_pre_approval_are_announced(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Bind("juliet", "balcony");
        juliet.Features.ShouldMatch(
            "<stream:features><ver xmlns='urn:xmpp:features:rosterver'/><sub xmlns='urn:xmpp:features:pre-approval'/></stream:features>"
        );
    }

    // §2.1.4, §2.3, §2.6.
    [Theory, Framings]
    public async Task A_contact_is_added_and_changed(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        var (empty, none) = await List(juliet);
        none.ShouldBeEmpty();

        await juliet.Send(
            """
            <iq type='set' id='s1'><query xmlns='jabber:iq:roster'>
              <item jid='Nurse@kith.test/street' name='Nurse' subscription='both' ask='subscribe' approved='true'>
                <group>Servants</group><group>Confidants</group>
              </item></query></iq>
            """.ReplaceLineEndings("").Replace("  ", "")
        );
        XElement push = await juliet.Expect(
            Push(
                "<item jid='nurse@kith.test' name='Nurse' subscription='none' ask='{none}' approved='{none}'><group>Servants</group><group>Confidants</group></item>"
            )
        );
        await juliet.Expect("<iq type='result' id='s1'/>", strict: false);
        var (version, items) = await List(juliet);
        version.ShouldBe(Version(push));
        version.ShouldBeGreaterThan(empty);
        items
            .ShouldHaveSingleItem()
            .ShouldMatch(
                "<item xmlns='jabber:iq:roster' jid='nurse@kith.test' name='Nurse' subscription='none'><group>Servants</group><group>Confidants</group></item>",
                strict: true
            );

        await juliet.Ask(Set("<item jid='nurse@kith.test' name=''/>"), "<iq type='result'/>");
        (await List(juliet))
            .Items.ShouldHaveSingleItem()
            .ShouldMatch("<item xmlns='jabber:iq:roster' jid='nurse@kith.test' subscription='none'/>", strict: true);

        await play.Restart();
        juliet = await play.Connect("juliet", "balcony");
        (await List(juliet)).Items.ShouldHaveSingleItem();
    }

    // §2.6.2.
    [Theory, Framings]
    public async Task Who_has_the_version_gets_nothing_and_who_has_another_everything(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        await juliet.Ask(Set("<item jid='nurse@kith.test'/>"));
        var (version, _) = await List(juliet);

        XElement same = await juliet.Ask(
            $"<iq type='get'><query xmlns='jabber:iq:roster' ver='{version}'/></iq>",
            "<iq type='result'/>"
        );
        same.HasElements.ShouldBeFalse();
        foreach (string other in (string[])["", "0", "nonsense", "999999"])
        {
            XElement all = await juliet.Ask($"<iq type='get'><query xmlns='jabber:iq:roster' ver='{other}'/></iq>");
            all.ShouldMatch(
                $"<iq type='result'><query xmlns='jabber:iq:roster' ver='{version}'><item jid='nurse@kith.test'/></query></iq>"
            );
        }
    }

    // §2.1.6: whoever asked for the list, also with a version that is still good; nobody else.
    [Theory, Framings]
    public async Task All_interested_clients_hear_of_a_change(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor balcony = await play.Connect("juliet", "balcony");
        Actor chamber = await play.Bind("juliet", "chamber");
        Actor garden = await play.Connect("juliet", "garden");
        var (version, _) = await List(balcony);
        await chamber.Ask($"<iq type='get'><query xmlns='jabber:iq:roster' ver='{version}'/></iq>");

        long last = version;
        foreach (string name in (string[])["Nurse", "Angelica", "Nurse"])
        {
            await garden.Ask(Set($"<item jid='nurse@kith.test' name='{name}'/>"), "<iq type='result'/>");
            foreach (Actor actor in (Actor[])[balcony, chamber])
            {
                XElement push = await actor.Expect(Push($"<item name='{name}'/>"));
                push.Attribute("from")?.Value.ShouldBe("juliet@kith.test");
                push.Attribute("to")!.Value.ShouldBe(actor.Jid);
                Version(push).ShouldBeGreaterThan(last);
            }
            last = (await List(garden)).Version;
            garden.Forget();
        }
        await balcony.Send("<iq type='result' id='push1'/>");
        await play.ExpectNothing(balcony, chamber, garden);
    }

    // §2.1.6: pushes reach a client once its answer has, in any number.
    [Theory, Framings]
    public async Task The_list_and_the_pushes_after_it_are_the_list_of_now(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor balcony = await play.Connect("juliet", "balcony");
        Actor chamber = await play.Connect("juliet", "chamber");
        for (int round = 0; round < 20; round++)
        {
            for (int i = 0; i < 5; i++)
                await chamber.Send(
                    Set($"<item jid='c{round}.{i}@kith.test'/>").Insert("<iq".Length, $" id='r{round}.{i}'")
                );
            string get = Actor.NextId();
            await balcony.Send(Get.Insert("<iq".Length, $" id='{get}'"));
            await play.Settle();

            XElement[] came =
            [
                .. balcony
                    .Unexpected()
                    .Where(element => element.Elements().Any(child => child.Name.LocalName == "query")),
            ];
            int answered = Array.FindIndex(came, element => element.Attribute("id")!.Value == get);
            var known = came[answered]
                .Find("query")
                .Elements()
                .Select(item => item.Attribute("jid")!.Value)
                .ToHashSet();
            known.UnionWith(came[(answered + 1)..].Select(push => push.Find("item").Attribute("jid")!.Value));
            known.Count.ShouldBe(5 * (round + 1));
            came[answered..].Select(Version).ShouldBeInOrder();
            balcony.Forget();
        }
    }

    // §2.3.3, §2.5.3.
    [Theory, Framings]
    public async Task What_cannot_be_in_a_list_is_refused(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        string nurse = "<item jid='nurse@kith.test'>";
        await juliet.Ask(Set(""), Error("modify", "bad-request"));
        await juliet.Ask(Set("<other/>"), Error("modify", "bad-request"));
        await juliet.Ask(Set("<item/>"), Error("modify", "bad-request"));
        await juliet.Ask(Set("<item jid='a@kith.test'/><item jid='b@kith.test'/>"), Error("modify", "bad-request"));
        await juliet.Ask(Set("<item jid='a@@b'/>"), Error("modify", "jid-malformed"));
        await juliet.Ask(Set(nurse + "<group>A</group><group>A</group></item>"), Error("modify", "bad-request"));
        await juliet.Ask(Set(nurse + "<group></group></item>"), Error("modify", "not-acceptable"));
        string tooLong = new('x', 1024);
        await juliet.Ask(Set($"{nurse}<group>{tooLong}</group></item>"), Error("modify", "not-acceptable"));
        await juliet.Ask(Set($"<item jid='nurse@kith.test' name='{tooLong}'/>"), Error("modify", "not-acceptable"));
        await juliet.Ask(Set("<item jid='nurse@kith.test' subscription='remove'/>"), Error("cancel", "item-not-found"));
        (await List(juliet)).Items.ShouldBeEmpty();
    }

    // §2.1.3, §2.3.3: a list is its owner's alone; nobody's and a hidden one look the same.
    [Theory, Framings]
    public async Task Anothers_list_is_closed(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("juliet", circle: "Verona");
        await play.AddAccount("romeo", circle: "Verona");
        await play.AddAccount("stranger");
        await play.AddAccount("child", Role.Limited);
        Actor juliet = await play.Connect("juliet", "balcony");
        foreach (string iq in (string[])[Get, Set("<item jid='nurse@kith.test'/>")])
        {
            string To(string jid) => iq.Insert("<iq".Length, $" to='{jid}'");
            await juliet.Ask(To("romeo@kith.test"), Error("auth", "forbidden"));
            await juliet.Ask(To("stranger@kith.test"), Error("cancel", "service-unavailable"));
            await juliet.Ask(To("nobody@kith.test"), Error("cancel", "service-unavailable"));
            await juliet.Ask(To("child@kith.test"), Error("cancel", "service-unavailable"));
            await juliet.Ask(To("juliet@kith.test"), "<iq type='result'/>");
        }
    }

    // Reach 3.
    [Theory, Framings]
    public async Task People_of_a_circle_are_listed_and_stay(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        foreach (string name in (string[])["juliet", "romeo", "nurse"])
            await play.AddAccount(name, circle: "Verona");
        Actor juliet = await play.Connect("juliet", "balcony");
        var (before, items) = await List(juliet);
        items.Select(item => item.Attribute("jid")!.Value).Order().ShouldBe(["nurse@kith.test", "romeo@kith.test"]);

        await juliet.Ask(Set("<item jid='romeo@kith.test' subscription='remove'/>"), Error("cancel", "not-allowed"));
        await juliet.Ask(
            Set("<item jid='romeo@kith.test' name='My Romeo'><group>Verona</group><group>Loved</group></item>"),
            "<iq type='result'/>"
        );
        await juliet.Ask(Set("<item jid='romeo@kith.test' subscription='remove'/>"), Error("cancel", "not-allowed"));
        (long version, items) = await List(juliet);
        version.ShouldBeGreaterThan(before);
        items
            .Single(item => item.Attribute("jid")!.Value == "romeo@kith.test")
            .ShouldMatch(
                "<item xmlns='jabber:iq:roster' jid='romeo@kith.test' name='My Romeo' subscription='both'><group>Verona</group><group>Loved</group></item>",
                strict: true
            );
    }

    // Reach 3: what its owner wrote over the entry does not keep it, and is there again when they meet again.
    [Theory, Framings]
    public async Task Who_leaves_the_last_circle_leaves_the_list_whatever_its_owner_wrote(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo", circle: "Verona");
        await play.AddAccount("juliet", circle: "Verona");
        Actor juliet = await play.Connect("juliet", "balcony");
        await juliet.Ask(
            Set("<item jid='romeo@kith.test' name='My Romeo'><group>Verona</group><group>Loved</group></item>")
        );
        var (before, _) = await List(juliet);

        await play.Server.Home.Circles.DropAsync("Verona", "romeo");
        XElement push = await juliet.Expect(Push("<item jid='romeo@kith.test' subscription='remove'/>"));
        Version(push).ShouldBeGreaterThan(before);
        var (after, items) = await List(juliet);
        items.ShouldBeEmpty();
        after.ShouldBe(Version(push));

        await play.Restart();
        await play.Server.Home.Circles.CreateAsync("Mantua");
        await play.Server.Home.Circles.AddAsync("Mantua", "romeo");
        await play.Server.Home.Circles.AddAsync("Mantua", "juliet");
        juliet = await play.Connect("juliet", "balcony");
        (long again, items) = await List(juliet);
        again.ShouldBeGreaterThan(after);
        items
            .ShouldHaveSingleItem()
            .ShouldMatch(
                "<item xmlns='jabber:iq:roster' jid='romeo@kith.test' name='My Romeo' subscription='both'><group>Mantua</group><group>Loved</group></item>",
                strict: true
            );
    }

    // Reach 3: whoever was away when a circle changed has an older version than the list.
    [Theory, Framings]
    public async Task A_circles_change_is_seen_by_who_was_away(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        await play.AddAccount("juliet", circle: "Verona");
        Actor juliet = await play.Connect("juliet", "balcony");
        var (version, _) = await List(juliet);
        await juliet.Leave();
        await play.Server.Home.Circles.AddAsync("Verona", "romeo");

        juliet = await play.Connect("juliet", "balcony");
        await juliet.Ask(
            $"<iq type='get'><query xmlns='jabber:iq:roster' ver='{version}'/></iq>",
            "<iq type='result'><query xmlns='jabber:iq:roster'><item jid='romeo@kith.test' subscription='both'/></query></iq>"
        );
    }
}
