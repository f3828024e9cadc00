using System.Text.Json.Nodes;

namespace Kith.Options;

/// <summary>One row of <see cref="SettingsTable"/>: a key, what it takes and what it means.</summary>
internal abstract class Setting(string key, string meaning)
{
    /// <summary>As people write it: <c>Listen:Http</c>.</summary>
    public string Key => key;

    public string Meaning => meaning;

    /// <summary>Its values are shown nowhere.</summary>
    public bool IsSecret { get; init; }

    /// <summary>What would be valid, in words: "a port from 0 to 65535".</summary>
    public abstract string Valid { get; }

    /// <summary>The value in these options, written as it would be read.</summary>
    public abstract string Text(KithOptions options);

    /// <summary>The options with this value; false when the text is not a valid value.</summary>
    public abstract bool TryApply(KithOptions options, string text, out KithOptions changed);

    /// <summary>How a valid value stands in <c>kith.json</c>; null when the text is not a valid value.</summary>
    public abstract JsonNode? Json(string text);
}

/// <inheritdoc cref="Setting"/>
internal sealed class Setting<T>(
    string key,
    Kind<T> kind,
    Func<KithOptions, T> get,
    Func<KithOptions, T, KithOptions> with,
    string meaning
) : Setting(key, meaning)
{
    public override string Valid => kind.Valid;

    public override string Text(KithOptions options) => kind.Format(get(options));

    public override bool TryApply(KithOptions options, string text, out KithOptions changed)
    {
        bool valid = kind.TryParse(text.Trim(), out T? value);
        changed = valid ? with(options, value!) : options;
        return valid;
    }

    public override JsonNode? Json(string text) => kind.TryParse(text.Trim(), out T? value) ? kind.Json(value!) : null;
}
