using System.Text;
using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>What a retraction is after: the id it names, and how far it was looked for before its own commit.</summary>
internal sealed record Retraction(string Id, ArchiveRow? Found, long SearchedTo);

/// <summary>
/// XEP-0424 Message Retraction, honoured by the archives: what its own sender takes back stands there as a tombstone, for
/// both sides. The retraction itself is archived and delivered like any message. In rooms the room decides.
/// </summary>
internal sealed class Retractions(XmppServer server) : Extension
{
    private const string Ns = "urn:xmpp:message-retract:1";

    /// <summary>Until version 0.3 it was a fastening (XEP-0422), which apps still send.</summary>
    private const string OldNs = "urn:xmpp:message-retract:0";
    private const string Fasten = "urn:xmpp:fasten:0";

    /// <summary>The element that names what is taken back, by its <c>id</c>; none where nothing is.</summary>
    internal static Element Of(Element message)
    {
        Element retract = message.Child("retract", Ns);
        if (retract.Exists)
            return retract;
        Element fastened = message.Child("apply-to", Fasten);
        return fastened.Has("retract", OldNs) ? fastened : default;
    }

    public override void Declare(Declarations declare)
    {
        declare.Implements("0424", "Message Retraction", "0.4.2");
        declare.ServerFeature(Ns);
        declare.AccountFeature(Ns, Ns + "#tombstone");
        declare.At(Stage.Stamped, Find);
        declare.At(Stage.Archived, Bury);
    }

    // The long look back is the sender's own time, not the writer's; what is not committed yet is found by Bury.
    private void Find(Passage passage)
    {
        Element retract = Of(passage.Stanza.Root);
        bool personal = passage.Stanza.Type is StanzaType.Chat or StanzaType.Normal;
        if (!retract.Exists || !personal || passage.SenderAccount is null || passage.Stanza.Id is null)
            return;
        if (retract.Attribute("id") is not { Length: > 0 } id)
            return;
        using Access access = server.Stores.Database.OpenRead();
        long last = server.Stores.Archive.LastId(access);
        passage.Retraction = new(id, Search(access, passage, id, after: 0), last);
    }

    private void Bury(Passage passage)
    {
        if (passage.Retraction is not { } retraction || passage.ArchiveId == 0)
            return;
        Transaction transaction = passage.Transaction!;
        ArchiveRow? found = Search(transaction, passage, retraction.Id, retraction.SearchedTo) ?? retraction.Found;
        if (found is { } row)
            server.Stores.Archive.Replace(transaction, row.Id, Tombstone(row, passage));
    }

    // In the archive of the sender, or of a local recipient where the sender keeps none: content is shared by both.
    private ArchiveRow? Search(Access access, Passage passage, string id, long after)
    {
        byte[] needle = Encoding.UTF8.GetBytes(id);
        Jid from = passage.From.Bare;
        bool Matches(ReadOnlyMemory<byte> stanza) => stanza.Span.IndexOf(needle) >= 0 && Is(stanza, id, from);
        IArchiveStore archive = server.Stores.Archive;
        Account sender = passage.SenderAccount!;
        return archive.FindNewest(access, sender.Id, passage.To.Bare, incoming: false, after, Matches)
            ?? (
                passage.Recipient is { } recipient && recipient != sender
                    ? archive.FindNewest(access, recipient.Id, from, incoming: true, after, Matches)
                    : null
            );
    }

    // §4: the same bare JID; §5.1: by the message's id, or by its origin-id where that differs.
    private static bool Is(ReadOnlyMemory<byte> bytes, string id, Jid from)
    {
        Element message = XmlFragment.Parse(bytes.ToArray()).Root;
        bool named =
            message.Attribute("id") == id || message.Child("origin-id", Xmpp.Xml.Ns.StanzaId).Attribute("id") == id;
        bool own = Jid.TryParse(message.Attribute("from"), out Jid? sender) && sender.Bare == from;
        return named && own && !Of(message).Exists;
    }

    // §4: the start tag stays, everything inside goes.
    private static byte[] Tombstone(in ArchiveRow row, Passage retraction)
    {
        Stanza.TryRead(XmlFragment.Parse(row.Stanza).Root, out Stanza? original, out _);
        byte[] retracted = new XmlBuilder()
            .Start("retracted", Ns)
            .Attribute("id", retraction.Stanza.Id)
            .Attribute("stamp", XmlText.Stamp(retraction.Time))
            .ToArray();
        return original!.WithPayload(retracted).ToArray();
    }
}
