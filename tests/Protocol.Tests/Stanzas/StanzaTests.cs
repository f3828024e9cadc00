using System.Buffers;
using System.Text;
using Protocol.Tests.Xml;
using Shouldly;
using Xmpp.Addresses;
using Xmpp.Stanzas;
using Xmpp.Xml;
using Xunit;

namespace Protocol.Tests.Stanzas;

public class StanzaTests
{
    private static readonly Jid _anna = Jid.Parse("anna@home.example/phone");
    private static readonly Jid _ben = Jid.Parse("ben@home.example");

    private static Stanza Read(string xml)
    {
        Stanza.TryRead(XmlFragment.Parse(xml).Root, out Stanza? stanza, out bool badAddress).ShouldBeTrue();
        badAddress.ShouldBeFalse();
        return stanza;
    }

    [Fact]
    public void A_stanza_is_read()
    {
        Stanza stanza = Read(
            "<message xmlns='jabber:client' to='ben@home.example' from='anna@home.example/phone' id='1' type='chat' xml:lang='de'><body>Hallo</body></message>"
        );
        (stanza.Kind, stanza.Type, stanza.Id, stanza.Language).ShouldBe(
            (StanzaKind.Message, StanzaType.Chat, "1", "de")
        );
        (stanza.To, stanza.From).ShouldBe((_ben, _anna));
        stanza.Child("body", Ns.Client).Text.ShouldBe("Hallo");
        stanza.Payload.Span.SequenceEqual("<body>Hallo</body>"u8).ShouldBeTrue();
    }

    [Theory]
    [InlineData("<message/>")]
    [InlineData("<message xmlns='urn:x'/>")]
    [InlineData("<Message xmlns='jabber:client'/>")]
    [InlineData("<body xmlns='jabber:client'/>")]
    public void Other_elements_are_no_stanzas(string xml)
    {
        Stanza.TryRead(XmlFragment.Parse(xml).Root, out Stanza? stanza, out _).ShouldBeFalse();
        stanza.ShouldBeNull();
    }

    [Theory]
    [InlineData("message", null, StanzaType.Normal)]
    [InlineData("message", "normal", StanzaType.Normal)]
    [InlineData("message", "", StanzaType.Normal)]
    [InlineData("message", "shout", StanzaType.Normal)]
    [InlineData("message", "gr&#111;upchat", StanzaType.Groupchat)]
    [InlineData("message", "headline", StanzaType.Headline)]
    [InlineData("message", "error", StanzaType.Error)]
    [InlineData("presence", null, StanzaType.Available)]
    [InlineData("presence", "available", StanzaType.Invalid)]
    [InlineData("presence", "", StanzaType.Invalid)]
    [InlineData("presence", "probe", StanzaType.Probe)]
    [InlineData("iq", null, StanzaType.Invalid)]
    [InlineData("iq", "GET", StanzaType.Invalid)]
    [InlineData("iq", "chat", StanzaType.Invalid)]
    [InlineData("iq", "result", StanzaType.Result)]
    public void A_type_is_read(string kind, string? type, StanzaType expected) =>
        Read($"<{kind} xmlns='jabber:client'{(type is null ? "" : $" type='{type}'")}/>").Type.ShouldBe(expected);

    [Theory]
    [InlineData("to=''")]
    [InlineData("to='@home.example'")]
    [InlineData("from='a@b.example/'")]
    [InlineData("to='a@b.example' from='&#64;'")]
    public void An_address_that_cannot_be_read_is_told(string addresses)
    {
        Stanza
            .TryRead(
                XmlFragment.Parse($"<iq xmlns='jabber:client' type='get' id='1' {addresses}/>").Root,
                out Stanza? stanza,
                out bool badAddress
            )
            .ShouldBeTrue();
        badAddress.ShouldBeTrue();
        stanza!.Id.ShouldBe("1");
    }

    [Theory]
    [InlineData("\"&apos; to=&apos;x\"", "' to='x")]
    [InlineData("'\"/>&lt;presence/>'", "\"/><presence/>")]
    [InlineData("'a&#10;b&#9;c&#13;d'", "a\nb\tc\rd")]
    [InlineData("'&amp;apos;'", "&apos;")]
    [InlineData("\"'\"", "'")]
    [InlineData("''", "")]
    public void An_id_or_a_language_never_breaks_out_of_its_quotes(string raw, string value)
    {
        Stanza stanza = Read(
            $"<iq xmlns='jabber:client' type={raw} id={raw} xml:lang={raw} from='anna@home.example/phone'><q xmlns='urn:q'/></iq>"
        );
        stanza.Type.ShouldBe(StanzaType.Invalid);
        foreach (
            Stanza sent in (Stanza[])
                [stanza, stanza.Bounce(StanzaError.BadRequest(value)), stanza.Result(default), stanza.With(_ben, _anna)]
        )
        {
            Element written = XmlParser.Parse(sent.ToArray(), XmlContext.Empty, new()).Root;
            written.Attribute("id").ShouldBe(value);
            written.Attribute("type").ShouldBeOneOf(null, "error", "result");
            if (sent.Language is not null)
                written.Language.ShouldBe(value);
            written.Attributes.Count().ShouldBeLessThan(8);
        }
    }

