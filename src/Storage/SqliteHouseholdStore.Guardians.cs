using Xmpp.Server.Stores;

namespace Storage;

// What guardians decide.
public sealed partial class SqliteHouseholdStore
{
    /// <inheritdoc/>
    public IReadOnlyList<long> Wards(Access access, long guardian) =>
        access
            .Sql("SELECT account FROM guardian WHERE guardian = ? ORDER BY account")
            .Bind(guardian)
            .All(static row => row.Int64(0));

    /// <inheritdoc/>
    public IReadOnlyList<long> Unnamed(Access access) =>
        access
            .Sql("SELECT id FROM account WHERE role = ? AND id NOT IN (SELECT account FROM guardian) ORDER BY id")
            .Bind((long)Role.Limited)
            .All(static row => row.Int64(0));

    /// <inheritdoc/>
    public IReadOnlyList<ApprovalRequest> Requests(Access access) =>
        access.Sql("SELECT id, account, jid, kind, time, refused FROM approval_request ORDER BY id").All(ReadRequest);

    /// <inheritdoc/>
    public IReadOnlyList<ApprovalRequest> Requests(Access access, long account) =>
        access
            .Sql("SELECT id, account, jid, kind, time, refused FROM approval_request WHERE account = ? ORDER BY id")
            .Bind(account)
            .All(ReadRequest);

    /// <inheritdoc/>
    public ApprovalRequest? FindRequest(Access access, long id) =>
        access
            .Sql("SELECT id, account, jid, kind, time, refused FROM approval_request WHERE id = ?")
            .Bind(id)
            .First(ReadRequest);

    /// <inheritdoc/>
    public long AddRequest(Transaction transaction, ApprovalRequest request)
    {
        transaction.Own().Adding();
        transaction
            .Sql("INSERT OR REPLACE INTO approval_request (account, jid, kind, time, refused) VALUES (?, ?, ?, ?, ?)")
            .Bind(request.Account)
            .Bind(request.Jid)
            .Bind((long)request.Kind)
            .Bind(request.Time)
            .Bind(request.Refused)
            .Run();
        return transaction.Own().Connection.LastInsertedId();
    }

    /// <inheritdoc/>
    public void RefuseRequest(Transaction transaction, long id, DateTimeOffset time) =>
        transaction.Sql("UPDATE approval_request SET refused = ? WHERE id = ?").Bind(time).Bind(id).Run();

    /// <inheritdoc/>
    public void RemoveRequest(Transaction transaction, long id) =>
        transaction.Sql("DELETE FROM approval_request WHERE id = ?").Bind(id).Run();

    /// <inheritdoc/>
    public IReadOnlyList<(long Account, QuietSpan Span)> QuietSpans(Access access) =>
        access
            .Sql(
                "SELECT account, day, from_minute, to_minute FROM quiet_span ORDER BY account, day, from_minute, to_minute"
            )
            .All(static row =>
                (row.Int64(0), new QuietSpan((DayOfWeek)row.Int32(1), AtMinute(row.Int32(2)), AtMinute(row.Int32(3))))
            );

    /// <inheritdoc/>
    public void SetQuietSpans(Transaction transaction, long account, IReadOnlyCollection<QuietSpan> spans)
    {
        transaction.Sql("DELETE FROM quiet_span WHERE account = ?").Bind(account).Run();
        foreach (QuietSpan span in spans)
            transaction
                .Sql("INSERT OR IGNORE INTO quiet_span (account, day, from_minute, to_minute) VALUES (?, ?, ?, ?)")
                .Bind(account)
                .Bind((long)span.Day)
                .Bind((long)Minute(span.From))
                .Bind((long)Minute(span.To))
                .Run();
    }

    private static TimeOnly AtMinute(int minute) => TimeOnly.MinValue.AddMinutes(minute);

    private static int Minute(TimeOnly time) => (time.Hour * 60) + time.Minute;

    private static ApprovalRequest ReadRequest(Statement row) =>
        new()
        {
            Id = row.Int64(0),
            Account = row.Int64(1),
            Jid = row.Text(2),
            Kind = (ApprovalKind)row.Int32(3),
            Time = row.Time(4),
            Refused = row.OptionalTime(5),
        };
}
