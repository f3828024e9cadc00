using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Routing;

/// <summary>How loudly a sleeping device is told, in the words of RFC 8030 §5.3.</summary>
public enum Urgency
{
    None,
    Low,

    /// <summary>A message for a person.</summary>
    Normal,

    /// <summary>Somebody waits at this moment.</summary>
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
    private const string CallMessages = "urn:xmpp:jingle-message:0";
    private const string CallInvites = "urn:xmpp:call-invites:0";

    /// <summary>Carries more than a chat state, a receipt or a marker.</summary>
    public bool IsForPeople => !CanWait;

    //                                  kind               archive offline copy   push          can wait
    private static readonly Treatment _body = new("body", true, true, true, Urgency.Normal, false);
    private static readonly Treatment _encrypted = new("encrypted body", true, true, true, Urgency.Normal, false);
    private static readonly Treatment _encryptedKeys = new(
        "encrypted, no payload",
        true,
        true,
        true,
        Urgency.None,
        true
    );
    private static readonly Treatment _receipt = new("receipt", true, true, true, Urgency.None, true);
    private static readonly Treatment _marker = new("marker", true, true, true, Urgency.None, true);
    private static readonly Treatment _reaction = new("reaction", true, true, true, Urgency.Low, false);
    private static readonly Treatment _retraction = new("retraction", true, true, true, Urgency.None, false);
    private static readonly Treatment _chatState = new("chat state", false, false, true, Urgency.None, true);
    private static readonly Treatment _call = new("call message", true, true, true, Urgency.High, false);
    private static readonly Treatment _callAnswer = new("call answer", true, true, true, Urgency.None, false);
    private static readonly Treatment _roomInvitation = new("room invitation", true, true, true, Urgency.Normal, false);
    private static readonly Treatment _direct = new("direct invitation", true, true, true, Urgency.Normal, false);
    private static readonly Treatment _headline = new("headline", false, false, false, Urgency.None, true);
    private static readonly Treatment _error = new("error", false, false, true, Urgency.None, false);
    private static readonly Treatment _groupchat = new("room message", false, false, false, Urgency.None, false);
    private static readonly Treatment _other = new("other", false, true, true, Urgency.None, false);
    private static readonly Treatment _otherNormal = new("other, not a chat", false, true, false, Urgency.None, false);

    /// <summary>What the server itself tells of nodes (XEP-0163).</summary>
    internal static Treatment Headline => _headline;

    /// <summary>
    /// The table of payloads (laws, "One table decides"): nothing else in the server knows these kinds. Edits, replies
    /// and attachments carry a body and are treated as one.
    /// </summary>
    public static Treatment Of(Stanza message)
    {
        Treatment treatment = message.Type switch
        {
            StanzaType.Error => _error,
            StanzaType.Headline => _headline,
            StanzaType.Groupchat => _groupchat,
            _ => OfPayload(message.Root),
        };
        // XEP-0280 §6.1: of what is no chat only that is copied which is known to be talk.
        if (treatment == _other && message.Type == StanzaType.Normal)
            treatment = _otherNormal;
        return Hinted(treatment, message.Root);
    }

    /// <summary>
    /// The same for a message from elsewhere. What an occupant says in private comes to each device that is in the room by
    /// itself (XEP-0280 §6.1).
    /// </summary>
    public static Treatment OfArriving(Stanza message)
    {
        Treatment treatment = Of(message);
        bool isPrivate =
            message.From is { IsFull: true } && message.Root.Has("x", "http://jabber.org/protocol/muc#user");
        return isPrivate ? treatment with { Copy = false } : treatment;
    }

    /// <summary>The same for a message to a room: what its archive keeps, and what can wait at its occupants.</summary>
    public static Treatment OfRoom(Stanza message) => Hinted(OfPayload(message.Root), message.Root);

    /// <summary>The same for a message to another server: one for a room counts by what it says, wherever the room is.</summary>
    public static Treatment OfLeaving(Stanza message) =>
        message.Type == StanzaType.Groupchat ? OfRoom(message) : Of(message);

    private static Treatment OfPayload(Element message)
    {
        Treatment best = _other;
        bool onlyStates = true;
        foreach (Element child in message.Children)
        {
            Treatment? kind = OfChild(child);
            if (kind is not null && kind != _chatState && Rank(kind) > Rank(best))
                best = kind;
            onlyStates &= kind == _chatState || IsDecoration(child);
        }
        return best == _other && onlyStates ? _chatState : best;
    }

    private static int Rank(Treatment kind) => Array.IndexOf(_ranks, kind);

    // Of several kinds in one message the last here decides.
    private static readonly Treatment[] _ranks =
    [
        _other,
        _marker,
        _receipt,
        _encryptedKeys,
        _reaction,
        _direct,
        _roomInvitation,
        _callAnswer,
        _encrypted,
        _body,
        // Their bodies are for apps that do not know them.
        _call,
        _retraction,
    ];

    private static Treatment? OfChild(Element child) =>
        (child.Namespace, child.Name) switch
        {
            (Ns.Client or Ns.Server, "body") => _body,
            ("eu.siacs.conversations.axolotl" or "urn:xmpp:omemo:1" or "urn:xmpp:omemo:2", "encrypted") => child
                .Child("payload")
                .Exists
                ? _encrypted
                : _encryptedKeys,
            ("urn:xmpp:openpgp:0", "openpgp") or ("jabber:x:encrypted", "x") => _encrypted,
            ("urn:xmpp:receipts", "received") => _receipt,
            ("urn:xmpp:chat-markers:0", "received" or "displayed" or "acknowledged") => _marker,
            ("urn:xmpp:reactions:0", "reactions") => _reaction,
            ("urn:xmpp:message-retract:1", "retract") => _retraction,
            ("urn:xmpp:fasten:0", "apply-to") => child.Has("retract", "urn:xmpp:message-retract:0")
                ? _retraction
                : null,
            ("http://jabber.org/protocol/chatstates", _) => _chatState,
            // A call that begins, and one that its caller gave up: what rings must stop.
            (CallMessages, "propose" or "retract") or (CallInvites, "invite" or "retract") => _call,
            (CallMessages or CallInvites, _) => _callAnswer,
            ("http://jabber.org/protocol/muc#user", "x") => child.Child("invite").Exists ? _roomInvitation : null,
            ("jabber:x:conference", "x") => _direct,
            _ => null,
        };

    /// <summary>
    /// True for what only the two ends can read, also where words beside it say so to apps that cannot (XEP-0380 §3).
    /// </summary>
    public static bool IsEncrypted(Element message)
    {
        foreach (Element child in message.Children)
            if (
                child.Is("encryption", "urn:xmpp:eme:0")
                || OfChild(child) is { } kind && (kind == _encrypted || kind == _encryptedKeys)
            )
                return true;
        return false;
    }

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
        bool storable = store && treatment != _error && treatment != _groupchat;
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
