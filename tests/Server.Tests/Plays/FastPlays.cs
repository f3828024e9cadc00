using System.Net;
using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Sasl;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Xml;
using Xunit;
using TcpTransport = Xmpp.Server.Streams.TcpTransport;

namespace Server.Tests.Plays;

/// <summary>XEP-0484: tokens instead of passwords (laws, "Tokens").</summary>
public sealed class FastPlays
{
    private const string Last = "<fast xmlns='urn:xmpp:fast:0' invalidate='true'/>";

    [Theory, Framings]
    public async Task A_token_signs_in_and_binds_in_one_step(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        string token = await SignIn2.FirstTokenAsync(play, "romeo");

        (Actor romeo, XElement success) = await SignIn2.TryTokenAsync(
            play,
            "romeo",
            token,
            SignIn2.Fast + SignIn2.Bind
        );

        success.ShouldMatch(
            """
            <success xmlns='urn:xmpp:sasl:2'>
              <additional-data>{any}</additional-data>
              <authorization-identifier>{any}</authorization-identifier>
              <bound xmlns='urn:xmpp:bind:0'/>
            </success>
            """
        );
        SignIn2.Token(success).ShouldBeNull();
        await romeo.Ping();
    }

    // §3.3: a token lives for three weeks.
    [Theory, Framings]
    public async Task A_token_tells_its_end(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        (_, XElement success) = await SignIn2.EnterAsync(play, "romeo", SignIn2.RequestToken);
        DateTimeOffset expiry = (DateTimeOffset)success.Find("token").Attribute("expiry")!;
        (expiry - play.Clock.GetUtcNow()).ShouldBe(FastTokens.Lifetime, TimeSpan.FromSeconds(1));
    }

    [Theory, Framings]
    public async Task Wrong_tokens_fail(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        await play.AddAccount("tybalt");
        string token = await SignIn2.FirstTokenAsync(play, "romeo");
        string refused = SignIn2.Failure("not-authorized");

        (await SignIn2.TryTokenAsync(play, "romeo", token + "x")).Answer.ShouldMatch(refused);
        (await SignIn2.TryTokenAsync(play, "romeo", "")).Answer.ShouldMatch(refused);
        // Another account, another device, no device.
        (await SignIn2.TryTokenAsync(play, "tybalt", token)).Answer.ShouldMatch(refused);
        (await SignIn2.TryTokenAsync(play, "romeo", token, agent: SignIn2.Laptop)).Answer.ShouldMatch(refused);
        (await SignIn2.TryTokenAsync(play, "romeo", token, agent: null)).Answer.ShouldMatch(refused);
        // Not by a mechanism for passwords, and not without saying that it is a token.
        Actor actor = await SignIn2.OpenAsync(play, "romeo");
        await actor.Send(
            $"<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>{SignIn.PlainText("romeo", token)}</initial-response></authenticate>"
        );
        await actor.Expect(refused);

        (await SignIn2.TryTokenAsync(play, "romeo", token)).Answer.Name.LocalName.ShouldBe("success");
    }

    // §3.2: only mechanisms that were offered, and only for a device that says who it is.
    [Theory, Framings]
    public async Task Without_a_device_or_for_an_unknown_mechanism_there_is_no_token(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        const string Unknown = "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-ENDP'/>";
        SignIn2
            .Token((await SignIn2.EnterAsync(play, "romeo", SignIn2.RequestToken, agent: null)).Success)
            .ShouldBeNull();
        SignIn2.Token((await SignIn2.EnterAsync(play, "romeo", Unknown)).Success).ShouldBeNull();
        SignIn2
            .Token((await SignIn2.EnterAsync(play, "romeo", "<request-token xmlns='urn:xmpp:fast:0'/>")).Success)
            .ShouldBeNull();
    }

