using Shouldly;
using Xmpp.Addresses.Unicode;
using Xunit;

namespace Protocol.Tests.Addresses;

public sealed class NormalizationTests
{
    private static readonly Lazy<string[]> _file = new(() => UnicodeFile.ReadLines("NormalizationTest.txt"));

    [Fact]
    public void The_tables_are_of_the_same_version_as_the_test_file() =>
        _file
            .Value[0]
            .ShouldBe(
                $"# NormalizationTest-{UnicodeTables.Version}.txt",
                "regenerate the tables (src/Xmpp/Addresses/README.md)"
            );

    [Fact]
    public void Every_line_of_the_conformance_test_holds()
    {
        var faults = new List<string>();
        var count = 0;
        foreach (var line in _file.Value.Where(line => line.Length > 0 && line[0] is not ('#' or '@')))
        {
            var columns = line.Split(';')[..5].Select(Text).ToArray();
            if (!Holds(columns))
                faults.Add(line);
            count++;
        }

        faults.ShouldBeEmpty();
        count.ShouldBeGreaterThan(18_000);
    }

    [Fact]
    public void What_the_conformance_test_does_not_list_is_normal_in_every_form()
    {
        var listed = _file
            .Value.SkipWhile(line => !line.StartsWith("@Part1", StringComparison.Ordinal))
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("@Part2", StringComparison.Ordinal))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => Convert.ToInt32(line.Split(';')[0], 16))
            .ToHashSet();
        var faults = new List<int>();
        for (var point = 0; point <= 0x10FFFF; point++)
        {
            if (point is >= 0xD800 and <= 0xDFFF || listed.Contains(point))
                continue;
            var text = char.ConvertFromUtf32(point);
            if (Array.Exists(Forms(text), form => !string.Equals(form, text, StringComparison.Ordinal)))
                faults.Add(point);
        }

        faults.ShouldBeEmpty();
        listed.Count.ShouldBeGreaterThan(16_000);
    }

    [Fact]
    public void A_normal_text_comes_back_as_the_same_object()
    {
        var text = new string("Zoë".AsSpan());
        Normalization.ToNfc(text).ShouldBeSameAs(text);
        Normalization.ToNfkc(text).ShouldBeSameAs(text);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_stays_where_it_is()
    {
        Normalization.ToNfc("e\u0301\uD800").ShouldBe("é\uD800");
        Normalization.ToNfd("\uDC00é").ShouldBe("\uDC00e\u0301");
    }

    [Fact]
    public void Thousands_of_marks_in_the_worst_order_are_sorted_stably()
    {
        var marks = string.Concat(Enumerable.Repeat("\u0301\u0323", 5_000));
        var sorted = new string('\u0323', 5_000) + new string('\u0301', 5_000);
        Normalization.ToNfd("q" + marks).ShouldBe("q" + sorted);
    }

    private static bool Holds(string[] c)
    {
        for (var i = 0; i < 5; i++)
        {
            string[] expected = i < 3 ? [c[1], c[2], c[3], c[4]] : [c[3], c[4], c[3], c[4]];
            if (!Forms(c[i]).SequenceEqual(expected, StringComparer.Ordinal))
                return false;
        }

        return true;
    }

    private static string[] Forms(string text) =>
        [Normalization.ToNfc(text), Normalization.ToNfd(text), Normalization.ToNfkc(text), Normalization.ToNfkd(text)];

    private static string Text(string column) =>
        string.Concat(column.Split(' ').Select(point => char.ConvertFromUtf32(Convert.ToInt32(point, 16))));
}
