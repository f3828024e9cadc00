using Xmpp.Server.Stores;

namespace Storage;

/// <summary>Circles, invites, guardians and approvals.</summary>
public sealed partial class SqliteHouseholdStore : IHouseholdStore
{
    /// <inheritdoc/>
    public IReadOnlyList<CircleRecord> Circles(Access access) =>
        access.Sql("SELECT id, name FROM circle ORDER BY name").All(ReadCircle);

    /// <inheritdoc/>
    public CircleRecord? FindCircle(Access access, string name) =>
        access.Sql("SELECT id, name FROM circle WHERE name = ?").Bind(name).First(ReadCircle);

    /// <inheritdoc/>
    public long AddCircle(Transaction transaction, string name)
    {
        if (FindCircle(transaction, name) is not null)
            throw new InvalidOperationException($"There is a circle {name} already.");
        transaction.Sql("INSERT INTO circle (name) VALUES (?)").Bind(name).Run();
        return transaction.Own().Connection.LastInsertedId();
    }

    /// <inheritdoc/>
    public void RemoveCircle(Transaction transaction, long circle) =>
        transaction.Sql("DELETE FROM circle WHERE id = ?").Bind(circle).Run();

    /// <inheritdoc/>
    public IReadOnlyList<long> Members(Access access, long circle) =>
        access
            .Sql("SELECT account FROM circle_member WHERE circle = ? ORDER BY account")
            .Bind(circle)
            .All(static row => row.Int64(0));

    /// <inheritdoc/>
    public IReadOnlyList<CircleRecord> CirclesOf(Access access, long account) =>
        access
            .Sql(
                """
                SELECT id, name FROM circle_member JOIN circle ON circle.id = circle_member.circle
                WHERE account = ? ORDER BY name
                """
            )
            .Bind(account)
            .All(ReadCircle);

    /// <inheritdoc/>
    public void AddMember(Transaction transaction, long circle, long account) =>
        transaction
            .Sql("INSERT OR IGNORE INTO circle_member (circle, account) VALUES (?, ?)")
            .Bind(circle)
            .Bind(account)
            .Run();

    /// <inheritdoc/>
    public void RemoveMember(Transaction transaction, long circle, long account) =>
        transaction.Sql("DELETE FROM circle_member WHERE circle = ? AND account = ?").Bind(circle).Bind(account).Run();

    /// <inheritdoc/>
    public InviteRecord? FindInvite(Access access, ReadOnlySpan<byte> tokenHash) =>
        access
            .Sql(
                """
                SELECT id, token_hash, inviter, role, circle, uses, used, created, expires, account_expires, note, reset,
                  name, contact_only
                FROM invite WHERE token_hash = ?
                """
            )
            .Bind(tokenHash)
            .First(ReadInvite);

    /// <inheritdoc/>
    public IReadOnlyList<InviteRecord> Invites(Access access) =>
        access
            .Sql(
                """
                SELECT id, token_hash, inviter, role, circle, uses, used, created, expires, account_expires, note, reset,
                  name, contact_only
                FROM invite ORDER BY created, id
                """
            )
            .All(ReadInvite);

    /// <inheritdoc/>
    public void AddInvite(Transaction transaction, InviteRecord invite)
    {
        transaction.Own().Adding();
        transaction
            .Sql(
                """
                INSERT INTO invite
                  (token_hash, inviter, role, circle, uses, used, created, expires, account_expires, note, reset, name,
                  contact_only, id)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
            )
            .Bind(invite)
            .Run();
    }

    /// <inheritdoc/>
    public void UpdateInvite(Transaction transaction, InviteRecord invite) =>
        transaction
            .Sql(
                """
                UPDATE invite SET token_hash = ?, inviter = ?, role = ?, circle = ?, uses = ?, used = ?, created = ?,
                  expires = ?, account_expires = ?, note = ?, reset = ?, name = ?, contact_only = ?
                WHERE id = ?
                """
            )
            .Bind(invite)
            .Run();

    /// <inheritdoc/>
    public void RemoveInvite(Transaction transaction, string id) =>
        transaction.Sql("DELETE FROM invite WHERE id = ?").Bind(id).Run();

    /// <inheritdoc/>
    public IReadOnlyList<long> Guardians(Access access, long account) =>
        access
            .Sql("SELECT guardian FROM guardian WHERE account = ? ORDER BY guardian")
            .Bind(account)
            .All(static row => row.Int64(0));

    /// <inheritdoc/>
    public bool IsGuardian(Access access, long account) =>
        access.Sql("SELECT 1 FROM guardian WHERE guardian = ? LIMIT 1").Bind(account).First(static _ => true);

    /// <inheritdoc/>
    public void SetGuardians(Transaction transaction, long account, IReadOnlyCollection<long> guardians)
    {
        transaction.Sql("DELETE FROM guardian WHERE account = ?").Bind(account).Run();
        foreach (long guardian in guardians)
        {
            transaction
                .Sql("INSERT OR IGNORE INTO guardian (account, guardian) VALUES (?, ?)")
                .Bind(account)
                .Bind(guardian)
                .Run();
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Approved(Access access, long account) =>
        access
            .Sql("SELECT jid FROM approved WHERE account = ? ORDER BY jid")
            .Bind(account)
            .All(static row => row.Text(0));

    /// <inheritdoc/>
    public void SetApproved(Transaction transaction, long account, string jid, bool approved)
    {
        Statement statement = approved
            ? transaction.Sql("INSERT OR IGNORE INTO approved (account, jid) VALUES (?, ?)")
            : transaction.Sql("DELETE FROM approved WHERE account = ? AND jid = ?");
        statement.Bind(account).Bind(jid).Run();
    }

    private static CircleRecord ReadCircle(Statement row) => new(row.Int64(0), row.Text(1));

    private static InviteRecord ReadInvite(Statement row) =>
        new()
        {
            Id = row.Text(0),
            TokenHash = row.Blob(1),
            From = row.OptionalInt64(2) ?? 0,
            Role = (Role)row.Int32(3),
            Circle = row.OptionalInt64(4),
            Uses = row.Int32(5),
            Used = row.Int32(6),
            Created = row.Time(7),
            Expires = row.Time(8),
            AccountExpires = row.OptionalTime(9),
            Note = row.OptionalText(10),
            Reset = row.OptionalInt64(11),
            Name = row.OptionalText(12),
            ContactOnly = row.Boolean(13),
        };
}

file static class InviteBinding
{
    /// <summary>All columns in the order of the two statements that write an invite; the box itself is no account.</summary>
    public static Statement Bind(this Statement statement, InviteRecord invite) =>
        statement
            .Bind(invite.TokenHash)
            .Bind(invite.From == 0 ? null : invite.From)
            .Bind((long)invite.Role)
            .Bind(invite.Circle)
            .Bind(invite.Uses)
            .Bind(invite.Used)
            .Bind(invite.Created)
            .Bind(invite.Expires)
            .Bind(invite.AccountExpires)
            .Bind(invite.Note)
            .Bind(invite.Reset)
            .Bind(invite.Name)
            .Bind(invite.ContactOnly)
            .Bind(invite.Id);
}
