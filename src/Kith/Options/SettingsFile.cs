using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kith.Options;

/// <summary>
/// <c>kith.json</c>: sections are objects, <c>{ "Listen": { "Http": 80 } }</c>; a whole key as name works too. Comments
/// and trailing commas are read, and lost when the file is written.
/// </summary>
internal static class SettingsFile
{
    private static readonly JsonDocumentOptions _reading = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 16,
    };

    /// <summary>Tells each key with its value as text; a file that does not exist has none.</summary>
    public static bool TryRead(string path, Action<string, string> value, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path), _reading);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                Walk("", json.RootElement, value);
            else
                problem = $"{path}: it must be one JSON object, {{ … }}";
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return true;
        }
        catch (JsonException e)
        {
            problem = $"{path}: not valid JSON in line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"{path}: {e.Message}";
        }

        return problem is null;
    }

    /// <summary>
    /// Changes these keys (null: back to the default) and leaves all else as it is. The new file takes the old one's
    /// place at once, so that a power cut leaves one of the two. Returns what is wrong; then nothing is written.
    /// </summary>
    public static IReadOnlyList<string> Change(string path, IReadOnlyDictionary<string, string?> changes)
    {
        var problems = new List<string>();
        if (!TryRead(path, static (_, _) => { }, out string? unreadable))
            return [unreadable];
        JsonObject root = File.Exists(path)
            ? JsonNode.Parse(File.ReadAllBytes(path), documentOptions: _reading)!.AsObject()
            : [];
        foreach ((string key, string? text) in changes)
        {
            if (SettingsKeys.Find(key) is not { } setting)
                problems.Add(SettingsReader.Unknown(key));
            else if (text is null)
                Remove(root, setting.Key);
            else if (setting.Json(text) is { } node)
                Put(root, setting.Key, node);
            else
                problems.Add(SettingsReader.Invalid(setting, text));
        }

        if (problems.Count == 0)
            Replace(path, root);
        return problems;
    }

    private static void Walk(string key, JsonElement element, Action<string, string> value)
    {
        bool section = element.ValueKind == JsonValueKind.Object && SettingsKeys.Find(key) is null;
        if (section)
        {
            foreach (JsonProperty property in element.EnumerateObject())
                Walk(key.Length == 0 ? property.Name : $"{key}:{property.Name}", property.Value, value);
        }
        else if (element.ValueKind == JsonValueKind.String)
        {
            value(key, element.GetString()!);
        }
        else if (element.ValueKind != JsonValueKind.Null)
        {
            value(key, element.GetRawText());
        }
    }

    private static void Put(JsonObject root, string key, JsonNode node)
    {
        Remove(root, key);
        string[] parts = key.Split(':');
        JsonObject at = root;
        foreach (string part in parts[..^1])
        {
            string name = NameIn(at, part) ?? part;
            if (at[name] is not JsonObject inner)
                at[name] = inner = [];
            at = inner;
        }

        at[parts[^1]] = node;
    }

    // However it is nested or spelt: "Tls:Acme:Email", "Tls": { "Acme:Email" }, "tls": { "acme": { "email" } }.
    private static void Remove(JsonObject at, string key)
    {
        foreach ((string name, JsonNode? inner) in at.ToArray())
        {
            if (name.Equals(key, StringComparison.OrdinalIgnoreCase))
                at.Remove(name);
            else if (inner is JsonObject section && key.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
                Remove(section, key[(name.Length + 1)..]);
        }
    }

    private static string? NameIn(JsonObject at, string name) =>
        at.Select(pair => pair.Key).FirstOrDefault(key => key.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static void Replace(string path, JsonObject root)
    {
        string fresh = path + ".new";
        var create = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var file = new FileStream(fresh, create))
        {
            using (var writer = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true }))
                root.WriteTo(writer);
            file.WriteByte((byte)'\n');
            file.Flush(flushToDisk: true);
        }

        File.Move(fresh, path, overwrite: true);
    }
}
