using System.Text.RegularExpressions;
using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Server.Tests.House;

/// <summary>Which way things point: the assemblies' references and the rooms' names, held.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> _mayReference = new()
    {
        ["Xmpp"] = [],
        ["Xmpp.Server"] = ["Xmpp"],
        ["Storage"] = ["Xmpp.Server", "Xmpp"],
        ["Kith"] = ["Xmpp.Server", "Xmpp", "Storage", "Turn", "Acme", "Dns", "PortMapping", "WebPush"],
        ["Turn"] = [],
        ["Acme"] = [],
        ["Dns"] = [],
        ["PortMapping"] = [],
        ["WebPush"] = [],
    };

    private static readonly string[] _forbiddenNames = ["Core", "Common", "Shared", "Utils", "Helpers", "Abstractions"];

    public static TheoryData<string> Projects() =>
        [.. Repository.Sources("src", "*.csproj").Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_lies_in_its_direction(string project)
    {
        _mayReference.ShouldContainKey(project);
        Elements(project, "ProjectReference")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .ShouldBeSubsetOf(_mayReference[project]);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Only_storage_sees_SQLite_and_only_the_program_sees_the_web_framework(string project)
    {
        string[] packages = [.. Elements(project, "PackageReference")];
        if (project != "Storage")
            packages.ShouldNotContain(name => name.Contains("Sqlite", StringComparison.OrdinalIgnoreCase));
        if (project == "Kith")
            return;
        packages.ShouldNotContain(name => name.StartsWith("Serilog", StringComparison.Ordinal));
        Elements(project, "FrameworkReference").ShouldBeEmpty();
        XDocument.Load(ProjectFile(project)).Root!.Attribute("Sdk")!.Value.ShouldBe("Microsoft.NET.Sdk");
    }

    [Theory]
    [InlineData(typeof(Xmpp.Xml.Element), "Xmpp.Server", "Storage", "kith", "Microsoft.AspNetCore")]
    [InlineData(typeof(Xmpp.Server.XmppServer), "Storage", "kith", "Microsoft.AspNetCore", "SQLitePCLRaw")]
    [InlineData(typeof(Storage.Database), "kith", "Microsoft.AspNetCore", "Serilog")]
    public void An_assembly_knows_nothing_above_it(Type inside, params string[] forbidden)
    {
        string[] references = [.. inside.Assembly.GetReferencedAssemblies().Select(name => name.Name!)];
        foreach (string name in forbidden)
            references.ShouldNotContain(reference => reference.StartsWith(name, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_s_namespace_is_its_folder()
    {
        foreach (string file in Repository.Sources("src"))
        {
            Match declared = Namespace().Match(File.ReadAllText(file));
            if (!declared.Success)
                continue;
            string folder = Path.GetRelativePath(Path.Combine(Repository.Root, "src"), Path.GetDirectoryName(file)!);
            declared.Groups["name"].Value.ShouldBe(folder.Replace('/', '.'), file);
        }
    }

    [Fact]
    public void No_room_is_named_after_nothing()
    {
        IEnumerable<string> rooms = Repository
            .Sources("src")
            .SelectMany(file => Path.GetRelativePath(Repository.Root, file).Split('/')[..^1])
            .Distinct();
        rooms.Intersect(_forbiddenNames).ShouldBeEmpty();
    }

    private static IEnumerable<string> Elements(string project, string name) =>
        XDocument.Load(ProjectFile(project)).Descendants(name).Select(element => (string)element.Attribute("Include")!);

    private static string ProjectFile(string project) =>
        Path.Combine(Repository.Root, "src", project, project + ".csproj");

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Namespace();
}
