using Xmpp.Server.Stores;

namespace Server.Tests.Plays.Stage;

/// <summary>
/// The database as the server has it, with a writer that a play may hold: what is queued meanwhile is seen by nobody, and
/// is one batch when it goes on.
/// </summary>
internal sealed class PlayDatabase(IDatabase inner) : IDatabase
{
    private readonly Lock _lock = new();
    private List<Commit>? _held;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Exception? _readFault;

    public Access OpenRead() =>
        Interlocked.Exchange(ref _readFault, null) is { } fault ? throw fault : inner.OpenRead();

    /// <summary>Whoever reads next finds this.</summary>
    public void FailNextRead(Exception error) => Volatile.Write(ref _readFault, error);

    public void Enqueue(Commit commit)
    {
        lock (_lock)
        {
            if (_held is not null)
            {
                _held.Add(commit);
                _changed.TrySetResult();
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                return;
            }
        }
        inner.Enqueue(commit);
    }

    /// <summary>From now on nothing is written.</summary>
    public void Hold()
    {
        lock (_lock)
            _held = [];
    }

    /// <summary>Completes when so many commits wait.</summary>
    public async Task Holds(int count)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_held!.Count >= count)
                    return;
                changed = _changed.Task;
            }
            await changed.WaitAsync(Actor.Patience);
        }
    }

    /// <summary>What waits is written in one transaction, in its order.</summary>
    public void Continue()
    {
        var begin = new Gate();
        inner.Enqueue(begin);
        lock (_lock)
        {
            _held!.ForEach(inner.Enqueue);
            _held = null;
        }
        begin.Open();
    }

    /// <summary>What waits could not be written.</summary>
    public void Fail(Exception error)
    {
        List<Commit> failed;
        lock (_lock)
            (failed, _held) = (_held!, null);
        foreach (Commit commit in failed)
            if (commit.Writes)
                commit.Failed(error);
            else
                commit.Released();
    }

    // Keeps the writer until all that belongs to the batch stands behind it.
    private sealed class Gate : Commit
    {
        private readonly ManualResetEventSlim _open = new();

        public override bool Writes => false;

        public override void Released() => _open.Wait();

        public void Open() => _open.Set();
    }
}
