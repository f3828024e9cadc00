namespace WebPush;

/// <summary>How much a push may cost the device's battery (RFC 8030 §5.3).</summary>
public enum PushUrgency
{
    VeryLow,
    Low,
    Normal,
    High,
}

/// <summary>What one browser shall get.</summary>
/// <param name="Payload">At most <see cref="LargestPayload"/> bytes; only the browser can read it.</param>
public sealed record PushMessage(ReadOnlyMemory<byte> Payload)
{
    /// <summary>What fits beside header, delimiter and tag into the 4096 bytes that every push service takes (RFC 8291 §4).</summary>
    public const int LargestPayload = 3993;

    /// <summary>RFC 8030 §5.4.</summary>
    public const int LongestTopic = 32;

    /// <summary>How long it is worth something (RFC 8030 §5.2): the push service keeps it no longer, nor is it tried for longer. Zero: now or never.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromDays(1);
    public PushUrgency Urgency { get; init; } = PushUrgency.Normal;

    /// <summary>
    /// A later push with the same topic takes the place of one that the browser has not got yet (RFC 8030 §5.4): up to 32
    /// characters of the base64url alphabet; null for none.
    /// </summary>
    public string? Topic { get; init; }

    /// <summary>What is wrong with it; null when it can be sent.</summary>
    internal string? Fault()
    {
        if (Payload.Length > LargestPayload)
            return $"a push carries {LargestPayload} bytes at most, not {Payload.Length}";
        if (TimeToLive < TimeSpan.Zero)
            return "a push does not live for less than no time";
        return Topic is null || (Topic.Length is > 0 and <= LongestTopic && IsBase64Url(Topic))
            ? null
            : $"a topic has 1 to {LongestTopic} characters of the base64url alphabet";
    }

    private static bool IsBase64Url(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
