using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0386 Bind 2, and resumption inside a sign-in (XEP-0198 §9).</summary>
public sealed class Bind2Plays
{
    // §3.2.1: the same device has the same resource, which does not tell the device's id.
    [Theory, Framings]
    public async Task A_device_keeps_its_resource(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        (Actor first, XElement one) = await SignIn2.EnterAsync(play, "romeo");
        await first.Leave();
        (_, XElement two) = await SignIn2.EnterAsync(play, "romeo");
        (_, XElement other) = await SignIn2.EnterAsync(play, "romeo", agent: SignIn2.Laptop);
        (_, XElement anonymous) = await SignIn2.EnterAsync(play, "romeo", agent: null);

        string jid = one.Find("authorization-identifier").Value;
        jid.ShouldStartWith("romeo@kith.test/Globe/");
        jid.ShouldNotContain(SignIn2.Phone[..8]);
        two.Find("authorization-identifier").Value.ShouldBe(jid);
        other.Find("authorization-identifier").Value.ShouldNotBe(jid);
        anonymous.Find("authorization-identifier").Value.ShouldNotBe(jid);
    }

    // §3.2: one installation has one session, whatever its tag.
    [Theory, Framings]
    public async Task The_same_device_ends_its_older_session(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        (Actor first, _) = await SignIn2.EnterAsync(play, "romeo");
        (Actor laptop, _) = await SignIn2.EnterAsync(play, "romeo", agent: SignIn2.Laptop);
        first.IsBound = false;
        await SignIn2.EnterAsync(play, "romeo", "<bind xmlns='urn:xmpp:bind:0'><tag>Other</tag></bind>");

        await first.ExpectEnd("conflict");
        await laptop.Ping();
        play.Account("romeo").Sessions.Length.ShouldBe(2);
    }

    [Theory, Framings]
    public async Task A_tag_that_is_no_resource_is_left_out(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        foreach (string tag in new[] { "", new string('x', 2000), "a\u0085b" })
        {
            string bind = $"<bind xmlns='urn:xmpp:bind:0'><tag>{tag}</tag></bind>";
            (Actor romeo, XElement success) = await SignIn2.EnterAsync(play, "romeo", bind);
            string resource = success.Find("authorization-identifier").Value.Split('/', 2)[1];
            resource.Length.ShouldBe(12);
            await romeo.Leave();
        }
    }

    // §3.2: carbons, acknowledgements and client state are on before the first stanza.
    [Theory, Framings]
    public async Task What_is_asked_for_inline_is_on(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        await play.AddAccount("romeo");
        Actor old = await play.Connect("romeo", "old");
        (Actor romeo, XElement success) = await SignIn2.EnterAsync(
            play,
            "romeo",
            """
            <bind xmlns='urn:xmpp:bind:0'>
              <tag>Globe</tag>
              <enable xmlns='urn:xmpp:carbons:2'/><enable xmlns='urn:xmpp:sm:3' resume='true'/>
              <inactive xmlns='urn:xmpp:csi:0'/><unheard-of xmlns='urn:example:new'/>
            </bind>
            """
        );
        success.ShouldMatch(
            """
            <success xmlns='urn:xmpp:sasl:2'>
              <authorization-identifier>{any}</authorization-identifier>
              <bound xmlns='urn:xmpp:bind:0'>
                <metadata xmlns='urn:xmpp:mam:2'/>
                <enabled xmlns='urn:xmpp:sm:3' id='{any}' resume='true' max='600'/>
              </bound>
            </success>
            """,
            strict: true
        );
        romeo.Features.Without("bind", "urn:ietf:params:xml:ns:xmpp-bind");
        play.Account("romeo").Sessions[1].IsInactive.ShouldBeTrue();

        await old.Send("<message to='juliet@kith.test' type='chat' id='m1'><body>hi</body></message>");
        await juliet.Expect("<message id='m1'/>");
        await romeo.Expect("<message><sent xmlns='urn:xmpp:carbons:2'/></message>");
    }

