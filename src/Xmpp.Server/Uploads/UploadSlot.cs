using Xmpp.Server.Stores;

namespace Xmpp.Server.Uploads;

/// <summary>What a client was promised: one file of exactly this size (XEP-0363 §5).</summary>
public sealed record UploadSlot
{
    public required string Id { get; init; }

    /// <summary>Sanitised (<see cref="FileName"/>).</summary>
    public required string Name { get; init; }
    public long Account { get; init; }

    /// <summary>How often the account's sign-ins had been ended when it was given: a slot ends with them.</summary>
    internal int Generation { get; init; }

    /// <summary>Bytes, exactly.</summary>
    public long Size { get; init; }

    /// <summary>The type that was said beforehand; null for none.</summary>
    public string? MediaType { get; init; }
    public UploadPurpose Purpose { get; init; }

    /// <summary>When the file goes (<see cref="UploadPurpose.Ephemeral"/>).</summary>
    public DateTimeOffset? FileExpires { get; init; }

    /// <summary>The upload begins before.</summary>
    public DateTimeOffset Expires { get; init; }
}

/// <summary>Why a file is not taken.</summary>
public enum UploadRefusal
{
    /// <summary>No slot of this box, or one that is over; or its account may not sign in any more.</summary>
    NoSlot,

    /// <summary>Was uploaded before, or is being uploaded.</summary>
    Taken,

    /// <summary>The account uploads as many as it may at once.</summary>
    TooMany,

    /// <summary>The account's files are as large as they may be.</summary>
    Quota,

    /// <summary>The disk is nearly full.</summary>
    DiskFull,
}
