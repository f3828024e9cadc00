using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Federation;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays.Federation;

/// <summary>What comes from other servers, and who they must prove to be (README, "Federation"; security.md, "Identity").</summary>
public sealed class ReceivingPlays
{
    private const string Bob = "bob@" + FarServer.Domain;
    private const string Tls = "urn:ietf:params:xml:ns:xmpp-tls";

    private static string Result(string type, string from = "kith.test") =>
        $"<result xmlns='jabber:server:dialback' from='{from}' to='{FarServer.Domain}' type='{type}'/>";

    // The home asks the server that the domain's name leads to.
    private static async Task AnswerVerify(FarServer far, string id, string key, string type)
    {
        FarLine line = await far.Accept();
        await line.AcceptTls();
        await line.Answer(FarLine.Dialback);
        var asked = await line.Expect(
            $"<verify xmlns='jabber:server:dialback' from='kith.test' to='{FarServer.Domain}' id='{id}'/>"
        );
        asked.Value.ShouldBe(key);
        await line.Send($"<db:verify from='{FarServer.Domain}' to='kith.test' id='{id}' type='{type}'/>");
    }

    // Federation 7: XEP-0178 §3; stanzas of all kinds come in, in the language of their stream.
    [Theory, Framings]
    public async Task Who_shows_the_domains_certificate_is_let_in(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        FarLine line = await far.Enter();
        await line.Send($"<message from='{Bob}/x' to='{anna.Jid}' id='1' type='chat'><body>hi</body></message>");
        (await anna.Expect($"<message from='{Bob}/x' id='1' type='chat'><body>hi</body></message>"))
            .Attribute(System.Xml.Linq.XNamespace.Xml + "lang")!
            .Value.ShouldBe("de");
        await line.Send($"<iq from='{Bob}/x' to='kith.test' id='2' type='get'><query xmlns='jabber:iq:version'/></iq>");
        await (await far.Welcome()).Expect($"<iq from='kith.test' to='{Bob}/x' id='2' type='result'/>");
    }

