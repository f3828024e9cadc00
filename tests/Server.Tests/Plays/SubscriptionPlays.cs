using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xunit;
using static Server.Tests.Plays.RosterPlays;

namespace Server.Tests.Plays;

/// <summary>Who may see whom, asked and answered (RFC 6121 §3); the tables themselves are in <c>Routing</c>.</summary>
public sealed class SubscriptionPlays
{
    internal static async Task<(Actor Romeo, Actor Juliet)> Two(Play play)
    {
        Actor romeo = await play.Connect("romeo", "orchard");
        Actor juliet = await play.Connect("juliet", "balcony");
        await List(romeo);
        await List(juliet);
        await play.Watch(romeo, juliet);
        return (romeo, juliet);
    }

    // §3.1: each step is heard by both sides, from bare JIDs only, whatever the stanza was sent to.
    [Theory, Framings]
    public async Task A_request_is_made_and_approved_and_presence_follows(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Two(play);

        await romeo.Send(
            $"<presence type='subscribe' id='x1' to='{juliet.Jid}'><status>let me see you</status></presence>"
        );
        await romeo.Expect(Push("<item jid='juliet@kith.test' subscription='none' ask='subscribe'/>"));
        await juliet.Expect(
            "<presence type='subscribe' id='x1' from='romeo@kith.test' to='juliet@kith.test'><status>let me see you</status></presence>",
            strict: true
        );
        (await List(juliet)).Items.ShouldBeEmpty();

        await juliet.Send($"<presence type='subscribed' id='y1' to='{romeo.Jid}'/>");
        await juliet.Expect(Push("<item jid='romeo@kith.test' subscription='from' ask='{none}'/>"));
        await romeo.Expect(Push("<item jid='juliet@kith.test' subscription='to' ask='{none}'/>"));
        await romeo.Expect(
            "<presence type='subscribed' id='y1' from='juliet@kith.test' to='romeo@kith.test'/>",
            strict: true
        );
        await romeo.Expect($"<presence from='{juliet.Jid}' type='{{none}}'/>");
        await play.ExpectNothing(romeo, juliet);

        await romeo.Send("<presence><show>away</show></presence>");
        await romeo.Expect($"<presence from='{romeo.Jid}'/>");
        await juliet.Send("<presence><show>dnd</show></presence>");
        await juliet.Expect($"<presence from='{juliet.Jid}'/>");
        await romeo.Expect($"<presence from='{juliet.Jid}'><show>dnd</show></presence>");
        await play.ExpectNothing(romeo, juliet);
    }

    // §3.1: both ways.
    [Theory, Framings]
    public async Task Asking_back_makes_it_mutual(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Two(play);
        await Subscribing.Bring(play, romeo, juliet, Subscription.To);

        await juliet.Send("<presence type='subscribe' to='romeo@kith.test'/>");
        await juliet.Expect(Push("<item jid='romeo@kith.test' subscription='from' ask='subscribe'/>"));
        await romeo.Expect("<presence type='subscribe' from='juliet@kith.test'/>");
        await romeo.Send("<presence type='subscribed' to='juliet@kith.test'/>");
        await romeo.Expect(Push("<item jid='juliet@kith.test' subscription='both'/>"));
        await juliet.Expect(Push("<item jid='romeo@kith.test' subscription='both' ask='{none}'/>"));
        await juliet.Expect("<presence type='subscribed' from='romeo@kith.test'/>");
        await juliet.Expect($"<presence from='{romeo.Jid}' type='{{none}}'/>");
        await play.ExpectNothing(romeo, juliet);
    }

    // §3.2: a refusal takes the wish away again.
    [Theory, Framings]
    public async Task A_request_is_denied(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Two(play);
        await romeo.Send("<presence type='subscribe' to='juliet@kith.test'/>");
        await romeo.Expect(Push("<item ask='subscribe'/>"));
        await juliet.Expect("<presence type='subscribe'/>");

        await juliet.Send("<presence type='unsubscribed' to='romeo@kith.test'/>");
        await romeo.Expect(Push("<item jid='juliet@kith.test' subscription='none' ask='{none}'/>"));
        await romeo.Expect("<presence type='unsubscribed' from='juliet@kith.test' to='romeo@kith.test'/>");
        await play.ExpectNothing(romeo, juliet);
        (await List(juliet)).Items.ShouldBeEmpty();

        await juliet.Leave();
        await juliet.Return();
        await juliet.Send("<presence/>");
        await juliet.Expect($"<presence from='{juliet.Jid}'/>");
        await play.ExpectNothing(romeo, juliet);
    }

