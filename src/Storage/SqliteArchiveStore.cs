using Xmpp.Addresses;
using Xmpp.Server.Stores;

namespace Storage;

/// <summary>
/// The archives: content once in <c>message</c>, one small entry for each owner in <c>archive</c>
/// (README.md, "Archive"). Reading pages is in <see cref="ArchiveReader"/>, removing in <see cref="ArchiveRemoval"/>.
/// </summary>
public sealed class SqliteArchiveStore : IArchiveStore
{
    /// <inheritdoc/>
    public void Append(Transaction transaction, ArchivedMessage message)
    {
        if (message.First is { } one && message.Second is { } other && one.Account == other.Account)
            throw new ArgumentException("The two owners of a message are two accounts.", nameof(message));
        if (message.First is null && message.Second is null)
            throw new ArgumentException("A message is somebody's.", nameof(message));
        WriteTransaction own = transaction.Own();
        own.Adding();
        own.Used(message.Id);
        transaction
            .Sql("INSERT INTO message (id, owner1, owner2, stanza) VALUES (?, ?, ?, ?)")
            .Bind(message.Id)
            .Bind(message.First?.Account)
            .Bind(message.Second?.Account)
            .Bind(message.Stanza.Span)
            .Run();
        if (message.First is { } first)
            AddEntry(own, message, first);
        if (message.Second is { } second)
            AddEntry(own, message, second);
    }

    /// <inheritdoc/>
    public ArchivePage Query(Access access, long account, ArchiveQuery query) =>
        new ArchiveReader(access, account, query).Read();

