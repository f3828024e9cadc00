using System.Collections.Immutable;
using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>
/// The stages of a message's life, in order; read this and you know it. The first three run as the message comes in,
/// <see cref="Archived"/> inside the transaction, the rest after its commit, in commit order.
/// </summary>
public enum Stage
{
    /// <summary>Validated and addressed; the gate has let it pass.</summary>
    Received,

    /// <summary>Refused by either side's block list.</summary>
    Blocked,

    /// <summary>Foreign stanza-ids removed; what the archive and others will see is final.</summary>
    Stamped,

    /// <summary>Written to the archives of sender and recipient.</summary>
    Archived,

    /// <summary>Copied to the other devices of sender and recipient.</summary>
    Copied,

    /// <summary>Given to the sessions that it is for.</summary>
    Delivered,

    /// <summary>Nobody was there to take it.</summary>
    Missed,

    /// <summary>Devices that sleep are told.</summary>
    Pushed,
}

/// <summary>One message on its way through the stages.</summary>
public sealed class Passage
{
    public required Stanza Stanza { get; set; }

    /// <summary>The local session that sent it; null when it came from elsewhere or from the box.</summary>
    public Session? Sender { get; init; }

    /// <summary>The local account that sent it.</summary>
    public Account? SenderAccount { get; init; }

    /// <summary>The local account that it is for; null for another domain or the server.</summary>
    public Account? Recipient { get; init; }

    /// <summary>Takes the message to its service, after the copies; null for one to a local account.</summary>
    internal Action<Stanza>? Away { get; init; }

    /// <summary>Keeps what goes away until its service has it, in the transaction of the archive; null for what is not kept.</summary>
    internal Action<Transaction, Stanza>? KeepAway { get; set; }

    public required Treatment Treatment { get; set; }

    /// <summary>Set by a stage before the commit: the sender is told and the message goes no further.</summary>
    public StanzaError? Refusal { get; set; }

    /// <summary>Set by a stage before the commit: the message ends here without a word.</summary>
    public bool Dropped { get; set; }

    /// <summary>The recipient has quiet hours: nobody gets it, and no query shows it, before they end.</summary>
    public bool Waits { get; init; }

    /// <summary>The transaction, at <see cref="Stage.Archived"/> only.</summary>
    public Transaction? Transaction { get; internal set; }

    /// <summary>Position in the archives; 0 when it was not archived.</summary>
    public long ArchiveId { get; set; }

    /// <summary>The message that this one takes back (XEP-0424); null for all others.</summary>
    internal Extensions.Retraction? Retraction { get; set; }

    /// <summary>When the server took it.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Who got it directly; filled at <see cref="Stage.Delivered"/>'s routing, before the copies are made.</summary>
    public ImmutableArray<Session> Direct { get; internal set; } = [];

    /// <summary>The recipient's devices that it was given to, and copies of it.</summary>
    internal Takers Takers => field ??= new(Stanza, To, RecipientStamp, Treatment.Offline ? ArchiveId : 0);

    /// <summary>The stanza-id that the recipient's sessions see behind the children; empty when it is not archived there.</summary>
    public ReadOnlyMemory<byte> RecipientStamp { get; set; }

    /// <summary>The same for the sender's own other devices.</summary>
    public ReadOnlyMemory<byte> SenderStamp { get; set; }

    public Jid From => Stanza.From!;
    public Jid To => Stanza.To!;
}
