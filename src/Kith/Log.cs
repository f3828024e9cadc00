namespace Kith;

/// <summary>What the program itself logs.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Message}")]
    public static partial void Storage(ILogger logger, Exception? error, string message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Relay: {What}")]
    public static partial void Relay(ILogger logger, Exception? error, string what);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} is ready at {Url}: {Ports}")]
    public static partial void Ready(ILogger logger, string name, string url, string ports);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "Old messages could not be removed; tried again later")]
    public static partial void RetentionFailed(ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A push over {Service} did not get through: {Reason}")]
    public static partial void NotPushed(ILogger logger, string service, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "systemd could not be told {State}: {Problem}")]
    public static partial void NotNotified(ILogger logger, string state, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "An uploaded file could not be kept")]
    public static partial void UploadNotKept(ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "The uploaded file {Start}… has {Length} bytes instead of {Size}")]
    public static partial void UploadDamaged(ILogger logger, string start, long length, long size);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} uploaded files are gone from the disk: forgotten")]
    public static partial void UploadsLost(ILogger logger, int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The disk is fuller than Uploads:DiskPercent ({Percent}): the oldest {Count} uploaded files ({MegaBytes} MB) were removed"
    )]
    public static partial void UploadsRemoved(ILogger logger, int percent, int count, string megaBytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "Old uploaded files could not be removed; tried again later")]
    public static partial void UploadRetentionFailed(ILogger logger, Exception error);
}
