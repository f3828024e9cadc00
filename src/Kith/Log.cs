namespace Kith;

/// <summary>What the program itself logs.</summary>
internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Message}")]
    public static partial void Storage(ILogger logger, Exception? error, string message);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Name} is ready at {Url}: {Ports}")]
    public static partial void Ready(ILogger logger, string name, string url, string ports);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "Old messages could not be removed; tried again later")]
    public static partial void RetentionFailed(ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "systemd could not be told {State}: {Problem}")]
    public static partial void NotNotified(ILogger logger, string state, string problem);
}
