using Xmpp.Server.Stores;

namespace Storage;

/// <summary>
/// When the write-ahead log is moved into the database: when it is long, or when it is middling and nobody has written
/// for a while. A page that many commits touched is then written to its place once (README.md, "Writing little").
/// </summary>
internal sealed class Checkpoints : IDisposable
{
    private const int LongLog = 4000;
    private const int WorthMoving = 1000;
    private static readonly TimeSpan _quiet = TimeSpan.FromSeconds(5);

    private readonly Connection _connection;
    private readonly DatabaseOptions _options;
    private readonly ITimer _timer;
    private int _pages;
    private volatile bool _due;

    public Checkpoints(Connection connection, DatabaseOptions options, Action wake)
    {
        _connection = connection;
        _options = options;
        _timer = options.Time.CreateTimer(
            _ =>
            {
                _due = true;
                wake();
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>The writer has been quiet, and it is worth the while.</summary>
    public bool IdleDue => _due;

    /// <summary>After a batch was released: what it wrote is counted, and a long log is moved at once.</summary>
    public void AfterWrite()
    {
        _pages += _connection.PagesWritten();
        _due = false;
        if (_pages >= LongLog)
            Move();
        else if (_pages >= WorthMoving)
            _timer.Change(_quiet, Timeout.InfiniteTimeSpan);
    }

    public void Idle()
    {
        _due = false;
        Move();
    }

    public void Dispose() => _timer.Dispose();

    public void Move()
    {
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            _connection.Checkpoint();
        }
        catch (StorageException error)
        {
            // The log still holds everything; the next time comes when it has grown again.
            _options.Warn("The write-ahead log could not be moved into the database.", error);
        }
        _pages = 0;
    }
}
