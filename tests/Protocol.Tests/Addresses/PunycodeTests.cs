using Shouldly;
using Xmpp.Addresses;
using Xunit;

namespace Protocol.Tests.Addresses;

public sealed class PunycodeTests
{
    /// <summary>RFC 3492 §7.1, (A) to (S).</summary>
    public static TheoryData<string, string> Samples { get; } =
        new()
        {
            { "ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn" },
            { "他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye" },
            { "他們爲什麽不說中文", "ihqwctvzc91f659drss3x8bo0yb" },
            { "Pročprostěnemluvíčesky", "Proprostnemluvesky-uyb24dma41a" },
            { "למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b" },
            { "यहलोगहिन्दीक्योंनहींबोलसकतेहैं", "i1baa7eci9glrd9b2ae1bj0hfcgg6iyaf8o0a1dig0cd" },
            { "なぜみんな日本語を話してくれないのか", "n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa" },
            {
                "세계의모든사람들이한국어를이해한다면얼마나좋을까",
                "989aomsvi5e83db1d2a355cv1e0vak1dwrv93d5xbh15a0dt30a5jpsd879ccm6fea98c"
            },
            { "почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l" },
            { "PorquénopuedensimplementehablarenEspañol", "PorqunopuedensimplementehablarenEspaol-fmd56a" },
            { "TạisaohọkhôngthểchỉnóitiếngViệt", "TisaohkhngthchnitingVit-kjcr8268qyxafd2f1b9g" },
            { "3年B組金八先生", "3B-ww4c5e180e575a65lsy2b" },
            { "安室奈美恵-with-SUPER-MONKEYS", "-with-SUPER-MONKEYS-pc58ag80a8qai00g7n9n" },
            { "Hello-Another-Way-それぞれの場所", "Hello-Another-Way--fc4qua05auwb3674vfr0b" },
            { "ひとつ屋根の下2", "2-u9tlzr9756bt3uc0v" },
            { "MajiでKoiする5秒前", "MajiKoi5-783gue6qz075azm5e" },
            { "パフィーdeルンバ", "de-jg4avhby1noc0d" },
            { "そのスピードで", "d9juau41awczczp" },
            { "-> $1.00 <-", "-> $1.00 <--" },
        };

    [Theory]
    [MemberData(nameof(Samples))]
    public void The_samples_of_the_rfc_go_both_ways(string text, string encoded)
    {
        Punycode.TryEncode(text, out var written).ShouldBeTrue();
        written.ShouldBe(encoded);
        Punycode.TryDecode(encoded, out var read).ShouldBeTrue();
        read.ShouldBe(text);
    }

    [Fact]
    public void Digits_are_read_in_capitals_too()
    {
        Punycode.TryDecode("IHQWCRB4CV8A8DQG056PQJYE", out var text).ShouldBeTrue();
        text.ShouldBe("他们为什么不说中文");
    }

    [Fact]
    public void Code_points_beyond_the_basic_plane_go_both_ways()
    {
        Punycode.TryEncode("a💩\U0010FFFF", out var encoded).ShouldBeTrue();
        Punycode.TryDecode(encoded, out var text).ShouldBeTrue();
        text.ShouldBe("a💩\U0010FFFF");
    }

    [Theory]
    [InlineData("a-é")] // not ASCII
    [InlineData("a-!")] // no digit
    [InlineData("-abc")] // a delimiter without basic code points
    [InlineData("a-z")] // a number that goes on
    [InlineData("99999999")] // overflow
    [InlineData("zzzzzzzzzzzzzzzzzzz9")]
    public void What_is_no_punycode_is_refused(string encoded) => Punycode.TryDecode(encoded, out _).ShouldBeFalse();

    [Fact]
    public void Half_of_a_surrogate_pair_is_refused()
    {
        Punycode.TryEncode("a\uD800", out _).ShouldBeFalse();
        Punycode.TryEncode("\uDC00", out _).ShouldBeFalse();
    }

    [Fact]
    public void Any_text_survives_the_way_there_and_back()
    {
        var random = new Random(3492);
        for (var i = 0; i < 2_000; i++)
        {
            var text = string.Concat(
                Enumerable.Range(0, random.Next(1, 30)).Select(_ => char.ConvertFromUtf32(Point(random)))
            );
            Punycode.TryEncode(text, out var encoded).ShouldBeTrue();
            Punycode.TryDecode(encoded, out var read).ShouldBeTrue();
            read.ShouldBe(text);
        }
    }

    private static int Point(Random random) =>
        random.Next(4) switch
        {
            0 => random.Next(0x20, 0x7F),
            1 => random.Next(0x80, 0xD800),
            2 => random.Next(0xE000, 0x10000),
            _ => random.Next(0x10000, 0x110000),
        };
}
