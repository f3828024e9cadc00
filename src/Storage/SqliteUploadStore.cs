using Xmpp.Server.Stores;

namespace Storage;

/// <summary>Which files people have uploaded (XEP-0363).</summary>
public sealed class SqliteUploadStore : IUploadStore
{
    /// <inheritdoc/>
    public UploadRecord? Find(Access access, string id) =>
        access
            .Sql("SELECT token, account, name, media_type, size, purpose, created, expires FROM upload WHERE token = ?")
            .Bind(id)
            .First(Read);

    /// <inheritdoc/>
    public IReadOnlyList<UploadRecord> List(Access access, long account) =>
        access
            .Sql(
                """
                SELECT token, account, name, media_type, size, purpose, created, expires
                FROM upload WHERE account = ? ORDER BY id
                """
            )
            .Bind(account)
            .All(Read);

    /// <inheritdoc/>
    public IReadOnlySet<string> Ids(Access access) =>
        access.Sql("SELECT token FROM upload").All(static row => row.Text(0)).ToHashSet(StringComparer.Ordinal);

    /// <inheritdoc/>
    public long UsedBytes(Access access, long account) =>
        access
            .Sql("SELECT ifnull(sum(size), 0) FROM upload WHERE account = ?")
            .Bind(account)
            .First(static row => row.Int64(0));

    /// <inheritdoc/>
    public bool Add(Transaction transaction, UploadRecord upload)
    {
        WriteTransaction own = transaction.Own();
        own.Adding();
        return transaction
                .Sql(
                    """
                    INSERT INTO upload (id, token, account, name, media_type, size, purpose, created, expires)
                    VALUES (max(ifnull((SELECT max(id) FROM upload), 0) + 1, ?), ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (token) DO NOTHING
                    """
                )
                .Bind(own.Now)
                .Bind(upload.Id)
                .Bind(upload.Account)
                .Bind(upload.Name)
                .Bind(upload.MediaType)
                .Bind(upload.Size)
                .Bind((long)upload.Purpose)
                .Bind(upload.Created)
                .Bind(upload.Expires)
                .Run() > 0;
    }

    /// <inheritdoc/>
    public bool Remove(Transaction transaction, long account, string id) =>
        transaction.Sql("DELETE FROM upload WHERE token = ? AND account = ?").Bind(id).Bind(account).Run() > 0;

    /// <inheritdoc/>
    public void Remove(Transaction transaction, IReadOnlyCollection<string> ids)
    {
        foreach (string id in ids)
            transaction.Sql("DELETE FROM upload WHERE token = ?").Bind(id).Run();
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> RemoveExpired(Transaction transaction, DateTimeOffset now, int max)
    {
        IReadOnlyList<string> over = transaction
            .Sql("SELECT token FROM upload WHERE expires <= ? ORDER BY expires LIMIT ?")
            .Bind(now)
            .Bind(max)
            .All(static row => row.Text(0));
        Remove(transaction, over);
        return over;
    }

    /// <inheritdoc/>
    public IReadOnlyList<UploadRecord> RemoveOldest(Transaction transaction, DateTimeOffset than, int max)
    {
        // An id is a place in time too: one in the future was given out by a clock that ran ahead.
        IReadOnlyList<UploadRecord> oldest = transaction
            .Sql(
                """
                SELECT token, account, name, media_type, size, purpose, created, expires FROM upload
                WHERE purpose IN (0, 3) AND created < ?1 AND (id < ?1 OR id > ?2) ORDER BY id LIMIT ?3
                """
            )
            .Bind(than)
            .Bind(transaction.Own().Now)
            .Bind(max)
            .All(Read);
        Remove(transaction, [.. oldest.Select(upload => upload.Id)]);
        return oldest;
    }

    private static UploadRecord Read(Statement row) =>
        new()
        {
            Id = row.Text(0),
            Account = row.Int64(1),
            Name = row.Text(2),
            MediaType = row.Text(3),
            Size = row.Int64(4),
            Purpose = (UploadPurpose)row.Int32(5),
            Created = row.Time(6),
            Expires = row.OptionalTime(7),
        };
}
