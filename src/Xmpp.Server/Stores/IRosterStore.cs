using Xmpp.Addresses;

namespace Xmpp.Server.Stores;

/// <summary>RFC 6121 §2.1.2.5. Values are on disk; To and From are bits.</summary>
[Flags]
public enum Subscription
{
    None = 0,
    To = 1,
    From = 2,
    Both = 3,
}

/// <summary>
/// One contact as stored: what the owner wrote (name, groups) and the subscription's state (RFC 6121 Appendix A).
/// <see cref="Listed"/> is false for a mere pending request, which no roster shows.
/// <see cref="PendingIn"/> keeps the request's <c>&lt;presence/&gt;</c> for delivery at each sign-in.
/// </summary>
public sealed record RosterItem(Jid Contact)
{
    public string? Name { get; init; }
    public IReadOnlyList<string> Groups { get; init; } = [];
    public Subscription Subscription { get; init; }
    public bool Ask { get; init; }
    public bool Approved { get; init; }
    public bool Listed { get; init; }
    public byte[]? PendingIn { get; init; }
}

/// <summary>Contact lists as their owners stored them; circles are computed on top (laws, "Who may reach whom").</summary>
public interface IRosterStore
{
    IReadOnlyList<RosterItem> Items(Access access, long account);
    RosterItem? Find(Access access, long account, Jid contact);
    void Set(Transaction transaction, long account, RosterItem item);
    void Remove(Transaction transaction, long account, Jid contact);

    /// <summary>Accounts that have an entry for the contact, listed or not.</summary>
    IReadOnlyList<long> Holders(Access access, Jid contact);

    /// <summary>Grows with every change that the account's clients can see.</summary>
    long Version(Access access, long account);

    /// <summary>Bumps and returns the version.</summary>
    long Bump(Transaction transaction, long account);

    /// <summary>Blocked addresses (XEP-0191).</summary>
    IReadOnlyList<Jid> Blocked(Access access, long account);
    void SetBlocked(Transaction transaction, long account, IReadOnlyCollection<Jid> blocked);
}
