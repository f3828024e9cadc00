namespace Xmpp.Server.Stores;

/// <summary>A stanza on its way to another server: its number, the two domains, when it was sent, and the whole of it.</summary>
public sealed record QueuedStanza(long Id, string From, string To, DateTimeOffset Time, byte[] Stanza);

/// <summary>
/// What other servers have not acknowledged yet (README, "Federation" 2), and which of them were ever reached. Domains are
/// prepared.
/// </summary>
public interface IServerQueueStore
{
    /// <summary>All that waits, oldest first.</summary>
    IReadOnlyList<QueuedStanza> Waiting(Access access);

    /// <summary>Queues and returns the number: larger than every one before, also of those that are gone.</summary>
    long Add(Transaction transaction, string from, string to, ReadOnlySpan<byte> stanza);

    /// <summary>Takes off what goes between the two up to this number, which is included.</summary>
    void Remove(Transaction transaction, string from, string to, long upTo);

    /// <summary>Takes off this one, if it is there.</summary>
    void Remove(Transaction transaction, long id);

    /// <summary>
    /// The newest between the two of those that were all queued at the moment or before; 0 for none. One that was queued while
    /// the clock was behind says nothing of those before it.
    /// </summary>
    long NewestAt(Access access, string from, string to, DateTimeOffset time);

    /// <summary>When the server was last noted as reached; null for never.</summary>
    DateTimeOffset? Seen(Access access, string domain);

    void NoteSeen(Transaction transaction, string domain, DateTimeOffset time);
}
