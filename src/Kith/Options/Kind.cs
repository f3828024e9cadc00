using System.Globalization;
using System.Text.Json.Nodes;

namespace Kith.Options;

/// <summary>What a setting takes: how a value is read from text, written, and described to someone who got it wrong.</summary>
internal abstract class Kind<T>(string valid)
{
    public string Valid => valid;

    public abstract bool TryParse(string text, out T? value);

    /// <summary>The text from which <see cref="TryParse"/> makes the same value.</summary>
    public abstract string Format(T value);

    public virtual JsonNode Json(T value) => JsonValue.Create(Format(value));
}

/// <summary>Whole numbers in a range; with <paramref name="unit"/> "bytes" also in KiB, MiB, GiB and TiB.</summary>
internal abstract class NumberKind<T>(long min, long max, string unit, string also)
    : Kind<T>($"{unit} from {Number(min)} to {Number(max)}{also}")
{
    protected static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    protected bool TryNumber(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
        && value >= min
        && value <= max;
}

/// <inheritdoc/>
internal sealed class IntKind(int min, int max, string unit, string also = "") : NumberKind<int>(min, max, unit, also)
{
    public override bool TryParse(string text, out int value)
    {
        bool valid = TryNumber(text, out long number);
        value = valid ? (int)number : 0;
        return valid;
    }

    public override string Format(int value) => Number(value);

    public override JsonNode Json(int value) => JsonValue.Create(value);
}

/// <summary>A number of bytes, also as <c>100 MiB</c>.</summary>
internal sealed class BytesKind() : NumberKind<long>(0, MaxBytes, "bytes", ", also as 100 MiB; 0 = no limit")
{
    private const long MaxBytes = 1L << 50;
    private static readonly string[] _units = ["KiB", "MiB", "GiB", "TiB"];

    public override bool TryParse(string text, out long value)
    {
        int shift = 0;
        for (int unit = 0; unit < _units.Length; unit++)
        {
            if (!text.EndsWith(_units[unit], StringComparison.OrdinalIgnoreCase))
                continue;
            shift = 10 * (unit + 1);
            text = text[..^_units[unit].Length].TrimEnd();
        }

        if (!TryNumber(text, out value) || value > MaxBytes >> shift)
            return false;
        value <<= shift;
        return true;
    }

    public override string Format(long value)
    {
        for (int unit = _units.Length; unit > 0; unit--)
        {
            if (value > 0 && (value & ((1L << (10 * unit)) - 1)) == 0)
                return $"{Number(value >> (10 * unit))} {_units[unit - 1]}";
        }

        return Number(value);
    }

    public override JsonNode Json(long value) => JsonValue.Create(value);
}

/// <summary>True or false.</summary>
internal sealed class SwitchKind() : Kind<bool>("true or false")
{
    public override bool TryParse(string text, out bool value) => bool.TryParse(text, out value);

    public override string Format(bool value) => value ? "true" : "false";

    public override JsonNode Json(bool value) => JsonValue.Create(value);
}

/// <summary>One of a few words, in any case.</summary>
internal sealed class ChoiceKind<T>(params (string Word, T Value)[] choices)
    : Kind<T>($"one of {string.Join(", ", choices.Select(choice => choice.Word))}")
    where T : struct, Enum
{
    public override bool TryParse(string text, out T value)
    {
        foreach ((string word, T meant) in choices)
        {
            if (!word.Equals(text, StringComparison.OrdinalIgnoreCase))
                continue;
            value = meant;
            return true;
        }

        value = default;
        return false;
    }

    public override string Format(T value) =>
        choices.First(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Word;
}

/// <summary>A value that reads from text as the two functions say; for what needs no class of its own.</summary>
internal sealed class TextKind<T>(string valid, TextKind<T>.Parser parse, Func<T, string> format) : Kind<T>(valid)
{
    internal delegate bool Parser(string text, out T? value);

    public override bool TryParse(string text, out T? value) => parse(text, out value);

    public override string Format(T value) => format(value);
}
