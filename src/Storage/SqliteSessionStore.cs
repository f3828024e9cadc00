using Xmpp.Server.Stores;

namespace Storage;

/// <summary>Marks of resumable sessions (XEP-0198 §5).</summary>
public sealed class SqliteSessionStore : ISessionStore
{
    /// <inheritdoc/>
    public SessionMark? Find(Access access, ReadOnlySpan<byte> tokenHash)
    {
        using Statement find = access
            .Sql(
                """
                SELECT account, resource, inbound
                FROM session JOIN session_inbound ON session_inbound.session = session.id
                WHERE token_hash = ?
                """
            )
            .Bind(tokenHash);
        return find.Step()
            ? new SessionMark(tokenHash.ToArray(), find.Int64(0), find.Text(1), (uint)find.Int64(2))
            : null;
    }

    /// <inheritdoc/>
    public void Remove(Transaction transaction, ReadOnlySpan<byte> tokenHash)
    {
        transaction.Own().ForgetMark(tokenHash);
        transaction.Sql("DELETE FROM session WHERE token_hash = ?").Bind(tokenHash).Run();
    }

    /// <inheritdoc/>
    public void RemoveOlder(Transaction transaction, DateTimeOffset than) =>
        transaction
            .Sql("DELETE FROM session WHERE id IN (SELECT session FROM session_inbound WHERE touched < ?)")
            .Bind(than)
            .Run();

    internal static void Write(WriteTransaction transaction, SessionMark mark, long now)
    {
        int known = transaction
            .Sql(
                """
                UPDATE session_inbound SET inbound = ?, touched = ?
                WHERE session = (SELECT id FROM session WHERE token_hash = ?)
                """
            )
            .Bind(mark.Inbound)
            .Bind(now)
            .Bind(mark.TokenHash)
            .Run();
        if (known > 0)
            return;
        // The account may have been removed by a commit of the same batch.
        int added = transaction
            .Sql("INSERT INTO session (token_hash, account, resource) SELECT ?, id, ? FROM account WHERE id = ?")
            .Bind(mark.TokenHash)
            .Bind(mark.Resource)
            .Bind(mark.Account)
            .Run();
        if (added == 0)
            return;
        transaction
            .Sql("INSERT INTO session_inbound (session, inbound, touched) VALUES (last_insert_rowid(), ?, ?)")
            .Bind(mark.Inbound)
            .Bind(now)
            .Run();
    }
}
