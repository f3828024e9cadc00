namespace Storage;

/// <summary>What a <see cref="Database"/> needs from its program.</summary>
public sealed record DatabaseOptions
{
    /// <summary>Path of <c>kith.db</c>; made when it does not exist, in a directory that does.</summary>
    public required string Path { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Bytes that must be free on the file system; below, what adds is refused while reads go on. 0 = no guard.</summary>
    public long LowDiskBytes { get; init; } = 64L << 20;

    /// <summary>Bytes free for the database; null asks the file system of <see cref="Path"/>.</summary>
    public Func<long>? FreeBytes { get; init; }

    /// <summary>How long the name of a removed account is refused to a new one.</summary>
    public TimeSpan NameGrace { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Hears of what somebody should look at: the bundled library in use, a fault in a commit's own code.</summary>
    public Action<string, Exception?> Warn { get; init; } = static (_, _) => { };
}
