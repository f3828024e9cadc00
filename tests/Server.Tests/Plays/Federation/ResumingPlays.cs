using Server.Tests.Plays.Stage;
using Shouldly;
using Xunit;

namespace Server.Tests.Plays.Federation;

/// <summary>Streams between servers that go on after a cut (XEP-0198 §5; README, "Federation" 12).</summary>
public sealed class ResumingPlays
{
    private const string Bob = "bob@" + FarServer.Domain;
    private const string Resume = "resume='true'";

    private static string Message(string id, string from = "", string to = Bob) =>
        $"<message {(from.Length > 0 ? $"from='{from}' " : "")}to='{to}' id='{id}' type='chat'><body>hi</body></message>";

    private static string FromBob(string id) => Message(id, Bob + "/x", "anna@kith.test");

    // A stream of the home's on which both count, and that may be resumed by this name.
    private static async Task<FarLine> Welcome(FarServer far, string name, bool bidi = false)
    {
        FarLine line = await far.Accept();
        await line.AcceptTls();
        await line.AcceptExternal(bidi, managed: true, resume: name);
        return line;
    }

    // The next one, up to what the home asks for on it.
    private static async Task<FarLine> Again(FarServer far, bool bidi = false)
    {
        FarLine line = await far.Accept();
        await line.AcceptTls();
        await line.AcceptExternal(bidi, features: "<sm xmlns='urn:xmpp:sm:3'/>");
        return line;
    }

    private static string Ask(string name, int handled) =>
        $"<resume xmlns='urn:xmpp:sm:3' previd='{name}' h='{handled}'/>";

    private static string Resumed(string name, int handled) =>
        $"<resumed xmlns='urn:xmpp:sm:3' previd='{name}' h='{handled}'/>";

    private static string Failed(string condition) =>
        $"<failed xmlns='urn:xmpp:sm:3'><{condition} xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>";

    // A stream of the far server's that may be resumed.
    private static async Task<FarLine> Enter(FarServer far, bool bidi = false)
    {
        FarLine line = far.Dial();
        await line.StartTls();
        await line.ProveExternally(bidi, managed: true, resume: Resume);
        line.Resumption.ShouldNotBeNullOrEmpty();
        return line;
    }

    // The next one, on which it has asked for nothing yet.
    private static async Task<FarLine> EnterAgain(FarServer far, bool bidi = false)
    {
        FarLine line = far.Dial();
        await line.StartTls();
        await line.ProveExternally(bidi);
        return line;
    }

    // Both ways: what was taken does not come again, what was not does, in order, and the counts go on.
    [Theory, Framings]
    public async Task What_the_peer_has_taken_does_not_go_again(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send(Message("1"));
        FarLine line = await Welcome(far, "s1", bidi: true);
        await anna.Send(Message("2"));
        await line.Expect("<message id='1'/>");
        await line.Expect("<message id='2'/>");
        await line.Send(FromBob("a"));
        await anna.Expect("<message id='a'/>");
        await line.Cut();
        await anna.Send(Message("3"));
        line = await Again(far, bidi: true);
        await line.Expect(Ask("s1", 1));
        await line.Send(Resumed("s1", 1));
        await line.Expect("<message id='2'/>");
        await line.Expect("<message id='3'/>");
        await line.Send(FromBob("b") + "<a xmlns='urn:xmpp:sm:3' h='3'/><r xmlns='urn:xmpp:sm:3'/>");
        await line.Expect("<a xmlns='urn:xmpp:sm:3' h='2'/>");
        await anna.Expect("<message id='b'/>");
        // Once more, with everything taken.
        await line.Cut();
        line = await Again(far, bidi: true);
        await line.Expect(Ask("s1", 2));
        await line.Send(Resumed("s1", 3));
        await anna.Send(Message("4"));
        await line.Expect("<message id='4'/>");
        await play.ExpectNothing(anna);
    }

