using Xmpp.Addresses;
using Xmpp.Stanzas;

namespace Xmpp.Server.Sessions;

/// <summary>
/// The devices of one account that were given a message. Until one of them has it, the last that is lost hands it on
/// (laws, "Offline": the mark never passes a message that no device has).
/// </summary>
/// <param name="message">As it was sent; some of them may have been given a copy of it.</param>
/// <param name="archiveId">Where an offline device will find it; 0 for what waits nowhere.</param>
internal sealed class Takers(Stanza message, Jid? to, ReadOnlyMemory<byte> suffix, long archiveId)
{
    private int _there;
    private volatile bool _taken;

    public Stanza Message => message;
    public long ArchiveId => archiveId;

    /// <summary>The message itself, for one more device.</summary>
    public Outgoing Again() => new(message, to, suffix, archiveId);

    /// <summary>Those whom it is handed on to when all of these are lost.</summary>
    public Takers Next() => new(message, to, suffix, archiveId);

    /// <summary>True when the session has not ended: it is one of them.</summary>
    /// <param name="ahead">Out of the archive, before what comes live.</param>
    public bool Give(Session session, Outgoing message, bool ahead = false)
    {
        Interlocked.Increment(ref _there);
        message.Takers = this;
        if (ahead ? session.DeliverAhead(message) : session.Deliver(message))
            return true;
        Interlocked.Decrement(ref _there);
        return false;
    }

    /// <summary>One of them has it.</summary>
    public void Take() => _taken = true;

    /// <summary>One of them is lost; true when it was the last, and nobody has the message.</summary>
    public bool Leave() => Interlocked.Decrement(ref _there) == 0 && !_taken;
}
