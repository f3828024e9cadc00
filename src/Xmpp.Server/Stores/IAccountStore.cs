using Xmpp.Sasl;

namespace Xmpp.Server.Stores;

/// <summary>What a person may do (product.md, "Roles"). Values are on disk.</summary>
public enum Role
{
    Member = 0,
    Admin = 1,
    Limited = 2,
    Guest = 3,
}

/// <summary>An account. <see cref="Id"/> is never used again; <see cref="Name"/> is the prepared localpart.</summary>
public sealed record AccountRecord
{
    public long Id { get; init; }
    public required string Name { get; init; }
    public Role Role { get; init; }
    public bool Locked { get; init; }
    public DateTimeOffset Created { get; init; }
    public DateTimeOffset? Expires { get; init; }
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>The last unavailable presence's status (XEP-0012 §4).</summary>
    public string? LastStatus { get; init; }
}

/// <summary>A circle: people who see each other at once.</summary>
public sealed record CircleRecord(long Id, string Name);

/// <summary>
/// An invite. The token itself is known to its bearer only; <see cref="TokenHash"/> is its SHA-256. <see cref="Id"/> is
/// what people see in lists and revoke by.
/// </summary>
public sealed record InviteRecord
{
    public required string Id { get; init; }
    public required byte[] TokenHash { get; init; }

    /// <summary>Account that invites; 0 for the box itself.</summary>
    public long From { get; init; }
    public Role Role { get; init; }
    public long? Circle { get; init; }
    public int Uses { get; init; }
    public int Used { get; init; }
    public DateTimeOffset Created { get; init; }
    public DateTimeOffset Expires { get; init; }

    /// <summary>When accounts of this invite end (guests); null for never.</summary>
    public DateTimeOffset? AccountExpires { get; init; }
    public string? Note { get; init; }

    /// <summary>Set for a link that lets this one account choose a new password (reset) instead of making one.</summary>
    public long? Reset { get; init; }

    /// <summary>The prepared localpart that its account will have, kept free until then; null where it is chosen by who comes.</summary>
    public string? Name { get; init; }

    /// <summary>Makes a contact of the inviter only (XEP-0379); no account comes of it.</summary>
    public bool ContactOnly { get; init; }
}

/// <summary>A device: one per account and SASL2 user-agent id, or per account and resource for apps without SASL2.</summary>
public sealed record DeviceRecord
{
    public long Id { get; init; }
    public long Account { get; init; }
    public required string Key { get; init; }
    public string? Software { get; init; }
    public string? Name { get; init; }
    public DateTimeOffset Created { get; init; }
    public DateTimeOffset LastSeen { get; init; }

    /// <summary>Ever signed in with the password itself: ending it asks for a new password (laws, "A device").</summary>
    public bool UsedPassword { get; init; }

    /// <summary>Its OMEMO device id in <c>eu.siacs.conversations.axolotl</c>, once it has published a bundle (XEP-0384 0.3).</summary>
    public long? OmemoAxolotl { get; init; }

    /// <summary>The same in <c>urn:xmpp:omemo:2</c>.</summary>
    public long? Omemo { get; init; }
}

/// <summary>
/// A FAST token (XEP-0484), encrypted under the key file of the data directory. Slot 0 is the current one, slot 1 the
/// one handed out to follow it.
/// </summary>
public sealed record FastTokenRecord(
    long Device,
    int Slot,
    string Mechanism,
    byte[] Secret,
    DateTimeOffset Expires,
    long Count
);

/// <summary>A report (XEP-0377) as it arrived.</summary>
public sealed record ReportRecord(
    long Reporter,
    string Contact,
    string Reason,
    string? Text,
    byte[] Xml,
    DateTimeOffset Time
)
{
    /// <summary>0 before it is kept.</summary>
    public long Id { get; init; }
}

/// <summary>Who lives here and how they sign in.</summary>
public interface IAccountStore
{
    AccountRecord? Find(Access access, string name);
    AccountRecord? Find(Access access, long id);

    /// <summary>All, by name.</summary>
    IReadOnlyList<AccountRecord> List(Access access);

