using System.Collections.Concurrent;
using Xmpp.Server.Stores;

namespace Server.Tests.Plays.Stage;

/// <summary>Uploaded files without bytes: a disk that is as large as the play says, and what was deleted from it.</summary>
internal sealed class PlayFiles : IUploadFiles
{
    public long Free { get; set; } = long.MaxValue;

    /// <summary>Ids, in the order in which they were given up.</summary>
    public ConcurrentQueue<string> Deleted { get; } = new();

    public bool HasRoom(long bytes) => bytes <= Free;

    public void Delete(IReadOnlyCollection<string> ids)
    {
        foreach (string id in ids)
            Deleted.Enqueue(id);
    }
}
