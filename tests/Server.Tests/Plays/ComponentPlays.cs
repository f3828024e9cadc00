using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server;
using Xmpp.Server.Streams;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0114: programs beside the house answer at a domain of their own.</summary>
public sealed class ComponentPlays
{
    private const string Domain = "irc.kith.test";
    private const string Secret = "sesame, open";
    private const string Gone =
        "<error type='wait'><remote-server-timeout xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>";

    private static Task<Play> StartAsync(Framing framing) =>
        Play.StartAsync(
            framing,
            options => options with { Components = new Dictionary<string, string> { [Domain] = Secret } }
        );

    /// <summary>A component's end of a line.</summary>
    private sealed class Peer(Play play) : IAsyncDisposable
    {
        private readonly Line _line = new();
        private TcpWire _wire = null!;
        private Task _served = Task.CompletedTask;

        public async Task<string> OpenAsync(string to = Domain, string ns = XmppServer.ComponentNamespace)
        {
            _wire = new TcpWire(_line.Client);
            _served = play.Server.ServeComponentAsync(
                new TcpTransport(_line.Server, IPAddress.Loopback, new XmlLimits(), tls: null)
                {
                    ContentNamespace = XmppServer.ComponentNamespace,
                }
            );
            await Send($"<?xml version='1.0'?><stream:stream xmlns='{ns}' xmlns:stream='{Ns.Streams}' to='{to}'>");
            XElement header = (await Read()).ShouldNotBeNull();
            header.Attribute("from")!.Value.ShouldBe(to);
            header.Attribute("version").ShouldBeNull();
            return header.Attribute("id")!.Value;
        }

        public async Task ConnectAsync()
        {
            await ShakeAsync(await OpenAsync());
            (await Read()).ShouldNotBeNull().Name.ShouldBe(XName.Get("handshake", XmppServer.ComponentNamespace));
        }

        public Task ShakeAsync(string id, string secret = Secret) =>
            Send(
                $"<handshake>{Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(id + secret)))}</handshake>"
            );

        public Task Send(string xml) => _wire.SendAsync(xml);

        public async Task<XElement?> Read()
        {
            using var patience = new CancellationTokenSource(Actor.Patience);
            return await _wire.ReadAsync(patience.Token);
        }

        /// <summary>Stanzas are in the component's namespace.</summary>
        public async Task Expect(string pattern)
        {
            XElement came = (await Read()).ShouldNotBeNull();
            came.Name.NamespaceName.ShouldBe(XmppServer.ComponentNamespace);
            string text = came.ToString().Replace(XmppServer.ComponentNamespace, Ns.Client);
            Pattern.Parse(text).ShouldMatch(pattern);
        }

        public async Task ExpectEnd(string error)
        {
            (await Read()).ShouldNotBeNull().Element(XName.Get(error, Ns.StreamErrors)).ShouldNotBeNull();
            (await Read()).ShouldBeNull();
            await _served.WaitAsync(Actor.Patience);
        }

        public async Task Cut()
        {
            _line.Cut();
            await _served.WaitAsync(Actor.Patience);
        }

        public async ValueTask DisposeAsync() => await Cut();
    }

    // §3, example 3 and on.
    [Theory, Framings]
    public async Task Stanzas_of_all_kinds_pass_both_ways(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        await using var peer = new Peer(play);
        await peer.ConnectAsync();
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='#kith@{Domain}' type='chat' id='m'><body>hi</body></message>");
        await peer.Expect($"<message from='{anna.Jid}' to='#kith@{Domain}' id='m'><body>hi</body></message>");
        await peer.Send(
            $"<message from='bob@{Domain}' to='{anna.Bare}' type='chat'><body>ho</body><x xmlns='y'><z/></x></message>"
        );
        await anna.Expect($"<message from='bob@{Domain}'><body>ho</body><x xmlns='y'><z/></x></message>");
        await anna.Send($"<presence to='{Domain}'/>");
        await peer.Expect($"<presence from='{anna.Jid}' to='{Domain}'/>");
        await peer.Send($"<iq from='{Domain}' to='{anna.Jid}' type='get' id='q'><a xmlns='b'/></iq>");
        await anna.Expect($"<iq from='{Domain}' type='get' id='q'><a xmlns='b'/></iq>");
        await anna.Send($"<iq to='{Domain}' type='result' id='q'/>");
        await peer.Expect($"<iq from='{anna.Jid}' type='result' id='q'/>");
        Task<XElement> answer = anna.Ask($"<iq to='{Domain}' type='get' id='r'><a xmlns='b'/></iq>");
        await peer.Expect("<iq type='get' id='r'><a xmlns='b'/></iq>");
        await peer.Send($"<iq from='{Domain}' to='{anna.Jid}' type='result' id='r'><a xmlns='b'/></iq>");
        (await answer).ShouldMatch("<iq type='result'><a xmlns='b'/></iq>");
        await peer.Send(
            $"<iq from='{Domain}' to='kith.test' type='get' id='v'><query xmlns='jabber:iq:version'/></iq>"
        );
        await peer.Expect("<iq from='kith.test' type='result' id='v'/>");
    }