    /// <summary>Those of the role, by name.</summary>
    IReadOnlyList<AccountRecord> List(Access access, Role role);

    /// <summary>Adds and returns the id. Throws <see cref="InvalidOperationException"/> when the name is taken or was used before by a removed account that is still in its grace.</summary>
    long Add(Transaction transaction, AccountRecord account);

    /// <summary>True when the name belonged to a removed account that is still in its grace.</summary>
    bool IsFormerName(Transaction transaction, string name);

    /// <summary>Writes everything but name and id.</summary>
    void Update(Transaction transaction, AccountRecord account);

    /// <summary>Removes the account and everything that is its own: roster, archive entries, documents, devices, tokens, memberships.</summary>
    void Remove(Transaction transaction, long id);

    ScramKeys? Keys(Access access, string name, ScramHash hash);

    /// <summary>Replaces the keys of each hash given; removes the others when <paramref name="only"/>.</summary>
    void SetKeys(Transaction transaction, long account, IReadOnlyList<ScramKeys> keys, bool only = true);

    IReadOnlyList<DeviceRecord> Devices(Access access, long account);
    DeviceRecord? FindDevice(Access access, long account, string key);
    DeviceRecord? FindDevice(Access access, long id);

    /// <summary>Adds (id 0) or updates; returns the id.</summary>
    long SaveDevice(Transaction transaction, DeviceRecord device);
    void RemoveDevice(Transaction transaction, long device);

    IReadOnlyList<FastTokenRecord> FastTokens(Access access, long device);
    void SaveFastToken(Transaction transaction, FastTokenRecord token);
    void RemoveFastTokens(Transaction transaction, long device);
    void RemoveAllFastTokens(Transaction transaction, long account);

    /// <summary>Small XML documents of an account by key: vCard, private XML.</summary>
    byte[]? Document(Access access, long account, string key);

    /// <summary>One document of all accounts that have it.</summary>
    IReadOnlyList<(long Account, byte[] Value)> Documents(Access access, string key);
    void SetDocument(Transaction transaction, long account, string key, byte[]? value);

    void AddReport(Transaction transaction, ReportRecord report);

    /// <summary>Removes the oldest of what somebody reported beyond so many.</summary>
    void TrimReports(Transaction transaction, long reporter, int most);

    /// <summary>Oldest first.</summary>
    IReadOnlyList<ReportRecord> Reports(Access access);

    /// <summary>False when there is none of this id.</summary>
    bool RemoveReport(Transaction transaction, long id);
}

/// <summary>Circles, invites, guardians and approvals.</summary>
public partial interface IHouseholdStore
{
    IReadOnlyList<CircleRecord> Circles(Access access);
    CircleRecord? FindCircle(Access access, string name);
    long AddCircle(Transaction transaction, string name);
    void RemoveCircle(Transaction transaction, long circle);

    /// <summary>Account ids of a circle's members.</summary>
    IReadOnlyList<long> Members(Access access, long circle);

    /// <summary>The circles of an account.</summary>
    IReadOnlyList<CircleRecord> CirclesOf(Access access, long account);
    void AddMember(Transaction transaction, long circle, long account);
    void RemoveMember(Transaction transaction, long circle, long account);

    InviteRecord? FindInvite(Access access, ReadOnlySpan<byte> tokenHash);
    IReadOnlyList<InviteRecord> Invites(Access access);
    void AddInvite(Transaction transaction, InviteRecord invite);
    void UpdateInvite(Transaction transaction, InviteRecord invite);
    void RemoveInvite(Transaction transaction, string id);

    /// <summary>Guardians named for a limited account; empty: all admins.</summary>
    IReadOnlyList<long> Guardians(Access access, long account);

    /// <summary>True for who is named as a guardian of anybody.</summary>
    bool IsGuardian(Access access, long account);
    void SetGuardians(Transaction transaction, long account, IReadOnlyCollection<long> guardians);

    /// <summary>Remote contacts and rooms, as bare JIDs, that a guardian approved for the account.</summary>
    IReadOnlyList<string> Approved(Access access, long account);
    void SetApproved(Transaction transaction, long account, string jid, bool approved);
}
