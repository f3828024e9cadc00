namespace Storage;

/// <summary>How entries leave the archives; content goes with the last entry that shows it.</summary>
internal static class ArchiveRemoval
{
    public static void RemoveOwner(WriteTransaction transaction, long owner)
    {
        transaction
            .Sql(
                """
                DELETE FROM message WHERE id IN (
                  SELECT archive.id FROM archive CROSS JOIN message AS content ON content.id = archive.id
                  WHERE archive.account = ?1 AND NOT EXISTS (
                    SELECT 1 FROM archive AS other
                    WHERE other.id = archive.id AND other.account <> ?1
                      AND other.account IN (content.owner1, content.owner2)))
                """
            )
            .Bind(owner)
            .Run();
        transaction.Sql("DELETE FROM archive WHERE account = ?").Bind(owner).Run();
        transaction.Sql("DELETE FROM delivered WHERE account = ?").Bind(owner).Run();
        // Nobody's business any more whom the owner wrote to.
        transaction.Sql("DELETE FROM peer WHERE id NOT IN (SELECT peer FROM archive)").Run();
        transaction.ForgetPeers();
        transaction.KeepPosition();
    }

    /// <summary>
    /// Removes entries older than the time, oldest first. While the clock was wrong, a message's time may lie far from
    /// its place: one that seems old but stands among younger ones stays, unless its place is in the future, where a
    /// clock that ran ahead has put it.
    /// </summary>
    public static int RemoveOlder(WriteTransaction transaction, DateTimeOffset than, int max)
    {
        int removed = RemoveRange(transaction, than, 0, Micros.From(than), max);
        removed += RemoveRange(transaction, than, Micros.From(transaction.Now) + 1, long.MaxValue, max - removed);
        if (removed > 0)
            transaction.KeepPosition();
        return removed;
    }

    private static int RemoveRange(WriteTransaction transaction, DateTimeOffset than, long from, long below, int max)
    {
        if (max <= 0)
            return 0;
        List<(long Id, long? One, long? Two)> old = transaction
            .Sql(
                """
                SELECT id, owner1, owner2 FROM message
                WHERE id >= ?1 AND id < ?2 AND NOT EXISTS (
                  SELECT 1 FROM archive LEFT JOIN delivered ON delivered.account = archive.account
                  WHERE archive.account IN (owner1, owner2) AND archive.id = message.id
                    AND (archive.time >= ?3 OR (archive.flags & 2 <> 0 AND archive.id > ifnull(delivered.id, 0))))
                ORDER BY id LIMIT ?4
                """
            )
            .Bind(from)
            .Bind(below)
            .Bind(than)
            .Bind(max)
            .All(static row => (row.Int64(0), row.OptionalInt64(1), row.OptionalInt64(2)));
        foreach ((long id, long? one, long? two) in old)
        {
            transaction
                .Sql("DELETE FROM archive WHERE account IN (?, ?) AND id = ?")
                .Bind(one)
                .Bind(two)
                .Bind(id)
                .Run();
            transaction.Sql("DELETE FROM message WHERE id = ?").Bind(id).Run();
        }
        return old.Count;
    }

    /// <summary>Removes hidden entries that were delivered and are older than the time.</summary>
    public static int RemoveHidden(WriteTransaction transaction, DateTimeOffset than, int max)
    {
        List<(long Account, long Id)> hidden = transaction
            .Sql(
                """
                SELECT archive.account, archive.id
                FROM archive INDEXED BY archive_hidden JOIN delivered ON delivered.account = archive.account
                WHERE archive.flags & 4 <> 0 AND archive.id <= delivered.id AND archive.time < ? LIMIT ?
                """
            )
            .Bind(than)
            .Bind(max)
            .All(static row => (row.Int64(0), row.Int64(1)));
        foreach ((long account, long id) in hidden)
        {
            transaction.Sql("DELETE FROM archive WHERE account = ? AND id = ?").Bind(account).Bind(id).Run();
            transaction
                .Sql(
                    """
                    DELETE FROM message WHERE id = ? AND NOT EXISTS (
                      SELECT 1 FROM archive WHERE account IN (owner1, owner2) AND archive.id = message.id)
                    """
                )
                .Bind(id)
                .Run();
        }
        if (hidden.Count > 0)
            transaction.KeepPosition();
        return hidden.Count;
    }
}