    // A server that does not know the stream any more was started anew: all goes again, and it hears who is here.
    [Fact]
    public async Task Who_does_not_go_on_gets_all_of_it()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Ask("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
        await anna.Send($"<presence to='{Bob}' type='subscribe'/>");
        FarLine line = await Welcome(far, "s1", bidi: true);
        await line.Expect("<presence type='subscribe'/>");
        await line.Send($"<presence from='{Bob}' to='anna@kith.test' type='subscribed'/>");
        await anna.Await("<iq type='set'><query xmlns='jabber:iq:roster'><item subscription='to'/></query></iq>");
        await anna.Send(Message("1"));
        await line.Expect("<message id='1'/>");
        await line.Cut();
        line = await Again(far, bidi: true);
        await line.Expect(Ask("s1", 1));
        await line.Send(Failed("item-not-found"));
        await line.Expect("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
        await line.Send("<enabled xmlns='urn:xmpp:sm:3' resume='true' id='s2'/>");
        await line.Expect("<presence type='subscribe'/>");
        await line.Expect("<message id='1'/>");
        await line.Expect($"<presence from='{anna.Jid}' to='{Bob}' type='probe'/>");
    }

    // Who is there is not asked again of a server that only its line has lost.
    [Fact]
    public async Task Who_goes_on_is_told_nothing_again()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Ask("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
        await anna.Send($"<presence to='{Bob}' type='subscribe'/>");
        FarLine line = await Welcome(far, "s1", bidi: true);
        await line.Expect("<presence type='subscribe'/>");
        await line.Send($"<presence from='{Bob}' to='anna@kith.test' type='subscribed'/>");
        await anna.Await("<iq type='set'><query xmlns='jabber:iq:roster'><item subscription='to'/></query></iq>");
        await line.Cut();
        line = await Again(far, bidi: true);
        await line.Expect(Ask("s1", 1));
        await line.Send(Resumed("s1", 1));
        await anna.Send(Message("1"));
        await line.Expect("<message id='1'/>");
    }

    // What the home says to be taken is on disk, and does not come again; its own goes on too.
    [Theory, Framings]
    public async Task A_peer_goes_on_where_its_stream_was_cut(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        FarLine line = await Enter(far, bidi: true);
        string name = line.Resumption!;
        await line.Send(FromBob("a") + FromBob("b"));
        await anna.Expect("<message id='a'/>");
        await anna.Expect("<message id='b'/>");
        await anna.Send(Message("1"));
        await line.Expect("<message id='1'/>");
        await anna.Send(Message("2"));
        await line.Expect("<message id='2'/>");
        far.IsUp = false;
        await line.Cut();
        line = await EnterAgain(far, bidi: true);
        await line.Send(Ask(name, 1));
        await line.Expect(Resumed(name, 2));
        await line.Expect("<message id='2'/>");
        await line.Send(FromBob("c") + "<r xmlns='urn:xmpp:sm:3'/>");
        await line.Expect("<a xmlns='urn:xmpp:sm:3' h='3'/>");
        await anna.Expect("<message id='c'/>");
        await play.ExpectNothing(anna);
    }

    // A line may be dead and nobody has told the home.
    [Fact]
    public async Task The_old_stream_ends_when_the_next_goes_on_with_it()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        FarLine old = await Enter(far, bidi: true);
        await old.Send(FromBob("a"));
        await anna.Expect("<message id='a'/>");
        await anna.Send(Message("1"));
        await old.Expect("<message id='1'/>");
        FarLine line = await EnterAgain(far, bidi: true);
        await line.Send(Ask(old.Resumption!, 0));
        await line.Expect(Resumed(old.Resumption!, 1));
        await line.Expect("<message id='1'/>");
        await old.ExpectEnd();
        await anna.Send(Message("2"));
        await line.Expect("<message id='2'/>");
        far.IsQuiet.ShouldBeTrue();
    }