    [Theory, Framings]
    public async Task Without_a_key_file_tokens_are_not_offered(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing, options => options with { TokenKey = [] });
        await play.AddAccount("romeo");
        (Actor romeo, XElement success) = await SignIn2.EnterAsync(play, "romeo", SignIn2.RequestToken);
        SignIn2.Token(success).ShouldBeNull();
        romeo.Features.Without("fast", "urn:xmpp:fast:0");
    }

    [Theory, Framings]
    public async Task An_expired_token_says_so(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        string token = await SignIn2.FirstTokenAsync(play, "romeo");
        await play.Advance(FastTokens.Lifetime);

        (Actor romeo, XElement answer) = await SignIn2.TryTokenAsync(play, "romeo", token);

        answer.ShouldMatch(SignIn2.Failure("credentials-expired"));
        // §4.2: other ways are still open.
        (await SignIn2.AuthenticateAsync(romeo, SignIn.Plain("romeo"))).Name.LocalName.ShouldBe("success");
    }

    // §3.5, §5.1: both are good until the new one is used.
    [Theory, Framings]
    public async Task A_token_is_followed_by_another_after_a_week(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        string first = await SignIn2.FirstTokenAsync(play, "romeo");
        (await SignIn2.TryTokenAsync(play, "romeo", first)).Answer.Name.LocalName.ShouldBe("success");
        await play.Advance(FastTokens.RenewedAfter + TimeSpan.FromHours(1));

        XElement renewed = (await SignIn2.TryTokenAsync(play, "romeo", first)).Answer;
        string second = SignIn2.Token(renewed).ShouldNotBeNull();
        second.ShouldNotBe(first);

        // The answer may have been lost: the first still signs in, and is offered yet another.
        string third = SignIn2.Token((await SignIn2.TryTokenAsync(play, "romeo", first)).Answer).ShouldNotBeNull();
        (await SignIn2.TryTokenAsync(play, "romeo", second)).Answer.ShouldMatch(SignIn2.Failure("not-authorized"));

        XElement moved = (await SignIn2.TryTokenAsync(play, "romeo", third)).Answer;
        SignIn2.Token(moved).ShouldBeNull();
        (await SignIn2.TryTokenAsync(play, "romeo", first)).Answer.ShouldMatch(SignIn2.Failure("not-authorized"));
        (await SignIn2.TryTokenAsync(play, "romeo", third)).Answer.Name.LocalName.ShouldBe("success");
    }

    // §3.4: a number is good once.
    [Theory, Framings]
    public async Task A_replayed_count_is_refused(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        string token = await SignIn2.FirstTokenAsync(play, "romeo");
        async Task<string> Use(string count) =>
            (await SignIn2.TryTokenAsync(play, "romeo", token, $"<fast xmlns='urn:xmpp:fast:0' count='{count}'/>"))
                .Answer.Elements()
                .First()
                .Name.LocalName;

        (await Use("0")).ShouldBe("additional-data");
        (await Use("5")).ShouldBe("additional-data");
        (await Use("5")).ShouldBe("not-authorized");
        (await Use("4")).ShouldBe("not-authorized");
        await play.Restart();
        (await Use("5")).ShouldBe("not-authorized");
        (await Use("6")).ShouldBe("additional-data");
        (await Use("many")).ShouldBe("malformed-request");
        (await Use("-7")).ShouldBe("malformed-request");
    }

    // Two streams prove the same number at once: the writer lets one pass.
    [Theory, Framings]
    public async Task Of_two_replays_at_once_one_is_refused(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        string token = await SignIn2.FirstTokenAsync(play, "romeo");
        const string Counted = "<fast xmlns='urn:xmpp:fast:0' count='1'/>";
        var tries = Enumerable.Range(0, 8).Select(_ => SignIn2.TryTokenAsync(play, "romeo", token, Counted));
        (Actor, XElement Answer)[] answers = await Task.WhenAll(tries);
        answers.Count(answer => answer.Answer.Name.LocalName == "success").ShouldBe(1);
    }

    // §3.6: signing out for good.
    [Theory, Framings]
    public async Task An_invalidated_token_signs_in_this_once(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        string token = await SignIn2.FirstTokenAsync(play, "romeo");
        await play.Advance(FastTokens.RenewedAfter + TimeSpan.FromHours(1));

        (_, XElement success) = await SignIn2.TryTokenAsync(play, "romeo", token, Last);

        success.Name.LocalName.ShouldBe("success");
        SignIn2.Token(success).ShouldBeNull();
        (await SignIn2.TryTokenAsync(play, "romeo", token)).Answer.ShouldMatch(SignIn2.Failure("not-authorized"));
    }

    // §3.6 with laws, "A device": a person who signs out finds the device on no list.
    [Theory, Framings]
    public async Task Signing_out_ends_the_device(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        string token = await SignIn2.FirstTokenAsync(play, "romeo");
        (Actor phone, _) = await SignIn2.TryTokenAsync(play, "romeo", token, SignIn2.Fast + SignIn2.Bind);
        (Actor laptop, _) = await SignIn2.EnterAsync(play, "romeo", SignIn2.Bind, SignIn2.Laptop);

        (Actor last, XElement success) = await SignIn2.TryTokenAsync(play, "romeo", token, Last);

        success.Name.LocalName.ShouldBe("success");
        await phone.ExpectEnd("not-authorized");
        phone.IsBound = false;
        (await DevicesAsync(laptop)).ShouldBe(1);
        // §3.6: it may proceed all the same, as a device that is new.
        await last.Send("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>");
        await last.Expect("<iq type='result' id='b'/>");
        (await DevicesAsync(laptop)).ShouldBe(2);
    }

    // §3.6: "it MAY proceed with the session as normal".
    [Theory, Framings]
    public async Task A_token_s_last_use_for_a_session_leaves_the_device(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        string token = await SignIn2.FirstTokenAsync(play, "romeo");
        (Actor laptop, _) = await SignIn2.EnterAsync(play, "romeo", SignIn2.Bind, SignIn2.Laptop);

        (Actor phone, _) = await SignIn2.TryTokenAsync(play, "romeo", token, Last + SignIn2.Bind);

        await phone.Ask("<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>", "<iq type='result'/>");
        (await DevicesAsync(laptop)).ShouldBe(2);
    }

    private static async Task<int> DevicesAsync(Actor actor) =>
        (await actor.Ask("<iq type='get'><list xmlns='urn:xmpp:cam:0'/></iq>"))
            .Descendants()
            .Count(element => element.Name.LocalName == "client");

    [Theory, Framings]
    public async Task A_new_password_ends_all_tokens(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        string phone = await SignIn2.FirstTokenAsync(play, "romeo");
        string laptop = await SignIn2.FirstTokenAsync(play, "romeo", SignIn2.Laptop);

        await play.Server.Home.People.SetPasswordAsync("romeo", "what is in a name");

        string refused = SignIn2.Failure("not-authorized");
        (await SignIn2.TryTokenAsync(play, "romeo", phone)).Answer.ShouldMatch(refused);
        (await SignIn2.TryTokenAsync(play, "romeo", laptop, agent: SignIn2.Laptop)).Answer.ShouldMatch(refused);
    }

    [Theory, Framings]
    public async Task A_locked_account_has_no_use_of_its_token(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Account romeo = await play.AddAccount("romeo");
        string token = await SignIn2.FirstTokenAsync(play, "romeo");
        romeo.Record = romeo.Record with { Locked = true };

        (_, XElement answer) = await SignIn2.TryTokenAsync(play, "romeo", token);

        answer.ShouldMatch(SignIn2.Failure("account-disabled"));
    }

    // Security.md, "Identity": the database alone does not tell a token.
    [Theory, Framings]
    public async Task Another_key_file_opens_no_token(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Account romeo = await play.AddAccount("romeo");
        string token = await SignIn2.FirstTokenAsync(play, "romeo");
        using Access access = play.Stores.Database.OpenRead();
        DeviceRecord device = play.Stores.Accounts.Devices(access, romeo.Id).ShouldHaveSingleItem();
        FastTokenRecord kept = play.Stores.Accounts.FastTokens(access, device.Id).ShouldHaveSingleItem();
        var place = new TokenPlace(romeo.Id, device.Id, "HT-SHA-256-NONE");

        new TokenVault(new byte[32]).TryOpen(kept.Secret, place, out byte[]? open).ShouldBeTrue();
        System.Text.Encoding.UTF8.GetString(open!).ShouldBe(token);
        new TokenVault([1, .. new byte[31]]).TryOpen(kept.Secret, place, out _).ShouldBeFalse();
        foreach (TokenPlace other in new[] { place with { Account = 9 }, place with { Device = 9 } })
            new TokenVault(new byte[32]).TryOpen(kept.Secret, other, out _).ShouldBeFalse();
        kept.Secret[^1] ^= 1;
        new TokenVault(new byte[32]).TryOpen(kept.Secret, place, out _).ShouldBeFalse();
        new TokenVault(new byte[32]).TryOpen([], place, out _).ShouldBeFalse();
    }

    // §3.4: a token is for the mechanism that it was asked for; bound to the channel, it is worth nothing without.
    [Fact]
    public async Task A_bound_token_is_no_good_on_another_channel()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        await play.AddAccount("romeo");
        var channel = new ChannelBinding(ChannelBinding.ServerEndPointType, [1, 2, 3]);
        const string Request = "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-ENDP'/>";
        Actor first = await DialBoundAsync(play, channel);
        first.Features.ShouldMatch(
            """
            <stream:features>
              <authentication xmlns='urn:xmpp:sasl:2'>
                <mechanism>SCRAM-SHA-256-PLUS</mechanism>
                <inline>
                  <fast xmlns='urn:xmpp:fast:0'>
                    <mechanism>HT-SHA-256-ENDP</mechanism><mechanism>HT-SHA-256-NONE</mechanism>
                  </fast>
                </inline>
              </authentication>
              <sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-server-end-point'/></sasl-channel-binding>
            </stream:features>
            """
        );
        string token = SignIn2
            .Token(await SignIn2.AuthenticateAsync(first, SignIn.Plain("romeo"), Request))
            .ShouldNotBeNull();

        async Task<XElement> Try(ChannelBinding server, ChannelBinding? client)
        {
            Actor actor = await DialBoundAsync(play, server);
            return await SignIn2.AuthenticateAsync(actor, new HtClient("romeo", token, client), SignIn2.Fast);
        }

        var other = new ChannelBinding(ChannelBinding.ServerEndPointType, [9]);
        (await Try(other, channel)).ShouldMatch(SignIn2.Failure("not-authorized"));
        (await Try(channel, null)).ShouldMatch(SignIn2.Failure("not-authorized"));
        (await Try(channel, channel)).Name.LocalName.ShouldBe("success");
        // The certificate is another after its renewal, and the token stays good.
        (await Try(other, other)).Name.LocalName.ShouldBe("success");
    }

    private static async Task<Actor> DialBoundAsync(Play play, ChannelBinding channel)
    {
        var line = new Line();
        var transport = new TcpTransport(line.Server, IPAddress.Loopback, new XmlLimits(), tls: null)
        {
            SecuredOutside = true,
            OutsideBindings = [channel],
        };
        Task served = Task.Run(() => play.Server.ServeAsync(transport));
        var actor = new Actor(play, "romeo", "bound");
        actor.Attach(new Connection(line, Wire.Create(Framing.Tcp, line), served));
        await SignIn.OpenAsync(actor);
        return actor;
    }

    // Reach 6: guesses at tokens slow down like guesses at passwords.
    [Theory, Framings]
    public async Task Guesses_slow_down(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing, options => options with { SignInFailures = 2 });
        await play.AddAccount("romeo");
        for (int i = 0; i < 2; i++)
            (await SignIn2.TryTokenAsync(play, "romeo", "guess")).Answer.ShouldMatch(SignIn2.Failure("not-authorized"));

        play.Server.Guesses.Delay("romeo", IPAddress.Loopback).ShouldBe(TimeSpan.FromSeconds(1));
        play.Server.Guesses.Delay("juliet", IPAddress.Loopback).ShouldBe(TimeSpan.Zero);
    }
}
