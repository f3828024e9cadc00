using Xmpp.Addresses;

namespace Xmpp.Server.Stores;

/// <summary>What an archive entry is to the account that owns it. Values are on disk.</summary>
[Flags]
public enum EntryFlags
{
    None = 0,

    /// <summary>Came from somebody else; without it the owner sent the message.</summary>
    Incoming = 1,

    /// <summary>Delivered later to a device that was not there (laws, "Offline"): counts as undelivered past the mark.</summary>
    KeptOffline = 2,

    /// <summary>Not shown by queries: the owner's preference is not to archive, and it only waits for delivery.</summary>
    Hidden = 4,

    /// <summary>Came during quiet hours: neither shown nor delivered before they end.</summary>
    Waits = 8,
}

/// <summary>
/// One owner's entry for a message. An owner is an account by its id, or a room by <see cref="RoomRecord.ArchiveOwner"/>.
/// <see cref="Peer"/> is the other party as seen by this owner, full JID as it was; for a room who sent it.
/// </summary>
public readonly record struct ArchiveOwner(long Account, Jid Peer, EntryFlags Flags);

/// <summary>
/// A message to keep: content once, and an entry for each owner (sender, recipient or both; or a room).
/// <see cref="Stanza"/> is the whole <c>&lt;message xmlns='jabber:client'&gt;</c> as UTF-8, without stanza-id.
/// </summary>
public sealed record ArchivedMessage(
    long Id,
    DateTimeOffset Time,
    ReadOnlyMemory<byte> Stanza,
    ArchiveOwner? First,
    ArchiveOwner? Second
);

/// <summary>One message as an owner's archive returns it.</summary>
public readonly record struct ArchiveRow(long Id, DateTimeOffset Time, EntryFlags Flags, byte[] Stanza);

/// <summary>
/// A page of an archive (XEP-0313 §4, XEP-0059). Ids are exclusive bounds. <see cref="Backwards"/>: the last
/// <see cref="Max"/> of what matches (RSM <c>&lt;before/&gt;</c>), still returned oldest first.
/// </summary>
public sealed record ArchiveQuery
{
    /// <summary>Bare: every resource of that peer; full: that resource only.</summary>
    public Jid? With { get; init; }
    public DateTimeOffset? Start { get; init; }
    public DateTimeOffset? End { get; init; }

    /// <summary>From the form fields after-id and before-id.</summary>
    public long? AfterId { get; init; }
    public long? BeforeId { get; init; }

    /// <summary>Exactly these ids (form field ids); null for all.</summary>
    public IReadOnlyList<long>? Ids { get; init; }

    /// <summary>RSM paging bounds, on top of the filter.</summary>
    public long? PageAfter { get; init; }
    public long? PageBefore { get; init; }
    public bool Backwards { get; init; }
    public int Max { get; init; } = 50;

    /// <summary>Ask for <see cref="ArchivePage.Count"/> and <see cref="ArchivePage.FirstIndex"/>, which cost a scan of the entries.</summary>
    public bool WithCount { get; init; }
}

/// <summary>Rows oldest first; <see cref="Complete"/> when nothing matches beyond them in the paging direction.</summary>
public sealed record ArchivePage(IReadOnlyList<ArchiveRow> Rows, bool Complete, long? Count, long? FirstIndex);

/// <summary>When an account's messages are archived (XEP-0441).</summary>
public sealed record ArchivePreferences(string Default, IReadOnlyList<Jid> Always, IReadOnlyList<Jid> Never)
{
    public static readonly ArchivePreferences Everything = new("always", [], []);
}

/// <summary>Every account's messages, in the order in which they were committed (laws, "The life of a message").</summary>
public interface IArchiveStore
{
    void Append(Transaction transaction, ArchivedMessage message);

    /// <summary>One page of what the owner may see. Throws <see cref="KeyNotFoundException"/> when a bounding or listed id is not in this archive.</summary>
    ArchivePage Query(Access access, long account, ArchiveQuery query);

    /// <summary>The oldest and newest entries that a query would show, without their content; null for an empty archive.</summary>
    (ArchiveRow First, ArchiveRow Last)? Bounds(Access access, long account);

    /// <summary>
    /// Undelivered messages in (after, upTo], oldest first, at most max: incoming, kept offline, hidden ones included, or
    /// <paramref name="onlyHidden"/> nothing but those.
    /// </summary>
    IReadOnlyList<ArchiveRow> Undelivered(
        Access access,
        long account,
        long after,
        long upTo,
        int max,
        bool onlyHidden = false
    );

    /// <summary>Accounts that have entries which wait for the end of quiet hours.</summary>
    IReadOnlyList<long> Waiting(Access access);

    /// <summary>What waited waits no longer; returns its ids, oldest first.</summary>
    IReadOnlyList<long> EndWaiting(Transaction transaction, long account);

    /// <summary>The id of the newest committed message of all; 0 when there is none.</summary>
    long LastId(Access access);

    /// <summary>The account's delivered mark; 0 when nothing was delivered yet.</summary>
    long DeliveredMark(Access access, long account);
    void SetDeliveredMark(Transaction transaction, long account, long id);

    /// <summary>
    /// The newest message behind <paramref name="after"/> that the owner exchanged with the bare peer, sent or
    /// <paramref name="incoming"/>, for which <paramref name="matches"/> is true of its stanza bytes; looks back over the
    /// owner's entries.
    /// </summary>
    ArchiveRow? FindNewest(
        Access access,
        long account,
        Jid peer,
        bool incoming,
        long after,
        Func<ReadOnlyMemory<byte>, bool> matches
    );

    /// <summary>Puts other content in the place of a message's, in every archive that shows it (XEP-0424 tombstone).</summary>
    void Replace(Transaction transaction, long id, ReadOnlyMemory<byte> stanza);

    /// <summary>Removes delivered messages older than the time, at most max of them; returns how many.</summary>
    int RemoveOlder(Transaction transaction, DateTimeOffset than, int max);

    /// <summary>
    /// Removes hidden entries that were delivered and are older than the time, at most max of them: whoever prefers not
    /// to archive is not archived for longer than delivery takes. Returns how many.
    /// </summary>
    int RemoveHidden(Transaction transaction, DateTimeOffset than, int max);

    ArchivePreferences Preferences(Access access, long account);
    void SetPreferences(Transaction transaction, long account, ArchivePreferences preferences);
}

/// <summary>Resumable sessions as a restart finds them (XEP-0198 §5).</summary>
public interface ISessionStore
{
    /// <summary>What was committed for the session with this token hash; null when it is unknown.</summary>
    SessionMark? Find(Access access, ReadOnlySpan<byte> tokenHash);
    void Remove(Transaction transaction, ReadOnlySpan<byte> tokenHash);

    /// <summary>Removes marks not touched since the time.</summary>
    void RemoveOlder(Transaction transaction, DateTimeOffset than);
}
