namespace Xmpp.Server.Stores;

/// <summary>What an uploaded file is for (XEP-0363 §4.1). Values are on disk.</summary>
public enum UploadPurpose
{
    /// <summary>An attachment: goes when retention or the disk asks for it.</summary>
    Message = 0,

    /// <summary>An avatar and the like: stays.</summary>
    Profile = 1,

    /// <summary>Stays until its owner removes it.</summary>
    Permanent = 2,

    /// <summary>Goes at a time that its owner has set, or before.</summary>
    Ephemeral = 3,
}

/// <summary>A file that somebody uploaded, whole and on disk. Its bytes are in <see cref="IUploadFiles"/>.</summary>
public sealed record UploadRecord
{
    /// <summary>The unguessable part of its address, and the name of the file on disk (<see cref="Uploads.UploadId"/>).</summary>
    public required string Id { get; init; }
    public long Account { get; init; }

    /// <summary>As people see it; safe as the last part of a path.</summary>
    public required string Name { get; init; }

    /// <summary>Media type without parameters.</summary>
    public required string MediaType { get; init; }

    /// <summary>Bytes.</summary>
    public long Size { get; init; }
    public UploadPurpose Purpose { get; init; }
    public DateTimeOffset Created { get; init; }

    /// <summary>Not to be had any more from then on; null for never.</summary>
    public DateTimeOffset? Expires { get; init; }
}

/// <summary>Which files people have uploaded (XEP-0363).</summary>
public interface IUploadStore
{
    UploadRecord? Find(Access access, string id);

    /// <summary>What the account has uploaded, the oldest first.</summary>
    IReadOnlyList<UploadRecord> List(Access access, long account);

    /// <summary>The ids of all files.</summary>
    IReadOnlySet<string> Ids(Access access);

    /// <summary>The sum of the account's files.</summary>
    long UsedBytes(Access access, long account);

    /// <summary>Adds it; false when the id is there already.</summary>
    bool Add(Transaction transaction, UploadRecord upload);

    /// <summary>Removes the account's file; false when it has none of this id.</summary>
    bool Remove(Transaction transaction, long account, string id);

    /// <summary>Removes these, whoever has them.</summary>
    void Remove(Transaction transaction, IReadOnlyCollection<string> ids);

    /// <summary>Removes at most <paramref name="max"/> files whose time is over at <paramref name="now"/>; returns their ids.</summary>
    IReadOnlyList<string> RemoveExpired(Transaction transaction, DateTimeOffset now, int max);

    /// <summary>
    /// Removes at most <paramref name="max"/> of the oldest files that are not exempt and older than the time, the oldest
    /// first; returns them. What a wrong clock has made seem old stays, as in the archive.
    /// </summary>
    IReadOnlyList<UploadRecord> RemoveOldest(Transaction transaction, DateTimeOffset than, int max);
}

/// <summary>The bytes of uploaded files, beside the database.</summary>
public interface IUploadFiles
{
    /// <summary>So many bytes more leave the room that messages need.</summary>
    bool HasRoom(long bytes);

    /// <summary>
    /// Deletes the files of rows whose removal is committed; returns at once. What a crash leaves behind goes at the next
    /// start.
    /// </summary>
    void Delete(IReadOnlyCollection<string> ids);
}
