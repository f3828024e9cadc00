using System.Collections.Concurrent;
using Xunit;

[assembly: AssemblyFixture(typeof(Server.Tests.Plays.Stage.Unobserved))]

namespace Server.Tests.Plays.Stage;

/// <summary>A task that failed and that nobody awaited fails the whole run.</summary>
public sealed class Unobserved : IDisposable
{
    private readonly ConcurrentQueue<Exception> _seen = [];

    public Unobserved() => TaskScheduler.UnobservedTaskException += Note;

    private void Note(object? sender, UnobservedTaskExceptionEventArgs unobserved) =>
        _seen.Enqueue(unobserved.Exception);

    public void Dispose()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        TaskScheduler.UnobservedTaskException -= Note;
        if (!_seen.IsEmpty)
            throw new AggregateException("nobody awaited these", _seen);
    }
}
