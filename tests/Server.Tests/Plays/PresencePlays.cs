using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>Presence as it is told to all who may know (RFC 6121 §4.2, §4.4, §4.5, §4.7).</summary>
public sealed class PresencePlays
{
    // §4.2.2, §4.3.2: both ways round, each thing once, and nothing to or from those of one way only.
    [Theory, Framings]
    public async Task Initial_presence_is_told_and_others_is_heard(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "orchard");
        var others = new Dictionary<Subscription, Actor>();
        foreach (Subscription state in Enum.GetValues<Subscription>())
        {
            others[state] = await play.Connect($"x{(int)state}", "home");
            await Subscribing.Bring(play, romeo, others[state], state);
        }
        Actor second = await play.Connect(others[Subscription.Both].Name, "away");
        await second.Send("<presence><show>xa</show><priority>-1</priority></presence>");
        Actor bound = await play.Bind(others[Subscription.Both].Name, "bound");
        Actor stranger = await play.Connect("stranger", "hall");
        Actor[] all = [romeo, .. others.Values, second, bound, stranger];
        await play.Watch(all);

        Actor street = await play.Bind("romeo", "street");
        street.SeesPresence = true;
        await street.Send("<presence id='p1'><show>chat</show><status xml:lang='en'>here</status></presence>");

        string told =
            $"<presence from='{street.Jid}' id='p1' type='{{none}}'><show>chat</show><status>here</status></presence>";
        await street.Expect(told.Replace("from", $"to='{street.Jid}' from", StringComparison.Ordinal));
        await street.ExpectAll(
            $"<presence from='{romeo.Jid}'/>",
            $"<presence from='{others[Subscription.To].Jid}'/>",
            $"<presence from='{others[Subscription.Both].Jid}'/>",
            $"<presence from='{second.Jid}'><show>xa</show></presence>"
        );
        await romeo.Expect(told);
        await others[Subscription.From].Expect(told);
        await others[Subscription.Both].Expect(told);
        await second.Expect(told);
        await play.ExpectNothing([street, .. all]);

