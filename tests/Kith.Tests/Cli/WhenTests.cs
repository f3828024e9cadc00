using Kith.Cli;
using Shouldly;
using Xunit;

namespace Kith.Tests.Cli;

/// <summary>Moments as people write them.</summary>
public sealed class WhenTests
{
    private static readonly DateTimeOffset _now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo _zone = TimeZoneInfo.CreateCustomTimeZone(
        "two",
        TimeSpan.FromHours(2),
        "",
        ""
    );

    [Theory]
    [InlineData("30m", "2026-03-01T12:30:00+00:00")]
    [InlineData("12h", "2026-03-02T00:00:00+00:00")]
    [InlineData("7d", "2026-03-08T12:00:00+00:00")]
    [InlineData("2w", "2026-03-15T12:00:00+00:00")]
    [InlineData("2026-12-31", "2027-01-01T00:00:00+02:00")]
    [InlineData("2026-12-31T18:00", "2026-12-31T18:00:00+02:00")]
    [InlineData("2026-12-31 18:00", "2026-12-31T18:00:00+02:00")]
    [InlineData("2026-12-31T18:00Z", "2026-12-31T18:00:00+00:00")]
    public void A_length_or_a_date_is_a_moment(string text, string moment)
    {
        When.TryParse(text, _now, _zone, out DateTimeOffset parsed).ShouldBeTrue();
        parsed.ShouldBe(DateTimeOffset.Parse(moment, null));
    }

    [Theory]
    [InlineData("")]
    [InlineData("d")]
    [InlineData("0d")]
    [InlineData("-1d")]
    [InlineData("7 d")]
    [InlineData("7y")]
    [InlineData("99999999999d")]
    [InlineData("tomorrow")]
    [InlineData("2026-02-30")]
    [InlineData("9999-12-31")]
    [InlineData("31.12.2026")]
    public void Anything_else_is_none(string text) => When.TryParse(text, _now, _zone, out _).ShouldBeFalse();
}
