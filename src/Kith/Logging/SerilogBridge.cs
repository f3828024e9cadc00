using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Kith.Logging;

/// <summary>What the framework and the libraries log goes to Serilog, configured in code because its reader is not trim-safe.</summary>
internal sealed class SerilogBridge(Logger logger) : ILoggerProvider
{
    /// <summary>A logger to standard output: the journal keeps it, or the person who started it reads it.</summary>
    public static Logger Configure(LogEventLevel level) =>
        new LoggerConfiguration()
            .MinimumLevel.Is(level)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            // That it could not start is said in one line by the command; what ends it later is fatal.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
            .WriteTo.Console(
                outputTemplate: "{Timestamp:HH:mm:ss} {Level:u3} {Message:lj}{NewLine}{Exception}",
                formatProvider: System.Globalization.CultureInfo.InvariantCulture
            )
            .CreateLogger();

    public Microsoft.Extensions.Logging.ILogger CreateLogger(string categoryName) =>
        new Category(logger.ForContext(Constants.SourceContextPropertyName, categoryName));

    public void Dispose() => logger.Dispose();

    private sealed class Category(Serilog.ILogger target) : Microsoft.Extensions.Logging.ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && target.IsEnabled(Level(logLevel));

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
                target.Write(Level(logLevel), exception, "{Text:l}", formatter(state, exception));
        }

        private static LogEventLevel Level(LogLevel level) =>
            level switch
            {
                LogLevel.Trace => LogEventLevel.Verbose,
                LogLevel.Debug => LogEventLevel.Debug,
                LogLevel.Information => LogEventLevel.Information,
                LogLevel.Warning => LogEventLevel.Warning,
                LogLevel.Error => LogEventLevel.Error,
                _ => LogEventLevel.Fatal,
            };
    }
}
