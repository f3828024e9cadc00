using Xmpp.Sasl;
using Xmpp.Server.Stores;

namespace Storage;

/// <summary>Accounts, their keys and documents, and reports; devices and tokens are in the other half.</summary>
public sealed partial class SqliteAccountStore : IAccountStore
{
    /// <inheritdoc/>
    public AccountRecord? Find(Access access, string name) =>
        access
            .Sql("SELECT id, name, role, locked, created, expires, last_seen, last_status FROM account WHERE name = ?")
            .Bind(name)
            .First(ReadAccount);

    /// <inheritdoc/>
    public AccountRecord? Find(Access access, long id) =>
        access
            .Sql("SELECT id, name, role, locked, created, expires, last_seen, last_status FROM account WHERE id = ?")
            .Bind(id)
            .First(ReadAccount);

    /// <inheritdoc/>
    public IReadOnlyList<AccountRecord> List(Access access) =>
        access
            .Sql("SELECT id, name, role, locked, created, expires, last_seen, last_status FROM account ORDER BY name")
            .All(ReadAccount);

    /// <inheritdoc/>
    public IReadOnlyList<AccountRecord> List(Access access, Role role) =>
        access
            .Sql(
                """
                SELECT id, name, role, locked, created, expires, last_seen, last_status
                FROM account WHERE role = ? ORDER BY name
                """
            )
            .Bind((long)role)
            .All(ReadAccount);

    /// <inheritdoc/>
    public long Add(Transaction transaction, AccountRecord account)
    {
        WriteTransaction own = transaction.Own();
        own.Adding();
        if (Find(transaction, account.Name) is not null)
            throw new InvalidOperationException($"The name {account.Name} is taken.");
        if (IsFormerName(own, account.Name))
            throw new InvalidOperationException(
                $"The name {account.Name} belonged to an account that was removed lately."
            );
        transaction
            .Sql(
                """
                INSERT INTO account (role, locked, created, expires, last_seen, last_status, name)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """
            )
            .Bind((long)account.Role)
            .Bind(account.Locked)
            .Bind(account.Created)
            .Bind(account.Expires)
            .Bind(account.LastSeen)
            .Bind(account.LastStatus)
            .Bind(account.Name)
            .Run();
        return own.Connection.LastInsertedId();
    }

    /// <inheritdoc/>
    public void Update(Transaction transaction, AccountRecord account) =>
        transaction
            .Sql(
                """
                UPDATE account SET role = ?, locked = ?, created = ?, expires = ?, last_seen = ?, last_status = ?
                WHERE id = ?
                """
            )
            .Bind((long)account.Role)
            .Bind(account.Locked)
            .Bind(account.Created)
            .Bind(account.Expires)
            .Bind(account.LastSeen)
            .Bind(account.LastStatus)
            .Bind(account.Id)
            .Run();

    /// <inheritdoc/>
    public void Remove(Transaction transaction, long id)
    {
        ArchiveRemoval.RemoveOwner(transaction.Own(), id);
        transaction
            .Sql("INSERT OR REPLACE INTO former_name (name, removed) SELECT name, ? FROM account WHERE id = ?")
            .Bind(transaction.Own().Now)
            .Bind(id)
            .Run();
        // Everything else refers to this row and goes with it.
        transaction.Sql("DELETE FROM account WHERE id = ?").Bind(id).Run();
    }

    /// <inheritdoc/>
    public ScramKeys? Keys(Access access, string name, ScramHash hash)
    {
        using Statement find = access
            .Sql(
                """
                SELECT salt, iterations, stored_key, server_key
                FROM account JOIN scram_keys ON scram_keys.account = account.id
                WHERE name = ? AND hash = ?
                """
            )
            .Bind(name)
            .Bind((long)hash);
        return find.Step() ? new ScramKeys(hash, find.Blob(0), find.Int32(1), find.Blob(2), find.Blob(3)) : null;
    }