    // RFC 6120 §5.3.1: nothing is taken in the clear, least of all a key.
    [Theory]
    [InlineData("<db:result from='away.test' to='kith.test'>key</db:result>")]
    [InlineData("<db:verify from='away.test' to='kith.test' id='1'>key</db:verify>")]
    [InlineData("<message from='bob@away.test' to='anna@kith.test'/>")]
    [InlineData("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>")]
    public async Task Without_TLS_nothing_is_taken(string element)
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        FarLine line = far.Dial();
        await line.Open();
        line.Features.Element(System.Xml.Linq.XName.Get("starttls", Tls)).ShouldNotBeNull();
        line.Features.Elements().Count().ShouldBe(1);
        await line.Send(element);
        await line.ExpectEnd("policy-violation");
    }

    // Federation 7: a stanza counts when its stream has proved the domain of its sender, for ours.
    [Theory]
    [InlineData("<message from='x@other.test' to='anna@kith.test'><body>hi</body></message>", "invalid-from")]
    [InlineData("<message from='anna@kith.test' to='anna@kith.test'><body>hi</body></message>", "invalid-from")]
    [InlineData("<message from='bob@away.test' to='room@groups.kith.test'><body>hi</body></message>", "invalid-from")]
    [InlineData("<message from='bob@away.test' to='x@third.test'><body>hi</body></message>", "host-unknown")]
    [InlineData("<message to='anna@kith.test'><body>hi</body></message>", "improper-addressing")]
    [InlineData("<message from='bob@away.test'><body>hi</body></message>", "improper-addressing")]
    [InlineData("<x xmlns='y'/>", "unsupported-stanza-type")]
    [InlineData("<db:result from='away.test' to='kith.test' type='valid'/>", "policy-violation")]
    [InlineData("<db:verify from='away.test' to='kith.test' id='1' type='valid'/>", "policy-violation")]
    public async Task Nobody_speaks_for_others(string element, string error)
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        FarLine line = await far.Enter();
        await line.Send(element);
        await line.ExpectEnd(error);
        await play.ExpectNothing(anna);
    }

    // RFC 6120 §8.3.3.8: an address that cannot be read is one person's fault.
    [Fact]
    public async Task A_malformed_address_harms_one_stanza()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        FarLine line = await far.Enter(bidi: true);
        await line.Send($"<message from='{Bob}/x' to='a b@kith.test' id='1'><body>hi</body></message>");
        await line.Expect(
            $"<message to='{Bob}/x' id='1' type='error'><error><jid-malformed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        );
        await line.Send($"<message from='b b@away.test' to='{anna.Jid}' id='2'><body>hi</body></message>");
        await line.Send($"<message from='{Bob}/x' to='{anna.Jid}' id='3'><body>hi</body></message>");
        await anna.Expect("<message id='3'/>");
    }

    // Federation 7: a certificate that is not the domain's proves nothing, and is said so in the log.
    [Fact]
    public async Task A_certificate_of_somebody_else_proves_nothing()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        foreach (
            PeerCertificate? shown in (PeerCertificate?[])
                [FarServer.For("other.test"), FarServer.For(FarServer.Domain) with { Fault = "it is worn" }, null]
        )
        {
            far.Certificate = shown;
            FarLine line = far.Dial();
            await line.StartTls();
            line.Features.Element(System.Xml.Linq.XName.Get("mechanisms", Ns.Sasl)).ShouldBeNull();
            for (int i = 0; i < 2; i++)
            {
                await line.Send(FarLine.Auth(FarServer.Domain));
                await line.Expect("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>");
            }
            await line.Send(FarLine.Auth(FarServer.Domain));
            await line.ExpectEnd("policy-violation");
        }
        await play.Log.Says("was not taken for that of away.test: it is for other.test, not for away.test");
        await play.Log.Says("was not taken for that of away.test: it is worn (it is for away.test)");
        await play.Log.Says("was not taken for that of away.test: it shows none");
    }

    // SASL EXTERNAL cannot authenticate as one and act as another.
    [Fact]
    public async Task Who_proves_one_domain_cannot_be_another()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        FarLine line = far.Dial();
        await line.StartTls();
        await line.Send(FarLine.Auth("other.test"));
        await line.Expect("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        await line.Send(FarLine.Auth(FarServer.Domain));
        await line.Expect("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        await Should.ThrowAsync<PlayException>(() => line.Open("other.test"));
    }

    // Federation 8: XEP-0220 §2.2.1; the domain's own server answers for the key, and its certificate is the domain's.
    [Theory, Framings]
    public async Task Who_has_no_certificate_is_asked_back(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        far.Certificate = null;
        FarLine line = far.Dial();
        await line.StartTls();
        far.Certificate = FarServer.For(FarServer.Domain);
        await line.SendKey("the key");
        await AnswerVerify(far, line.Id, "the key", "valid");
        await line.Expect(Result("valid"));
        await line.Send($"<message from='{Bob}/x' to='{anna.Jid}' id='1' type='chat'><body>hi</body></message>");
        await anna.Expect("<message id='1'/>");
    }

    [Theory, Framings]
    public async Task A_wrong_key_ends_the_stream(Framing framing)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(framing);
        await using Play _ = play;
        far.Certificate = null;
        FarLine line = far.Dial();
        await line.StartTls();
        far.Certificate = FarServer.For(FarServer.Domain);
        await line.SendKey("no key");
        await AnswerVerify(far, line.Id, "no key", "invalid");
        await line.Expect(Result("invalid"));
        await play.Log.Says("away.test: the key is not that of its server");
        (await line.Read()).ShouldBeNull();
        await line.Close();
    }

    // protocol.md, "Federation": who answers in its name must show its certificate, or nobody is believed.
    [Theory]
    [InlineData("other.test", null)]
    [InlineData("away.test", "it is worn")]
    public async Task The_server_that_is_asked_must_show_the_domains_certificate(string host, string? fault)
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        far.Certificate = FarServer.For(host) with { Fault = fault };
        FarLine line = far.Dial();
        await line.StartTls();
        await line.SendKey("the key");
        FarLine asked = await far.Accept();
        await asked.AcceptTls();
        await asked.ExpectEnd();
        await line.Expect(Result("error"));
        await play.Log.Says("its server could not be asked");
        await line.Send($"<message from='{Bob}/x' to='anna@kith.test'><body>hi</body></message>");
        await line.ExpectEnd("not-authorized");
    }

    // Federation 8: nobody is asked on behalf of a stream that is over.
    [Fact]
    public async Task A_question_ends_with_the_stream_that_made_it()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        far.Certificate = null;
        FarLine line = far.Dial();
        await line.StartTls();
        await line.SendKey("the key");
        FarLine asked = await far.Accept();
        await line.Close();
        await line.ExpectEnd();
        // At most our header is still on its way.
        while (await asked.Read() is { } came)
            came.Name.LocalName.ShouldBe("stream");
    }

    // Federation 5: a key proves whose the stream is, not who is at its end; what is ours goes where the certificate is.
    [Fact]
    public async Task Nothing_goes_back_to_whom_no_certificate_proves()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        far.Certificate = null;
        FarLine line = far.Dial();
        await line.StartTls();
        line.Features.Element(System.Xml.Linq.XName.Get("bidi", "urn:xmpp:features:bidi")).ShouldBeNull();
        far.Certificate = FarServer.For(FarServer.Domain);
        await line.Send("<bidi xmlns='urn:xmpp:bidi'/>");
        await line.SendKey("the key");
        await AnswerVerify(far, line.Id, "the key", "valid");
        await line.Expect(Result("valid"));
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await (await far.Welcome()).Expect("<message id='1'/>");
    }

    // Federation 6: who asks and asks, and takes no answer, is heard no further, and left in the end.
    [Theory]
    [InlineData("<db:verify from='away.test' to='kith.test' id='1'>k</db:verify>")]
    [InlineData("<r xmlns='urn:xmpp:sm:3'/>")]
    public async Task Answers_that_nobody_takes_do_not_heap_up(string question)
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        FarLine line = await far.Enter(managed: true);
        Task asking = line.Send(string.Concat(Enumerable.Repeat(question, 8_000)));
        while (!asking.IsCompleted)
        {
            await play.Advance(TimeSpan.FromSeconds(1));
        }
        await Should.ThrowAsync<IOException>(asking);
    }

    // Federation 4: what strangers make the house ask does not hold up what it sends.
    [Fact]
    public async Task Questions_about_keys_take_nobodys_place()
    {
        (Play play, FarServer far) = await FarServer.StartAsync(options: o => o with { ConnectsAtOnce = 1 });
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        far.Certificate = null;
        FarLine line = far.Dial();
        await line.StartTls();
        far.Certificate = FarServer.For(FarServer.Domain);
        await line.SendKey("the key");
        FarLine asked = await far.Accept();
        await asked.AcceptTls();
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await (await far.Welcome()).Expect("<message id='1'/>");
    }

    // Federation 8: an answer for another stream, domain or key is none.
    [Theory]
    [InlineData("<db:verify from='away.test' to='kith.test' id='other' type='valid'/>")]
    [InlineData("<db:verify from='other.test' to='kith.test' id='{0}' type='valid'/>")]
    [InlineData("<db:verify from='away.test' to='groups.kith.test' id='{0}' type='valid'/>")]
    [InlineData("<db:verify from='away.test' to='kith.test' id='{0}'/>")]
    [InlineData("<db:result from='away.test' to='kith.test' type='valid'/>")]
    public async Task An_answer_to_another_question_proves_nothing(string answer)
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        far.Certificate = null;
        FarLine line = far.Dial();
        await line.StartTls();
        far.Certificate = FarServer.For(FarServer.Domain);
        await line.SendKey("the key");
        FarLine asked = await far.Accept();
        await asked.AcceptTls();
        await asked.Answer(FarLine.Dialback);
        await asked.Expect("<verify xmlns='jabber:server:dialback'/>");
        await asked.Send(string.Format(null, answer, line.Id));
        await line.Expect(Result("error"));
    }

    // Federation 8: a claim is cheap for who makes it, and must not be dear for whom it names.
    [Fact]
    public async Task A_domain_that_could_not_be_asked_is_left_alone_for_a_minute()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        far.Certificate = null;
        far.IsUp = false;
        FarLine line = far.Dial();
        await line.StartTls();
        for (int i = 0; i < 3; i++)
        {
            await line.SendKey("the key");
            await line.Expect(Result("error"));
        }
        (await line.Read()).ShouldBeNull();
        await line.Close();
        FarLine other = far.Dial();
        await other.StartTls();
        await other.SendKey("the key");
        await other.Expect(Result("error"));
        far.LookUps.Count.ShouldBe(1);
        await play.Advance(TimeSpan.FromMinutes(2));
        FarLine later = far.Dial();
        await later.StartTls();
        await later.SendKey("the key");
        await later.Expect(Result("error"));
        far.LookUps.Count.ShouldBe(2);
    }

    // Federation 8: nor by many at once.
    [Fact]
    public async Task One_domain_is_asked_for_some_streams_at_once()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        far.Certificate = null;
        for (int i = 0; i < Doubts.MostAtOnce; i++)
        {
            FarLine line = far.Dial();
            await line.StartTls();
            await line.SendKey("the key");
            await far.Accept();
        }
        FarLine last = far.Dial();
        await last.StartTls();
        await last.SendKey("the key");
        (await last.Expect(Result("error"))).ToString().ShouldContain("resource-constraint");
        far.LookUps.Count.ShouldBe(Doubts.MostAtOnce);
    }

    // XEP-0220 §2.2.1, §2.4: what cannot be is an error, and the stream goes on; a valid certificate needs no question.
    [Fact]
    public async Task Several_domains_prove_themselves_on_one_stream()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        far.Certificate = FarServer.For(FarServer.Domain, "*." + FarServer.Domain);
        FarLine line = await far.Enter();
        await line.SendKey("k", to: "nobody.test");
        await line.Expect(Result("error", from: "nobody.test"));
        await line.SendKey("k", to: "groups.kith.test");
        await line.Expect(Result("valid", from: "groups.kith.test"));
        await line.SendKey("k", from: "rooms.away.test");
        await line.Expect("<result xmlns='jabber:server:dialback' to='rooms.away.test' type='valid'/>");
        await line.SendKey("k", from: "kith.test");
        await line.Expect("<result xmlns='jabber:server:dialback' to='kith.test' type='error'/>");
        await line.Send($"<message from='r@rooms.away.test/n' to='{anna.Jid}' id='1'><body>hi</body></message>");
        await anna.Expect("<message id='1'/>");
        await line.Send("<message from='r@rooms.away.test/n' to='x@groups.kith.test' id='2'/>");
        await line.ExpectEnd("invalid-from");
    }

    [Fact]
    public async Task A_stream_begins_as_it_should()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        FarLine stranger = far.Dial();
        await Should.ThrowAsync<PlayException>(() => stranger.Open(to: "third.test"));
        FarLine client = far.Dial();
        await Should.ThrowAsync<PlayException>(() => client.Open(ns: Ns.Client));
        FarLine early = far.Dial();
        await early.StartTls();
        await early.Send($"<message from='{Bob}' to='anna@kith.test'/>");
        await early.ExpectEnd("not-authorized");
        FarLine slow = far.Dial();
        await slow.StartTls();
        await play.Advance(TimeSpan.FromSeconds(play.Options.AuthenticateSeconds + 1));
        await slow.ExpectEnd("connection-timeout");
        FarLine large = far.Dial();
        await large.StartTls();
        await large.Pour($"<db:result from='away.test' to='kith.test'>{new string('x', 70_000)}</db:result>");
        await large.ExpectEnd("policy-violation");
    }

    // protocol.md, "Bad input": half a megabyte, once it is known.
    [Fact]
    public async Task Stanzas_have_their_own_limit()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        FarLine line = await far.Enter();
        await line.Send(
            $"<message from='{Bob}/x' to='{anna.Jid}' id='1'><body>{new string('x', 500_000)}</body></message>"
        );
        await anna.Expect("<message id='1'/>");
        await line.Pour(
            $"<message from='{Bob}/x' to='{anna.Jid}' id='2'><body>{new string('x', 530_000)}</body></message>"
        );
        await line.ExpectEnd("policy-violation");
    }

    // Life 2, XEP-0198 §4: what is acknowledged is on disk.
    [Fact]
    public async Task A_message_is_acknowledged_after_its_commit()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        await play.AddAccount("anna");
        FarLine line = await far.Enter(managed: true);
        play.Disk.Hold();
        await line.Send($"<message from='{Bob}/x' to='anna@kith.test' type='chat'><body>hi</body></message>");
        await line.Send("<r xmlns='urn:xmpp:sm:3'/>");
        await play.Disk.Holds(2);
        Task<System.Xml.Linq.XElement?> answer = line.Read();
        answer.IsCompleted.ShouldBeFalse();
        play.Disk.Continue();
        (await answer).ShouldNotBeNull().Attribute("h")!.Value.ShouldBe("1");
    }

    // Federation 5: with XEP-0288 the home sends on the stream that came.
    [Fact]
    public async Task A_peer_that_came_may_be_answered_on_its_stream()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        FarLine line = await far.Enter(bidi: true, managed: true);
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await line.Expect($"<message from='{anna.Jid}' to='{Bob}' id='1'/>");
        await line.Send("<a xmlns='urn:xmpp:sm:3' h='1'/><r xmlns='urn:xmpp:sm:3'/>");
        await line.Expect("<a xmlns='urn:xmpp:sm:3' h='0'/>");
        await line.Cut();
        await anna.Send($"<message to='{Bob}' id='2' type='chat'><body>hi</body></message>");
        await (await far.Welcome()).Expect("<message id='2'/>");
        far.LookUps.Count.ShouldBe(1);
    }

    // Federation 5: what waits comes behind our header, or behind the word that the key was right.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_waits_comes_behind_the_proof(bool external)
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        far.IsUp = false;
        Actor anna = await play.Connect("anna", "phone");
        for (int i = 1; i <= 20; i++)
            await anna.Send($"<message to='{Bob}' id='{i}' type='chat'><body>hi</body></message>");
        await anna.Ping();
        await play.Log.Says("was not reached");
        FarLine line = far.Dial();
        await line.StartTls();
        if (external)
        {
            await line.ProveExternally(bidi: true, managed: true);
        }
        else
        {
            await line.Send("<bidi xmlns='urn:xmpp:bidi'/>");
            await line.SendKey("k");
            await line.Expect(Result("valid"));
        }
        for (int i = 1; i <= 20; i++)
            await line.Expect($"<message id='{i}'/>");
    }

    // Federation 2, 5: what waits is counted from the first, when the peer asks for it as it should.
    [Fact]
    public async Task What_waits_for_a_peer_that_came_is_counted_from_the_first()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        far.IsUp = false;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await anna.Ping();
        await play.Log.Says("was not reached");
        FarLine line = far.Dial();
        await line.StartTls();
        await line.ProveExternally(bidi: true, managed: true);
        await line.Expect("<message id='1'/>");
        // What was not acknowledged is tried again at once.
        far.IsUp = true;
        await line.Cut();
        line = await far.Welcome(managed: true);
        await line.Expect("<message id='1'/>");
    }

    // Federation 5: one pair goes back over a stream; a second that is proved there goes its own way.
    [Fact]
    public async Task A_second_pair_leaves_the_first_its_stream()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        FarLine line = await far.Enter(bidi: true, managed: true);
        await line.SendKey("k", to: "groups.kith.test");
        await line.Expect(Result("valid", from: "groups.kith.test"));
        await anna.Send($"<message to='{Bob}' id='1' type='chat'><body>hi</body></message>");
        await line.Expect("<message id='1'/>");
        await line.Cut();
        await (await far.Welcome()).Expect("<message id='1'/>");
    }

    // Federation 7: a server has a few streams for a pair; the one that was used longest ago makes room.
    [Fact]
    public async Task A_fifth_stream_replaces_the_oldest()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        List<FarLine> lines = [];
        for (int i = 0; i < 5; i++)
        {
            lines.Add(await far.Enter());
            await play.Advance(TimeSpan.FromSeconds(1));
        }
        (await lines[0].Read()).ShouldBeNull();
        foreach (FarLine line in lines.Skip(1))
        {
            await line.Send($"<message from='{Bob}/x' to='{anna.Jid}' id='1'><body>hi</body></message>");
            await anna.Expect("<message id='1'/>");
        }
    }

    // Federation 7: …so many in all from one address, and speaks for so many domains on one stream.
    [Fact]
    public async Task Streams_and_domains_of_one_server_are_bounded()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        far.Certificate = FarServer.For(FarServer.Domain, "*." + FarServer.Domain);
        FarLine line = await far.Enter();
        for (int i = 1; i <= 64; i++)
        {
            await line.SendKey("k", from: $"d{i}.away.test");
            await line.Expect(
                $"<result xmlns='jabber:server:dialback' to='d{i}.away.test' type='{(i < 64 ? "valid" : "error")}'/>"
            );
        }
        for (int i = 2; i <= 32; i++)
            await EnterAs(far, $"s{i}.away.test");
        (await Should.ThrowAsync<PlayException>(() => EnterAs(far, "s33.away.test"))).Message.ShouldContain(
            "policy-violation"
        );
        await line.Close();
        await line.ExpectEnd();
        await EnterAs(far, "s34.away.test");
    }

    private static async Task EnterAs(FarServer far, string domain)
    {
        FarLine line = far.Dial();
        await line.StartTls(domain);
        await line.ProveExternally(from: domain);
    }

    // Federation 9: allow-list, deny-list and off hold for both directions.
    [Theory]
    [InlineData(FederationMode.Off, "")]
    [InlineData(FederationMode.AllowList, "other.test")]
    [InlineData(FederationMode.AllowList, "")]
    [InlineData(FederationMode.Open, "!away.test")]
    public async Task Who_is_not_allowed_is_neither_reached_nor_let_in(FederationMode mode, string domains)
    {
        (Play play, FarServer far) = await FarServer.StartAsync(options: o =>
            o with
            {
                Mode = mode,
                Domains = domains.Length == 0 ? [] : [domains],
            }
        );
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='{Bob}' id='1'><body>hi</body></message>");
        await anna.Expect(
            "<message id='1' type='error'><error><not-allowed xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        );
        far.LookUps.ShouldBeEmpty();
        FarLine line = far.Dial();
        await line.StartTls();
        await line.SendKey("k");
        await line.Expect(Result("error"));
        await line.Send(FarLine.Auth(FarServer.Domain));
        await line.Expect("<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>");
        await play.Log.Says("was not taken for that of away.test: the settings do not allow it");
    }

    // Federation 10: what only the home says is removed.
    [Fact]
    public async Task What_only_the_home_says_is_removed()
    {
        (Play play, FarServer far) = await FarServer.StartAsync();
        await using Play _ = play;
        Actor anna = await play.Connect("anna", "phone");
        FarLine line = await far.Enter();
        await line.Send(
            $"<message from='{Bob}/x' to='{anna.Jid}' id='1' type='chat'><body>hi</body>"
                + "<stanza-id xmlns='urn:xmpp:sid:0' by='anna@kith.test' id='7'/></message>"
        );
        var came = await anna.Expect(
            "<message id='1'><stanza-id xmlns='urn:xmpp:sid:0' by='anna@kith.test'/></message>"
        );
        came.Elements(System.Xml.Linq.XName.Get("stanza-id", "urn:xmpp:sid:0"))
            .ShouldHaveSingleItem()
            .Attribute("id")!
            .Value.ShouldNotBe("7");
    }
}
