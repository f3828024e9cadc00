using System.Text;
using Shouldly;
using Xmpp.Stanzas;
using Xmpp.Xml;
using Xunit;

namespace Protocol.Tests.Xml;

/// <summary>
/// Damaged streams (security.md, "Streams"): whatever comes, a unit or a <see cref="StreamErrorException"/>, and nothing
/// that another reader would see otherwise. <c>KITH_LONG=1</c> runs a million.
/// </summary>
public class XmlMutationTests
{
    private const int FirstSeed = 20_260_101;
    private static readonly bool _long = Environment.GetEnvironmentVariable("KITH_LONG") == "1";

    private static readonly byte[][] _corpus =
    [
        .. XmlCorpus.Headers.Select(XmlCorpus.Utf8),
        .. XmlCorpus.Elements.Select(e => XmlCorpus.Utf8(XmlCorpus.Header + e + "</stream:stream>")),
    ];

    private static readonly byte[][] _elements = [.. XmlCorpus.Elements.Select(XmlCorpus.Utf8)];
    private static readonly XmlContext _context = XmlContext.Of(
        XmlParser.ParseOpen(XmlCorpus.Utf8(XmlCorpus.Header), new()).Root
    );

    private static readonly byte[][] _tokens =
    [
        .. new[]
        {
            "<",
            ">",
            "/",
            "/>",
            "</",
            "&",
            ";",
            "'",
            "\"",
            "=",
            ":",
            " ",
            "\t",
            "\r\n",
            "]]>",
            "<![CDATA[",
            "<!--",
            "-->",
            "<?",
            "?>",
            "<?xml version='1.0'?>",
            "<!DOCTYPE a [<!ENTITY b 'c'>]>",
            "&amp;",
            "&b;",
            "&#0;",
            "&#x41;",
            "&#xD800;",
            "&#13;",
            "&#9;",
            "xmlns='jabber:client'",
            " xmlns=''",
            " xmlns:a='urn:a'",
            "a:",
            "xml:",
            "xmlns:",
            " xml:lang='x'",
            " a:b='c'",
            "<a>",
            "</a>",
            "<a:b/>",
            "\0",
            "\u0001",
            "\uFFFE",
            "\uFFFF",
            "\uFEFF",
            "é",
            "😀",
            "</stream:stream>",
            "<stream:stream>",
            "stream:",
        }.Select(XmlCorpus.Utf8),
        [0xFF],
        [0xC0, 0x80],
        [0xED, 0xA0, 0x80],
        [0xE2, 0x82],
        [0x80],
    ];

    [Fact]
    public async Task Damaged_streams_end_with_a_stream_error_or_not_at_all() =>
        await Each(
            _corpus,
            _long ? 1_000_000 : 50_000,
            (bytes, random) =>
            {
                int most = random.Next(1, 64);
                string told = XmlFeed.Read(bytes, _ => random.Next(1, most + 1));
                if (random.Next(8) == 0)
                    XmlFeed.Read(bytes, left => left).ShouldBe(told);
            }
        );

    [Fact]
    public async Task Damaged_elements_are_read_as_the_framework_reads_them() =>
        await Each(_elements, _long ? 1_000_000 : 20_000, (bytes, _) => Compare(bytes));

    [Fact]
    public async Task What_was_read_from_damaged_elements_survives_being_written() =>
        await Each(
            _elements,
            _long ? 200_000 : 10_000,
            (bytes, _) =>
            {
                if (
                    Parse(bytes) is not XmlFragment fragment
                    || !Stanza.TryRead(fragment.Root, out Stanza? stanza, out bool _)
                )
                    return;
                Element again = XmlParser.Parse(stanza.ToArray(), XmlContext.Empty, XmlLimits.None).Root;
                again.Children.Count.ShouldBe(fragment.Root.Children.Count);
                again.Attribute("id").ShouldBe(stanza.Id);
                again.Language.ShouldBe(stanza.Language);
                foreach (var (before, after) in fragment.Root.Children.All().Zip(again.Children.All()))
                    if (fragment.Root.Namespace == Ns.Client)
                        Canonical.Of(after).ShouldBe(Canonical.Of(before));
            }
        );

    private static XmlFragment? Parse(byte[] bytes)
    {
        try
        {
            return XmlParser.Parse(bytes, _context, new());
        }
        catch (StreamErrorException)
        {
            return null;
        }
    }

    // They differ on purpose where XMPP restricts XML, where our limits end, and where RefusesTooMuch says.
    private static void Compare(byte[] bytes)
    {
        string? theirs = XmlReaderOracle.Read(bytes);
        try
        {
            string ours = Canonical.Of(XmlParser.Parse(bytes, _context, new()).Root);
            if (theirs is not null)
                ours.ShouldBe(theirs);
            else
                XmlReaderOracle.RefusesTooMuch(bytes).ShouldBeTrue("the framework refuses it");
        }
        catch (StreamErrorException error)
        {
            // The framework takes the reserved prefix xmlns for an element (Namespaces in XML §3 does not).
            if (theirs?.Contains(Ns.Xmlns, StringComparison.Ordinal) == false)
                error.Condition.ShouldBeOneOf(StreamErrorCondition.RestrictedXml, StreamErrorCondition.PolicyViolation);
        }
    }

    // A reader that hangs fails, too.
    private static async Task Each(byte[][] corpus, int count, Action<byte[], Random> check)
    {
        byte[] bytes = [];
        int seed = FirstSeed;
        Task work = Task.Run(() =>
        {
            for (; seed < FirstSeed + count; seed++)
            {
                var random = new Random(seed);
                bytes = Mutate(corpus[random.Next(corpus.Length)], corpus, random);
                check(bytes, random);
            }
        });
        try
        {
            await work.WaitAsync(TimeSpan.FromSeconds(_long ? 1800 : 120));
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"seed {seed}: {Encoding.Latin1.GetString(bytes)}", failure);
        }
    }

    private static byte[] Mutate(byte[] original, byte[][] corpus, Random random)
    {
        List<byte> bytes = [.. original];
        for (int changes = random.Next(1, 4); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            int length = random.Next(Math.Min(40, bytes.Count - at) + 1);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 3:
                    byte[] other = corpus[random.Next(corpus.Length)];
                    bytes.InsertRange(at, other.AsSpan(random.Next(other.Length)).ToArray().Take(length));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, _tokens[random.Next(_tokens.Length)]);
                    break;
            }
        }
        return [.. bytes];
    }
}
