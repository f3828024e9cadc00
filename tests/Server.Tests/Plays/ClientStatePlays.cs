using Server.Tests.Plays.Stage;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0352: a phone in a pocket is left alone until something matters.</summary>
public sealed class ClientStatePlays
{
    private const string Composing = "<composing xmlns='http://jabber.org/protocol/chatstates'/>";

    private static async Task<(Actor Phone, Actor Romeo)> Assemble(Play play)
    {
        await play.AddAccount("juliet", Role.Member, "Verona");
        await play.AddAccount("romeo", Role.Member, "Verona");
        Actor phone = await play.Connect("juliet", "phone");
        Actor romeo = await play.Connect("romeo", "orchard");
        await play.Settle();
        phone.SeesPresence = true;
        phone.Forget();
        return (phone, romeo);
    }

    private static Task State(Actor actor, string state) => actor.Send($"<{state} xmlns='urn:xmpp:csi:0'/>");

    // §5: presence and chat states wait, of several presences of one device the last is enough, and a message takes
    // along what waits.
    [Theory, Framings]
    public async Task What_can_wait_comes_with_what_cannot(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo) = await Assemble(play);
        await State(phone, "inactive");
        await phone.Ping();
        await romeo.Send("<presence><show>away</show></presence>");
        await romeo.Send("<presence><show>dnd</show></presence>");
        await romeo.Send($"<message to='{phone.Bare}' type='chat' id='m1'>{Composing}</message>");
        await romeo.Ping();
        await play.Stores.Database.WriteAsync(static _ => { });

        await romeo.Send($"<message to='{phone.Bare}' type='chat' id='m2'><body>look</body></message>");

        await phone.Expect($"<presence from='{romeo.Jid}'><show>dnd</show></presence>");
        await phone.Expect("<message id='m1'/>");
        await phone.Expect("<message id='m2'/>");
        await play.ExpectNothing(phone);
    }

    [Theory, Framings]
    public async Task Looking_again_shows_what_waited(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo) = await Assemble(play);
        await State(phone, "inactive");
        await phone.Ping();
        await romeo.Send("<presence><show>away</show></presence>");
        await romeo.Ping();
        await play.Stores.Database.WriteAsync(static _ => { });
        await State(phone, "active");
        await phone.Expect($"<presence from='{romeo.Jid}'><show>away</show></presence>");
        await romeo.Send("<presence><show>xa</show></presence>");
        await phone.Expect($"<presence from='{romeo.Jid}'><show>xa</show></presence>");
    }

    // XEP-0198 §5 with XEP-0352 §4.2: a resumed client is active, and what waited is not lost.
    [Theory, Framings]
    public async Task A_cut_loses_nothing_that_waited(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor phone, Actor romeo) = await Assemble(play);
        await SignIn.ManageAsync(phone);
        await State(phone, "inactive");
        await phone.Ping();
        await romeo.Send("<presence><show>away</show></presence>");
        await romeo.Ping();
        await play.Stores.Database.WriteAsync(static _ => { });
        await phone.Cut();

        await phone.Resume();

        await phone.Expect($"<presence from='{romeo.Jid}'><show>away</show></presence>");
        await romeo.Send("<presence/>");
        await phone.Expect($"<presence from='{romeo.Jid}'/>");
    }

    [Theory, Framings]
    public async Task The_stream_offers_it_and_odd_states_end_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor phone = await play.Connect("juliet", "phone");
        phone.Features.ShouldMatch("<stream:features><csi xmlns='urn:xmpp:csi:0'/></stream:features>");
        await State(phone, "sleepy");
        await phone.ExpectEnd("unsupported-stanza-type");
    }
}
