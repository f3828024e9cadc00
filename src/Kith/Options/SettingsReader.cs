using System.Collections;

namespace Kith.Options;

/// <summary>The settings as they hold, or, one line each, what is wrong with them. Never both.</summary>
internal sealed record SettingsResult(KithOptions? Options, IReadOnlyList<string> Problems)
{
    /// <summary>Where each key that is not at its default was set: <c>kith.json</c>, <c>--set</c> ….</summary>
    public IReadOnlyDictionary<string, string> Sources { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// Reads the settings: built-in defaults, <c>DIR/kith.json</c>, environment <c>KITH__Section__Key</c>, <c>--set</c>.
/// Of two values for one key the later wins; a bad value is refused even where a later one covers it.
/// </summary>
internal static class SettingsReader
{
    public const string FileName = "kith.json";
    private const string EnvironmentPrefix = "KITH__";

    private readonly record struct Given(string Key, string Text, string Source);

    /// <summary>As <c>kith run</c> reads them, with this process's environment.</summary>
    public static SettingsResult Read(string dataDirectory, IEnumerable<string> sets) =>
        Read(
            dataDirectory,
            Environment
                .GetEnvironmentVariables()
                .Cast<DictionaryEntry>()
                .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal),
            sets
        );

    /// <param name="dataDirectory">The folder in which <c>kith.json</c> may lie.</param>
    /// <param name="environment">Names without the prefix are not looked at.</param>
    /// <param name="sets">The values of <c>--set</c>, <c>Section:Key=VALUE</c>, in their order.</param>
    public static SettingsResult Read(
        string dataDirectory,
        IReadOnlyDictionary<string, string> environment,
        IEnumerable<string> sets
    )
    {
        var problems = new List<string>();
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        KithOptions options = new();
        IEnumerable<Given> all =
        [
            .. FromFile(Path.Combine(dataDirectory, FileName), problems),
            .. FromEnvironment(environment),
            .. FromCommandLine(sets, problems),
        ];
        foreach (Given given in all)
        {
            if (SettingsKeys.Find(given.Key) is not { } setting)
            {
                problems.Add($"{given.Source}: {Unknown(given.Key)}");
            }
            else if (setting.TryApply(options, given.Text, out options))
            {
                sources[setting.Key] = given.Source;
            }
            else
            {
                problems.Add($"{given.Source}: {Invalid(setting, given.Text)}");
            }
        }

        if (problems.Count == 0)
            problems.AddRange(SettingsRules.Broken(options));
        return new SettingsResult(problems.Count == 0 ? options : null, problems) { Sources = sources };
    }

    /// <summary>The line for a key that is in no table.</summary>
    public static string Unknown(string key) =>
        SettingsKeys.IsSection(key) ? $"{key} is a section: it takes {{ … }} with its keys, not a value"
        : SettingsKeys.Nearest(key) is { } near ? $"there is no setting {key}; did you mean {near}?"
        : $"there is no setting {key}; kith run --help lists them all";

    /// <summary>The line for a value that its setting does not take.</summary>
    public static string Invalid(Setting setting, string text) =>
        $"{setting.Key} cannot be \"{(setting.IsSecret ? "…" : Shown(text))}\"; valid is {setting.Valid}";

    private static string Shown(string text) =>
        new([.. (text.Length > 100 ? text[..100] + "…" : text).Select(c => char.IsControl(c) ? ' ' : c)]);

    private static List<Given> FromFile(string path, List<string> problems)
    {
        var given = new List<Given>();
        if (!SettingsFile.TryRead(path, (key, text) => given.Add(new Given(key, text, FileName)), out string? problem))
            problems.Add(problem);
        return given;
    }

    private static IEnumerable<Given> FromEnvironment(IReadOnlyDictionary<string, string> environment) =>
        environment
            .Where(entry => entry.Key.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
            .OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => new Given(
                entry.Key[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal),
                entry.Value,
                entry.Key
            ));

    private static List<Given> FromCommandLine(IEnumerable<string> sets, List<string> problems)
    {
        var given = new List<Given>();
        foreach (string set in sets)
        {
            int equals = set.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                problems.Add($"--set: \"{Shown(set)}\" is not of the form Section:Key=VALUE");
            else
                given.Add(new Given(set[..equals].Trim(), set[(equals + 1)..], "--set"));
        }

        return given;
    }
}
