using System.Diagnostics.CodeAnalysis;
using SQLitePCL;
using Xmpp.Server.Stores;

namespace Storage;

/// <summary>One SQLite connection with the statements prepared on it. Used by one thread at a time.</summary>
internal sealed class Connection : IDisposable
{
    private const int PatienceMilliseconds = 5000;
    private readonly sqlite3 _handle;

    // By reference: every statement's text is a literal, which is one object for one place in the code.
    private readonly Dictionary<string, Statement> _statements = new(ReferenceEqualityComparer.Instance);

    private Connection(sqlite3 handle, string path)
    {
        _handle = handle;
        Path = path;
    }

    public string Path { get; }

    /// <summary>Statements in somebody's hands.</summary>
    public int InUse { get; set; }

    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    public static Connection Open(string path, bool write)
    {
        SqliteLibrary.Initialize();
        // No mutex: the connection's owner sees to it that one thread uses it at a time.
        int flags =
            raw.SQLITE_OPEN_NOMUTEX
            | (write ? raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE : raw.SQLITE_OPEN_READONLY);
        int code = raw.sqlite3_open_v2(path, out sqlite3 handle, flags, null);
        var connection = new Connection(handle, path);
        if (code == raw.SQLITE_OK)
        {
            // Somebody else's look at the file (a shell, a backup) is waited for.
            raw.sqlite3_busy_timeout(handle, PatienceMilliseconds);
            return connection;
        }
        StorageException failure = connection.Failure(code);
        connection.Dispose();
        throw failure;
    }

    /// <summary>The statement of this text, ready to be bound; give it back by disposing or running it.</summary>
    public Statement Sql([ConstantExpected] string text)
    {
        if (!_statements.TryGetValue(text, out Statement? statement))
        {
            Check(raw.sqlite3_prepare_v3(_handle, text, raw.SQLITE_PREPARE_PERSISTENT, out sqlite3_stmt handle));
            _statements.Add(text, statement = new Statement(this, handle));
        }
        return statement.Begin();
    }

    /// <summary>Takes back what an exception has left in use, so that one fault does not spoil the next access.</summary>
    public void TakeBackStatements()
    {
        if (InUse == 0)
            return;
        foreach (Statement statement in _statements.Values)
            statement.Dispose();
    }

    /// <summary>Runs statements that are not kept.</summary>
    public void Execute(string text) => Check(raw.sqlite3_exec(_handle, text));

    /// <summary>The first column of the first row; 0 when there is none.</summary>
    public long Scalar([ConstantExpected] string text)
    {
        using Statement statement = Sql(text);
        return statement.Step() ? statement.Int64(0) : 0;
    }

    public long LastInsertedId() => raw.sqlite3_last_insert_rowid(_handle);

    public int Changes() => raw.sqlite3_changes(_handle);

    /// <summary>Pages written since the last call: in WAL mode, frames added to the log.</summary>
    public int PagesWritten()
    {
        Check(raw.sqlite3_db_status(_handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out int pages, out _, 1));
        return pages;
    }

    /// <summary>Moves what no reader needs from the log to the database; true when all of it was moved.</summary>
    public bool Checkpoint()
    {
        int code = raw.sqlite3_wal_checkpoint_v2(
            _handle,
            "main",
            raw.SQLITE_CHECKPOINT_PASSIVE,
            out int log,
            out int moved
        );
        if (code == raw.SQLITE_BUSY)
            return false;
        Check(code);
        return log == moved;
    }

    public void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw Failure(code);
    }

    /// <summary>What SQLite says of its last fault. A full disk is SQLITE_FULL there: it maps ENOSPC itself.</summary>
    public StorageException Failure(int code)
    {
        int detail = raw.sqlite3_extended_errcode(_handle);
        string text = raw.sqlite3_errmsg(_handle).utf8_to_string();
        bool full = (code & 0xff) == raw.SQLITE_FULL || detail == raw.SQLITE_IOERR_SHMSIZE;
        bool damaged = (code & 0xff) is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;
        return new StorageException($"{Path}{(damaged ? " is damaged" : "")}: {text} (SQLite {detail})")
        {
            DiskFull = full,
            Damaged = damaged,
        };
    }

    public void Dispose()
    {
        foreach (Statement statement in _statements.Values)
            statement.Close();
        _statements.Clear();
        _handle.Dispose();
    }
}
