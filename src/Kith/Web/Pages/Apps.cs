namespace Kith.Web.Pages;

/// <summary>What kind of device looks at the page, as far as its browser tells.</summary>
internal enum Device
{
    Android,
    Apple,
    Desktop,
}

/// <summary>An app to chat with, and where its makers offer it.</summary>
internal sealed record App(string Name, Device Device, string Link);

/// <summary>The apps that the pages suggest (product.md, "Invite").</summary>
internal static class Apps
{
    public static IReadOnlyList<App> All { get; } =
    [
        new("Conversations", Device.Android, "https://conversations.im/"),
        new("Cheogram", Device.Android, "https://cheogram.com/"),
        new("Monal", Device.Apple, "https://monal-im.org/"),
        new("Siskin", Device.Apple, "https://siskin.im/"),
        new("Gajim", Device.Desktop, "https://gajim.org/"),
        new("Dino", Device.Desktop, "https://dino.im/"),
        new("Profanity", Device.Desktop, "https://profanity-im.github.io/"),
    ];

    public static Device DeviceOf(HttpRequest request)
    {
        string agent = request.Headers.UserAgent.ToString();
        if (agent.Contains("Android", StringComparison.OrdinalIgnoreCase))
            return Device.Android;
        bool apple =
            agent.Contains("iPhone", StringComparison.Ordinal) || agent.Contains("iPad", StringComparison.Ordinal);
        return apple || agent.Contains("Macintosh", StringComparison.Ordinal) ? Device.Apple : Device.Desktop;
    }
}
