using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xunit;
using static Server.Tests.Plays.RosterPlays;
using static Server.Tests.Plays.SubscriptionPlays;

namespace Server.Tests.Plays;

/// <summary>Subscriptions where the gate, a block, or nobody is at the other end (README, "Who may reach whom").</summary>
public sealed class HiddenSubscriptionPlays
{
    // Reach 1: nobody, somebody hidden, and somebody who blocks: the asker cannot tell which.
    [Theory, Framings]
    public async Task Nobody_and_the_hidden_look_the_same(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("child", Role.Limited, circle: "Nursery");
        Actor child = await play.Connect("child", "tablet");
        Actor tybalt = await play.Connect("tybalt", "street");
        await tybalt.Ask(
            "<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='romeo@kith.test'/></block></iq>",
            "<iq type='result'/>"
        );
        Actor romeo = await play.Connect("romeo", "orchard");
        await List(romeo);
        await play.Watch(romeo, child, tybalt);
        var seen = new List<string>();
        foreach (string name in (string[])["nobody", "child", "tybalt"])
        {
            foreach (
                string type in (string[])
                    ["subscribe", "subscribe", "unsubscribe", "subscribed", "unsubscribed", "subscribe"]
            )
                await romeo.Send($"<presence type='{type}' to='{name}@kith.test/x'/>");
            await play.Settle();
            seen.Add(
                string.Join(
                    "\n",
                    romeo.Unexpected().Select(element => Anonymous(element, name)).Where(text => text.Length > 0)
                )
            );
            romeo.Forget();
        }
        seen[0].ShouldContain("ask=\"subscribe\"");
        seen.Distinct().Count().ShouldBe(1, string.Join("\n\n", seen));
        await play.ExpectNothing(child, tybalt);
    }

    private static string Anonymous(XElement element, string name)
    {
        if (element.Name.LocalName == "iq" && element.Attribute("type")!.Value != "set")
            return "";
        var copy = new XElement(element);
        copy.Attribute("id")?.Remove();
        copy.Elements().SingleOrDefault()?.Attribute("ver")?.Remove();
        return copy.ToString().Replace(name, "X", StringComparison.Ordinal);
    }

    // Reach 4: what ends holds for both sides although neither hears a word, so that it is true after the block.
    [Theory, Framings]
    public async Task What_ends_behind_a_block_has_ended(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Two(play);
        await Subscribing.Bring(play, romeo, juliet, Subscription.Both);
        await juliet.Ask(
            "<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='romeo@kith.test'/></block></iq>",
            "<iq type='result'/>"
        );
        await romeo.Expect("<presence type='unavailable'/>");
        await romeo.Send("<presence type='unsubscribe' to='juliet@kith.test'/>");
        await romeo.Expect(Push("<item subscription='from'/>"));
        await juliet.Expect(Push("<item subscription='to'/>"));
        await play.ExpectNothing(romeo, juliet);

        await juliet.Ask("<iq type='set'><unblock xmlns='urn:xmpp:blocking'/></iq>", "<iq type='result'/>");
        await juliet.Expect($"<presence from='{romeo.Jid}'/>");
        await play.ExpectNothing(romeo, juliet);
    }

    // §3.1.3 with XEP-0191 §3.3: a request of one who was blocked since is not said again.
    [Theory, Framings]
    public async Task A_waiting_request_of_the_blocked_is_not_heard(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Two(play);
        await romeo.Send("<presence type='subscribe' to='juliet@kith.test'/>");
        await juliet.Expect("<presence type='subscribe'/>");
        await juliet.Ask("<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='romeo@kith.test'/></block></iq>");
        await juliet.Send("<presence type='unavailable'/>");
        await juliet.Send("<presence/>");
        await juliet.Expect("<presence type='unavailable'/>");
        await juliet.Expect($"<presence from='{juliet.Jid}'/>");
        await play.ExpectNothing(juliet);
    }

    [Theory, Framings]
    public async Task What_is_to_nobody_here_is_refused(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, _) = await Two(play);
        await romeo.Send("<presence type='subscribe' id='a'/>");
        await romeo.Expect(
            "<presence type='error' id='a'><error><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"
        );
        await romeo.Send("<presence type='subscribe' id='b' to='paris@elsewhere.test'/>");
        await romeo.Expect(
            "<presence type='error' id='b'><error><remote-server-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"
        );
        await romeo.Send("<presence type='wish' id='c' to='juliet@kith.test'/>");
        await romeo.Expect(
            "<presence type='error' id='c'><error><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></presence>"
        );
        (await List(romeo)).Items.ShouldBeEmpty();
    }
}