        await street.Send("<presence><show>away</show></presence>");
        foreach (Actor actor in (Actor[])[street, romeo, others[Subscription.From], others[Subscription.Both], second])
            await actor.Expect($"<presence from='{street.Jid}'><show>away</show></presence>");
        await play.ExpectNothing([street, .. all]);
    }

    // §4.5.2, §4.5.4: whole, to the same people and to oneself; then silence until it is there again.
    [Theory, Framings]
    public async Task Unavailable_presence_is_told_with_its_status(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "orchard");
        Actor phone = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        await Subscribing.Bring(play, romeo, juliet, Subscription.Both);
        await play.Watch(phone);

        await romeo.Send("<presence type='unavailable'><status>parting</status></presence>");
        foreach (Actor actor in (Actor[])[romeo, phone, juliet])
            await actor.Expect($"<presence type='unavailable' from='{romeo.Jid}'><status>parting</status></presence>");
        await romeo.Send("<presence type='unavailable'><status>again</status></presence>");
        await juliet.Send("<presence><show>dnd</show></presence>");
        await juliet.Expect($"<presence from='{juliet.Jid}'/>");
        await phone.Expect($"<presence from='{juliet.Jid}'/>");
        await play.ExpectNothing(romeo, phone, juliet);

        await romeo.Send("<presence/>");
        await romeo.Expect($"<presence from='{romeo.Jid}'/>");
        await romeo.ExpectAll(
            $"<presence from='{phone.Jid}'/>",
            $"<presence from='{juliet.Jid}'><show>dnd</show></presence>"
        );
        await juliet.Expect($"<presence from='{romeo.Jid}' type='{{none}}'/>");
    }

    // §4.5.2: also when the client says nothing.
    [Theory, Framings]
    public async Task A_lost_connection_is_told(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "orchard");
        Actor juliet = await play.Connect("juliet", "balcony");
        await Subscribing.Bring(play, romeo, juliet, Subscription.From);
        await romeo.Cut();
        await juliet.Expect($"<presence type='unavailable' from='{romeo.Jid}' to='{juliet.Bare}'/>");
        await romeo.Return();
        await romeo.Send("<presence/>");
        await juliet.Expect($"<presence from='{romeo.Jid}' type='{{none}}'/>");
        await romeo.Leave();
        await juliet.Expect($"<presence type='unavailable' from='{romeo.Jid}'/>");
        await play.ExpectNothing(juliet);
    }

    // RFC 6120 §7.7.2.2: the older session goes before the newer comes.
    [Theory, Framings]
    public async Task A_replaced_resource_goes_and_comes(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "orchard");
        Actor juliet = await play.Connect("juliet", "balcony");
        await Subscribing.Bring(play, romeo, juliet, Subscription.From);
        Actor again = await play.Connect("romeo", "orchard");
        romeo.IsBound = false;
        await juliet.Expect($"<presence type='unavailable' from='{romeo.Jid}'/>");
        await juliet.Expect($"<presence type='{{none}}' from='{romeo.Jid}'/>");
        await play.ExpectNothing(again, juliet);
    }

    // Life 9: contacts see a session that may come back; when its time is over they hear so, once.
    [Theory, Framings]
    public async Task A_cut_session_is_there_until_its_time_is_over(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "orchard", managed: true);
        Actor juliet = await play.Connect("juliet", "balcony");
        await Subscribing.Bring(play, romeo, juliet, Subscription.From);
        await romeo.Cut();
        await play.Advance(TimeSpan.FromSeconds(play.Options.ResumeSeconds - 1));
        await juliet.Send($"<presence type='probe' to='{romeo.Bare}'/>");
        await juliet.Expect($"<presence from='{romeo.Jid}' type='{{none}}'/>");
        await romeo.Resume();
        await play.ExpectNothing(juliet);

        await romeo.Cut();
        DateTimeOffset? before = play.Account("romeo").Record.LastSeen;
        await play.Advance(TimeSpan.FromSeconds(play.Options.ResumeSeconds + 1));
        await juliet.Expect($"<presence type='unavailable' from='{romeo.Jid}'/>");
        await play.ExpectNothing(juliet);
        play.Account("romeo").Record.LastSeen.ShouldNotBeNull().ShouldBeGreaterThan(before ?? default);
    }

    // §4.7.2.3.
    [Theory, Framings]
    public async Task A_priority_is_a_small_number(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Bind("romeo", "orchard");
        romeo.SeesPresence = true;
        foreach (string bad in (string[])["", "x", "128", "-129", "1.5", "1 2"])
        {
            await romeo.Send($"<presence id='p'><priority>{bad}</priority></presence>");
            await romeo.Expect(
                $"<presence type='error' id='p'><error type='modify'><bad-request xmlns='{Ns.StanzaErrors}'/></error></presence>"
            );
        }
        play.Account("romeo").Sessions.Single().Presence.ShouldBeNull();
        foreach (string good in (string[])["127", "-128", " 5\n", "0"])
        {
            await romeo.Send($"<presence><priority>{good}</priority></presence>");
            await romeo.Expect($"<presence from='{romeo.Jid}'/>");
        }
    }

    // §4.7.2.3, §8.5.2.1.1: presence yes, messages no; they come once it may have them.
    [Theory, Framings]
    public async Task A_negative_priority_gets_presence_and_no_messages(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony", priority: -1);
        Actor romeo = await play.Connect("romeo", "orchard");
        await Subscribing.Bring(play, juliet, romeo, Subscription.To);
        await romeo.Send($"<message to='{juliet.Bare}' type='chat' id='m1'><body>x</body></message>");
        await romeo.Send("<presence><show>away</show></presence>");
        await juliet.Expect($"<presence from='{romeo.Jid}'/>");
        await play.ExpectNothing(juliet);
        await juliet.Send("<presence/>");
        await juliet.Expect($"<presence from='{juliet.Jid}'/>");
        await juliet.Expect("<message id='m1'/>");
    }

    // Life 1: what one says, in the order in which it was said, also where some of it waits for the disk.
    [Theory, Framings]
    public async Task Presence_and_messages_keep_their_order(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "orchard");
        Actor juliet = await play.Connect("juliet", "balcony");
        await Subscribing.Bring(play, romeo, juliet, Subscription.From);
        for (int i = 0; i < 20; i++)
        {
            await romeo.Send($"<presence id='p{i}'/>");
            await romeo.Send($"<message to='{juliet.Bare}' type='chat' id='m{i}'><body>{i}</body></message>");
            await romeo.Send(
                $"<message to='{juliet.Jid}' type='chat' id='s{i}'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>"
            );
            await romeo.Send($"<presence to='{juliet.Jid}' id='d{i}'/>");
            await romeo.Send($"<iq type='result' to='{juliet.Jid}' id='i{i}'/>");
        }
        for (int i = 0; i < 20; i++)
        {
            await juliet.Expect($"<presence id='p{i}'/>");
            await juliet.Expect($"<message id='m{i}'/>");
            await juliet.Expect($"<message id='s{i}'/>");
            await juliet.Expect($"<presence id='d{i}'/>");
            await juliet.Expect($"<iq id='i{i}'/>");
        }
    }

    // XEP-0191 §3.3: those whom one blocks do not come in by the back door of a sign-in.
    [Theory, Framings]
    public async Task The_blocked_are_not_seen_at_sign_in_either(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "orchard");
        Actor juliet = await play.Connect("juliet", "balcony");
        await Subscribing.Bring(play, romeo, juliet, Subscription.Both);
        await juliet.Ask($"<iq type='set'><block xmlns='urn:xmpp:blocking'><item jid='{romeo.Bare}'/></block></iq>");
        await romeo.Expect("<presence type='unavailable'/>");
        Actor chamber = await play.Bind("juliet", "chamber");
        chamber.SeesPresence = true;
        await chamber.Send("<presence/>");
        await chamber.Expect($"<presence from='{chamber.Jid}'/>");
        await chamber.Expect($"<presence from='{juliet.Jid}'/>");
        await chamber.Send($"<presence type='probe' to='{romeo.Bare}'/>");
        await juliet.Expect($"<presence from='{chamber.Jid}'/>");
        await play.ExpectNothing(chamber, juliet, romeo);
    }

    // Reach 2: a role decides at once, also over those who had been contacts.
    [Theory, Framings]
    public async Task Who_becomes_limited_is_hidden_from_all_but_the_circle(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("child", circle: "Verona");
        await play.AddAccount("nurse", circle: "Verona");
        Actor child = await play.Connect("child", "tablet");
        Actor nurse = await play.Connect("nurse", "street");
        Actor paris = await play.Connect("paris", "hall");
        await Subscribing.Bring(play, child, paris, Subscription.Both);
        await play.Watch(nurse);

        await play.Server.Home.People.SetRoleAsync("child", Role.Limited);
        await child.Expect($"<presence type='unavailable' from='{paris.Jid}'/>");
        await paris.Expect($"<presence type='unavailable' from='{child.Jid}'/>");
        await child.Send("<presence><show>away</show></presence>");
        await child.Expect("<presence/>");
        await nurse.Expect($"<presence from='{child.Jid}'><show>away</show></presence>");
        await paris.Send($"<presence to='{child.Jid}'/>");
        await paris.Send($"<presence to='{child.Jid}' type='probe'/>");
        await paris.Expect($"<presence type='unsubscribed' from='{child.Bare}'/>");
        await play.ExpectNothing(child, nurse, paris);

        await play.Server.Home.People.SetRoleAsync("child", Role.Member);
        await child.Expect($"<presence from='{paris.Jid}' type='{{none}}'/>");
        await paris.Expect($"<presence from='{child.Jid}' type='{{none}}'><show>away</show></presence>");
        await play.ExpectNothing(child, nurse, paris);
    }
}
