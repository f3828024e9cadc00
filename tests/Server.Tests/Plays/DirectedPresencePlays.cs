using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Addresses;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>Presence to one entity, probes and faults (RFC 6121 §4.3, §4.6, §8.5).</summary>
public sealed class DirectedPresencePlays
{
    private static async Task<(Actor Romeo, Actor Juliet)> Strangers(Play play)
    {
        Actor romeo = await play.Connect("romeo", "orchard");
        Actor juliet = await play.Connect("juliet", "balcony");
        await play.Watch(romeo, juliet);
        return (romeo, juliet);
    }

    // What a session is remembered for has an end.
    [Theory, Framings]
    public async Task Nobody_is_present_everywhere(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Strangers(play);
        Session session = play.Account("romeo").Sessions.ShouldHaveSingleItem();
        session.Directed =
        [
            .. Enumerable.Range(0, Presences.MostDirected).Select(i => Jid.Parse($"juliet@{Play.Domain}/gone{i}")),
        ];
        await romeo.Send($"<presence to='{juliet.Jid}' id='d'/>");
        await romeo.Expect(
            $"<presence from='{juliet.Jid}' type='error' id='d'><error><resource-constraint xmlns='{Ns.StanzaErrors}'/></error></presence>"
        );
        await play.ExpectNothing(juliet);
        await romeo.Send($"<presence to='{juliet.Bare}/gone0' type='unavailable'/>");
        await romeo.Send($"<presence to='{juliet.Jid}'/>");
        await juliet.Expect($"<presence from='{romeo.Jid}'/>");
    }

    // §4.6.3: whoever got it hears the end of it, however the session ends, and no changes between.
    [Theory, Framings]
    public async Task It_ends_with_the_session(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Strangers(play);
        foreach (string end in (string[])["unavailable", "leave", "cut"])
        {
            foreach (string to in (string[])[juliet.Bare, juliet.Jid])
            {
                await romeo.Send($"<presence to='{to}' id='d'><show>chat</show></presence>");
                await juliet.Expect($"<presence from='{romeo.Jid}' to='{to}' id='d'><show>chat</show></presence>");
            }
            await romeo.Send("<presence><show>away</show></presence>");
            await play.ExpectNothing(juliet);
            if (end == "unavailable")
                await romeo.Send("<presence type='unavailable'><status>gone</status></presence>");
            else if (end == "leave")
                await romeo.Leave();
            else
                await romeo.Cut();
            await juliet.Expect($"<presence type='unavailable' from='{romeo.Jid}'/>");
            await play.ExpectNothing(juliet);
            if (romeo.IsBound)
                await romeo.Leave();
            await romeo.Return();
            await romeo.Send("<presence/>");
        }
    }

    [Theory, Framings]
    public async Task It_is_taken_back_by_itself(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Strangers(play);
        await romeo.Send($"<presence to='{juliet.Jid}'/>");
        await juliet.Expect($"<presence from='{romeo.Jid}' type='{{none}}'/>");
        await romeo.Send($"<presence to='{juliet.Jid}' type='unavailable'><status>enough</status></presence>");
        await juliet.Expect($"<presence from='{romeo.Jid}' type='unavailable'><status>enough</status></presence>");
        await romeo.Leave();
        await play.ExpectNothing(juliet);
    }

    // §4.6.3: a client that is not available can send it, and take it back.
    [Theory, Framings]
    public async Task It_needs_no_presence_of_ones_own(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Bind("romeo", "orchard");
        Actor juliet = await play.Bind("juliet", "balcony");
        (romeo.SeesPresence, juliet.SeesPresence) = (true, true);
        await romeo.Send($"<presence to='{juliet.Bare}'/>");
        await romeo.Send($"<presence to='{juliet.Jid}'/>");
        await juliet.Expect($"<presence from='{romeo.Jid}' to='{juliet.Jid}'/>");
        await romeo.Send("<presence type='unavailable'/>");
        await juliet.Expect($"<presence from='{romeo.Jid}' type='unavailable'/>");
        await play.ExpectNothing(romeo, juliet);
    }

    // §4.6.3: to a subscriber too; the end comes once.
    [Theory, Framings]
    public async Task A_subscriber_hears_the_end_once(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Strangers(play);
        await Subscribing.Bring(play, romeo, juliet, Subscription.From);
        Actor chamber = await play.Bind("juliet", "chamber");
        chamber.SeesPresence = true;
        foreach (string to in (string[])[juliet.Bare, juliet.Jid, chamber.Jid])
            await romeo.Send($"<presence to='{to}'/>");
        await juliet.Expect($"<presence to='{juliet.Bare}'/>");
        await juliet.Expect($"<presence to='{juliet.Jid}'/>");
        await chamber.Expect($"<presence to='{chamber.Jid}'/>");
        await romeo.Cut();
        await juliet.Expect($"<presence from='{romeo.Jid}' type='unavailable'/>");
        await chamber.Expect($"<presence from='{romeo.Jid}' type='unavailable'/>");
        await play.ExpectNothing(juliet, chamber);
    }

