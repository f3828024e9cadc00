using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Sasl;
using Xmpp.Server.Stores;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0388, with the upgrade tasks of XEP-0480.</summary>
public sealed class Sasl2Plays
{
    // XEP-0388 §2.1, XEP-0386 §3, XEP-0198 §9, XEP-0484 §3.1, XEP-0480 §2.1.
    [Theory, Framings]
    public async Task The_features_tell_what_can_be_had_in_one_step(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await SignIn2.OpenAsync(play, "romeo");

        romeo.Features.ShouldMatch(
            """
            <stream:features>
              <authentication xmlns='urn:xmpp:sasl:2'>
                <mechanism>SCRAM-SHA-256</mechanism><mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism>
                <inline>
                  <sm xmlns='urn:xmpp:sm:3'/>
                  <bind xmlns='urn:xmpp:bind:0'>
                    <inline>
                      <feature var='urn:xmpp:carbons:2'/><feature var='urn:xmpp:csi:0'/><feature var='urn:xmpp:sm:3'/>
                    </inline>
                  </bind>
                  <fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism></fast>
                </inline>
                <upgrade xmlns='urn:xmpp:sasl:upgrade:0'>UPGR-SCRAM-SHA-256</upgrade>
                <upgrade xmlns='urn:xmpp:sasl:upgrade:0'>UPGR-SCRAM-SHA-1</upgrade>
              </authentication>
            </stream:features>
            """
        );
    }

    // §2.6.1: no restart, features at once, and the client binds as ever.
    [Theory, Framings]
    public async Task Without_an_inline_bind_the_stream_goes_on_to_the_old_one(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        Actor romeo = await SignIn2.OpenAsync(play, "romeo");
        var scram = new ScramClient(ScramHash.Sha256, "romeo", SignIn.Password);

        XElement success = await SignIn2.AuthenticateAsync(romeo, scram);

        success.ShouldMatch(
            """
            <success xmlns='urn:xmpp:sasl:2'>
              <additional-data>{any}</additional-data>
              <authorization-identifier>romeo@kith.test</authorization-identifier>
            </success>
            """
        );
        scram.Accept(Convert.FromBase64String(success.Find("additional-data").Value)).ShouldBeTrue();
        romeo.Features.ShouldMatch(
            "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>"
        );
        await SignIn.BindAsync(romeo);
        await romeo.Ping();
    }

    [Theory, Framings]
    public async Task A_wrong_password_changes_nothing_and_the_right_one_follows(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        Actor romeo = await SignIn2.OpenAsync(play, "romeo");

        XElement failure = await SignIn2.AuthenticateAsync(romeo, new PlainClient("romeo", "rosaline"), SignIn2.Bind);
        failure.ShouldMatch(SignIn2.Failure("not-authorized"), strict: true);
        XElement success = await SignIn2.AuthenticateAsync(romeo, SignIn.Plain("romeo"), SignIn2.Bind);

        success.ShouldMatch("<success xmlns='urn:xmpp:sasl:2'><bound xmlns='urn:xmpp:bind:0'/></success>");
    }