    // Nobody goes on with a stream of somebody else, with one that was closed, or long after; nor by saying too much.
    [Fact]
    public async Task What_cannot_go_on_begins_anew()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        FarLine cut = await Enter(far);
        await cut.Cut();
        far.Certificate = FarServer.For("other.test");
        FarLine other = far.Dial();
        await other.StartTls(from: "other.test");
        await other.Send(FarLine.Auth("other.test"));
        await other.Expect("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        await other.Open(from: "other.test");
        await other.Send(Ask(cut.Resumption!, 0));
        await other.Expect(Failed("item-not-found"));
        far.Certificate = FarServer.For(FarServer.Domain);
        FarLine closed = await Enter(far);
        await closed.Close();
        await closed.ExpectEnd();
        FarLine line = await EnterAgain(far);
        await line.Send(Ask(closed.Resumption!, 0));
        await line.Expect(Failed("item-not-found"));
        await line.Send("<resume xmlns='urn:xmpp:sm:3' h='0'/>");
        await line.Expect(Failed("unexpected-request"));
        await line.Send("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
        await line.Expect("<enabled xmlns='urn:xmpp:sm:3' resume='true' id='{any}' max='3600'/>");
        await line.Send(Ask(cut.Resumption!, 0));
        await line.Expect(Failed("unexpected-request"));
        FarLine tooMuch = await EnterAgain(far, bidi: true);
        await tooMuch.Send(Ask(cut.Resumption!, 7));
        await tooMuch.ExpectEnd("undefined-condition");
        FarLine late = await Enter(far);
        await late.Cut();
        await play.Advance(TimeSpan.FromMinutes(61));
        line = await EnterAgain(far);
        await line.Send(Ask(late.Resumption!, 0));
        await line.Expect(Failed("item-not-found"));
        await play.ExpectNothing(anna);
    }

    // While its server is away presence goes back after minutes; the counts of what was sent stay right.
    [Fact]
    public async Task A_long_cut_loses_nothing_and_repeats_nothing()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send(Message("1"));
        FarLine line = await Welcome(far, "s1");
        await anna.Send($"<presence to='{Bob}/x' id='2'/>");
        await anna.Send(Message("3"));
        await line.Expect("<message id='1'/>");
        await line.Expect("<presence id='2'/>");
        await line.Expect("<message id='3'/>");
        far.IsUp = false;
        await line.Cut();
        await play.Log.Says("was not reached");
        await anna.Send(Message("4"));
        await anna.Ping();
        await play.Advance(TimeSpan.FromMinutes(3));
        await anna.Await("<presence id='2' type='error'/>");
        far.IsUp = true;
        await far.AdvanceToCall();
        line = await Again(far);
        await line.Expect(Ask("s1", 0));
        await line.Send(Resumed("s1", 2));
        await line.Expect("<message id='3'/>");
        await line.Expect("<message id='4'/>");
        await line.Send("<a xmlns='urn:xmpp:sm:3' h='4'/>");
        await anna.Send(Message("5"));
        await line.Expect("<message id='5'/>");
    }

    // Both notice the cut and reach out at the same moment: one of the two streams goes on.
    [Fact]
    public async Task Of_two_attempts_one_succeeds()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        FarLine line = await Enter(far, bidi: true);
        string name = line.Resumption!;
        await anna.Send(Message("1"));
        await line.Expect("<message id='1'/>");
        await line.Cut();
        FarLine ours = await Again(far, bidi: true);
        await ours.Expect(Ask(name, 0));
        // Of kith.test and away.test the latter goes first.
        FarLine theirs = await EnterAgain(far, bidi: true);
        await theirs.Send(Ask(name, 1));
        await theirs.Expect(Resumed(name, 0));
        await ours.Send(Failed("conflict"));
        await ours.ExpectEnd();
        await anna.Send(Message("2"));
        await theirs.Expect("<message id='2'/>");
    }

    // Two homes, a line that is cut again and again, and talk both ways: each message once, in order.
    [Theory, Framings]
    public async Task Between_two_homes_each_message_arrives_once(Framing framing)
    {
        const int Cuts = 25;
        const int Each = 4;
        await using TwoHomes homes = await TwoHomes.StartAsync(framing);
        Actor anna = await homes.Here.Connect("anna", "phone");
        Actor bob = await homes.There.Connect("bob", "phone");
        string[] ids = [.. Enumerable.Range(0, Cuts * Each).Select(i => $"{i}")];
        for (int cut = 0; cut < Cuts; cut++)
        {
            foreach (string id in ids.Skip(cut * Each).Take(Each))
            {
                await anna.Send(Message(id, to: bob.Bare));
                await bob.Send(Message(id, to: anna.Bare));
            }
            // Amid the handshake, what is on its way, or behind it.
            for (int i = 0; i < cut % 6; i++)
                await Pass(homes, anna, bob);
            homes.Cut();
        }
        // Half an hour at most.
        for (int i = 0; i < 6_000 && (anna.Unexpected().Count < ids.Length || bob.Unexpected().Count < ids.Length); i++)
            await Pass(homes, anna, bob);
        foreach (Actor actor in (Actor[])[anna, bob])
            string.Join(' ', actor.Unexpected().Select(each => each.Attribute("id")!.Value))
                .ShouldBe(string.Join(' ', ids));
        homes.Dialled.ShouldBeGreaterThan(5);
    }

    // A little time, in which the homes get something done.
    private static async Task Pass(TwoHomes homes, Actor anna, Actor bob)
    {
        await anna.Ping();
        await bob.Ping();
        await homes.Advance(TimeSpan.FromMilliseconds(300));
    }
}
