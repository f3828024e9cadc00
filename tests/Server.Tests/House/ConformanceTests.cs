using System.Text;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xunit;

namespace Server.Tests.House;

/// <summary>The README's table of what Kith speaks comes from the extensions' own declarations.</summary>
public sealed class ConformanceTests
{
    private const string Begin = "<!-- conformance:begin -->";
    private const string End = "<!-- conformance:end -->";

    // XEP-0479 §3: what an Advanced Server does in each category, without the RFCs that all of them stand on.
    private static readonly (string Category, string[] Required)[] _suites =
    [
        ("Core", ["0030", "0114", "0115", "0163", "0368"]),
        ("Web", ["0206"]),
        (
            "IM",
            [
                "0045",
                "0048",
                "0049",
                "0054",
                "0153",
                "0191",
                "0198",
                "0223",
                "0249",
                "0280",
                "0313",
                "0363",
                "0398",
                "0402",
                "0410",
            ]
        ),
        ("Mobile", ["0198", "0352", "0357"]),
        ("A/V Calling", ["0215"]),
    ];

    [Fact]
    public async Task It_is_an_advanced_server()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        Reached(play.Server.Dispatcher.Declared.Implemented).Take(4).ShouldBe(["Core", "Web", "IM", "Mobile"]);
    }

    [Fact]
    public async Task The_table_in_the_readme_is_what_the_extensions_declare()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        string table = Table(play.Server.Dispatcher.Declared.Implemented);
        string path = Path.Combine(Repository.Root, "README.md");
        string readme = await File.ReadAllTextAsync(path);
        int begin = readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = readme.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("KITH_WRITE") == "1")
            await File.WriteAllTextAsync(path, readme[..begin] + "\n" + table + readme[end..]);
        else
            readme[begin..end].Trim().ShouldBe(table.Trim(), "run this test with KITH_WRITE=1 to write the table anew");
    }

    [Fact]
    public async Task Nothing_is_declared_twice()
    {
        await using Play play = await Play.StartAsync(Framing.Tcp);
        play.Server.Dispatcher.Declared.Implemented.Select(entry => entry.Number).ShouldBeUnique();
    }

    private static IEnumerable<string> Reached(List<(string Number, string Name, string Version)> implemented)
    {
        var numbers = implemented.Select(entry => entry.Number).ToHashSet();
        return _suites.Where(suite => suite.Required.All(numbers.Contains)).Select(suite => suite.Category);
    }

    private static string Table(List<(string Number, string Name, string Version)> implemented)
    {
        var table = new StringBuilder(
            $"""
            [XEP-0479](https://xmpp.org/extensions/xep-0479.html), XMPP Compliance Suites 2023:
            **Advanced Server** in {string.Join(", ", Reached(implemented))}.

            | XEP | | version |
            |---|---|---|

            """
        );
        foreach (var (number, name, version) in implemented.OrderBy(entry => entry.Number, StringComparer.Ordinal))
            table.Append(null, $"| [{number}](https://xmpp.org/extensions/xep-{number}.html) | {name} | {version} |\n");
        return table.ToString();
    }
}
