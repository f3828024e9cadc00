using Microsoft.Extensions.Logging;

namespace Kith.Tests.Listeners.Certificates;

/// <summary>What was logged, as "Level: message".</summary>
internal sealed class RecordingLog<T> : ILogger<T>
{
    public List<string> Lines { get; } = [];

    public IEnumerable<string> Errors => Lines.Where(line => line.StartsWith("Error", StringComparison.Ordinal));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Lines.Add($"{logLevel}: {formatter(state, exception)}");
}
