using Xmpp.Addresses;
using Xmpp.Server.Stores;

namespace Storage;

/// <summary>Rosters, pending requests and block lists.</summary>
public sealed class SqliteRosterStore : IRosterStore
{
    /// <inheritdoc/>
    public IReadOnlyList<RosterItem> Items(Access access, long account) =>
        access
            .Sql(
                """
                SELECT contact, name, groups, subscription, ask, approved, listed, pending_in
                FROM roster WHERE account = ? ORDER BY contact
                """
            )
            .Bind(account)
            .All(Read);

    /// <inheritdoc/>
    public RosterItem? Find(Access access, long account, Jid contact) =>
        access
            .Sql(
                """
                SELECT contact, name, groups, subscription, ask, approved, listed, pending_in
                FROM roster WHERE account = ? AND contact = ?
                """
            )
            .Bind(account)
            .BindText(contact.Bare.Utf8.Span)
            .First(Read);

    /// <inheritdoc/>
    public void Set(Transaction transaction, long account, RosterItem item)
    {
        transaction.Own().Adding();
        transaction
            .Sql(
                """
                INSERT OR REPLACE INTO roster
                  (account, contact, name, groups, subscription, ask, approved, listed, pending_in)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
            )
            .Bind(account)
            .BindText(item.Contact.Bare.Utf8.Span)
            .Bind(item.Name)
            .Bind(Lists.Join(item.Groups))
            .Bind((long)item.Subscription)
            .Bind(item.Ask)
            .Bind(item.Approved)
            .Bind(item.Listed)
            .Bind(item.PendingIn)
            .Run();
    }

    /// <inheritdoc/>
    public void Remove(Transaction transaction, long account, Jid contact) =>
        transaction
            .Sql("DELETE FROM roster WHERE account = ? AND contact = ?")
            .Bind(account)
            .BindText(contact.Bare.Utf8.Span)
            .Run();

    /// <inheritdoc/>
    public IReadOnlyList<long> Holders(Access access, Jid contact) =>
        access
            .Sql("SELECT account FROM roster WHERE contact = ? ORDER BY account")
            .BindText(contact.Bare.Utf8.Span)
            .All(static row => row.Int64(0));

    /// <inheritdoc/>
    public long Version(Access access, long account) =>
        access
            .Sql("SELECT version FROM roster_version WHERE account = ?")
            .Bind(account)
            .First(static row => row.Int64(0));

    /// <inheritdoc/>
    public long Bump(Transaction transaction, long account)
    {
        transaction
            .Sql(
                """
                INSERT INTO roster_version (account, version) VALUES (?, 1)
                ON CONFLICT (account) DO UPDATE SET version = version + 1
                """
            )
            .Bind(account)
            .Run();
        return Version(transaction, account);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Jid> Blocked(Access access, long account) =>
        access
            .Sql("SELECT jid FROM blocked WHERE account = ? ORDER BY jid")
            .Bind(account)
            .All(static row => Jid.Parse(row.Text(0)));

    /// <inheritdoc/>
    public void SetBlocked(Transaction transaction, long account, IReadOnlyCollection<Jid> blocked)
    {
        transaction.Sql("DELETE FROM blocked WHERE account = ?").Bind(account).Run();
        foreach (Jid jid in blocked)
        {
            transaction
                .Sql("INSERT OR IGNORE INTO blocked (account, jid) VALUES (?, ?)")
                .Bind(account)
                .BindText(jid.Utf8.Span)
                .Run();
        }
    }

    private static RosterItem Read(Statement row) =>
        new(Jid.Parse(row.Text(0)))
        {
            Name = row.OptionalText(1),
            Groups = Lists.Split(row.OptionalText(2)),
            Subscription = (Subscription)row.Int32(3),
            Ask = row.Boolean(4),
            Approved = row.Boolean(5),
            Listed = row.Boolean(6),
            PendingIn = row.OptionalBlob(7),
        };
}
