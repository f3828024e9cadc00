namespace Kith.Options;

/// <summary>Finds settings by their keys, in any case, and the nearest one to a key that does not exist.</summary>
internal static class SettingsKeys
{
    private static readonly Dictionary<string, Setting> _byKey = SettingsTable.All.ToDictionary(
        setting => setting.Key,
        StringComparer.OrdinalIgnoreCase
    );

    public static Setting? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>Whether the key is only the beginning of others: <c>Listen</c>, <c>Tls:Acme</c>.</summary>
    public static bool IsSection(string key) =>
        SettingsTable.All.Any(setting =>
            setting.Key.Length > key.Length
            && setting.Key[key.Length] == ':'
            && setting.Key.StartsWith(key, StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>The existing key that was probably meant, or null when none is near.</summary>
    public static string? Nearest(string key)
    {
        (string Key, int Distance) best = SettingsTable
            .All.Select(setting => (setting.Key, Distance: Distance(setting.Key, key)))
            .MinBy(candidate => candidate.Distance);
        return best.Distance <= Math.Max(2, key.Length / 3) ? best.Key : null;
    }

    // Without its section a key is as near as with it: people write Https for Listen:Https.
    private static int Distance(string key, string written)
    {
        int whole = Edits(key.ToLowerInvariant(), written.ToLowerInvariant());
        int name = Edits(key[(key.LastIndexOf(':') + 1)..].ToLowerInvariant(), written.ToLowerInvariant());
        return Math.Min(whole, name + 1);
    }

    // Levenshtein's distance.
    private static int Edits(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int substituted = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[^1];
    }
}
