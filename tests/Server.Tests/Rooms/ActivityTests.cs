using System.Globalization;
using Shouldly;
using Xmpp.Server.Rooms;
using Xunit;

namespace Server.Tests.Rooms;

/// <summary>Messages per hour over the last whole hours (XEP-0502 §4, §5).</summary>
public sealed class ActivityTests
{
    private static DateTimeOffset At(double hours) =>
        new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero).AddHours(hours);

    [Fact]
    public void There_is_none_before_a_whole_hour_has_passed()
    {
        var activity = new Activity();
        activity.PerHour(At(0)).ShouldBeNull();
        activity.Note(At(0.1));
        activity.PerHour(At(0.9)).ShouldBeNull();
        activity.PerHour(At(1)).ShouldBe(1);
    }

    [Theory]
    [InlineData(2, "3")]
    [InlineData(4, "1.5")]
    [InlineData(24, "0.25")]
    [InlineData(25, "0.13")]
    [InlineData(26, "0")]
    [InlineData(1000, "0")]
    [InlineData(100000, "0")]
    public void Old_hours_count_no_more(int later, string rate)
    {
        var activity = new Activity();
        for (int i = 0; i < 3; i++)
            activity.Note(At(0.5));
        for (int i = 0; i < 3; i++)
            activity.Note(At(1.5));
        activity.PerHour(At(later))!.Value.ToString("0.##", CultureInfo.InvariantCulture).ShouldBe(rate);
    }

    // security.md, "Storage": a clock that jumps breaks nothing.
    [Fact]
    public void A_clock_that_is_set_back_begins_anew()
    {
        var activity = new Activity();
        activity.Note(At(10));
        activity.Note(At(2));
        activity.PerHour(At(3)).ShouldBe(1);
    }
}
