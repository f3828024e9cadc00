using Xmpp.Addresses;
using Xmpp.Server.Routing;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Push;

/// <summary>
/// Something that a sleeping device is told of. App servers of others learn that there is something; what stands in the
/// message goes to the box's own web client alone.
/// </summary>
/// <param name="Message">As its recipient has it; its <c>from</c> is whom the conversation is with, a room included.</param>
/// <param name="ArchiveId">Where it is in the recipient's archive, or in the room's; 0 for nowhere.</param>
public sealed record Notice(Stanza Message, Urgency Urgency, long ArchiveId = 0)
{
    /// <summary>It concerned what is over by now, as a call that nobody took.</summary>
    public bool IsLate { get; init; }

    /// <summary>In a room, where others may talk to each other, it means the recipient.</summary>
    public bool IsMention { get; init; }

    /// <summary>Somebody waits at this moment, and not for long.</summary>
    internal bool IsCall => Urgency == Urgency.High && !IsMention;

    public Jid Conversation => Message.From!.Bare;

    /// <summary>
    /// The same for a message that a session had in its outbox; null when it is nothing to be woken for. A copy of what
    /// another device got (XEP-0280) counts as what it copies.
    /// </summary>
    internal static Notice? Of(Stanza left, long archiveId)
    {
        Stanza? message = Original(left);
        Urgency urgency = message is null ? Urgency.None : Treatment.Of(message).Push;
        return urgency == Urgency.None ? null : new Notice(message!, urgency, archiveId);
    }

    private static Stanza? Original(Stanza stanza)
    {
        Element copy = stanza.Child("received", Ns.Carbons).Child("forwarded", Ns.Forward).Child("message", Ns.Client);
        if (!copy.Exists)
            return stanza;
        return Stanza.TryRead(copy, out Stanza? original, out _) && original.From is not null ? original : null;
    }
}
