using Xmpp.Server.Stores;

namespace Storage;

/// <summary>What waits for other servers.</summary>
public sealed class SqliteServerQueueStore : IServerQueueStore
{
    /// <inheritdoc/>
    public IReadOnlyList<QueuedStanza> Waiting(Access access) =>
        access
            .Sql("SELECT id, from_domain, to_domain, time, stanza FROM server_queue ORDER BY id")
            .All(static row => new QueuedStanza(
                row.Int64(0),
                row.Text(1),
                row.Text(2),
                Micros.ToTime(row.Int64(3)),
                row.Blob(4)
            ));

    /// <inheritdoc/>
    public long Add(Transaction transaction, string from, string to, ReadOnlySpan<byte> stanza)
    {
        transaction.Own().Adding();
        transaction
            .Sql("INSERT INTO server_queue (from_domain, to_domain, time, stanza) VALUES (?, ?, ?, ?)")
            .Bind(from)
            .Bind(to)
            .Bind(Micros.From(transaction.Own().Now))
            .Bind(stanza)
            .Run();
        return transaction.Own().Connection.LastInsertedId();
    }

    /// <inheritdoc/>
    public void Remove(Transaction transaction, string from, string to, long upTo) =>
        transaction
            .Sql("DELETE FROM server_queue WHERE from_domain = ? AND to_domain = ? AND id <= ?")
            .Bind(from)
            .Bind(to)
            .Bind(upTo)
            .Run();

    /// <inheritdoc/>
    public void Remove(Transaction transaction, long id) =>
        transaction.Sql("DELETE FROM server_queue WHERE id = ?").Bind(id).Run();

    /// <inheritdoc/>
    public long NewestAt(Access access, string from, string to, DateTimeOffset time) =>
        access
            .Sql(
                """
                SELECT ifnull(max(id), 0) FROM server_queue WHERE from_domain = ?1 AND to_domain = ?2 AND id < ifnull(
                  (SELECT min(id) FROM server_queue WHERE from_domain = ?1 AND to_domain = ?2 AND time > ?3), ?4)
                """
            )
            .Bind(from)
            .Bind(to)
            .Bind(Micros.From(time))
            .Bind(long.MaxValue)
            .First(static row => row.Int64(0));

    /// <inheritdoc/>
    public DateTimeOffset? Seen(Access access, string domain)
    {
        using Statement row = access.Sql("SELECT seen FROM known_server WHERE domain = ?").Bind(domain);
        return row.Step() ? Micros.ToTime(row.Int64(0)) : null;
    }

    /// <inheritdoc/>
    public void NoteSeen(Transaction transaction, string domain, DateTimeOffset time) =>
        transaction
            .Sql(
                """
                INSERT INTO known_server (domain, seen) VALUES (?, ?)
                ON CONFLICT (domain) DO UPDATE SET seen = excluded.seen
                """
            )
            .Bind(domain)
            .Bind(Micros.From(time))
            .Run();
}
