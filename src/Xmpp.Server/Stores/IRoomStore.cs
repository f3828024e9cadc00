using Xmpp.Addresses;

namespace Xmpp.Server.Stores;

/// <summary>A long-lived association with a room (XEP-0045 §5.2). Values are on disk.</summary>
public enum RoomAffiliation
{
    None = 0,
    Outcast = 1,
    Member = 2,
    Admin = 3,
    Owner = 4,
}

/// <summary>What a room is (XEP-0045 §4.2). Values are on disk.</summary>
[Flags]
public enum RoomFlags
{
    None = 0,

    /// <summary>Stays when its last occupant leaves.</summary>
    Persistent = 1,

    /// <summary>Found by searching; the opposite is hidden.</summary>
    Public = 2,

    /// <summary>Only who is affiliated may enter; the opposite is open.</summary>
    MembersOnly = 4,

    /// <summary>Only those with voice speak.</summary>
    Moderated = 8,

    /// <summary>Everybody sees real addresses; the opposite is semi-anonymous.</summary>
    NonAnonymous = 16,

    /// <summary>Any occupant may invite into a members-only room; else its admins.</summary>
    OccupantsInvite = 32,

    /// <summary>Participants may set the subject; else moderators.</summary>
    OccupantsSetSubject = 64,

    /// <summary>Keeps an archive (XEP-0313).</summary>
    Archive = 128,

    /// <summary>People may register with it (XEP-0045 §7.10).</summary>
    Registration = 256,

    /// <summary>Whose presence is not told to the others (<c>muc#roomconfig_presencebroadcast</c>), by role.</summary>
    HidesModerators = 512,
    HidesParticipants = 1024,
    HidesVisitors = 2048,

    /// <summary>Who may have the lists of members, beside moderators (<c>muc#roomconfig_getmemberlist</c>), by role.</summary>
    ListsForParticipants = 4096,
    ListsForVisitors = 8192,
}

/// <summary>Who may send private messages in a room (<c>muc#roomconfig_allowpm</c>). Values are on disk.</summary>
public enum PrivateMessages
{
    Anyone = 0,
    Participants = 1,
    Moderators = 2,
    Nobody = 3,
}

/// <summary>A room as it is kept. <see cref="Id"/> is never used again; <see cref="Name"/> is the prepared localpart.</summary>
public sealed record RoomRecord
{
    public long Id { get; init; }
    public required string Name { get; init; }

    /// <summary>The circle that owns it; null for all others.</summary>
    public long? Circle { get; init; }
    public DateTimeOffset Created { get; init; }

    /// <summary>What people call it; empty for none.</summary>
    public string Title { get; init; } = "";
    public string Description { get; init; } = "";
    public string Language { get; init; } = "";
    public RoomFlags Flags { get; init; }
    public PrivateMessages PrivateMessages { get; init; }

    /// <summary>0 for no limit.</summary>
    public int MostOccupants { get; init; }

    /// <summary>Seconds between two messages of one person (XEP-0500); 0 for none.</summary>
    public int SlowMode { get; init; }

    /// <summary>Messages that a newcomer gets at most.</summary>
    public int History { get; init; }
    public string? Password { get; init; }

    /// <summary>Null while none was ever set.</summary>
    public string? Subject { get; init; }

    /// <summary>The nick of who set it.</summary>
    public string? SubjectFrom { get; init; }
    public DateTimeOffset? SubjectTime { get; init; }

    /// <summary>SHA-1 in hex of each picture on its card (XEP-0486).</summary>
    public IReadOnlyList<string> Avatar { get; init; } = [];

    /// <summary>Whose entries its messages are in the archives.</summary>
    public long ArchiveOwner => -Id;

    public bool Is(RoomFlags flag) => (Flags & flag) == flag;
}

/// <summary>Somebody's standing with a room: bare JID or, for outcasts, a domain.</summary>
/// <param name="Nick">Registered, and kept for who it is; null for none.</param>
public sealed record AffiliationRecord(
    Jid Who,
    RoomAffiliation Affiliation,
    string? Nick = null,
    string? Reason = null
);

/// <summary>Rooms, who is affiliated with them, and their cards.</summary>
public interface IRoomStore
{
    RoomRecord? Find(Access access, string name);
    RoomRecord? Find(Access access, long id);

    /// <summary>The room that the circle owns.</summary>
    RoomRecord? FindOfCircle(Access access, long circle);

    /// <summary>All, by name.</summary>
    IReadOnlyList<RoomRecord> List(Access access);

    /// <summary>There is a room that is not <see cref="RoomFlags.Persistent"/>.</summary>
    bool AnyTemporary(Access access);

    /// <summary>Adds and returns the id. Throws <see cref="InvalidOperationException"/> when the name is taken.</summary>
    long Add(Transaction transaction, RoomRecord room);

    /// <summary>Writes everything but name, id and circle.</summary>
    void Update(Transaction transaction, RoomRecord room);

    /// <summary>Removes the room with its affiliations, card, bookmarks' notes and archive.</summary>
    void Remove(Transaction transaction, long id);

    IReadOnlyList<AffiliationRecord> Affiliations(Access access, long room);

    /// <summary>Writes one; <see cref="RoomAffiliation.None"/> without a nick removes it.</summary>
    void SetAffiliation(Transaction transaction, long room, AffiliationRecord record);

    /// <summary>Removes somebody from every room; returns the rooms.</summary>
    IReadOnlyList<long> RemovePerson(Transaction transaction, Jid who);

    /// <summary>Its vCard as it was written; null for none.</summary>
    byte[]? Card(Access access, long room);
    void SetCard(Transaction transaction, long room, byte[]? card);

    /// <summary>True when the account's bookmark of the room was written once (laws, "Circles are computed").</summary>
    bool IsBookmarked(Access access, long account, long room);
    void NoteBookmark(Transaction transaction, long account, long room);

    /// <summary>Circles that have no room, or a member whose bookmark of it was never written.</summary>
    IReadOnlyList<long> UnfinishedCircles(Access access);
}
