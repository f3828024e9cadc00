using System.Collections.Concurrent;
using Xmpp.Server.Stores;

namespace Server.Tests.Stores;

/// <summary>Queues commits that note what becomes of them, and can hold the writer so that they wait as one batch.</summary>
internal sealed class Commits(IDatabase database)
{
    /// <summary>"released NAME" and "failed NAME", in the order in which it happened.</summary>
    public ConcurrentQueue<string> Events { get; } = new();

    public ConcurrentDictionary<string, Exception> Errors { get; } = new();

    public void Add(string name, Action<Transaction>? write = null, Action? released = null) =>
        database.Enqueue(new Noted(this, name, write, released));

    /// <summary>Returns once everything queued so far was released or failed.</summary>
    public async Task Settle()
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        database.Enqueue(new Noted(this, null, null, done.SetResult));
        await done.Task;
    }

    /// <summary>Holds the writer's thread until the result is disposed; what is queued meanwhile waits together.</summary>
    public IDisposable Hold()
    {
        var hold = new Holding();
        database.Enqueue(hold);
        hold.Reached.Wait();
        return hold;
    }

    private sealed class Noted(Commits commits, string? name, Action<Transaction>? write, Action? released) : Commit
    {
        public override bool Writes => write is not null;

        public override void Write(Transaction transaction) => write!(transaction);

        public override void Released()
        {
            if (name is not null)
                commits.Events.Enqueue($"released {name}");
            released?.Invoke();
        }

        public override void Failed(Exception error)
        {
            commits.Errors[name!] = error;
            commits.Events.Enqueue($"failed {name}");
        }
    }

    private sealed class Holding : Commit, IDisposable
    {
        private readonly ManualResetEventSlim _end = new();

        public ManualResetEventSlim Reached { get; } = new();

        public override bool Writes => false;

        public override void Released()
        {
            Reached.Set();
            _end.Wait();
        }

        public void Dispose() => _end.Set();
    }
}