    // §8.5.1, §8.5.3.2: nobody, a device that is not there, the house itself, and who is behind the gate: silence.
    [Theory, Framings]
    public async Task To_nobody_it_is_silent(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("child", Role.Limited);
        Actor child = await play.Connect("child", "tablet");
        var (romeo, juliet) = await Strangers(play);
        await play.Watch(child);
        foreach (
            string to in (string[])
                [
                    "nobody@kith.test",
                    "nobody@kith.test/x",
                    "juliet@kith.test/gone",
                    "kith.test",
                    "kith.test/x",
                    child.Jid,
                ]
        )
        foreach (string type in (string[])["", "type='unavailable'", "type='error'"])
            await romeo.Send($"<presence to='{to}' {type}/>");
        await romeo.Leave();
        await play.ExpectNothing(juliet, child);
    }

    [Theory, Framings]
    public async Task Elsewhere_is_not_found_yet(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, _) = await Strangers(play);
        foreach (string type in (string[])["", "type='unavailable'", "type='probe'"])
        {
            await romeo.Send($"<presence id='e' to='paris@elsewhere.test' {type}/>");
            await romeo.Expect(
                $"<presence type='error' id='e' from='paris@elsewhere.test'><error><remote-server-not-found xmlns='{Ns.StanzaErrors}'/></error></presence>"
            );
        }
        await romeo.Send("<presence type='error' to='paris@elsewhere.test'/>");
        await play.ExpectNothing(romeo);
    }

    // §8.5.3.1: a fault reaches the client that it is about, which is not told of the end then.
    [Theory, Framings]
    public async Task A_fault_reaches_one_client_only(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, juliet) = await Strangers(play);
        await romeo.Send($"<presence to='{juliet.Jid}' id='d'/>");
        await juliet.Expect("<presence id='d'/>");
        string gone = $"<error type='cancel'><gone xmlns='{Ns.StanzaErrors}'/></error>";
        await juliet.Send($"<presence to='{romeo.Bare}' type='error' id='d'>{gone}</presence>");
        await juliet.Send($"<presence type='error' id='d'>{gone}</presence>");
        await play.ExpectNothing(romeo, juliet);
        await juliet.Send($"<presence to='{romeo.Jid}' type='error' id='d'>{gone}</presence>");
        await romeo.Expect($"<presence from='{juliet.Jid}' type='error' id='d'>{gone}</presence>");
        await romeo.Leave();
        await play.ExpectNothing(juliet);
    }

    // §4.3.2, protocol.md: as if the client's server had sent it.
    [Theory, Framings]
    public async Task A_clients_probe_is_answered(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("child", Role.Limited);
        await play.AddAccount("away");
        var (romeo, juliet) = await Strangers(play);
        Actor chamber = await play.Connect("juliet", "chamber");
        Actor away = await play.Connect("away", "home");
        await Subscribing.Bring(play, romeo, away, Subscription.To);
        await away.Leave();
        await romeo.Expect("<presence type='unavailable'/>");
        async Task Probe(string to, params string[] answers)
        {
            await romeo.Send($"<presence type='probe' to='{to}'/>");
            await romeo.ExpectAll(answers);
            await play.ExpectNothing(romeo);
        }

        foreach (string unknown in (string[])["nobody@kith.test", "child@kith.test", juliet.Bare])
        {
            await Probe(unknown, $"<presence type='unsubscribed' from='{unknown}' to='{romeo.Jid}'/>");
            await Probe($"{unknown}/x", $"<presence type='unsubscribed' from='{unknown}' to='{romeo.Jid}'/>");
        }
        await Subscribing.Bring(play, romeo, juliet, Subscription.To);
        await juliet.Send("<presence><show>dnd</show></presence>");
        await romeo.Expect("<presence><show>dnd</show></presence>");
        await Probe(
            juliet.Bare,
            $"<presence from='{juliet.Jid}' to='{romeo.Jid}'><show>dnd</show></presence>",
            $"<presence from='{chamber.Jid}'/>"
        );
        await Probe(chamber.Jid, $"<presence from='{chamber.Jid}' type='{{none}}'/>");
        await Probe($"{juliet.Bare}/none", $"<presence from='{juliet.Bare}/none' type='unavailable'/>");
        await Probe(away.Bare, $"<presence from='{away.Bare}' type='unavailable'/>");
        await Probe(romeo.Bare, $"<presence from='{romeo.Jid}'/>");
        await Probe("kith.test");
    }
}
