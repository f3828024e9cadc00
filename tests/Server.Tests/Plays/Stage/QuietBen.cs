using Xmpp.Server.Household;
using Xmpp.Server.Stores;

namespace Server.Tests.Plays.Stage;

/// <summary>Ben, a limited account with quiet hours from ten to eleven (Reach 11). A play begins at 09:26:53 that Saturday.</summary>
internal static class QuietBen
{
    public static readonly TimeSpan UntilTen = new(0, 33, 7);
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>A play with the others, who are of Ben's circle, and with Ben.</summary>
    public static async Task<Play> StartAsync(
        Framing framing,
        string circle,
        params IEnumerable<(string Name, Role Role)> others
    )
    {
        Play play = await Play.StartAsync(framing, options => options with { TimeZone = TimeZoneInfo.Utc });
        foreach (var (name, role) in others)
            await play.AddAccount(name, role, circle);
        await play.AddAccount("ben", Role.Limited, circle);
        await play.Server.Home.QuietHours.SetAsync("ben", QuietSchedule.Parse("Sat 10:00-11:00"));
        return play;
    }
}