    /// <inheritdoc/>
    public (ArchiveRow First, ArchiveRow Last)? Bounds(Access access, long account)
    {
        ArchiveRow? first = access
            .Sql("SELECT id, time, flags FROM archive WHERE account = ? AND flags & 12 = 0 ORDER BY id LIMIT 1")
            .Bind(account)
            .First(ReadEntry);
        ArchiveRow? last = access
            .Sql("SELECT id, time, flags FROM archive WHERE account = ? AND flags & 12 = 0 ORDER BY id DESC LIMIT 1")
            .Bind(account)
            .First(ReadEntry);
        return first is { } oldest && last is { } newest ? (oldest, newest) : null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<ArchiveRow> Undelivered(
        Access access,
        long account,
        long after,
        long upTo,
        int max,
        bool onlyHidden = false
    )
    {
        Statement query = onlyHidden
            ? access.Sql(
                """
                SELECT archive.id, archive.time, archive.flags, message.stanza
                FROM archive CROSS JOIN message ON message.id = archive.id
                WHERE archive.account = ? AND archive.id > ? AND archive.id <= ?
                  AND archive.flags & 4 <> 0 AND archive.flags & 10 = 2
                ORDER BY archive.id LIMIT ?
                """
            )
            : access.Sql(
                """
                SELECT archive.id, archive.time, archive.flags, message.stanza
                FROM archive CROSS JOIN message ON message.id = archive.id
                WHERE archive.account = ? AND archive.id > ? AND archive.id <= ? AND archive.flags & 10 = 2
                ORDER BY archive.id LIMIT ?
                """
            );
        return query.Bind(account).Bind(after).Bind(upTo).Bind(max).All(ReadRow);
    }

    /// <inheritdoc/>
    public IReadOnlyList<long> Waiting(Access access) =>
        access.Sql("SELECT DISTINCT account FROM archive WHERE flags & 8 <> 0").All(static row => row.Int64(0));

    /// <inheritdoc/>
    public IReadOnlyList<long> EndWaiting(Transaction transaction, long account)
    {
        IReadOnlyList<long> waited = transaction
            .Sql("SELECT id FROM archive WHERE account = ? AND flags & 8 <> 0 ORDER BY id")
            .Bind(account)
            .All(static row => row.Int64(0));
        if (waited.Count > 0)
            transaction
                .Sql("UPDATE archive SET flags = flags & ~8 WHERE account = ? AND flags & 8 <> 0")
                .Bind(account)
                .Run();
        return waited;
    }

    /// <inheritdoc/>
    public long LastId(Access access) => access.Sql("SELECT max(id) FROM message").First(static row => row.Int64(0));

    /// <inheritdoc/>
    public long DeliveredMark(Access access, long account) =>
        access.Sql("SELECT id FROM delivered WHERE account = ?").Bind(account).First(static row => row.Int64(0));

    /// <inheritdoc/>
    public void SetDeliveredMark(Transaction transaction, long account, long id) =>
        transaction
            .Sql(
                "INSERT INTO delivered (account, id) VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET id = excluded.id"
            )
            .Bind(account)
            .Bind(id)
            .Run();

    /// <inheritdoc/>
    public ArchiveRow? FindNewest(
        Access access,
        long account,
        Jid peer,
        bool incoming,
        long after,
        Func<ReadOnlyMemory<byte>, bool> matches
    )
    {
        if (WriteTransaction.FindPeer(access, peer.Bare) is not { } number)
            return null;
        using Statement query = access
            .Sql(
                """
                SELECT archive.id, archive.time, archive.flags, message.stanza
                FROM archive CROSS JOIN message ON message.id = archive.id
                WHERE archive.account = ? AND archive.id > ? AND archive.peer = ? AND archive.flags & 1 = ?
                ORDER BY archive.id DESC
                """
            )
            .Bind(account)
            .Bind(after)
            .Bind(number)
            .Bind(incoming ? 1 : 0);
        while (query.Step())
        {
            ArchiveRow row = ReadRow(query);
            if (matches(row.Stanza))
                return row;
        }
        return null;
    }

    /// <inheritdoc/>
    public void Replace(Transaction transaction, long id, ReadOnlyMemory<byte> stanza) =>
        transaction.Sql("UPDATE message SET stanza = ? WHERE id = ?").Bind(stanza.Span).Bind(id).Run();

    /// <inheritdoc/>
    public int RemoveOlder(Transaction transaction, DateTimeOffset than, int max) =>
        ArchiveRemoval.RemoveOlder(transaction.Own(), than, max);

    /// <inheritdoc/>
    public int RemoveHidden(Transaction transaction, DateTimeOffset than, int max) =>
        ArchiveRemoval.RemoveHidden(transaction.Own(), than, max);

    /// <inheritdoc/>
    public ArchivePreferences Preferences(Access access, long account) =>
        access
            .Sql("SELECT standard, always, never FROM archive_preferences WHERE account = ?")
            .Bind(account)
            .First(static row => new ArchivePreferences(
                row.Text(0),
                Lists.SplitJids(row.OptionalText(1)),
                Lists.SplitJids(row.OptionalText(2))
            ))
        ?? ArchivePreferences.Everything;

    /// <inheritdoc/>
    public void SetPreferences(Transaction transaction, long account, ArchivePreferences preferences) =>
        transaction
            .Sql("INSERT OR REPLACE INTO archive_preferences (account, standard, always, never) VALUES (?, ?, ?, ?)")
            .Bind(account)
            .Bind(preferences.Default)
            .Bind(Lists.Join(preferences.Always))
            .Bind(Lists.Join(preferences.Never))
            .Run();

    internal static ArchiveRow ReadRow(Statement row) =>
        new(row.Int64(0), row.Time(1), (EntryFlags)row.Int32(2), row.Blob(3));

    private static ArchiveRow? ReadEntry(Statement row) =>
        new ArchiveRow(row.Int64(0), row.Time(1), (EntryFlags)row.Int32(2), []);

    private static void AddEntry(WriteTransaction transaction, ArchivedMessage message, ArchiveOwner owner) =>
        transaction
            .Sql("INSERT INTO archive (account, id, time, flags, peer, resource) VALUES (?, ?, ?, ?, ?, ?)")
            .Bind(owner.Account)
            .Bind(message.Id)
            .Bind(message.Time)
            .Bind((long)owner.Flags)
            .Bind(transaction.Peer(owner.Peer.Bare))
            .Bind(owner.Peer.Resource)
            .Run();
}
