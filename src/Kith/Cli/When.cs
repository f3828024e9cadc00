using System.CommandLine.Parsing;
using System.Globalization;

namespace Kith.Cli;

/// <summary>Moments as people write them: <c>7d</c> from now (m, h, d, w), a day, or a day with its time.</summary>
internal static class When
{
    public const string Help = "30m, 12h, 7d, 4w, or a date: 2026-12-31, 2026-12-31T18:00";

    private static readonly string[] _times =
    [
        "yyyy-MM-ddTHH:mm",
        "yyyy-MM-ddTHH:mm:ss",
        "yyyy-MM-ddTHH:mmK",
        "yyyy-MM-ddTHH:mm:ssK",
        "yyyy-MM-dd HH:mm",
    ];

    public static bool TryParse(string text, DateTimeOffset now, TimeZoneInfo zone, out DateTimeOffset moment)
    {
        moment = now;
        if (TryLength(text, out TimeSpan length))
        {
            moment = now + length;
            return true;
        }
        CultureInfo none = CultureInfo.InvariantCulture;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", none, DateTimeStyles.None, out DateOnly day))
        {
            // A date means the whole of that day.
            if (day == DateOnly.MaxValue)
                return false;
            moment = At(day.AddDays(1).ToDateTime(TimeOnly.MinValue), zone);
            return true;
        }
        if (!DateTime.TryParseExact(text, _times, none, DateTimeStyles.RoundtripKind, out DateTime time))
            return false;
        moment = time.Kind == DateTimeKind.Unspecified ? At(time, zone) : new DateTimeOffset(time);
        return true;
    }

    private static DateTimeOffset At(DateTime local, TimeZoneInfo zone) => new(local, zone.GetUtcOffset(local));

    private static bool TryLength(string text, out TimeSpan length)
    {
        length = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, null, out int count))
            return false;
        double? minutes = text[^1] switch
        {
            'm' => 1,
            'h' => 60,
            'd' => 60 * 24,
            'w' => 60 * 24 * 7,
            _ => null,
        };
        if (minutes is null || count is 0 or > 1_000_000)
            return false;
        length = TimeSpan.FromMinutes(minutes.Value * count);
        return true;
    }

    /// <summary>For options of the command line.</summary>
    public static DateTimeOffset? Parse(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        DateTimeOffset now = DateTimeOffset.UtcNow;
        if (!TryParse(text, now, TimeZoneInfo.Local, out DateTimeOffset moment))
            argument.AddError($"“{text}” is no time: {Help}");
        else if (moment <= now)
            argument.AddError($"“{text}” is over already");
        return moment;
    }
}
