using System.Text;

namespace Kith.Options;

/// <summary>The table for people: the help of <c>kith run</c>, and a page of documentation.</summary>
internal static class SettingsText
{
    private static readonly KithOptions _defaults = new();

    /// <summary>Two lines per setting: key and default; meaning and what is valid.</summary>
    public static string Help()
    {
        var text = new StringBuilder();
        foreach (Setting setting in SettingsTable.All)
        {
            text.Append("  ").Append(setting.Key).Append(" = ").AppendLine(Default(setting));
            text.Append("      ").Append(setting.Meaning).Append(" (").Append(setting.Valid).AppendLine(")");
        }

        return text.ToString();
    }

    /// <summary>A Markdown table: key, default, values, meaning.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder("| key | default | values | meaning |\n|---|---|---|---|\n");
        foreach (Setting setting in SettingsTable.All)
        {
            string standard = setting.Text(_defaults) is { Length: > 0 } value ? $"`{value}`" : "";
            text.Append($"| `{setting.Key}` | {standard} | {setting.Valid} | {setting.Meaning} |\n");
        }

        return text.ToString();
    }

    private static string Default(Setting setting) =>
        setting.Text(_defaults) is { Length: > 0 } value ? value : "(empty)";
}
