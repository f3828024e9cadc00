using System.Globalization;
using Shouldly;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Household;

/// <summary>Quiet hours are times of the home's own clock, whatever that clock does (laws, "Limited accounts have guardians").</summary>
public sealed class QuietScheduleTests
{
    private static readonly TimeZoneInfo _berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    // 2026-03-14 is a Saturday.
    [Theory]
    [InlineData("2026-03-14T19:59:59Z", false, "2026-03-14T20:00:00Z")]
    [InlineData("2026-03-14T20:00:00Z", true, "2026-03-15T06:30:00Z")]
    [InlineData("2026-03-15T06:29:59Z", true, "2026-03-15T06:30:00Z")]
    [InlineData("2026-03-15T06:30:00Z", false, "2026-03-21T20:00:00Z")]
    public void A_span_goes_over_midnight(string now, bool quiet, string next)
    {
        QuietSchedule schedule = new(QuietSchedule.Parse("Sat 21:00-07:30"), _berlin);
        schedule.IsQuiet(At(now)).ShouldBe(quiet);
        schedule.NextChange(At(now)).ShouldBe(At(next));
    }

    // In the night of 2026-03-29 the clocks go from 2 to 3, on 2026-10-25 from 3 to 2.
    [Theory]
    [InlineData("Sun 02:30-04:00", "2026-03-29T01:29:59Z", "2026-03-29T01:30:00Z")]
    [InlineData("Sun 02:30-04:00", "2026-03-29T01:30:00Z", "2026-03-29T02:00:00Z")]
    [InlineData("Sun 01:00-04:00", "2026-10-25T02:00:00Z", "2026-10-25T03:00:00Z")]
    public void Clocks_that_are_changed_do_not_confuse_it(string text, string now, string next) =>
        new QuietSchedule(QuietSchedule.Parse(text), _berlin).NextChange(At(now)).ShouldBe(At(next));

    [Fact]
    public void Without_spans_it_is_never_quiet()
    {
        QuietSchedule schedule = new([], _berlin);
        schedule.IsQuiet(At("2026-03-14T20:00:00Z")).ShouldBeFalse();
        schedule.NextChange(At("2026-03-14T20:00:00Z")).ShouldBeNull();
    }

    [Fact]
    public void People_write_it_in_both_languages()
    {
        QuietSchedule
            .Parse(" Fri - Sun 9:00-10:00 \n\n")
            .Select(span => span.Day)
            .ShouldBe([DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday]);
        IReadOnlyList<QuietSpan> spans = QuietSchedule.Parse("Mittwoch 21:00-07:00\nDo 00:00-24:00");
        QuietSchedule.Format(spans).ShouldBe(["Wed 21:00-07:00", "Thu 00:00-00:00"]);
        QuietSchedule.Parse(string.Join('\n', QuietSchedule.Format(spans))).ShouldBe(spans);
    }

    [Theory]
    [InlineData("21:00-07:00")]
    [InlineData("Mon 21:00")]
    [InlineData("Mon 21-07")]
    [InlineData("Mon 25:00-07:00")]
    [InlineData("Mon-Tue-Wed 21:00-07:00")]
    [InlineData("X 21:00-07:00")]
    public void What_is_none_is_refused(string text) =>
        Should.Throw<RefusedException>(() => QuietSchedule.Parse(text)).Message.ShouldContain(text);
}
