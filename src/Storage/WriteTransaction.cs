using Xmpp.Addresses;
using Xmpp.Server.Stores;

namespace Storage;

/// <summary>The writer's transaction; one object for all of them, as there is one at a time.</summary>
internal sealed class WriteTransaction(Connection connection, DatabaseOptions options, FreeSpace space) : Transaction
{
    // A household writes to a few hundred addresses; past this the cache starts anew.
    private const int KnownPeers = 4096;

    private readonly Dictionary<Jid, long> _peers = [];
    private readonly Dictionary<byte[], SessionMark> _marks = new(TokenHashComparer.Instance);
    private bool _open;
    private long _lastArchiveId = connection.Scalar(
        "SELECT max(ifnull((SELECT max(id) FROM message), 0), ifnull((SELECT last FROM archive_position), 0))"
    );

    public Connection Connection =>
        _open ? connection : throw new InvalidOperationException("A transaction ends with its commit's Write.");

    public DateTimeOffset Now => options.Time.GetUtcNow();

    public TimeSpan NameGrace => options.NameGrace;

    public void Begin()
    {
        connection.Sql("BEGIN IMMEDIATE").Run();
        _open = true;
    }

    public void Commit()
    {
        WriteMarks();
        _open = false;
        connection.TakeBackStatements();
        connection.Sql("COMMIT").Run();
    }

    /// <summary>Undoes what the transaction wrote, in the file and in memory. Does not throw: the fault that led here counts.</summary>
    public void Rollback()
    {
        _open = false;
        _marks.Clear();
        _peers.Clear();
        connection.TakeBackStatements();
        // After some faults SQLite has rolled back by itself.
        if (connection.InTransaction)
            connection.Execute("ROLLBACK");
    }

    public override long NextArchiveId() => _lastArchiveId = Math.Max(_lastArchiveId + 1, Micros.From(Now));

    public override void NoteInbound(SessionMark mark) => _marks[mark.TokenHash] = mark;

    public override void Dispose() { }

    /// <summary>To be called before anything that makes the database grow.</summary>
    public void Adding()
    {
        if (space.Low)
            throw FreeSpace.Refusal();
    }

    /// <summary>An id that came from elsewhere (import) is not given out again either.</summary>
    public void Used(long archiveId) => _lastArchiveId = Math.Max(_lastArchiveId, archiveId);

    /// <summary>Keeps the position when messages are removed: the newest of them may have carried it.</summary>
    public void KeepPosition() =>
        this.Sql(
                "INSERT INTO archive_position (one, last) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET last = excluded.last"
            )
            .Bind(_lastArchiveId)
            .Run();

    /// <summary>A mark noted earlier in the batch does not outlive the removal of its session.</summary>
    public void ForgetMark(ReadOnlySpan<byte> tokenHash) => _marks.Remove(tokenHash.ToArray());

    /// <summary>The number of a bare address in the archives' entries.</summary>
    public long Peer(Jid bare)
    {
        if (_peers.TryGetValue(bare, out long id))
            return id;
        id = FindPeer(this, bare) ?? AddPeer(bare);
        if (_peers.Count == KnownPeers)
            _peers.Clear();
        _peers.Add(bare, id);
        return id;
    }

    public static long? FindPeer(Access access, Jid bare)
    {
        using Statement find = access.Sql("SELECT id FROM peer WHERE jid = ?").BindText(bare.Utf8.Span);
        return find.Step() ? find.Int64(0) : null;
    }

    /// <summary>Peers were removed from the table.</summary>
    public void ForgetPeers() => _peers.Clear();

    private long AddPeer(Jid bare)
    {
        this.Sql("INSERT INTO peer (jid) VALUES (?)").BindText(bare.Utf8.Span).Run();
        return connection.LastInsertedId();
    }

    private void WriteMarks()
    {
        if (_marks.Count == 0)
            return;
        long now = Micros.From(Now);
        foreach (SessionMark mark in _marks.Values)
            SqliteSessionStore.Write(this, mark, now);
        _marks.Clear();
    }
}