    // §3.2.2: who is cut off sees the contact go before it hears why.
    [Theory, Framings]
    public async Task An_approval_is_taken_back(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Two(play);
        await Subscribing.Bring(play, romeo, juliet, Subscription.To);

        await juliet.Send("<presence type='unsubscribed' to='romeo@kith.test'/>");
        await juliet.Expect(Push("<item jid='romeo@kith.test' subscription='none'/>"));
        await romeo.Expect($"<presence type='unavailable' from='{juliet.Jid}'/>");
        await romeo.Expect(Push("<item jid='juliet@kith.test' subscription='none'/>"));
        await romeo.Expect("<presence type='unsubscribed' from='juliet@kith.test'/>");
        await juliet.Send("<presence type='unsubscribed' to='romeo@kith.test'/>");
        await juliet.Send("<presence><show>away</show></presence>");
        await juliet.Expect("<presence><show>away</show></presence>");
        await play.ExpectNothing(romeo, juliet);
    }

    // §3.3.
    [Theory, Framings]
    public async Task Who_looks_away_sees_the_contact_go(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Two(play);
        await Subscribing.Bring(play, romeo, juliet, Subscription.Both);

        await romeo.Send($"<presence type='unsubscribe' to='{juliet.Jid}'/>");
        await romeo.Expect(Push("<item jid='juliet@kith.test' subscription='from'/>"));
        await juliet.Expect(Push("<item jid='romeo@kith.test' subscription='to'/>"));
        await juliet.Expect("<presence type='unsubscribe' from='romeo@kith.test' to='juliet@kith.test'/>");
        await romeo.Expect($"<presence type='unavailable' from='{juliet.Jid}'/>");
        await romeo.Send("<presence><show>away</show></presence>");
        await romeo.Expect($"<presence from='{romeo.Jid}'/>");
        await juliet.Expect($"<presence from='{romeo.Jid}'><show>away</show></presence>");
        await play.ExpectNothing(romeo, juliet);
    }

    // §3.1.3: kept whole, over a restart too, and said at each coming until it is answered.
    [Theory, Framings]
    public async Task A_request_waits_for_who_is_away(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("juliet");
        Actor romeo = await play.Connect("romeo", "orchard");
        await romeo.Send(
            "<presence type='subscribe' id='x1' to='juliet@kith.test'><status>wait</status><nick xmlns='http://jabber.org/protocol/nick'>Romeo</nick></presence>"
        );
        await romeo.Send(
            "<presence type='subscribe' id='x1' to='juliet@kith.test'><status>hear me</status></presence>"
        );
        await play.Settle();
        await play.Restart();

        string request =
            "<presence type='subscribe' id='x1' from='romeo@kith.test' to='juliet@kith.test'><status>hear me</status></presence>";
        Actor juliet = await play.Bind("juliet", "balcony");
        juliet.SeesPresence = true;
        await List(juliet);
        await play.ExpectNothing(juliet);
        foreach (string _ in (string[])["first", "again"])
        {
            await juliet.Send("<presence><priority>-1</priority></presence>");
            await juliet.Expect($"<presence from='{juliet.Jid}'/>");
            await juliet.Expect(request, strict: true);
            await juliet.Send("<presence><show>away</show></presence>");
            await juliet.Expect("<presence><show>away</show></presence>");
            await juliet.Send("<presence type='unavailable'/>");
            await juliet.Expect("<presence type='unavailable'/>");
        }
        Actor garden = await play.Bind("juliet", "garden");
        garden.SeesPresence = true;
        await garden.Send("<presence/>");
        await garden.Expect($"<presence from='{garden.Jid}'/>");
        await garden.Expect(request, strict: true);

        await garden.Send("<presence type='subscribed' to='romeo@kith.test'/>");
        await juliet.Expect(Push("<item jid='romeo@kith.test' subscription='from'/>"));
        await juliet.Send("<presence/>");
        await juliet.ExpectAll($"<presence from='{juliet.Jid}'/>", $"<presence from='{garden.Jid}'/>");
        await play.ExpectNothing(juliet);
    }

