using System.Text;
using Shouldly;
using Xmpp.Xml;
using Xunit;

namespace Protocol.Tests.Xml;

public class XmlScannerTests
{
    private static readonly string _whole =
        XmlCorpus.Header + "\n" + string.Join("\n", XmlCorpus.Elements) + "</stream:stream>";

    public static TheoryData<string> Documents =>
        [.. XmlCorpus.Elements.Select(e => XmlCorpus.Header + " " + e + "</stream:stream>"), .. XmlCorpus.Headers];

    [Fact]
    public void A_stream_gives_every_element_once_and_in_order()
    {
        string[] told = XmlFeed.Read(_whole).Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        told.Length.ShouldBe(XmlCorpus.Elements.Count + 2);
        told[0].ShouldStartWith("Open ");
        told[^1].ShouldBe("Close </stream:stream>");
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_cut_in_two_gives_the_same(string document)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(document);
        string expected = XmlFeed.Read(bytes, left => left);
        for (int cut = 1; cut < bytes.Length; cut++)
        {
            int first = cut;
            XmlFeed.Read(bytes, left => left == bytes.Length ? first : left).ShouldBe(expected, $"cut at {cut}");
        }
        XmlFeed.Read(bytes, _ => 1).ShouldBe(expected);
    }

    [Fact]
    public void Random_chunks_give_the_same()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(_whole);
        string expected = XmlFeed.Read(bytes, left => left);
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            int most = 1 << random.Next(1, 12);
            XmlFeed.Read(bytes, _ => random.Next(1, most)).ShouldBe(expected, $"seed {seed}");
        }
    }

    [Fact]
    public void Two_stanzas_in_one_buffer_are_taken_one_by_one()
    {
        var scanner = new XmlScanner(new());
        byte[] bytes = "<s:s> <a x='>'/>\n<b></b></s:s>"u8.ToArray();
        Take(scanner, ref bytes).ShouldBe((XmlUnit.Open, "<s:s>", 0));
        Take(scanner, ref bytes).ShouldBe((XmlUnit.Element, "<a x='>'/>", 1));
        Take(scanner, ref bytes).ShouldBe((XmlUnit.Element, "<b></b>", 1));
        Take(scanner, ref bytes).ShouldBe((XmlUnit.Close, "</s:s>", 0));
        bytes.ShouldBeEmpty();
    }

    private static (XmlUnit Unit, string Text, int Leading) Take(XmlScanner scanner, ref byte[] bytes)
    {
        int end = scanner.Scan(bytes, out XmlUnit unit);
        var taken = (unit, Encoding.UTF8.GetString(bytes, end - scanner.Length, scanner.Length), scanner.Leading);
        (scanner.Leading + scanner.Length).ShouldBe(end);
        scanner.Next();
        bytes = bytes[end..];
        return taken;
    }

    [Fact]
    public void White_space_that_keeps_a_stream_alive_is_dropped_without_end()
    {
        var scanner = new XmlScanner(new() { Bytes = 64 });
        scanner.Scan("<s>"u8, out _);
        for (int i = 0; i < 1000; i++)
        {
            scanner.Next();
            scanner.Scan(" "u8, out XmlUnit unit).ShouldBe(1);
            (unit, scanner.Length, scanner.Leading).ShouldBe((XmlUnit.None, 0, 1));
        }
    }

    [Fact]
    public void A_reset_scanner_expects_a_header_with_or_without_declaration()
    {
        var scanner = new XmlScanner(new());
        foreach (string header in (string[])["<?xml version='1.0'?><s>", "<s>", "\n<?xml version='1.0'?>\n<s>"])
        {
            scanner.Scan(Encoding.UTF8.GetBytes(header), out XmlUnit unit).ShouldBe(header.Length);
            (unit, scanner.Length).ShouldBe((XmlUnit.Open, 3));
            scanner.Scan("<half"u8, out _);
            scanner.Reset();
        }
    }

    [Theory]
    [InlineData("", XmlUnit.Element)]
    [InlineData("a", null)]
    public void A_stanza_may_be_as_big_as_the_limit_and_no_bigger(string more, XmlUnit? expected)
    {
        var scanner = new XmlScanner(new() { Bytes = 20 });
        scanner.Scan("<s>"u8, out _);
        scanner.Next();
        byte[] stanza = Encoding.UTF8.GetBytes($"<a>{new string('b', 13)}{more}</a>");
        XmlUnit unit = XmlUnit.None;
        if (expected is null)
            Should
                .Throw<StreamErrorException>(() => scanner.Scan(stanza, out _))
                .Condition.ShouldBe(StreamErrorCondition.PolicyViolation);
        else
            scanner.Scan(stanza, out unit).ShouldBe(20);
        unit.ShouldBe(expected ?? XmlUnit.None);
    }

    [Fact]
    public void A_stanza_without_end_is_refused_when_it_is_too_big_not_later()
    {
        var scanner = new XmlScanner(new() { Bytes = 1000 });
        scanner.Scan("<s>"u8, out _);
        scanner.Next();
        scanner.Scan(Encoding.UTF8.GetBytes("<a b='" + new string('x', 994)), out XmlUnit unit).ShouldBe(1000);
        unit.ShouldBe(XmlUnit.None);
        Should
            .Throw<StreamErrorException>(() => scanner.Scan("x"u8, out _))
            .Condition.ShouldBe(StreamErrorCondition.PolicyViolation);
    }
}
