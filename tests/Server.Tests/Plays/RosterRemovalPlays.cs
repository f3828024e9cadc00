using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xunit;
using static Server.Tests.Plays.RosterPlays;

namespace Server.Tests.Plays;

/// <summary>A contact is taken out of the list (RFC 6121 §2.5).</summary>
public sealed class RosterRemovalPlays
{
    // §2.5.2: what the contact hears depends on who is subscribed to whom; the owner hears of the removal once.
    [Theory, Framings]
    public async Task Removing_ends_subscriptions_both_ways(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        foreach (Subscription state in Enum.GetValues<Subscription>())
        {
            string other = $"romeo{(int)state}";
            Actor juliet = await play.Connect("juliet", $"b{(int)state}");
            Actor romeo = await play.Connect(other, "orchard");
            await List(juliet);
            await List(romeo);
            await Subscribing.Bring(play, juliet, romeo, state);

            await juliet.Ask(Set($"<item jid='{romeo.Bare}' subscription='remove'/>"), "<iq type='result'/>");

            bool to = state.HasFlag(Subscription.To);
            bool from = state.HasFlag(Subscription.From);
            if (to)
            {
                await romeo.Expect(Push($"<item jid='{juliet.Bare}' subscription='{(from ? "to" : "none")}'/>"));
                await romeo.Expect($"<presence type='unsubscribe' from='{juliet.Bare}' to='{romeo.Bare}'/>");
            }
            if (from)
            {
                await romeo.Expect($"<presence type='unavailable' from='{juliet.Jid}'/>");
                await romeo.Expect(Push($"<item jid='{juliet.Bare}' subscription='none'/>"));
                await romeo.Expect($"<presence type='unsubscribed' from='{juliet.Bare}' to='{romeo.Bare}'/>");
            }
            await juliet.ExpectAll([
                Push($"<item jid='{romeo.Bare}' subscription='remove'/>"),
                .. to ? (string[])[$"<presence type='unavailable' from='{romeo.Jid}'/>"] : [],
            ]);
            await play.ExpectNothing(juliet, romeo);
            (await List(juliet)).Items.ShouldBeEmpty();
            await juliet.Leave();
        }
    }

    // §2.5: with the entry goes what was asked of the contact, and what it asked.
    [Theory, Framings]
    public async Task Removing_takes_back_requests(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor romeo = await play.Connect("romeo", "orchard");
        await List(juliet);
        await List(romeo);
        await play.Watch(romeo);
        await juliet.Send($"<presence type='subscribe' to='{romeo.Bare}'/>");
        await juliet.Expect(Push("<item ask='subscribe'/>"));
        await romeo.Expect("<presence type='subscribe'/>");

        await juliet.Ask(Set($"<item jid='{romeo.Bare}' subscription='remove'/>"));
        await romeo.Expect($"<presence type='unsubscribe' from='{juliet.Bare}'/>");
        await play.ExpectNothing(romeo);
        await romeo.Leave();
        romeo = await play.Connect("romeo", "orchard");
        romeo.Unexpected().ShouldBeEmpty();

        await romeo.Send($"<presence type='subscribe' to='{juliet.Bare}'/>");
        await play.Settle();
        await juliet.Ask(Set($"<item jid='{romeo.Bare}'/>"));
        await List(romeo);
        await play.Watch(romeo);
        await juliet.Ask(Set($"<item jid='{romeo.Bare}' subscription='remove'/>"));
        await romeo.Expect(Push($"<item jid='{juliet.Bare}' subscription='none' ask='{{none}}'/>"));
        await romeo.Expect($"<presence type='unsubscribed' from='{juliet.Bare}'/>");
    }
}