    // §3.1.3: the requester takes it back before it was answered.
    [Theory, Framings]
    public async Task A_request_taken_back_is_heard_of_no_more(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Two(play);
        await romeo.Send("<presence type='subscribe' to='juliet@kith.test'/>");
        await juliet.Expect("<presence type='subscribe'/>");
        await romeo.Send("<presence type='unsubscribe' to='juliet@kith.test'/>");
        await juliet.Expect("<presence type='unsubscribe' from='romeo@kith.test'/>");
        await romeo.Expect(Push("<item ask='subscribe'/>"));
        await romeo.Expect(Push("<item ask='{none}'/>"));
        await juliet.Send("<presence type='unavailable'/>");
        await juliet.Send("<presence/>");
        await juliet.Expect("<presence type='unavailable'/>");
        await juliet.Expect($"<presence from='{juliet.Jid}'/>");
        await play.ExpectNothing(romeo, juliet);
    }

    // §3.1.3, A.3: who is subscribed already is not announced again, and sees nothing twice.
    [Theory, Framings]
    public async Task Asking_again_changes_nothing(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Two(play);
        await Subscribing.Bring(play, romeo, juliet, Subscription.To);
        var (version, _) = await List(romeo);
        await romeo.Send("<presence type='subscribe' to='juliet@kith.test'/>");
        await juliet.Send("<presence type='subscribed' to='romeo@kith.test'/>");
        await romeo.Send("<presence type='unsubscribed' to='juliet@kith.test'/>");
        await juliet.Send("<presence type='unsubscribe' to='romeo@kith.test'/>");
        await play.ExpectNothing(romeo, juliet);
        (await List(romeo)).Version.ShouldBe(version);
    }

    // A.3.1: the contact's server answers in its stead, when only the asker's side had been lost.
    [Theory, Framings]
    public async Task Who_is_let_see_already_is_answered_at_once(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Two(play);
        await Subscribing.Bring(play, romeo, juliet, Subscription.To);
        Account(play, "romeo", item => item with { Subscription = Subscription.None });
        await play.Restart();
        romeo = await play.Connect("romeo", "orchard");
        juliet = await play.Connect("juliet", "balcony");
        await List(romeo);
        await play.Watch(romeo, juliet);

        await romeo.Send("<presence type='subscribe' to='juliet@kith.test'/>");
        await romeo.Expect(Push("<item jid='juliet@kith.test' subscription='to'/>"));
        await romeo.Expect("<presence type='subscribed' from='juliet@kith.test'/>");
        await romeo.Expect($"<presence from='{juliet.Jid}'/>");
        await play.ExpectNothing(romeo, juliet);
    }

    private static void Account(Play play, string name, Func<RosterItem, RosterItem> change) =>
        play
            .Stores.Database.WriteAsync(transaction =>
            {
                long id = play.Account(name).Id;
                RosterItem item = play.Stores.Rosters.Items(transaction, id).Single();
                play.Stores.Rosters.Set(transaction, id, change(item));
            })
            .Wait(Actor.Patience);

    // §3.4.
    [Theory, Framings]
    public async Task Who_is_approved_beforehand_is_let_in_unasked(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Two(play);
        await juliet.Send("<presence type='subscribed' to='romeo@kith.test'/>");
        await juliet.Expect(Push("<item jid='romeo@kith.test' subscription='none' approved='true'/>"));
        await play.ExpectNothing(romeo, juliet);

        await romeo.Send("<presence type='subscribe' to='juliet@kith.test'/>");
        await juliet.Expect(Push("<item jid='romeo@kith.test' subscription='from'/>"));
        await romeo.Expect(Push("<item jid='juliet@kith.test' subscription='to' ask='{none}'/>"));
        await romeo.Expect("<presence type='subscribed' from='juliet@kith.test' to='romeo@kith.test'/>");
        await romeo.Expect($"<presence from='{juliet.Jid}'/>");
        await play.ExpectNothing(romeo, juliet);
    }

    // §3.4: and the approval can be taken back before it was used.
    [Theory, Framings]
    public async Task An_approval_beforehand_is_taken_back(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Two(play);
        await juliet.Send("<presence type='subscribed' to='romeo@kith.test'/>");
        await juliet.Expect(Push("<item approved='true'/>"));
        await juliet.Send("<presence type='unsubscribed' to='romeo@kith.test'/>");
        await juliet.Expect(Push("<item jid='romeo@kith.test' subscription='none' approved='{none}'/>"));
        await romeo.Send("<presence type='subscribe' to='juliet@kith.test'/>");
        await juliet.Expect("<presence type='subscribe'/>");
    }
}