    /// <inheritdoc/>
    public void SetKeys(Transaction transaction, long account, IReadOnlyList<ScramKeys> keys, bool only = true)
    {
        if (only)
            transaction.Sql("DELETE FROM scram_keys WHERE account = ?").Bind(account).Run();
        foreach (ScramKeys key in keys)
        {
            transaction
                .Sql(
                    """
                    INSERT OR REPLACE INTO scram_keys (account, hash, salt, iterations, stored_key, server_key)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """
                )
                .Bind(account)
                .Bind((long)key.Hash)
                .Bind(key.Salt)
                .Bind(key.Iterations)
                .Bind(key.StoredKey)
                .Bind(key.ServerKey)
                .Run();
        }
    }

    /// <inheritdoc/>
    public byte[]? Document(Access access, long account, string key) =>
        access
            .Sql("SELECT value FROM document WHERE account = ? AND key = ?")
            .Bind(account)
            .Bind(key)
            .First(static row => row.Blob(0));

    /// <inheritdoc/>
    public IReadOnlyList<(long Account, byte[] Value)> Documents(Access access, string key) =>
        access
            .Sql("SELECT account, value FROM document WHERE key = ? ORDER BY account")
            .Bind(key)
            .All(static row => (row.Int64(0), row.Blob(1)));

    /// <inheritdoc/>
    public void SetDocument(Transaction transaction, long account, string key, byte[]? value)
    {
        if (value is null)
        {
            transaction.Sql("DELETE FROM document WHERE account = ? AND key = ?").Bind(account).Bind(key).Run();
            return;
        }
        transaction.Own().Adding();
        transaction
            .Sql(
                """
                INSERT INTO document (account, key, value) VALUES (?, ?, ?)
                ON CONFLICT (account, key) DO UPDATE SET value = excluded.value
                """
            )
            .Bind(account)
            .Bind(key)
            .Bind(value)
            .Run();
    }

    /// <inheritdoc/>
    public void AddReport(Transaction transaction, ReportRecord report)
    {
        transaction.Own().Adding();
        transaction
            .Sql("INSERT INTO report (reporter, contact, reason, text, xml, time) VALUES (?, ?, ?, ?, ?, ?)")
            .Bind(report.Reporter)
            .Bind(report.Contact)
            .Bind(report.Reason)
            .Bind(report.Text)
            .Bind(report.Xml)
            .Bind(report.Time)
            .Run();
    }

    /// <inheritdoc/>
    public void TrimReports(Transaction transaction, long reporter, int most) =>
        transaction
            .Sql(
                """
                DELETE FROM report WHERE reporter = ?1 AND id NOT IN
                  (SELECT id FROM report WHERE reporter = ?1 ORDER BY id DESC LIMIT ?2)
                """
            )
            .Bind(reporter)
            .Bind((long)most)
            .Run();

    /// <inheritdoc/>
    public IReadOnlyList<ReportRecord> Reports(Access access) =>
        access
            .Sql("SELECT reporter, contact, reason, text, xml, time, id FROM report ORDER BY id")
            .All(static row => new ReportRecord(
                row.Int64(0),
                row.Text(1),
                row.Text(2),
                row.OptionalText(3),
                row.Blob(4),
                row.Time(5)
            )
            {
                Id = row.Int64(6),
            });

    /// <inheritdoc/>
    public bool RemoveReport(Transaction transaction, long id)
    {
        bool found = transaction.Sql("SELECT 1 FROM report WHERE id = ?").Bind(id).First(static _ => true);
        if (found)
            transaction.Sql("DELETE FROM report WHERE id = ?").Bind(id).Run();
        return found;
    }

    /// <inheritdoc/>
    public bool IsFormerName(Transaction transaction, string name)
    {
        WriteTransaction own = transaction.Own();
        own.Sql("DELETE FROM former_name WHERE removed < ?").Bind(own.Now - own.NameGrace).Run();
        return own.Sql("SELECT 1 FROM former_name WHERE name = ?").Bind(name).First(static _ => true);
    }

    private static AccountRecord ReadAccount(Statement row) =>
        new()
        {
            Id = row.Int64(0),
            Name = row.Text(1),
            Role = (Role)row.Int32(2),
            Locked = row.Boolean(3),
            Created = row.Time(4),
            Expires = row.OptionalTime(5),
            LastSeen = row.OptionalTime(6),
            LastStatus = row.OptionalText(7),
        };
}
