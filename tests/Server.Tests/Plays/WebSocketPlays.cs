using System.Net.WebSockets;
using System.Text;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>RFC 7395, where it is not like TCP; and what must never happen (security.md, "Streams").</summary>
public sealed class WebSocketPlays
{
    private const string Open = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='kith.test' version='1.0'/>";

    private static async Task<(Play Play, Actor Actor, WebSocketWire Wire)> DialAsync()
    {
        Play play = await Play.StartAsync(Framing.WebSocket);
        Actor actor = play.Dial("romeo", "web");
        return (play, actor, (WebSocketWire)actor.Connection.Wire);
    }

    // The server may be gone before the flood is over.
    private static async Task UntilRefusedAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (WebSocketException)
        {
            return;
        }
    }

    // §3.3.
    [Fact]
    public async Task The_stream_opens_and_closes_by_its_own_elements()
    {
        (Play play, Actor romeo, WebSocketWire wire) = await DialAsync();
        await using Play _ = play;
        await wire.RawAsync(Open);
        await romeo.Expect(
            "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='kith.test' id='{any}' version='1.0' xml:lang='en'/>"
        );
        await romeo.Expect("<stream:features/>");
        await wire.CloseAsync();
        await romeo.ExpectEnd();
        await romeo.Connection.Served;
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("<stream:stream")]
    public async Task Text_before_the_stream_ends_it(string text)
    {
        (Play play, Actor romeo, WebSocketWire wire) = await DialAsync();
        await using Play _ = play;
        await wire.RawAsync(text);
        await romeo.Expect("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
        await romeo.ExpectEnd("not-well-formed");
        await romeo.Connection.Served;
    }

    // §3.4: whatever comes first is taken for the header.
    [Theory]
    [InlineData("<message xmlns='jabber:client'><body>hi</body></message>", "bad-format")]
    [InlineData("<open xmlns='jabber:client' to='kith.test' version='1.0'/>", "bad-format")]
    [InlineData("<stream xmlns='http://etherx.jabber.org/streams' to='kith.test' version='1.0'/>", "invalid-namespace")]
    [InlineData("<body xmlns='http://jabber.org/protocol/httpbind' to='kith.test'/>", "bad-format")]
    [InlineData("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='other.test' version='1.0'/>", "host-unknown")]
    [InlineData("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='kith.test'/>", "unsupported-version")]
    [InlineData("<?xml version='1.0'?>" + Open, "restricted-xml")]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'b'>]>" + Open, "restricted-xml")]
    public async Task Another_header_is_refused(string header, string error)
    {
        (Play play, Actor romeo, WebSocketWire wire) = await DialAsync();
        await using Play _ = play;
        await wire.RawAsync(header);
        await romeo.Expect("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>");
        await romeo.ExpectEnd(error);
    }

    [Fact]
    public async Task A_second_header_ends_the_stream()
    {
        (Play play, Actor romeo, WebSocketWire wire) = await DialAsync();
        await using Play _ = play;
        await SignIn.OpenAsync(romeo);
        await wire.RawAsync(Open);
        await romeo.ExpectEnd("bad-format");
    }

    // §3.3.3: nothing surrounds a message that could give it a namespace.
    [Fact]
    public async Task A_stanza_declares_its_own_namespace()
    {
        await using Play play = await Play.StartAsync(Framing.WebSocket);
        Actor romeo = await play.Bind("romeo", "web");
        romeo.IsBound = false;
        await ((WebSocketWire)romeo.Connection.Wire).RawAsync(
            "<message to='juliet@kith.test'><body>hi</body></message>"
        );
        await romeo.ExpectEnd("unsupported-stanza-type");
    }

    [Fact]
    public async Task One_message_has_one_element()
    {
        await using Play play = await Play.StartAsync(Framing.WebSocket);
        Actor romeo = await play.Bind("romeo", "web");
        romeo.IsBound = false;
        await ((WebSocketWire)romeo.Connection.Wire).RawAsync(
            "<presence xmlns='jabber:client'/><presence xmlns='jabber:client'/>"
        );
        await romeo.ExpectEnd("not-well-formed");
    }

    [Fact]
    public async Task Binary_messages_are_refused()
    {
        (Play play, Actor romeo, WebSocketWire wire) = await DialAsync();
        await using Play _ = play;
        await SignIn.OpenAsync(romeo);
        await wire.Socket.SendAsync(new byte[] { 60 }, WebSocketMessageType.Binary, true, CancellationToken.None);
        await romeo.ExpectEnd("bad-format");
    }

    [Fact]
    public async Task Fragments_and_white_space_make_no_difference()
    {
        await using Play play = await Play.StartAsync(Framing.WebSocket);
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor romeo = await play.Bind("romeo", "web");
        var wire = (WebSocketWire)romeo.Connection.Wire;
        string text =
            "\n<message xmlns='jabber:client' to='juliet@kith.test' id='m1'><body>Wärst du doch Ä</body></message>\n";
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        for (int i = 0; i < bytes.Length; i++)
            await wire.Socket.SendAsync(
                bytes.AsMemory(i, 1),
                WebSocketMessageType.Text,
                i == bytes.Length - 1,
                CancellationToken.None
            );
        await wire.RawAsync(" ");
        await wire.RawAsync("");
        await juliet.Expect("<message id='m1'><body>Wärst du doch Ä</body></message>");
        await romeo.Ping();
    }

    [Fact]
    public async Task A_message_beyond_the_limit_ends_the_stream()
    {
        (Play play, Actor romeo, WebSocketWire wire) = await DialAsync();
        await using Play _ = play;
        await SignIn.OpenAsync(romeo);
        await UntilRefusedAsync(() => wire.RawAsync($"<auth xmlns='{Ns.Sasl}'>{new string('x', 70_000)}</auth>"));
        await romeo.ExpectEnd("policy-violation");
    }

    // Frames without end: a message that never ends is refused once it is too large, whatever its frames are.
    [Fact]
    public async Task A_flood_of_fragments_ends_the_stream()
    {
        (Play play, Actor romeo, WebSocketWire wire) = await DialAsync();
        await using Play _ = play;
        await SignIn.OpenAsync(romeo);
        var spaces = new byte[1000];
        spaces.AsSpan().Fill((byte)' ');
        for (int i = 0; i < 66; i++)
            await UntilRefusedAsync(() =>
                wire.Socket.SendAsync(spaces, WebSocketMessageType.Text, false, CancellationToken.None)
            );
        await romeo.ExpectEnd("policy-violation");
    }

    [Fact]
    public async Task A_flood_of_empty_fragments_ends_the_stream()
    {
        (Play play, Actor romeo, WebSocketWire wire) = await DialAsync();
        await using Play _ = play;
        await SignIn.OpenAsync(romeo);
        for (int i = 0; i < 20; i++)
            await UntilRefusedAsync(() =>
                wire.Socket.SendAsync(Array.Empty<byte>(), WebSocketMessageType.Text, false, CancellationToken.None)
            );
        await romeo.ExpectEnd("policy-violation");
    }

    // §3.6: without a goodbye it is a lost connection, and the session can be resumed.
    [Fact]
    public async Task A_WebSocket_that_closes_without_a_goodbye_leaves_a_session_to_resume()
    {
        await using Play play = await Play.StartAsync(Framing.WebSocket);
        Actor romeo = await play.Connect("romeo", "web", managed: true);
        var wire = (WebSocketWire)romeo.Connection.Wire;
        romeo.IsBound = false;
        await wire.Socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, null, CancellationToken.None);
        await romeo.Cut();
        play.Account("romeo").Sessions.ShouldHaveSingleItem().IsAttached.ShouldBeFalse();
        await romeo.Resume();
    }

    // The server ends a stream that waits for input: the client hears why.
    [Fact]
    public async Task A_waiting_client_hears_why_it_must_go()
    {
        await using Play play = await Play.StartAsync(Framing.WebSocket);
        Actor romeo = await play.Connect("romeo", "web");
        romeo.IsBound = false;
        await play.Bind("romeo", "web");
        await romeo.ExpectEnd("conflict");
        await romeo.Connection.Served;
    }

    [Fact]
    public async Task Who_does_not_sign_in_hears_that_time_is_over()
    {
        (Play play, Actor romeo, WebSocketWire _) = await DialAsync();
        await using Play __ = play;
        await SignIn.OpenAsync(romeo);
        await play.Advance(TimeSpan.FromSeconds(31));
        await romeo.ExpectEnd("connection-timeout");
    }
}