    // Reach 6: both profiles draw on one budget.
    [Theory, Framings]
    public async Task Five_failures_end_the_stream(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing, options => options with { SignInFailures = 0 });
        Actor romeo = await SignIn2.OpenAsync(play, "romeo");
        for (int i = 0; i < 2; i++)
        {
            string text = SignIn.PlainText("romeo", "rosaline");
            await romeo.Send($"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{text}</auth>");
            await romeo.Expect($"<failure xmlns='{Ns.Sasl}'><not-authorized/></failure>");
        }
        for (int i = 0; i < 3; i++)
            await SignIn2.AuthenticateAsync(romeo, new PlainClient("romeo", "rosaline"));
        await romeo.ExpectEnd("policy-violation");
    }

    [Theory, Framings]
    public async Task Who_does_not_exist_fails_alike(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        Actor actor = await SignIn2.OpenAsync(play, "nobody");

        XElement known = await SignIn2.AuthenticateAsync(actor, new PlainClient("romeo", "rosaline"));
        XElement unknown = await SignIn2.AuthenticateAsync(actor, new PlainClient("nobody", "rosaline"));
        XElement token = await SignIn2.AuthenticateAsync(actor, new HtClient("nobody", "rosaline"), SignIn2.Fast);

        unknown.ToString().ShouldBe(known.ToString());
        token.ToString().ShouldBe(known.ToString());
    }

    // §2.4: nothing else while it lasts.
    [Theory, Framings]
    public async Task Another_element_in_the_middle_ends_the_stream(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        Actor romeo = await SignIn2.OpenAsync(play, "romeo");
        var scram = new ScramClient(ScramHash.Sha256, "romeo", SignIn.Password);
        await romeo.Send(SignIn2.Authenticate(scram, "", SignIn2.Phone));
        await romeo.Expect("<challenge xmlns='urn:xmpp:sasl:2'/>");
        await romeo.Send("<message to='juliet@kith.test'><body>psst</body></message>");
        await romeo.ExpectEnd("not-authorized");
    }

    [Theory, Framings]
    public async Task An_aborted_exchange_may_be_begun_again(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        Actor romeo = await SignIn2.OpenAsync(play, "romeo");
        var scram = new ScramClient(ScramHash.Sha256, "romeo", SignIn.Password);
        await romeo.Send(SignIn2.Authenticate(scram, "", SignIn2.Phone));
        await romeo.Expect("<challenge xmlns='urn:xmpp:sasl:2'/>");
        await romeo.Send("<abort xmlns='urn:xmpp:sasl:2'><text>changed my mind</text></abort>");
        await romeo.Expect(SignIn2.Failure("aborted"));
        (await SignIn2.AuthenticateAsync(romeo, SignIn.Plain("romeo"))).Name.LocalName.ShouldBe("success");
    }

    // §3.9: once it has succeeded, another one is a stream error.
    [Theory, Framings]
    public async Task Signing_in_twice_ends_the_stream(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        (Actor romeo, _) = await SignIn2.EnterAsync(play, "romeo");
        romeo.IsBound = false;
        await romeo.Send(SignIn2.Authenticate(SignIn.Plain("romeo"), "", SignIn2.Phone));
        await romeo.ExpectEnd("unsupported-stanza-type");
    }

    [Theory, Framings]
    public async Task A_mechanism_that_was_not_offered_is_refused(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await SignIn2.OpenAsync(play, "romeo");
        foreach (string name in new[] { "SCRAM-SHA-256-PLUS", "HT-SHA-256-NONE", "HT-SHA-256-ENDP", "ANONYMOUS" })
        {
            await romeo.Send($"<authenticate xmlns='urn:xmpp:sasl:2' mechanism='{name}'/>");
            await romeo.Expect(SignIn2.Failure("invalid-mechanism"));
        }
    }

    // §2.3: who signs in is who the stream is from, where it says so.
    [Theory, Framings]
    public async Task The_streams_from_must_be_who_signs_in(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        Actor romeo = play.Dial("romeo", "phone");
        string header =
            framing == Framing.WebSocket
                ? "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='kith.test' from='{0}' version='1.0'/>"
                : $"<stream:stream xmlns='{Ns.Client}' xmlns:stream='{Ns.Streams}' to='kith.test' from='{{0}}' version='1.0'>";
        await romeo.Send(string.Format(null, header, "juliet@kith.test"));
        await romeo.Next();
        await romeo.Expect("<stream:features/>");

        XElement failure = await SignIn2.AuthenticateAsync(romeo, SignIn.Plain("romeo"), SignIn2.Bind);

        failure.ShouldMatch(SignIn2.Failure("invalid-authzid"));
        Actor stranger = play.Dial("romeo", "phone");
        await stranger.Send(string.Format(null, header, "romeo@montague.test"));
        await stranger.Next();
        await stranger.ExpectEnd("invalid-from");
    }

    // XEP-0480 §3: an account that was imported without SHA-256 gets keys for it, from who knows the password.
    [Theory, Framings]
    public async Task A_missing_hash_is_added_in_the_sign_in(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        long account = (await play.AddAccount("romeo")).Id;
        ScramKeys old = ScramKeys.Derive(SignIn.Password, ScramHash.Sha1, new byte[16], ScramKeys.FewestIterations);
        await play.Stores.Database.WriteAsync(t => play.Stores.Accounts.SetKeys(t, account, [old]));
        const string Upgrade = "<upgrade xmlns='urn:xmpp:sasl:upgrade:0'>UPGR-SCRAM-SHA-256</upgrade>";
        Actor romeo = await SignIn2.OpenAsync(play, "romeo");

        var scram = new ScramClient(ScramHash.Sha1, "romeo", SignIn.Password);
        XElement proceed = await SignIn2.AuthenticateAsync(romeo, scram, Upgrade + SignIn2.RequestToken);
        proceed.ShouldMatch(
            """
            <continue xmlns='urn:xmpp:sasl:2'>
              <additional-data>{any}</additional-data><tasks><task>UPGR-SCRAM-SHA-256</task></tasks>
            </continue>
            """
        );
        await romeo.Send("<next xmlns='urn:xmpp:sasl:2' task='UPGR-SCRAM-SHA-256'/>");
        XElement data = await romeo.Expect(
            "<task-data xmlns='urn:xmpp:sasl:2'><salt xmlns='urn:xmpp:scram-upgrade:0' iterations='10000'>{any}</salt></task-data>"
        );
        byte[] salt = Convert.FromBase64String(data.Find("salt").Value);
        var salted = new byte[32];
        ScramKeys.SaltPassword(SignIn.Password, ScramHash.Sha256, salt, 10_000, salted);
        await romeo.Send(
            $"<task-data xmlns='urn:xmpp:sasl:2'><hash xmlns='urn:xmpp:scram-upgrade:0'>{Convert.ToBase64String(salted)}</hash></task-data>"
        );
        await romeo.Expect("<success xmlns='urn:xmpp:sasl:2'><token xmlns='urn:xmpp:fast:0'/></success>");

        Actor again = await SignIn2.OpenAsync(play, "romeo");
        var better = new ScramClient(ScramHash.Sha256, "romeo", SignIn.Password);
        XElement success = await SignIn2.AuthenticateAsync(again, better, Upgrade);
        success.Name.LocalName.ShouldBe("success");
    }

    // XEP-0480: who proves a token has not proved a password, and gets no say in what it is.
    [Theory, Framings]
    public async Task A_token_does_not_open_the_way_to_new_keys(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        long account = (await play.AddAccount("romeo")).Id;
        ScramKeys old = ScramKeys.Derive(SignIn.Password, ScramHash.Sha1, new byte[16], ScramKeys.FewestIterations);
        await play.Stores.Database.WriteAsync(t => play.Stores.Accounts.SetKeys(t, account, [old]));
        string token = await SignIn2.FirstTokenAsync(play, "romeo");

        const string Upgrade = "<upgrade xmlns='urn:xmpp:sasl:upgrade:0'>UPGR-SCRAM-SHA-256</upgrade>";
        (_, XElement answer) = await SignIn2.TryTokenAsync(play, "romeo", token, SignIn2.Fast + Upgrade);

        answer.Name.LocalName.ShouldBe("success");
    }

    [Theory, Framings]
    public async Task Absurd_elements_are_refused(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing, options => options with { SignInFailures = 0 });
        await play.AddAccount("romeo");
        foreach (
            string absurd in new[]
            {
                "<authenticate xmlns='urn:xmpp:sasl:2'/>",
                "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>%%%</initial-response></authenticate>",
                "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>=</initial-response></authenticate>",
                "<response xmlns='urn:xmpp:sasl:2'/>",
                "<task-data xmlns='urn:xmpp:sasl:2'/>",
                "<whatever xmlns='urn:xmpp:sasl:2'/>",
            }
        )
        {
            Actor romeo = await SignIn2.OpenAsync(play, "romeo");
            await romeo.Send(absurd);
            await romeo.Expect($"<failure xmlns='{Ns.Sasl2}'/>");
            (await SignIn2.AuthenticateAsync(romeo, SignIn.Plain("romeo"), SignIn2.Bind)).Find("bound");
            await romeo.Cut();
        }
    }
}
