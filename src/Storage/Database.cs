using Xmpp.Server.Stores;

namespace Storage;

/// <summary>
/// The database: SQLite with a write-ahead log, one <see cref="Writer"/>, and pooled readers beside it
/// (architecture.md, "Disk"; README.md beside this file).
/// </summary>
public sealed class Database : IDatabase, IDisposable
{
    private const int IdleReaders = 4;

    // Takes about 0.1 s here; a larger file would keep people waiting, and doctor can ask for it.
    private const long CheckedAtStart = 32L << 20;

    private const string Restore =
        "To restore it, stop Kith, move kith.db, kith.db-wal and kith.db-shm away, put the kith.db of a backup in their place, "
        + "and start Kith again.";

    private readonly DatabaseOptions _options;
    private readonly Writer _writer;
    private readonly Lock _gate = new();
    private readonly Stack<Connection> _readers = new(IdleReaders);
    private bool _closed;

    private Database(DatabaseOptions options, Connection connection, StorageException? damage = null)
    {
        (_options, Damage) = (options, damage?.Message);
        _writer = new Writer(connection, options, damage);
    }

    /// <summary>Not null: the file is damaged, and nothing is written to it. A sentence for people, with what to do.</summary>
    public string? Damage { get; }

    /// <summary>
    /// Opens the file, makes or migrates it, and starts the writer; a damaged one is opened for reading only. Throws
    /// <see cref="StorageException"/> with a sentence for people when it cannot be read, is newer than this program, or
    /// not ours.
    /// </summary>
    public static Database Open(DatabaseOptions options)
    {
        try
        {
            return OpenUnguarded(options);
        }
        catch (StorageException error)
            when (error.Damaged && !error.Message.EndsWith(Restore, StringComparison.Ordinal))
        {
            throw new StorageException($"{error.Message}. {Restore}", error) { Damaged = true };
        }
    }

    private static Database OpenUnguarded(DatabaseOptions options)
    {
        // The log is gone after a clean close.
        bool unclean = new FileInfo(options.Path + "-wal") is { Exists: true, Length: > 0 };
        MakePrivate(options.Path);
        if (unclean && new FileInfo(options.Path).Length <= CheckedAtStart && FindDamage(options) is { } damage)
            return OpenDamaged(options, damage);
        Connection connection = Connection.Open(options.Path, write: true);
        try
        {
            Prepare(connection);
            if (SqliteLibrary.Bundled)
                options.Warn("The system's libsqlite3.so.0 was not found; the older bundled SQLite is used.", null);
            return new Database(options, connection);
        }
        catch (StorageException)
        {
            connection.Dispose();
            throw;
        }
    }

    // Before anybody writes: closing a connection that could would already move the log into the damaged file.
    private static string? FindDamage(DatabaseOptions options)
    {
        using Connection connection = Connection.Open(options.Path, write: false);
        return Check(connection);
    }

    // What can be read stays to be read until somebody restores a backup; a write could make it worse.
    private static Database OpenDamaged(DatabaseOptions options, string damage)
    {
        var refusal = new StorageException(
            $"{options.Path} is damaged: {damage}. It is open for reading only, and nothing new is kept. {Restore}"
        )
        {
            Damaged = true,
        };
        Connection connection = Connection.Open(options.Path, write: false);
        try
        {
            // An older one would have to be written to.
            if (Migrator.Check(connection) != Migrator.Current)
                throw refusal;
            var database = new Database(options, connection, refusal);
            options.Warn(refusal.Message, null);
            return database;
        }
        catch (StorageException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Access OpenRead()
    {
        Connection? connection = null;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            if (_readers.Count > 0)
                connection = _readers.Pop();
        }
        connection ??= OpenReader();
        connection.Sql("BEGIN").Run();
        return new ReadAccess(this, connection);
    }

    /// <inheritdoc/>
    public void Enqueue(Commit commit) => _writer.Enqueue(commit);

    /// <summary>Reads the whole file and returns the first damage found; null when it is sound. Takes long on a large one.</summary>
    public string? Check()
    {
        using Connection connection = OpenReader();
        return Check(connection);
    }

    /// <summary>Writes what is queued, moves the log into the database and closes it.</summary>
    public void Dispose()
    {
        // What is released at the end may still read.
        _writer.Finish();
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            // Readers first: the last connection to close moves the log, and a read-only one could not.
            foreach (Connection reader in _readers)
                reader.Dispose();
            _readers.Clear();
        }
        _writer.Dispose();
    }

    internal void GiveBack(Connection reader)
    {
        if (TryEnd(reader))
        {
            lock (_gate)
            {
                if (!_closed && _readers.Count < IdleReaders)
                {
                    _readers.Push(reader);
                    return;
                }
            }
        }
        reader.Dispose();
    }

    /// <summary>Ends the read transaction; false when the connection is better not used again.</summary>
    private static bool TryEnd(Connection reader)
    {
        try
        {
            reader.TakeBackStatements();
            reader.Sql("COMMIT").Run();
            return true;
        }
        catch (StorageException)
        {
            // What was wrong has been thrown where it was read.
            return false;
        }
    }

    /// <summary>A new file is its owner's alone, whatever the directory allows; the log inherits that.</summary>
    private static void MakePrivate(string path)
    {
        if (
            OperatingSystem.IsWindows()
            || File.Exists(path)
            || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)))
        )
            return;
        var create = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var file = new FileStream(path, create);
    }

    private static string? Check(Connection connection)
    {
        string result = connection.Sql("PRAGMA quick_check(1)").First(static row => row.Text(0)) ?? "";
        return result == "ok" ? null : result;
    }

    private static void Prepare(Connection connection)
    {
        connection.Execute(
            """
            PRAGMA page_size = 2048;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 0;
            PRAGMA secure_delete = FAST;
            PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -2000;
            """
        );
        Migrator.Run(connection);
        connection.Execute("PRAGMA foreign_keys = ON");
    }

    private Connection OpenReader()
    {
        Connection connection = Connection.Open(_options.Path, write: false);
        connection.Execute("PRAGMA temp_store = MEMORY; PRAGMA cache_size = -400;");
        return connection;
    }
}
