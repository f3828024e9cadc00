using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Xmpp.Xml;

namespace Xmpp.Server.Streams.Bosh;

/// <summary>What client and server agree on as a BOSH session begins (XEP-0124 §7).</summary>
internal sealed record BoshTerms
{
    /// <summary>Proxies cut what is silent for longer.</summary>
    public static readonly TimeSpan MostWait = TimeSpan.FromSeconds(55);
    private const int MostHold = 1;
    private const int Minor = 11;

    /// <summary>Bytes that a wrapper may have around the largest stanza.</summary>
    public const int Wrapper = 1024;

    /// <summary>Shortest time between two empty requests of a client that polls.</summary>
    public static readonly TimeSpan Polling = TimeSpan.FromSeconds(2);

    /// <summary>Longest silence that a client may ask for (§10).</summary>
    public static readonly TimeSpan MostPause = TimeSpan.FromSeconds(120);

    public required string Sid { get; init; }
    public required IPAddress Remote { get; init; }
    public required bool IsSecure { get; init; }
    public TimeSpan Wait { get; init; }
    public int Hold { get; init; }
    public int MinorVersion { get; init; }
    public string ContentType { get; init; } = BoshResponse.Standard;

    /// <summary>§12: nothing waits, the client comes again.</summary>
    public bool IsPolling => Hold == 0;
    public int Requests => Hold + 1;

    /// <summary>Without any request for so long, the client is gone: a bad moment of a phone's network.</summary>
    public TimeSpan Inactivity => TimeSpan.FromSeconds(IsPolling ? 90 : 60);

    public static BoshTerms Agree(BoshRequest request, IPAddress remote, bool secure)
    {
        var wait = TimeSpan.FromSeconds(Math.Min(request.Seconds("wait") ?? 0, MostWait.TotalSeconds));
        return new BoshTerms
        {
            Sid = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)),
            Remote = remote,
            IsSecure = secure,
            Wait = wait,
            Hold = wait == TimeSpan.Zero ? 0 : Math.Min(request.Seconds("hold") ?? 0, MostHold),
            MinorVersion = Math.Min(MinorOf(request.Body.Attribute("ver")), Minor),
            ContentType = Allowed(request.Body.Attribute("content")),
        };
    }

    private static int MinorOf(string? version) =>
        version is ['1', '.', .. var minor]
        && int.TryParse(minor, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : Minor;

    // §7.1 lets the client name any type; what a browser would run as a page of ours is not given.
    private static string Allowed(string? content) =>
        content?.StartsWith("text/plain", StringComparison.Ordinal) == true
            ? "text/plain; charset=utf-8"
            : BoshResponse.Standard;

    /// <summary>The attributes of the first answer (§7.2, XEP-0206 §4).</summary>
    public void Write(XmlBuilder body, StreamHeader? header)
    {
        body.Attribute("xmlns:xmpp", "urn:xmpp:xbosh")
            .Attribute("sid", Sid)
            .Attribute("wait", (long)Wait.TotalSeconds)
            .Attribute("requests", Requests)
            .Attribute("hold", Hold)
            .Attribute("inactivity", (long)Inactivity.TotalSeconds)
            .Attribute("maxpause", (long)MostPause.TotalSeconds)
            .Attribute("ver", $"1.{MinorVersion}")
            .Attribute("from", header?.From)
            .Attribute("authid", header?.Id)
            .Attribute("xmpp:version", "1.0")
            .Attribute("xmpp:restartlogic", "true");
        if (IsPolling)
            body.Attribute("polling", (long)Polling.TotalSeconds);
    }
}
