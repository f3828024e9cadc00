namespace Xmpp.Server.Stores;

/// <summary>Who wanted to reach whom. Values are on disk.</summary>
public enum ApprovalKind
{
    /// <summary>The limited account wants to reach the address.</summary>
    Outgoing = 0,

    /// <summary>The address wrote to the limited account.</summary>
    Incoming = 1,

    /// <summary>The address wants to be its contact.</summary>
    Subscription = 2,
}

/// <summary>
/// A limited account and somebody elsewhere, who wait for a guardian's word; or were refused, which is kept for a while so
/// that nobody asks again at once.
/// </summary>
public sealed record ApprovalRequest
{
    /// <summary>What guardians answer by; never used again. 0 before it is kept.</summary>
    public long Id { get; init; }
    public long Account { get; init; }

    /// <summary>The bare JID of a person or room elsewhere.</summary>
    public required string Jid { get; init; }
    public ApprovalKind Kind { get; init; }
    public DateTimeOffset Time { get; init; }

    /// <summary>Null while it waits.</summary>
    public DateTimeOffset? Refused { get; init; }
}

/// <summary>
/// A time of quiet that begins on this day, in the home's time zone and whole minutes; where <paramref name="To"/> is not
/// later than <paramref name="From"/> it ends on the next day.
/// </summary>
public readonly record struct QuietSpan(DayOfWeek Day, TimeOnly From, TimeOnly To);

public partial interface IHouseholdStore
{
    /// <summary>Accounts for which this one is named as a guardian.</summary>
    IReadOnlyList<long> Wards(Access access, long guardian);

    /// <summary>Limited accounts for which nobody is named.</summary>
    IReadOnlyList<long> Unnamed(Access access);

    /// <summary>Requests that wait or were refused, oldest first.</summary>
    IReadOnlyList<ApprovalRequest> Requests(Access access);

    /// <summary>Those of one account.</summary>
    IReadOnlyList<ApprovalRequest> Requests(Access access, long account);
    ApprovalRequest? FindRequest(Access access, long id);

    /// <summary>Adds it in the place of an older one of the same account and address; returns its number.</summary>
    long AddRequest(Transaction transaction, ApprovalRequest request);
    void RefuseRequest(Transaction transaction, long id, DateTimeOffset time);
    void RemoveRequest(Transaction transaction, long id);

    /// <summary>The quiet hours of all accounts that have some.</summary>
    IReadOnlyList<(long Account, QuietSpan Span)> QuietSpans(Access access);
    void SetQuietSpans(Transaction transaction, long account, IReadOnlyCollection<QuietSpan> spans);
}
