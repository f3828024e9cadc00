namespace Xmpp.Server.Stores;

/// <summary>A consistent view of the database for reading; give it back by disposing it.</summary>
public abstract class Access : IDisposable
{
    /// <summary>Gives the view back to its pool. A <see cref="Transaction"/> belongs to the writer and ignores this.</summary>
    public abstract void Dispose();
}

/// <summary>The writer's open transaction. Reads through it see what the batch wrote before.</summary>
public abstract class Transaction : Access
{
    /// <summary>The next position in the archives: larger than every one before, also after a restart or a clock jump.</summary>
    public abstract long NextArchiveId();

    /// <summary>
    /// Remembers how many stanzas a resumable session has had handled (laws, "exactly once"). The last call of a batch
    /// for a session is what is written, in the batch's own transaction.
    /// </summary>
    public abstract void NoteInbound(SessionMark mark);
}

/// <summary>What a restart must know of a resumable session: SHA-256 of its resumption id, and its inbound count.</summary>
public sealed record SessionMark(byte[] TokenHash, long Account, string Resource, uint Inbound);

/// <summary>
/// One piece of ordered work: what it writes, and what may be seen once that is on disk. Commits are released in the
/// order in which they were queued.
/// </summary>
public abstract class Commit
{
    /// <summary>False for work that only keeps its place in the order: nothing is synced for it alone.</summary>
    public virtual bool Writes => true;

    /// <summary>
    /// Writes. May run twice, when a neighbour in the batch failed: it touches nothing but the transaction and its own fields.
    /// </summary>
    public virtual void Write(Transaction transaction) { }

    /// <summary>What others may see now; called on the writer's thread after the sync, so it must be quick and not throw.</summary>
    public virtual void Released() { }

    /// <summary>
    /// The write failed and left nothing behind; called in the place of <see cref="Released"/>. A
    /// <see cref="StorageException"/> is the database's refusal; anything else was thrown by <see cref="Write"/> itself.
    /// </summary>
    public virtual void Failed(Exception error) { }
}

/// <summary>The database: one writer with group commit, and readers beside it.</summary>
public interface IDatabase
{
    /// <summary>A pooled reader that sees everything released so far.</summary>
    Access OpenRead();

    /// <summary>The only door to writing. Never blocks; order is kept.</summary>
    void Enqueue(Commit commit);
}

/// <summary>Writing for those that wait for the result themselves.</summary>
public static class DatabaseExtensions
{
    /// <summary>Writes and returns once it is on disk.</summary>
    /// <param name="released">Called before that, in commit order (<see cref="Commit.Released"/>).</param>
    public static Task<T> WriteAsync<T>(this IDatabase database, Func<Transaction, T> write, Action<T>? released = null)
    {
        var commit = new AwaitedCommit<T>(write, released);
        database.Enqueue(commit);
        return commit.Task;
    }

    /// <summary>The same for what has no result.</summary>
    public static Task WriteAsync(this IDatabase database, Action<Transaction> write) =>
        database.WriteAsync(transaction =>
        {
            write(transaction);
            return true;
        });

    /// <summary>Returns once all that was queued before is on disk, or refused, and released; writes nothing itself.</summary>
    public static Task SettledAsync(this IDatabase database)
    {
        var place = new Place();
        database.Enqueue(place);
        return place.Task;
    }

    private sealed class Place : Commit
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Task => _reached.Task;

        public override bool Writes => false;

        public override void Released() => _reached.SetResult();

        // The database is closed: nothing is waited for any more.
        public override void Failed(Exception error) => _reached.SetResult();
    }

    private sealed class AwaitedCommit<T>(Func<Transaction, T> write, Action<T>? released) : Commit
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T _result = default!;

        public Task<T> Task => _done.Task;

        public override void Write(Transaction transaction) => _result = write(transaction);

        public override void Released()
        {
            released?.Invoke(_result);
            _done.SetResult(_result);
        }

        public override void Failed(Exception error) => _done.SetException(error);
    }
}

/// <summary>The database refused a write, and nothing of it was kept.</summary>
public sealed class StorageException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>True when the disk is (nearly) full: new work is refused with a clear error while reads go on.</summary>
    public bool DiskFull { get; init; }

    /// <summary>True when the database is damaged.</summary>
    public bool Damaged { get; init; }
}
