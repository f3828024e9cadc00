using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Xmpp.Server.Household;
using Xmpp.Server.Routing;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Push;

/// <summary>
/// What the web client's service worker gets (README.md, "Waking devices"): enough to show a notification without asking
/// the server; nothing of what is encrypted.
/// </summary>
internal static class WebNotice
{
    private const int LongestText = 200;

    // It is no part of a page.
    private static readonly JsonWriterOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON, at most <paramref name="most"/> bytes; what is too long is left out, the text first.</summary>
    public static byte[] Write(Account account, Notice notice, int count, int most)
    {
        Stanza message = notice.Message;
        bool encrypted = Treatment.IsEncrypted(message.Root);
        string? text = encrypted ? null : Text(message);
        byte[] json = Write(account, notice, count, (encrypted, true, text));
        if (json.Length > most)
            json = Write(account, notice, count, (encrypted, true, null));
        return json.Length > most ? Write(account, notice, count, (encrypted, false, null)) : json;
    }

    private static byte[] Write(
        Account account,
        Notice notice,
        int count,
        (bool Encrypted, bool From, string? Text) what
    )
    {
        var output = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(output, _plain))
        {
            json.WriteStartObject();
            json.WriteString("kind", Kind(notice));
            json.WriteString("to", account.Name);
            json.WriteNumber("count", count);
            if (what.From)
                json.WriteString("from", notice.Conversation.ToString());
            if (what.From && notice.Message is { Type: StanzaType.Groupchat, From.Resource: { } nick })
                json.WriteString("nick", nick);
            if (notice.ArchiveId > 0)
                json.WriteString("id", notice.ArchiveId.ToString(CultureInfo.InvariantCulture));
            if (notice.IsMention)
                json.WriteBoolean("mention", true);
            if (what.Encrypted)
                json.WriteBoolean("encrypted", true);
            if (what.Text is not null)
                json.WriteString("text", what.Text);
            json.WriteEndObject();
        }
        return output.WrittenSpan.ToArray();
    }

    private static string Kind(Notice notice)
    {
        foreach (Element child in notice.Message.Root.Children)
        {
            switch (child.Namespace, child.Name)
            {
                case (CallMessages, "propose") or (CallInvites, "invite"):
                    return notice.IsLate ? "missed-call" : "call";
                case (CallMessages or CallInvites, "retract"):
                    return "missed-call";
                case ("urn:xmpp:reactions:0", "reactions"):
                    return "reaction";
                case ("jabber:x:conference", "x"):
                    return "invitation";
                case ("http://jabber.org/protocol/muc#user", "x") when child.Child("invite").Exists:
                    return "invitation";
            }
        }
        return "message";
    }

    private const string CallMessages = "urn:xmpp:jingle-message:0";
    private const string CallInvites = "urn:xmpp:call-invites:0";

    // The beginning of what was written; whole characters.
    private static string? Text(Stanza message)
    {
        string body = message.Root.Child("body").Text.Trim();
        if (body.Length == 0)
            return null;
        var text = new StringBuilder();
        foreach (Rune rune in body.EnumerateRunes())
        {
            if (text.Length + rune.Utf16SequenceLength > LongestText)
                return text.Append('…').ToString();
            text.Append(rune);
        }
        return text.ToString();
    }
}
