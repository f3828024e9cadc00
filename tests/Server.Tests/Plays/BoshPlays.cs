using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Streams.Bosh;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0124 and XEP-0206, by direct calls.</summary>
public sealed class BoshPlays
{
    private static async Task<(Play Play, BoshService Service, BoshClient Client)> StartAsync()
    {
        Play play = await Play.StartAsync(Framing.Tcp);
        await play.AddAccount("romeo");
        var service = new BoshService(play.Server);
        return (play, service, new BoshClient(service));
    }

    private static string Message(string to, string id) =>
        $"<message xmlns='jabber:client' to='{to}@kith.test' type='chat' id='{id}'><body>{id}</body></message>";

    // XEP-0124 §7.2, XEP-0206 §4.
    [Fact]
    public async Task A_session_begins_with_its_terms_and_the_features()
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        XElement body = await romeo.OpenAsync("wait='3600' hold='5' ver='1.6'");

        body.Attribute("sid")!.Value.Length.ShouldBe(32);
        body.Attribute("wait")!.Value.ShouldBe("55");
        body.Attribute("hold")!.Value.ShouldBe("1");
        body.Attribute("requests")!.Value.ShouldBe("2");
        body.Attribute("inactivity")!.Value.ShouldBe("60");
        body.Attribute("ver")!.Value.ShouldBe("1.6");
        body.Attribute("from")!.Value.ShouldBe("kith.test");
        body.Attribute(XName.Get("version", BoshClient.Xbosh))!.Value.ShouldBe("1.0");
        body.Attribute(XName.Get("restartlogic", BoshClient.Xbosh))!.Value.ShouldBe("true");
        body.Element(XName.Get("features", Ns.Streams))!.Find("authentication");
        await romeo.LeaveAsync();
    }

    // XEP-0206 §5: SASL, a restart, binding, and talk in both directions.
    [Fact]
    public async Task The_old_way_in_restarts_the_stream()
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        Actor juliet = await play.Connect("juliet", "balcony");
        await romeo.OpenAsync();
        string plain = SignIn.PlainText("romeo", SignIn.Password);
        XElement success = await romeo.SayAsync($"<auth xmlns='{Ns.Sasl}' mechanism='PLAIN'>{plain}</auth>");
        success.Elements().Single().ShouldMatch($"<success xmlns='{Ns.Sasl}'/>");
        XElement features = await romeo.PostAsync("xmpp:restart='true'");
        features.Find("bind");
        XElement bound = await romeo.SayAsync(
            "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>web</resource></bind></iq>"
        );
        bound.Find("jid").Value.ShouldBe("romeo@kith.test/web");

        // What declares no namespace counts as the stream's; several stanzas in one body keep their order.
        Task<XElement> held = romeo.SayAsync(
            "<message to='juliet@kith.test' id='m1'><body>one</body></message>" + Message("juliet", "m2")
        );
        await juliet.Expect("<message from='romeo@kith.test/web' id='m1'><body>one</body></message>");
        await juliet.Expect("<message id='m2'/>");
        held.IsCompleted.ShouldBeFalse();
        await juliet.Send("<message to='romeo@kith.test/web' type='chat' id='m3'><body>three</body></message>");
        (await held).Elements().Single().ShouldMatch("<message from='juliet@kith.test/balcony' id='m3'/>");
        await romeo.LeaveAsync();
    }

    [Fact]
    public async Task SASL2_needs_no_restart()
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        XElement entered = await romeo.EnterAsync("romeo");
        entered.Find("bound");
        entered.Find("features");
        XElement pong = await romeo.SayAsync(
            "<iq xmlns='jabber:client' type='get' to='kith.test' id='p'><ping xmlns='urn:xmpp:ping'/></iq>"
        );
        pong.Elements().Single().ShouldMatch("<iq type='result' id='p'/>");
        await romeo.LeaveAsync();
    }

    // §8: no more wait than was agreed, and none longer.
    [Fact]
    public async Task A_newer_request_releases_the_older_one()
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        await romeo.EnterAsync("romeo");
        Task<XElement> first = romeo.PostAsync();
        first.IsCompleted.ShouldBeFalse();
        Task<XElement> second = romeo.PostAsync();
        BoshClient.ShouldBeEmpty(await first);
        second.IsCompleted.ShouldBeFalse();
        await play.Advance(TimeSpan.FromSeconds(39));
        second.IsCompleted.ShouldBeFalse();
        await play.Advance(TimeSpan.FromSeconds(2));
        BoshClient.ShouldBeEmpty(await second);
        await romeo.LeaveAsync();
    }

    // security.md, "Streams": who waits for no answer before it says more is not listened to without end.
    [Fact]
    public async Task A_flood_that_waits_for_nothing_ends_the_session()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp, options => options with { StanzasPerSecond = 1 });
        await play.AddAccount("romeo");
        var romeo = new BoshClient(new BoshService(play.Server));
        await romeo.EnterAsync("romeo");
        string large = Message("romeo", new string('x', 50_000));
        XElement answer = await romeo.PostAsync("pause='1'", large);
        for (int i = 0; i < 30 && answer.Attribute("type") is null; i++)
            answer = await romeo.PostAsync("pause='1'", large);
        BoshClient.ShouldEnd(answer, "policy-violation");
    }

    // security.md, "Streams": amplification before sign-in.
    [Fact]
    public async Task A_stranger_s_first_request_is_no_larger_than_its_stanzas_may_be()
    {
        (Play play, BoshService service, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        string large = $"<x>{new string('x', play.Server.Options.UnauthenticatedStanzaBytes + 1024)}</x>";
        XElement answer = await romeo.PostAsync("wait='40' hold='1' to='kith.test'", large, sid: false);
        BoshClient.ShouldEnd(answer, "policy-violation");
        service.Count.ShouldBe(0);
    }

    // §14.3: answered again, byte for byte, and acted upon once.
    [Fact]
    public async Task A_repeated_request_gets_the_same_answer()
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        Actor juliet = await play.Connect("juliet", "balcony");
        await romeo.EnterAsync("romeo");
        const string Ping =
            "<iq xmlns='jabber:client' type='get' to='kith.test' id='p'><ping xmlns='urn:xmpp:ping'/></iq>";
        string payload = Message("juliet", "m1") + Ping;
        XElement answer = await romeo.SayAsync(payload);
        XElement again = await romeo.PostAsync(romeo.Rid - 1, "", payload);
        again.ToString().ShouldBe(answer.ToString());
        await juliet.Expect("<message id='m1'/>");
        await play.ExpectNothing(juliet);
        await romeo.LeaveAsync();
    }

    [Fact]
    public async Task A_repeated_request_takes_the_place_of_one_that_waits()
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        await romeo.EnterAsync("romeo");
        Task<XElement> old = romeo.PostAsync();
        Task<XElement> newer = romeo.PostAsync(romeo.Rid - 1);
        (await old).Attribute("type")!.Value.ShouldBe("error");
        newer.IsCompleted.ShouldBeFalse();
        await play.Advance(TimeSpan.FromSeconds(41));
        BoshClient.ShouldBeEmpty(await newer);
        await romeo.LeaveAsync();
    }

    // The answer to a client that went away is kept for it.
    [Fact]
    public async Task An_answer_that_nobody_took_is_not_lost()
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        Actor juliet = await play.Connect("juliet", "balcony");
        await romeo.EnterAsync("romeo");
        await romeo.SettleAsync("<presence xmlns='jabber:client'/>");
        using var gone = new CancellationTokenSource();
        string request = $"<body xmlns='{BoshClient.Namespace}' rid='{romeo.Rid}' sid='{romeo.Sid}'/>";
        Task<BoshResponse> cut = romeo.RawAsync(request, cancellation: gone.Token);
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => cut);
        await juliet.Send("<message to='romeo@kith.test' type='chat' id='m1'><body>hi</body></message>");
        await juliet.Ping();

        XElement body = await romeo.PostAsync();
        body.Find("message").Attribute("id")!.Value.ShouldBe("m1");
        await romeo.LeaveAsync();
    }

    // §14.2: whatever the order of arrival.
    [Fact]
    public async Task Requests_are_taken_in_the_order_of_their_ids()
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        Actor juliet = await play.Connect("juliet", "balcony");
        await romeo.EnterAsync("romeo");
        long rid = romeo.Rid;
        Task<XElement> second = romeo.PostAsync(rid + 1, "", Message("juliet", "m2"));
        await play.ExpectNothing(juliet);
        Task<XElement> first = romeo.PostAsync(rid, "", Message("juliet", "m1"));
        await juliet.Expect("<message id='m1'/>");
        await juliet.Expect("<message id='m2'/>");
        BoshClient.ShouldBeEmpty(await first);
        second.IsCompleted.ShouldBeFalse();
        romeo.Rid = rid + 2;
        await romeo.LeaveAsync();
        BoshClient.ShouldEnd(await second, null);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-5)]
    [InlineData(1_000_000)]
    public async Task An_id_outside_of_the_window_ends_the_session(int off)
    {
        (Play play, BoshService service, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        await romeo.EnterAsync("romeo");
        BoshClient.ShouldEnd(await romeo.PostAsync(romeo.Rid - 1 + off), "item-not-found");
        await play.Log.Says("connection lost");
        BoshClient.ShouldEnd(await romeo.PostAsync(), "item-not-found");
        service.Count.ShouldBe(0);
    }

    // §11: the input of who does not wait for answers is not taken without end.
    [Fact]
    public async Task Too_many_requests_at_once_end_the_session()
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        await romeo.EnterAsync("romeo");
        long rid = romeo.Rid;
        // The first is missing, so none can be answered.
        Task<XElement> one = romeo.PostAsync(rid + 1);
        Task<XElement> two = romeo.PostAsync(rid + 2);
        BoshClient.ShouldEnd(await two, "item-not-found");
        BoshClient.ShouldEnd(await one, "item-not-found");
    }

    // §10: without a request for a minute the client is gone, and what it has enabled says whether it may come back.
    [Fact]
    public async Task A_silent_client_is_gone_and_may_resume()
    {
        (Play play, BoshService service, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        XElement entered = await romeo.EnterAsync("romeo", SignIn2.ManagedBind);
        string id = entered.Find("enabled").Attribute("id")!.Value;
        await play.Advance(TimeSpan.FromSeconds(59));
        service.Count.ShouldBe(1);
        await play.Advance(TimeSpan.FromSeconds(2));
        await play.Log.Says("may resume");
        service.Count.ShouldBe(0);
        BoshClient.ShouldEnd(await romeo.PostAsync(), "item-not-found");

        var again = new BoshClient(service);
        XElement resumed = await again.EnterAsync("romeo", $"<resume xmlns='urn:xmpp:sm:3' previd='{id}' h='0'/>");
        resumed.Find("resumed").Attribute("previd")!.Value.ShouldBe(id);
        await again.LeaveAsync();
    }

    // §12.
    [Fact]
    public async Task A_polling_client_is_answered_at_once_and_may_not_hurry()
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        XElement session = await romeo.OpenAsync("wait='0' hold='1'");
        session.Attribute("polling")!.Value.ShouldBe("2");
        session.Attribute("requests")!.Value.ShouldBe("1");
        session.Attribute("hold")!.Value.ShouldBe("0");
        session.Find("authentication");
        BoshClient.ShouldBeEmpty(await romeo.PostAsync());
        await play.Advance(TimeSpan.FromSeconds(3));
        BoshClient.ShouldBeEmpty(await romeo.PostAsync());
        BoshClient.ShouldEnd(await romeo.PostAsync(), "policy-violation");
    }

    // §13: the end is told to the oldest, and what came with it is forwarded.
    [Fact]
    public async Task The_client_ends_the_session_in_order()
    {
        (Play play, BoshService service, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        Actor juliet = await play.Connect("juliet", "balcony");
        await romeo.EnterAsync("romeo");
        Task<XElement> held = romeo.PostAsync();
        XElement last = await romeo.PostAsync("type='terminate'", Message("juliet", "m1"));
        BoshClient.ShouldEnd(await held, null);
        BoshClient.ShouldBeEmpty(last);
        await juliet.Expect("<message id='m1'/>");
        await play.Log.Says("closed by the client");
        service.Count.ShouldBe(0);
        play.Account("romeo").Sessions.ShouldBeEmpty();
    }

    // XEP-0206 §6.
    [Fact]
    public async Task A_stream_error_stands_in_the_last_body()
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        await romeo.EnterAsync("romeo");
        XElement body = await romeo.SayAsync("<unheard-of xmlns='urn:example:new'/>");
        BoshClient.ShouldEnd(body, "remote-stream-error");
        body.Elements()
            .Single()
            .ShouldMatch(
                "<stream:error><unsupported-stanza-type xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
            );
    }

    // Between two requests the stream ends: the next request hears of it.
    [Fact]
    public async Task Who_asks_late_still_hears_the_last_word()
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        await romeo.OpenAsync();
        await play.Advance(TimeSpan.FromSeconds(31));
        XElement body = await romeo.PostAsync();
        BoshClient.ShouldEnd(body, "remote-stream-error");
        body.Find("connection-timeout");
    }

    // §15.
    [Fact]
    public async Task Keys_follow_each_other()
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        string[] keys = new string[5];
        keys[0] = "seed";
        for (int i = 1; i < keys.Length; i++)
            keys[i] = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(keys[i - 1])));
        await romeo.OpenAsync($"wait='0' hold='1' newkey='{keys[4].ToUpperInvariant()}'");
        const string Absurd = "<response xmlns='urn:xmpp:sasl:2'/>";
        BoshClient.ShouldBeEmpty(await romeo.PostAsync($"key='{keys[3]}'", Absurd));
        BoshClient.ShouldBeEmpty(await AfterAWhile($"key='{keys[2]}' newkey='{keys[4]}'"));
        BoshClient.ShouldBeEmpty(await AfterAWhile($"key='{keys[3]}'"));
        BoshClient.ShouldEnd(await AfterAWhile($"key='{keys[1]}'"), "item-not-found");

        async Task<XElement> AfterAWhile(string attributes)
        {
            await play.Advance(TimeSpan.FromSeconds(3));
            XElement body = await romeo.PostAsync(attributes);
            body.RemoveNodes();
            return body;
        }
    }

    [Fact]
    public async Task A_missing_key_ends_the_session()
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        await romeo.OpenAsync("wait='40' hold='1' newkey='ca393b51b682f61f98e7877d61146407f3d0a770'");
        BoshClient.ShouldEnd(await romeo.PostAsync(), "item-not-found");
    }

    // §10: a pause answers everything, without payloads, and makes the silence longer.
    [Fact]
    public async Task A_pause_gives_the_client_time()
    {
        (Play play, BoshService service, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        Actor juliet = await play.Connect("juliet", "balcony");
        await romeo.EnterAsync("romeo");
        await romeo.SettleAsync("<presence xmlns='jabber:client'/>");
        Task<XElement> held = romeo.PostAsync();
        BoshClient.ShouldBeEmpty(await romeo.PostAsync("pause='120'"));
        BoshClient.ShouldBeEmpty(await held);
        await juliet.Send("<message to='romeo@kith.test' type='chat' id='m1'><body>hi</body></message>");
        await juliet.Ping();
        await play.Advance(TimeSpan.FromSeconds(110));
        service.Count.ShouldBe(1);
        (await romeo.PostAsync()).Find("message").Attribute("id")!.Value.ShouldBe("m1");
        await romeo.LeaveAsync();
    }

    [Theory]
    [InlineData("", "bad-request")]
    [InlineData("hello", "bad-request")]
    [InlineData("<body/>", "bad-request")]
    [InlineData("<body xmlns='http://jabber.org/protocol/httpbind' to='kith.test'/>", "bad-request")]
    [InlineData("<body xmlns='http://jabber.org/protocol/httpbind' rid='0' to='kith.test'/>", "bad-request")]
    [InlineData("<body xmlns='http://jabber.org/protocol/httpbind' rid='-1' to='kith.test'/>", "bad-request")]
    [InlineData(
        "<body xmlns='http://jabber.org/protocol/httpbind' rid='9007199254740992' to='kith.test'/>",
        "bad-request"
    )]
    [InlineData("<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='kith.test'>text</body>", "bad-request")]
    [InlineData(
        "<!DOCTYPE x []><body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='kith.test'/>",
        "bad-request"
    )]
    [InlineData("<body xmlns='http://jabber.org/protocol/httpbind' rid='1'/>", "improper-addressing")]
    [InlineData("<body xmlns='http://jabber.org/protocol/httpbind' rid='1' to='other.test'/>", "host-unknown")]
    [InlineData("<body xmlns='http://jabber.org/protocol/httpbind' rid='1' sid='nobody'/>", "item-not-found")]
    public async Task Absurd_bodies_are_refused(string body, string condition)
    {
        (Play play, BoshService service, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        BoshResponse response = await romeo.RawAsync(body);
        BoshClient.ShouldEnd(XElement.Parse(Encoding.UTF8.GetString(response.Body)), condition);
        service.Count.ShouldBe(0);
    }

    // Protocol.md, "Bad input": the limits of the stream hold here too, before and after signing in.
    [Fact]
    public async Task A_body_beyond_the_limit_ends_the_session()
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        await romeo.OpenAsync();
        string large = $"<auth xmlns='{Ns.Sasl}'>{new string('x', 70_000)}</auth>";
        BoshClient.ShouldEnd(await romeo.SayAsync(large), "policy-violation");

        var other = new BoshClient(new BoshService(play.Server));
        await other.OpenAsync();
        string tooLarge = $"<auth xmlns='{Ns.Sasl}'>{new string('x', 300_000)}</auth>";
        BoshClient.ShouldEnd(await other.SayAsync(tooLarge), "bad-request");
        other.Rid--;
        await other.LeaveAsync();
    }

    [Theory]
    [InlineData("text/html", "text/xml; charset=utf-8")]
    [InlineData("text/plain; charset=utf-8", "text/plain; charset=utf-8")]
    [InlineData("a\r\nSet-Cookie: b", "text/xml; charset=utf-8")]
    public async Task The_client_does_not_choose_what_a_browser_would_run(string asked, string given)
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        string body =
            $"<body xmlns='{BoshClient.Namespace}' rid='1' to='kith.test' wait='40' hold='1' content='{XmlText(asked)}'/>";
        BoshResponse response = await romeo.RawAsync(body);
        response.ContentType.ShouldBe(given);
        string sid = XElement.Parse(Encoding.UTF8.GetString(response.Body)).Attribute("sid")!.Value;
        await romeo.RawAsync($"<body xmlns='{BoshClient.Namespace}' rid='2' sid='{sid}' type='terminate'/>");

        static string XmlText(string text) => text.Replace("\r", "&#13;").Replace("\n", "&#10;");
    }

    // §18.1.
    [Fact]
    public async Task What_began_over_TLS_goes_on_over_TLS()
    {
        (Play play, _, BoshClient romeo) = await StartAsync();
        await using Play __ = play;
        await romeo.EnterAsync("romeo");
        string request = $"<body xmlns='{BoshClient.Namespace}' rid='{romeo.Rid}' sid='{romeo.Sid}'/>";
        (await romeo.RawAsync(request, secure: false)).Status.ShouldBe(403);
        await romeo.LeaveAsync();
    }
}
