using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// Writes each message to the archives of its two sides in its own commit (laws, "The life of a message", 4): content
/// once, an entry for each; hidden where the owner does not archive and it only waits for delivery.
/// </summary>
internal sealed class ArchiveKeeping(XmppServer server) : Extension
{
    public override void Declare(Declarations declare)
    {
        // What the hints mean stands in the table of payloads.
        declare.Implements("0334", "Message Processing Hints", "0.4.0");
        declare.ServerFeature(Ns.Hints);
        declare.AccountFeature(Ns.Hints);
        declare.At(Stage.Archived, Keep);
    }

    private void Keep(Passage passage)
    {
        Treatment treatment = passage.Treatment;
        bool toSelf = passage.SenderAccount == passage.Recipient;
        ArchiveOwner? sender =
            passage.SenderAccount is { } from && treatment.Archive && Wants(from, passage.To)
                ? new ArchiveOwner(from.Id, passage.To, EntryFlags.None)
                : null;
        ArchiveOwner? recipient = passage.Recipient is { } to && !toSelf ? Entry(to, passage) : null;
        passage.ArchiveId = 0;
        if (sender is null && recipient is null)
            return;
        passage.ArchiveId = passage.Transaction!.NextArchiveId();
        server.Stores.Archive.Append(
            passage.Transaction,
            new ArchivedMessage(passage.ArchiveId, passage.Time, passage.Stanza.ToArray(), sender, recipient)
        );
        passage.SenderStamp = sender is null ? default : StanzaIds.Stamp(passage.SenderAccount!, passage.ArchiveId);
        passage.RecipientStamp =
            recipient is { Flags: var flags } && !flags.HasFlag(EntryFlags.Hidden)
                ? StanzaIds.Stamp(passage.Recipient!, passage.ArchiveId)
                : default;
        if (toSelf)
            passage.RecipientStamp = passage.SenderStamp;
    }

    private ArchiveOwner? Entry(Account recipient, Passage passage)
    {
        bool archive = passage.Treatment.Archive && Wants(recipient, passage.From);
        if (!archive && !passage.Treatment.Offline)
            return null;
        EntryFlags flags = EntryFlags.Incoming;
        if (passage.Treatment.Offline)
            flags |= EntryFlags.KeptOffline;
        if (!archive)
            flags |= EntryFlags.Hidden;
        if (passage.Waits)
            flags |= EntryFlags.Waits;
        return new ArchiveOwner(recipient.Id, passage.From, flags);
    }

    // XEP-0441 §3.
    private bool Wants(Account account, Jid peer)
    {
        ArchivePreferences preferences = account.Preferences;
        if (Lists(preferences.Never, peer))
            return false;
        if (Lists(preferences.Always, peer))
            return true;
        return preferences.Default switch
        {
            "always" => true,
            "never" => false,
            _ => server.Home.Contact(account, peer) is { Listed: true },
        };
    }

    private static bool Lists(IReadOnlyList<Jid> list, Jid peer) => list.Contains(peer) || list.Contains(peer.Bare);
}
