using System.Runtime.InteropServices;
using Xmpp.Server.Stores;

namespace Storage;

/// <summary>
/// The one thread that writes. All that waits is one batch: written in one transaction, synced once, then released in
/// the order in which it was queued (laws.md, "The life of a message").
/// </summary>
internal sealed class Writer : IDisposable
{
    private const int LargestBatch = 1000;

    private readonly Connection _connection;
    private readonly DatabaseOptions _options;
    private readonly StorageException? _refusal;
    private readonly FreeSpace _space;
    private readonly WriteTransaction _transaction;
    private readonly Checkpoints _checkpoints;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private List<Commit> _waiting = [];
    private bool _closing;

    /// <param name="refusal">Why nothing may be written; what writes nothing keeps its place all the same.</param>
    public Writer(Connection connection, DatabaseOptions options, StorageException? refusal)
    {
        _connection = connection;
        _options = options;
        _refusal = refusal;
        _space = new FreeSpace(options);
        _transaction = new WriteTransaction(connection, options, _space);
        _checkpoints = new Checkpoints(connection, options, Wake);
        _thread = new Thread(Run) { IsBackground = true, Name = "Storage writer" };
        _thread.Start();
    }

    public void Enqueue(Commit commit)
    {
        lock (_gate)
        {
            // What comes of the last that is released belongs to it.
            if (!_closing || Thread.CurrentThread == _thread)
            {
                _waiting.Add(commit);
                if (_waiting.Count == 1)
                    Monitor.Pulse(_gate);
                return;
            }
        }
        commit.Failed(new StorageException("The database is closed."));
    }

    /// <summary>Writes and releases what is queued; nothing more is taken.</summary>
    public void Finish()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.Pulse(_gate);
        }
        _thread.Join();
    }

    public void Dispose()
    {
        Finish();
        // Closing the last connection would do it too, but a reader may still be open.
        if (_refusal is null)
            _checkpoints.Move();
        _checkpoints.Dispose();
        _connection.Dispose();
    }

    private void Wake()
    {
        lock (_gate)
            Monitor.Pulse(_gate);
    }

    private void Run()
    {
        List<Commit> taken = [];
        while (Take(ref taken))
        {
            for (int from = 0; from < taken.Count; from += LargestBatch)
            {
                int count = Math.Min(LargestBatch, taken.Count - from);
                Process(CollectionsMarshal.AsSpan(taken).Slice(from, count));
            }
            taken.Clear();
        }
    }

    /// <summary>Waits for work and takes all of it; false when the database closes and nothing is left.</summary>
    private bool Take(ref List<Commit> taken)
    {
        while (true)
        {
            lock (_gate)
            {
                while (_waiting.Count == 0 && !_closing && !_checkpoints.IdleDue)
                    Monitor.Wait(_gate);
                if (_waiting.Count > 0)
                {
                    (_waiting, taken) = (taken, _waiting);
                    return true;
                }
                if (_closing)
                    return false;
            }
            _checkpoints.Idle();
        }
    }

    private void Process(ReadOnlySpan<Commit> batch)
    {
        if (!AnyWrites(batch))
        {
            Release(batch);
            return;
        }
        if (_refusal is not null)
        {
            ProcessEach(batch);
            return;
        }
        _space.Look();
        // Nearly full, some will be refused: those should not cost the others a second attempt.
        if (batch.Length > 1 && !_space.Low && TryWrite(batch) is null)
            Release(batch);
        else
            ProcessEach(batch);
        _checkpoints.AfterWrite();
    }

    private static bool AnyWrites(ReadOnlySpan<Commit> batch)
    {
        foreach (Commit commit in batch)
        {
            if (commit.Writes)
                return true;
        }
        return false;
    }

    /// <summary>Each by itself, so that only the faulty ones fail.</summary>
    private void ProcessEach(ReadOnlySpan<Commit> batch)
    {
        foreach (Commit commit in batch)
        {
            if (commit.Writes && (_refusal ?? TryWrite([commit])) is { } error)
                Fail(commit, error);
            else
                Release([commit]);
        }
    }

    /// <summary>Writes all in one transaction and syncs; otherwise leaves nothing behind and returns why.</summary>
    private Exception? TryWrite(ReadOnlySpan<Commit> commits)
    {
        try
        {
            _transaction.Begin();
            foreach (Commit commit in commits)
            {
                if (commit.Writes)
                    commit.Write(_transaction);
            }
            _transaction.Commit();
            return null;
        }
        // A commit's own code runs here: whatever it throws is for whoever queued it, and the writer lives on.
        catch (Exception error)
        {
            RollBack();
            return error;
        }
    }

    private void RollBack()
    {
        try
        {
            _transaction.Rollback();
        }
        catch (StorageException error)
        {
            _options.Warn("A transaction could not be rolled back.", error);
        }
    }

    private void Release(ReadOnlySpan<Commit> batch)
    {
        ReleaseScope.Begin(batch.Length);
        foreach (Commit commit in batch)
            Release(commit);
        ReleaseScope.End();
    }

    private void Release(Commit commit)
    {
        try
        {
            commit.Released();
        }
        catch (Exception error)
        {
            _options.Warn($"{commit.GetType().Name} failed after it was written.", error);
        }
    }

    private void Fail(Commit commit, Exception reason)
    {
        try
        {
            commit.Failed(reason);
        }
        catch (Exception error)
        {
            _options.Warn($"{commit.GetType().Name} failed while it was told of its failure.", error);
        }
    }
}
