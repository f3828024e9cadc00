using Xmpp.Addresses;
using Xmpp.Stanzas;

namespace Xmpp.Server.Sessions;

/// <summary>
/// One thing on its way to one client: a stanza whose bytes it shares with other recipients, or an element of the stream
/// itself. A link of the outbox's chain, hence used once.
/// </summary>
public sealed class Outgoing
{
    internal Outgoing? Next;

    public Outgoing(Stanza stanza, Jid? to, ReadOnlyMemory<byte> suffix = default, long archiveId = 0)
    {
        (Stanza, To, Suffix, ArchiveId) = (stanza, to, suffix, archiveId);
    }

    /// <summary>An element that is no stanza: not counted, not sent again after a resumption.</summary>
    public Outgoing(ReadOnlyMemory<byte> element) => Suffix = element;

    public Stanza? Stanza { get; }
    public Jid? To { get; }

    /// <summary>What stands behind the stanza's shared children: the recipient's stanza-id; or the bare element.</summary>
    public ReadOnlyMemory<byte> Suffix { get; }

    /// <summary>Where the message is in the recipient's archive; 0 for what is not there.</summary>
    public long ArchiveId { get; }

    /// <summary>The element behind which both sides count stanzas (XEP-0198 §4).</summary>
    public bool BeginsCounting { get; init; }

    /// <summary>May wait while the client says that nobody is looking (XEP-0352).</summary>
    public bool CanWait { get; init; }

    /// <summary>
    /// Went to a device that had not been given what waited for it, so that taking it says nothing of what came before.
    /// </summary>
    public bool IsEarly { get; init; }

    /// <summary>Stands for a stanza that was sent and will not be sent again, so that its acknowledgement is understood.</summary>
    internal bool IsGap { get; private init; }

    internal static Outgoing Gap() => new(default(ReadOnlyMemory<byte>)) { IsGap = true };

    /// <summary>How far the delivered mark goes once the client has this.</summary>
    internal long Mark => IsEarly ? 0 : ArchiveId;

    /// <summary>With whom it shares the message; null for what is nobody's loss.</summary>
    internal Takers? Takers { get; set; }

    internal int Size => (Stanza?.Payload.Length ?? 0) + Suffix.Length + 128;
}