    [Fact]
    public void An_id_that_no_stream_could_bring_ends_no_stream()
    {
        var stanza = new Stanza
        {
            Kind = StanzaKind.Message,
            Type = StanzaType.Chat,
            Id = "a\0\uD800b" + new string('c', 9000),
        };
        XmlFragment.Parse(stanza.ToArray()).Root.Attribute("id")!.ShouldStartWith("a\uFFFD\uFFFDbc");
    }

    [Fact]
    public void A_start_tag_is_written_for_its_recipient_and_framing()
    {
        Stanza stanza = Read(
                "<message xmlns='jabber:client' to='ben@home.example' type='normal' id='1'><body>b</body></message>"
            )
            .With(_anna, _ben, "en");
        Written(stanza, null, "", "")
            .ShouldBe("<message from='anna@home.example/phone' id='1' xml:lang='en'><body>b</body></message>");
        Written(stanza, _anna, "<s xmlns='urn:s'/>", "jabber:server")
            .ShouldBe(
                "<message xmlns='jabber:server' from='anna@home.example/phone' to='anna@home.example/phone' id='1' xml:lang='en'><body>b</body><s xmlns='urn:s'/></message>"
            );
        Written(stanza.WithPayload(default), null, "", "")
            .ShouldBe("<message from='anna@home.example/phone' id='1' xml:lang='en'/>");
    }

    private static string Written(Stanza stanza, Jid? to, string suffix, string ns)
    {
        var output = new ArrayBufferWriter<byte>();
        stanza.Write(output, to, Encoding.UTF8.GetBytes(suffix), Encoding.UTF8.GetBytes(ns));
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    [Fact]
    public void A_language_of_its_own_is_not_replaced() =>
        Read("<presence xmlns='jabber:client' xml:lang='de'/>").With(null, null, "en").Language.ShouldBe("de");

    [Fact]
    public void Answers_go_back_where_the_question_came_from()
    {
        Stanza asked = Read(
            "<iq xmlns='jabber:client' type='get' id='q' from='anna@home.example/phone' to='ben@home.example'><q xmlns='urn:q'/></iq>"
        );
        asked
            .Result("<q xmlns='urn:q'/>"u8.ToArray())
            .ToString()
            .ShouldBe(
                "<iq xmlns='jabber:client' from='ben@home.example' to='anna@home.example/phone' type='result' id='q'><q xmlns='urn:q'/></iq>"
            );
        asked
            .Bounce(StanzaError.ItemNotFound("No <such> thing"))
            .ToString()
            .ShouldBe(
                "<iq xmlns='jabber:client' from='ben@home.example' to='anna@home.example/phone' type='error' id='q'><error type='cancel' code='404'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>No &lt;such&gt; thing</text></error></iq>"
            );
    }

    [Fact]
    public void An_error_may_carry_an_address_and_an_applications_own_condition()
    {
        var error = new StanzaError("cancel", "gone")
        {
            Alternate = "xmpp:a@b?join&x",
            Extra = "<x xmlns='urn:x'/>"u8.ToArray(),
        };
        Encoding
            .UTF8.GetString(error.ToArray())
            .ShouldBe(
                "<error type='cancel' code='302'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>xmpp:a@b?join&amp;x</gone><x xmlns='urn:x'/></error>"
            );
    }

    [Fact]
    public void A_stanza_made_here_has_a_root_too()
    {
        var stanza = new Stanza
        {
            Kind = StanzaKind.Presence,
            Type = StanzaType.Available,
            Payload = "<show>away</show>"u8.ToArray(),
        };
        stanza.Child("show", Ns.Client).Text.ShouldBe("away");
        stanza.Root.ShouldBe(stanza.Root);
    }

    [Fact]
    public void A_stanza_that_was_forwarded_deeper_than_streams_allow_can_still_be_read()
    {
        string deep =
            string.Concat(Enumerable.Repeat("<a xmlns='urn:a'>", 100)) + string.Concat(Enumerable.Repeat("</a>", 100));
        var stanza = new Stanza
        {
            Kind = StanzaKind.Message,
            Type = StanzaType.Normal,
            Payload = XmlCorpus.Utf8(deep),
        };
        stanza.Root.FirstChild.Name.ShouldBe("a");
    }
}