    // Life 7: who binds so catches up from the archive by itself, and what waited counts as delivered.
    [Theory, Framings]
    public async Task What_waited_is_left_to_the_archive(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        await play.AddAccount("romeo");
        foreach (string id in new[] { "m1", "m2", "m3" })
            await juliet.Send($"<message to='romeo@kith.test' type='chat' id='{id}'><body>{id}</body></message>");
        await play.Settle();

        (Actor romeo, XElement success) = await SignIn2.EnterAsync(play, "romeo");
        await romeo.Send("<presence/>");

        await play.ExpectNothing(romeo);
        XElement metadata = success.Find("metadata");
        metadata.ShouldMatch(
            """
            <metadata xmlns='urn:xmpp:mam:2'>
              <start id='{any}' timestamp='{any}'/><end id='{any}' timestamp='{any}'/>
            </metadata>
            """
        );
        long first = (long)metadata.Find("start").Attribute("id")!;
        long last = (long)metadata.Find("end").Attribute("id")!;
        first.ShouldBeLessThan(last);
        await play.Advance(TimeSpan.FromSeconds(2));
        await play.Restart();
        Actor other = await play.Connect("romeo", "old");
        await play.ExpectNothing(other);
    }

    [Theory, Framings]
    public async Task A_cut_session_is_resumed_inside_the_sign_in(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor juliet = await play.Connect("juliet", "balcony");
        await play.AddAccount("romeo");
        (Actor romeo, XElement entered) = await SignIn2.EnterAsync(play, "romeo", SignIn2.ManagedBind);
        string jid = entered.Find("authorization-identifier").Value;
        string id = entered.Find("enabled").Attribute("id")!.Value;
        await romeo.Send("<presence/>");
        await romeo.Ping();
        await romeo.Cut();
        await juliet.Send("<message to='romeo@kith.test' type='chat' id='m1'><body>still there?</body></message>");
        await play.Settle();

        string resume = $"<resume xmlns='urn:xmpp:sm:3' previd='{id}' h='{romeo.Management.Handled}'/>";
        (Actor again, XElement success) = await SignIn2.EnterAsync(play, "romeo", resume + SignIn2.Bind);

        success.ShouldMatch(
            $"""
            <success xmlns='urn:xmpp:sasl:2'>
              <authorization-identifier>{jid}</authorization-identifier>
              <resumed xmlns='urn:xmpp:sm:3' previd='{id}' h='2'/>
            </success>
            """,
            strict: true
        );
        // No features: the stream is what it was (XEP-0198 §9.2).
        await again.Expect("<message id='m1'/>");
    }

    // XEP-0198 §9.2.1: the failure, and a new session all the same.
    [Theory, Framings]
    public async Task A_session_that_is_gone_is_replaced(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        (Actor romeo, XElement entered) = await SignIn2.EnterAsync(play, "romeo", SignIn2.ManagedBind);
        string id = entered.Find("enabled").Attribute("id")!.Value;
        await romeo.Cut();
        await play.Advance(TimeSpan.FromSeconds(play.Options.ResumeSeconds + 1));
        await play.Log.Says("not resumed in time");

        string resume = $"<resume xmlns='urn:xmpp:sm:3' previd='{id}' h='0'/>";
        (_, XElement success) = await SignIn2.EnterAsync(play, "romeo", resume + SignIn2.Bind);

        success.ShouldMatch(
            """
            <success xmlns='urn:xmpp:sasl:2'>
              <authorization-identifier>{any}</authorization-identifier>
              <failed xmlns='urn:xmpp:sm:3'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>
              <bound xmlns='urn:xmpp:bind:0'/>
            </success>
            """
        );
    }

    // XEP-0198 §8: nobody takes up another's session.
    [Theory, Framings]
    public async Task Anothers_session_is_not_resumed(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        await play.AddAccount("tybalt");
        (Actor romeo, XElement entered) = await SignIn2.EnterAsync(play, "romeo", SignIn2.ManagedBind);
        string id = entered.Find("enabled").Attribute("id")!.Value;
        await romeo.Cut();

        string resume = $"<resume xmlns='urn:xmpp:sm:3' previd='{id}' h='0'/>";
        (_, XElement success) = await SignIn2.EnterAsync(play, "tybalt", resume);

        success.ShouldMatch("<success xmlns='urn:xmpp:sasl:2'><failed xmlns='urn:xmpp:sm:3' h='{none}'/></success>");
    }
}
