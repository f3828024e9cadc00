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

    private static string Table(IEnumerable<(string Number, string Name, string Version)> implemented)
    {
        var table = new StringBuilder("| XEP | | version |\n|---|---|---|\n");
        foreach (var (number, name, version) in implemented.OrderBy(entry => entry.Number, StringComparer.Ordinal))
            table.Append(null, $"| [{number}](https://xmpp.org/extensions/xep-{number}.html) | {name} | {version} |\n");
        return table.ToString();
    }
}
