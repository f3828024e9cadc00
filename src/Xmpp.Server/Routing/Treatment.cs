using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Routing;

/// <summary>How loudly a sleeping device is told.</summary>
public enum Urgency
{
    None,
    Low,
    High,
}

/// <summary>What happens with one kind of payload.</summary>
/// <param name="Archive">Kept in the archives of both sides.</param>
/// <param name="Offline">Kept for a device that is not there.</param>
/// <param name="Copy">Copied to the other devices (XEP-0280 §6).</param>
/// <param name="Push">Told to sleeping devices.</param>
/// <param name="CanWait">Held back while nobody looks (XEP-0352).</param>
public sealed record Treatment(string Kind, bool Archive, bool Offline, bool Copy, Urgency Push, bool CanWait)
{
    /// <summary>Carries more than a chat state, a receipt or a marker.</summary>
    public bool IsForPeople => !CanWait;

    //                                  kind               archive offline copy   push          can wait
    private static readonly Treatment Body = new("body", true, true, true, Urgency.High, false);
    private static readonly Treatment Encrypted = new("encrypted body", true, true, true, Urgency.High, false);
    private static readonly Treatment EncryptedKeys = new(
        "encrypted, no payload",
        true,
        true,
        true,
        Urgency.None,
        true
    );
    private static readonly Treatment Receipt = new("receipt", true, true, true, Urgency.None, true);
    private static readonly Treatment Marker = new("marker", true, true, true, Urgency.None, true);
    private static readonly Treatment Reaction = new("reaction", true, true, true, Urgency.Low, false);
    private static readonly Treatment Retraction = new("retraction", true, true, true, Urgency.None, false);
    private static readonly Treatment ChatState = new("chat state", false, false, true, Urgency.None, true);
    private static readonly Treatment Call = new("call message", true, true, true, Urgency.High, false);
    private static readonly Treatment RoomInvitation = new("room invitation", true, true, true, Urgency.High, false);
    private static readonly Treatment Direct = new("direct invitation", true, true, true, Urgency.High, false);
    private static readonly Treatment Headline = new("headline", false, false, false, Urgency.None, true);
    private static readonly Treatment Error = new("error", false, false, true, Urgency.None, false);
    private static readonly Treatment Groupchat = new("room message", false, false, false, Urgency.None, false);
    private static readonly Treatment Other = new("other", false, true, true, Urgency.None, false);
    private static readonly Treatment OtherNormal = new("other, not a chat", false, true, false, Urgency.None, false);

    /// <summary>
    /// The table of payloads (laws, "One table decides"): nothing else in the server knows these kinds. Edits, replies
    /// and attachments carry a body and are treated as one.
    /// </summary>
    public static Treatment Of(Stanza message)
    {
        Treatment treatment = message.Type switch
        {
            StanzaType.Error => Error,
            StanzaType.Headline => Headline,
            StanzaType.Groupchat => Groupchat,
            _ => OfPayload(message.Root),
        };
        // XEP-0280 §6.1: of what is no chat only that is copied which is known to be talk.
        if (treatment == Other && message.Type == StanzaType.Normal)
            treatment = OtherNormal;
        return Hinted(treatment, message.Root);
    }

    private static Treatment OfPayload(Element message)
    {
        Treatment best = Other;
        bool onlyStates = true;
        foreach (Element child in message.Children)
        {
            Treatment? kind = OfChild(child);
            if (kind is not null && kind != ChatState && Rank(kind) > Rank(best))
                best = kind;
            onlyStates &= kind == ChatState || IsDecoration(child);
        }
        return best == Other && onlyStates ? ChatState : best;
    }

    private static int Rank(Treatment kind) => Array.IndexOf(_ranks, kind);

    // Of several kinds in one message the last here decides.
    private static readonly Treatment[] _ranks =
    [
        Other,
        Marker,
        Receipt,
        EncryptedKeys,
        Retraction,
        Reaction,
        Direct,
        RoomInvitation,
        Call,
        Encrypted,
        Body,
    ];

    private static Treatment? OfChild(Element child) =>
        (child.Namespace, child.Name) switch
        {
            (Ns.Client or Ns.Server, "body") => Body,
            ("eu.siacs.conversations.axolotl" or "urn:xmpp:omemo:1" or "urn:xmpp:omemo:2", "encrypted") => child
                .Child("payload")
                .Exists
                ? Encrypted
                : EncryptedKeys,
            ("urn:xmpp:openpgp:0", "openpgp") or ("jabber:x:encrypted", "x") => Encrypted,
            ("urn:xmpp:receipts", "received") => Receipt,
            ("urn:xmpp:chat-markers:0", "received" or "displayed" or "acknowledged") => Marker,
            ("urn:xmpp:reactions:0", "reactions") => Reaction,
            ("urn:xmpp:message-retract:1" or "urn:xmpp:message-retract:0", "retract") => Retraction,
            ("http://jabber.org/protocol/chatstates", _) => ChatState,
            ("urn:xmpp:jingle-message:0", _) => Call,
            ("urn:xmpp:call-invites:0", _) => Call,
            ("http://jabber.org/protocol/muc#user", "x") => child.Child("invite").Exists ? RoomInvitation : null,
            ("jabber:x:conference", "x") => Direct,
            _ => null,
        };

    private static bool IsDecoration(Element child) =>
        (child.Namespace, child.Name) is (Ns.Hints, _) or (Ns.Client, "thread") or (Ns.StanzaId, _);

    // XEP-0334 §4; no-copy and private belong to XEP-0280 §6.
    private static Treatment Hinted(Treatment treatment, Element message)
    {
        bool copy = !message.Has("private", Ns.Carbons);
        bool keep = true;
        bool store = false;
        bool archive = true;
        foreach (Element child in message.Children)
        {
            if (child.Namespace != Ns.Hints)
                continue;
            copy &= child.Name != "no-copy";
            keep &= child.Name != "no-store";
            archive &= child.Name != "no-permanent-store";
            store |= child.Name == "store";
        }
        bool storable = store && treatment != Error && treatment != Groupchat;
        if (copy && keep && archive && !storable)
            return treatment;
        return treatment with
        {
            Archive = keep && archive && (treatment.Archive || storable),
            Offline = keep && (treatment.Offline || storable),
            Copy = copy && treatment.Copy,
        };
    }
}
