using System.Text;
using Shouldly;
using Xmpp.Addresses;
using Xunit;

namespace Protocol.Tests.Addresses;

/// <summary>Fifty thousand odd inputs, the same in each run.</summary>
public sealed class JidRandomTests
{
    private const int Inputs = 50_000;

    private static readonly string[] _pieces =
    [
        "@",
        "/",
        ".",
        "a",
        "B",
        "juliet",
        "example.com",
        "xn--",
        "xn--bcher-kva",
        "-",
        "--",
        " ",
        "1",
        "\\20",
        "[::1]",
        "[",
        "é",
        "e\u0301",
        "\u0301",
        "\u0323",
        "ß",
        "Σ",
        "ς",
        "İ",
        "ı",
        "ꮳ",
        "Ꮳ",
        "ａ",
        "Ａ",
        "．",
        "。",
        "＠",
        "ｶ\uFF9E",
        "ﬁ",
        "Ⅳ",
        "א",
        "ب",
        "٢",
        "۲",
        "\u05B0",
        "\u200C",
        "\u200D",
        "क\u094D",
        "·",
        "l·l",
        "͵",
        "׳",
        "・",
        "語",
        "の",
        "한",
        "\u1112\u1161\u11AB",
        "\u3000",
        "\u00A0",
        "\u1680",
        "♚",
        "💩",
        "\u1D15E",
        "\uD800",
        "\uDC00",
        "\u0000",
        "\u0378",
        "\uE000",
        "\uFFFE",
        "\uFEFF",
        "K",
        "Å",
        "\u0344",
        "\u0F73",
        "ǅ",
        "ᾼ",
        "\u0345",
        "ẞ",
        "\U0001E922",
        "\U0002F800",
        "\U00010400",
        "&",
        "<",
        "'",
        "\"",
    ];

    [Fact]
    public void No_input_throws_and_what_is_parsed_parses_to_itself()
    {
        var random = new Random(7622);
        var parsed = 0;
        for (var i = 0; i < Inputs; i++)
        {
            var text = Input(random);
            if (!Jid.TryParse(text, out var jid))
                continue;
            parsed++;
            ShouldBeStable(jid, text);
        }

        // Otherwise the test says nothing.
        parsed.ShouldBeGreaterThan(Inputs / 10);
    }

    [Fact]
    public void No_bytes_throw()
    {
        var random = new Random(3629);
        for (var i = 0; i < Inputs; i++)
        {
            var bytes = Encoding.UTF8.GetBytes(Input(random));
            if (bytes.Length > 0 && random.Next(2) == 0)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            if (Jid.TryParse(bytes, out var jid))
                ShouldBeStable(jid, Convert.ToHexString(bytes));
        }
    }

    private static void ShouldBeStable(Jid jid, string input)
    {
        Jid.TryParse(jid.ToString(), out var again).ShouldBeTrue(input);
        again.ShouldBe(jid, input);
        (again.Local, again.Domain, again.Resource).ShouldBe((jid.Local, jid.Domain, jid.Resource), input);
        Jid.TryParse(jid.Utf8.Span, out var read).ShouldBeTrue(input);
        read.ShouldBe(jid, input);
        Jid.TryCreate(jid.Local, jid.Domain, jid.Resource, out var made).ShouldBeTrue(input);
        made.ShouldBe(jid, input);
        jid.Bare.ShouldBe(again.Bare, input);
    }

    private static string Input(Random random)
    {
        var local = random.Next(2) == 0 ? "" : Part(random) + "@";
        var domain = random.Next(2) == 0 ? "example.com" : Part(random);
        var resource = random.Next(2) == 0 ? "" : "/" + Part(random);
        return local + domain + resource;
    }

    private static string Part(Random random)
    {
        var part = new StringBuilder();
        for (var left = random.Next(6); left > 0; left--)
        {
            _ = random.Next(8) switch
            {
                0 => part.Append(new Rune(random.Next(0x80, 0x3000))),
                1 => part.Append(new Rune(random.Next(0xE000, 0x20000))),
                2 or 3 => part.Append((char)random.Next('a', 'z')),
                _ => part.Append(_pieces[random.Next(_pieces.Length)]),
            };
        }

        return part.ToString();
    }
}
