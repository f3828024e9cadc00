using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kith.Options;

/// <summary>Several values: <c>a,b</c>, or a JSON array of strings.</summary>
internal sealed class ListKind<T>(Kind<T> item) : Kind<IReadOnlyList<T>>($"a list (a,b or JSON), each {item.Valid}")
{
    public override bool TryParse(string text, out IReadOnlyList<T>? value)
    {
        value = null;
        string[]? texts = text.StartsWith('[')
            ? FromJson(text)
            : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (texts is null)
            return false;
        T[] items = new T[texts.Length];
        for (int i = 0; i < items.Length; i++)
        {
            if (!item.TryParse(texts[i], out T? parsed))
                return false;
            items[i] = parsed!;
        }

        value = items;
        return true;
    }

    public override string Format(IReadOnlyList<T> value) => string.Join(",", value.Select(item.Format));

    public override JsonNode Json(IReadOnlyList<T> value) => new JsonArray([.. value.Select(item.Json)]);

    private static string[]? FromJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.EnumerateArray().All(element => element.ValueKind == JsonValueKind.String)
                ? [.. json.RootElement.EnumerateArray().Select(element => element.GetString()!)]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>Names with values: <c>a=1,b=2</c>, or a JSON object of strings. Names are domains, in lower case.</summary>
internal sealed class MapKind<T>(Kind<T> item, string form)
    : Kind<IReadOnlyDictionary<string, T>>($"a map ({form},… or JSON), each value {item.Valid}")
{
    public override bool TryParse(string text, out IReadOnlyDictionary<string, T>? value)
    {
        value = null;
        List<(string Name, string Text)>? pairs = text.StartsWith('{') ? FromJson(text) : FromPairs(text);
        if (pairs is null)
            return false;
        var items = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach ((string name, string itemText) in pairs)
        {
            if (!Kinds.Domain.TryParse(name, out string? domain) || !item.TryParse(itemText, out T? parsed))
                return false;
            items[domain!] = parsed!;
        }

        value = items;
        return true;
    }

    public override string Format(IReadOnlyDictionary<string, T> value) =>
        string.Join(",", value.Select(pair => $"{pair.Key}={item.Format(pair.Value)}"));

    public override JsonNode Json(IReadOnlyDictionary<string, T> value) =>
        new JsonObject(value.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, item.Json(pair.Value))));

    private static List<(string, string)>? FromPairs(string text)
    {
        var pairs = new List<(string, string)>();
        foreach (string pair in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals < 1)
                return null;
            pairs.Add((pair[..equals].Trim(), pair[(equals + 1)..].Trim()));
        }

        return pairs;
    }

    private static List<(string, string)>? FromJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.EnumerateObject().All(pair => pair.Value.ValueKind == JsonValueKind.String)
                ? [.. json.RootElement.EnumerateObject().Select(pair => (pair.Name, pair.Value.GetString()!))]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
