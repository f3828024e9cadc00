using System.Globalization;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>An account's quiet hours in the home's time zone, and how people write them: <c>Mon-Fri 21:00-07:00</c>.</summary>
public sealed class QuietSchedule
{
    /// <summary>More than anybody needs.</summary>
    public const int MostSpans = 50;

    // The first two letters tell days apart, English and German ones together.
    private static readonly Dictionary<string, DayOfWeek> _days = new(StringComparer.OrdinalIgnoreCase)
    {
        ["mo"] = DayOfWeek.Monday,
        ["tu"] = DayOfWeek.Tuesday,
        ["di"] = DayOfWeek.Tuesday,
        ["we"] = DayOfWeek.Wednesday,
        ["mi"] = DayOfWeek.Wednesday,
        ["th"] = DayOfWeek.Thursday,
        ["do"] = DayOfWeek.Thursday,
        ["fr"] = DayOfWeek.Friday,
        ["sa"] = DayOfWeek.Saturday,
        ["su"] = DayOfWeek.Sunday,
        ["so"] = DayOfWeek.Sunday,
    };

    private readonly IReadOnlyList<QuietSpan> _spans;
    private readonly TimeZoneInfo _zone;

    public QuietSchedule(IReadOnlyList<QuietSpan> spans, TimeZoneInfo zone) => (_spans, _zone) = (spans, zone);

    public bool IsEmpty => _spans.Count == 0;

    public bool IsQuiet(DateTimeOffset now) => Around(now).Any(quiet => quiet.From <= now && now < quiet.To);

    /// <summary>When a span begins or ends next; null where there is none.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset now)
    {
        DateTimeOffset? next = null;
        foreach (var (from, to) in Around(now))
        foreach (DateTimeOffset change in (DateTimeOffset[])[from, to])
            if (change > now && !(change >= next))
                next = change;
        return next;
    }

    // What may last until now, and a week of what comes.
    private IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Around(DateTimeOffset now)
    {
        DateTime today = TimeZoneInfo.ConvertTime(now, _zone).Date;
        for (int offset = -1; offset <= 8; offset++)
        {
            DateTime day = today.AddDays(offset);
            foreach (QuietSpan span in _spans)
                if (span.Day == day.DayOfWeek)
                    yield return (
                        Moment(day + span.From.ToTimeSpan()),
                        Moment(day.AddDays(span.To <= span.From ? 1 : 0) + span.To.ToTimeSpan())
                    );
        }
    }

    // What the clocks skip in spring is an hour later.
    private DateTimeOffset Moment(DateTime local)
    {
        if (_zone.IsInvalidTime(local))
            local = local.AddHours(1);
        return new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(local, _zone), TimeSpan.Zero);
    }

    /// <summary>One line for each span: a day or days, and two times.</summary>
    /// <exception cref="RefusedException">A line is none.</exception>
    public static IReadOnlyList<QuietSpan> Parse(string text)
    {
        var spans = new List<QuietSpan>();
        foreach (
            string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        )
        {
            int space = line.LastIndexOf(' ');
            if (space < 0 || Days(line[..space]) is not { } days || Times(line[(space + 1)..]) is not { } times)
                throw new RefusedException(
                    Refusal.BadRequest,
                    $"“{line}” is no quiet time. Write for example: Mon-Fri 21:00-07:00"
                );
            spans.AddRange(days.Select(day => new QuietSpan(day, times.From, times.To)));
        }
        return spans;
    }

    /// <summary>The same text, a line for each span.</summary>
    public static IEnumerable<string> Format(IEnumerable<QuietSpan> spans) =>
        spans.Select(span =>
            string.Create(CultureInfo.InvariantCulture, $"{span.Day.ToString()[..3]} {span.From:HH:mm}-{span.To:HH:mm}")
        );

    private static List<DayOfWeek>? Days(string text)
    {
        string[] ends = text.Split('-', StringSplitOptions.TrimEntries);
        if (ends.Length > 2 || Day(ends[0]) is not { } first || Day(ends[^1]) is not { } last)
            return null;
        List<DayOfWeek> days = [first];
        while (days[^1] != last)
            days.Add((DayOfWeek)(((int)days[^1] + 1) % 7));
        return days;
    }

    private static DayOfWeek? Day(string text) =>
        text.Length >= 2 && _days.TryGetValue(text[..2], out DayOfWeek day) ? day : null;

    private static (TimeOnly From, TimeOnly To)? Times(string text)
    {
        string[] ends = text.Split('-', StringSplitOptions.TrimEntries);
        return ends.Length == 2 && TryTime(ends[0], out TimeOnly from) && TryTime(ends[1], out TimeOnly to)
            ? (from, to)
            : null;
    }

    private static bool TryTime(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(
            text == "24:00" ? "00:00" : text,
            ["H:mm", "HH:mm"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out time
        );
}
