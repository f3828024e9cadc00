using System.Text;
using Shouldly;
using Xmpp.Xml;
using Xunit;

namespace Protocol.Tests.Xml;

public class XmlLimitsTests
{
    private static string Repeat(string text, int times) => new StringBuilder().Insert(0, text, times).ToString();

    private static void Refused(string xml, XmlLimits? limits = null) =>
        Should
            .Throw<StreamErrorException>(() => XmlParser.Parse(XmlCorpus.Utf8(xml), XmlContext.Empty, limits ?? new()))
            .Condition.ShouldBe(StreamErrorCondition.PolicyViolation);

    private static XmlFragment Taken(string xml, XmlLimits? limits = null) =>
        XmlParser.Parse(XmlCorpus.Utf8(xml), XmlContext.Empty, limits ?? new());

    [Fact]
    public void Sixty_four_levels_are_read_and_sixty_five_are_not()
    {
        Taken(Repeat("<a>", 64) + Repeat("</a>", 64));
        Refused(Repeat("<a>", 65) + Repeat("</a>", 65));
        Refused(Repeat("<a>", 64) + "<b/>" + Repeat("</a>", 64));
    }

    [Fact]
    public void On_a_stream_the_header_is_one_of_the_levels()
    {
        XmlFeed.Read("<s>" + Repeat("<a>", 63) + Repeat("</a>", 63) + "</s>").ShouldContain("Close");
        XmlFeed.Read("<s>" + Repeat("<a>", 64)).ShouldEndWith("PolicyViolation");
        XmlFeed.Read("<s>" + Repeat("<a>", 63) + "<b/>").ShouldEndWith("PolicyViolation");
    }

    [Fact]
    public void Sixty_four_attributes_are_read_and_sixty_five_are_not()
    {
        static string Attributes(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $" a{i}=''"));
        Taken($"<a{Attributes(64)}/>").Root.Attributes.Count().ShouldBe(64);
        Refused($"<a{Attributes(65)}/>");
    }

    [Fact]
    public void Declarations_in_scope_are_counted_over_all_levels()
    {
        static string Nested(int count) =>
            string.Concat(Enumerable.Range(0, count).Select(i => $"<a xmlns:a{i}='u{i}' xmlns:b{i}='u'>"))
            + Repeat("</a>", count);
        Taken(Nested(32));
        Refused(Nested(33));
        Taken($"<a>{Repeat("<b xmlns='urn:b'/>", 500)}</a>").Root.Children.Count.ShouldBe(500);
    }

    [Fact]
    public void Elements_and_attributes_of_a_stanza_are_counted()
    {
        var limits = new XmlLimits { Bytes = 65536 };
        limits.Nodes.ShouldBe(4096);
        Taken($"<a>{Repeat("<b/>", 4095)}</a>", limits);
        Refused($"<a>{Repeat("<b/>", 4096)}</a>", limits);
        Refused($"<a>{Repeat("<b c=''/>", 2048)}</a>", limits);
        (limits with { Nodes = 10 }).Nodes.ShouldBe(10);
    }

    [Fact]
    public void Bytes_are_counted_without_a_scanner_too() => Refused($"<a>{Repeat("b", 93)}</a>", new() { Bytes = 99 });

    [Fact]
    public void A_namespace_that_children_borrow_cannot_multiply_a_stanza()
    {
        string ns = Repeat("n", 8000);
        Refused($"<message xmlns='jabber:client' xmlns:a='{ns}'>{Repeat("<a:b/>", 1000)}</message>");
        Taken($"<message xmlns='jabber:client' xmlns:a='{ns}'>{Repeat("<a:b/>", 20)}</message>");
    }

    [Theory]
    [InlineData("<b/>", "")]
    [InlineData("<b c=''/>", "")]
    [InlineData("<b c='' d='' e='' f=''/>", "")]
    [InlineData("<é/>", "")]
    [InlineData("<b xmlns='urn:x:y'/>", "")]
    [InlineData("<a:b/>", " xmlns:a='urn:some:namespace'")]
    [InlineData("&amp;", "")]
    public void A_stanza_before_authentication_costs_a_small_multiple_of_its_size(string part, string declared)
    {
        var limits = new XmlLimits { Bytes = 65536 };
        byte[] stanza = Encoding.UTF8.GetBytes(
            $"<iq{declared}>{Repeat(part, 65500 / Encoding.UTF8.GetByteCount(part) - 10)}</iq>"
        );
        Parse(stanza, limits);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Parse(stanza, limits);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(15 * 65536);
    }

    private static void Parse(byte[] stanza, XmlLimits limits)
    {
        try
        {
            XmlParser.Parse(stanza, XmlContext.Empty, limits);
        }
        catch (StreamErrorException error)
        {
            error.Condition.ShouldBe(StreamErrorCondition.PolicyViolation);
        }
    }
}