    // RFC 6120 §4.8.3: stanzas that say themselves what they are in.
    [Theory]
    [InlineData("<message xmlns='jabber:component:accept' {0}><body>ho</body><x xmlns='y'><z/></x></message>")]
    [InlineData("<message xmlns='jabber:component:&#97;ccept' {0}><body>ho</body><x xmlns='y'><z/></x></message>")]
    [InlineData(
        "<c:message xmlns:c='jabber:component:accept' {0}><c:body>ho</c:body><x xmlns='y'><z/></x></c:message>"
    )]
    [InlineData("<message {0}><body xmlns='jabber:component:accept'>ho</body><x xmlns='y'><z/></x></message>")]
    [InlineData("<message xmlns='jabber:client' {0}><body>ho</body><x xmlns='y'><z/></x></message>")]
    public async Task A_stanza_may_declare_the_namespace_itself(string stanza)
    {
        await using Play play = await StartAsync(Framing.Tcp);
        await using var peer = new Peer(play);
        await peer.ConnectAsync();
        Actor anna = await play.Connect("anna", "phone");
        await peer.Send(stanza.Replace("{0}", $"from='bob@{Domain}' to='{anna.Bare}' type='chat'"));
        await anna.Expect($"<message from='bob@{Domain}' type='chat'><body>ho</body><x xmlns='y'><z/></x></message>");
        XElement kept = await anna.Await(
            await Archive(anna)
                + $"<message xmlns='jabber:client' from='bob@{Domain}'><body>ho</body></message>"
                + "</forwarded></result></message>"
        );
        kept.ToString().ShouldNotContain(XmppServer.ComponentNamespace);
    }

    private static async Task<string> Archive(Actor actor)
    {
        await actor.Send("<iq type='set' id='archive'><query xmlns='urn:xmpp:mam:2'/></iq>");
        return "<message><result xmlns='urn:xmpp:mam:2'><forwarded xmlns='urn:xmpp:forward:0'>";
    }

    // §3: "If the credentials supplied by the initiator are not valid …".
    [Fact]
    public async Task A_wrong_secret_name_or_namespace_ends_the_stream()
    {
        await using Play play = await StartAsync(Framing.Tcp);
        await using var wrong = new Peer(play);
        await wrong.ShakeAsync(await wrong.OpenAsync(), "sesame");
        await wrong.ExpectEnd("not-authorized");
        await using var early = new Peer(play);
        await early.OpenAsync();
        await early.Send($"<message from='bob@{Domain}' to='anna@kith.test'/>");
        await early.ExpectEnd("not-authorized");
        await using var unknown = new Peer(play);
        await unknown.OpenAsync("kith.test");
        await unknown.ExpectEnd("host-unknown");
        await using var client = new Peer(play);
        await client.OpenAsync(ns: Ns.Client);
        await client.ExpectEnd("invalid-namespace");
        await using var slow = new Peer(play);
        await slow.OpenAsync();
        await play.Advance(TimeSpan.FromSeconds(play.Options.AuthenticateSeconds + 1));
        await slow.ExpectEnd("connection-timeout");
    }

    // §3: the domain of 'from' is the component's.
    [Theory]
    [InlineData("<message from='anna@kith.test' to='ben@kith.test'/>", "invalid-from")]
    [InlineData("<message from='bob@away.test' to='ben@kith.test'/>", "invalid-from")]
    [InlineData("<message to='ben@kith.test'/>", "invalid-from")]
    [InlineData($"<message from='bob@{Domain}'/>", "improper-addressing")]
    [InlineData("<x xmlns='y'/>", "unsupported-stanza-type")]
    public async Task It_speaks_for_its_own_domain_only(string stanza, string error)
    {
        await using Play play = await StartAsync(Framing.Tcp);
        await using var peer = new Peer(play);
        await peer.ConnectAsync();
        await peer.Send(stanza);
        await peer.ExpectEnd(error);
    }

    [Theory, Framings]
    public async Task A_second_one_is_turned_away_and_one_that_went_may_come_back(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        Actor anna = await play.Connect("anna", "phone");
        await anna.Send($"<message to='bob@{Domain}' id='m'><body>hi</body></message>");
        await anna.Expect($"<message from='bob@{Domain}' id='m' type='error'>{Gone}</message>");
        await anna.Ask($"<iq to='{Domain}' type='get'><a xmlns='b'/></iq>", $"<iq type='error'>{Gone}</iq>");
        await using var first = new Peer(play);
        await first.ConnectAsync();
        await using var second = new Peer(play);
        await second.ShakeAsync(await second.OpenAsync());
        await second.ExpectEnd("conflict");
        await anna.Send($"<message to='bob@{Domain}' id='n'><body>hi</body></message>");
        await first.Expect("<message id='n'/>");
        await first.Cut();
        await using var third = new Peer(play);
        await third.ConnectAsync();
        await anna.Send($"<message to='bob@{Domain}' id='o'><body>hi</body></message>");
        await third.Expect("<message id='o'/>");
    }

    // Beyond 6, Reach 2.
    [Theory, Framings]
    public async Task Limited_accounts_meet_it_only_with_approval(Framing framing)
    {
        await using Play play = await StartAsync(framing);
        await using var peer = new Peer(play);
        await peer.ConnectAsync();
        await play.AddAccount("child", Xmpp.Server.Stores.Role.Limited);
        await peer.Send($"<message from='bob@{Domain}' to='child@kith.test' id='m'><body>hi</body></message>");
        await peer.Expect(
            "<message from='child@kith.test' type='error' id='m'><error><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"
        );
    }
}
