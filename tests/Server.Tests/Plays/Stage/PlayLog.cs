using Microsoft.Extensions.Logging;

namespace Server.Tests.Plays.Stage;

/// <summary>Hears all that the server logs: an error fails the play, and a play may wait for a line.</summary>
internal sealed class PlayLog : ILogger
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<string> _failures = [];
    private readonly List<(Func<string, bool> Matches, TaskCompletionSource Seen)> _waiting = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
                return [.. _lines];
        }
    }

    /// <summary>Errors that nobody took with <see cref="TakeFailures"/>.</summary>
    public IReadOnlyList<string> TakeFailures()
    {
        lock (_lock)
        {
            string[] failures = [.. _failures];
            _failures.Clear();
            return failures;
        }
    }

    /// <summary>Completes once so many lines contain the text, now or later.</summary>
    public Task Says(string text, int times = 1)
    {
        lock (_lock)
        {
            bool Heard() => _lines.Count(line => line.Contains(text, StringComparison.Ordinal)) >= times;
            if (Heard())
                return Task.CompletedTask;
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((_ => Heard(), seen));
            return seen.Task.WaitAsync(Actor.Patience);
        }
    }

    /// <summary>The storage's own warnings are faults here.</summary>
    public void Warn(string text, Exception? error) => Add(LogLevel.Error, text, error);

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Add(logLevel, formatter(state, exception), exception);

    private void Add(LogLevel level, string text, Exception? error)
    {
        lock (_lock)
        {
            _lines.Add(text);
            if (level >= LogLevel.Error)
                _failures.Add(text + Environment.NewLine + error);
            foreach (var (_, seen) in _waiting.FindAll(entry => entry.Matches(text)))
                seen.TrySetResult();
        }
    }

    public bool IsEnabled(LogLevel logLevel) => true;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;
}
