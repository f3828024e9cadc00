using System.Text;

namespace Xmpp.Xml;

/// <summary>
/// Turns the UTF-8 of names and namespaces into strings without allocating for the usual ones. The table is fixed, so
/// that no peer can fill it.
/// </summary>
internal static class XmlNames
{
    private const int Slots = 1024;
    private static readonly string?[] _strings = new string?[Slots];
    private static readonly byte[][] _bytes = new byte[Slots][];

    static XmlNames()
    {
        foreach (string name in Usual.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
            Add(name);
    }

    public static string Intern(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "";
        for (int slot = Hash(utf8); _strings[slot] is { } known; slot = (slot + 1) % Slots)
            if (utf8.SequenceEqual(_bytes[slot]))
                return known;
        return Encoding.UTF8.GetString(utf8);
    }

    private static void Add(string name)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(name);
        int slot = Hash(utf8);
        while (_strings[slot] is { } taken)
        {
            if (taken == name)
                return;
            slot = (slot + 1) % Slots;
        }
        (_strings[slot], _bytes[slot]) = (string.Intern(name), utf8);
    }

    private static int Hash(ReadOnlySpan<byte> utf8) =>
        (utf8.Length * 131 + utf8[0] * 31 + utf8[^1] * 7 + utf8[utf8.Length / 2] * 17) & (Slots - 1);

    private const string Usual = """
        message presence iq body subject thread query item group error text show status priority x c r a enable enabled
        resume resumed failed active inactive composing paused gone received request displayed markable markers origin-id
        stanza-id delay forwarded sent private result fin set max before after first last count index field value option
        identity feature id by type from to lang xml xmlns jid name subscription ask approved ver node hash var label
        auth response challenge success failure abort authenticate initial-response user-agent software device bind
        resource session starttls proceed mechanism stream open close version ping pubsub items publish event retract
        encrypted header payload key iv reactions reaction replace fallback store no-store no-permanent-store no-copy
        jingle propose accept reject proceed ringing finish invite vCard time tzo utc os username password prefs always
        never default mode h previd location queryid rid sid wait hold content charset ack requests polling inactivity
        token tag inline features authorization-identifier continue hash-token request-token fast count not-authorized
        http://etherx.jabber.org/streams urn:ietf:params:xml:ns:xmpp-streams urn:ietf:params:xml:ns:xmpp-stanzas
        jabber:client jabber:server urn:ietf:params:xml:ns:xmpp-tls urn:ietf:params:xml:ns:xmpp-sasl urn:xmpp:sasl:2
        urn:ietf:params:xml:ns:xmpp-bind urn:xmpp:bind:0 urn:ietf:params:xml:ns:xmpp-session
        urn:ietf:params:xml:ns:xmpp-framing urn:xmpp:sm:3 urn:xmpp:sid:0 urn:xmpp:delay urn:xmpp:forward:0
        urn:xmpp:hints urn:xmpp:carbons:2 urn:xmpp:mam:2 http://jabber.org/protocol/rsm jabber:x:data jabber:iq:roster
        jabber:iq:register http://jabber.org/protocol/disco#info http://jabber.org/protocol/disco#items
        http://jabber.org/protocol/caps urn:xmpp:csi:0 http://jabber.org/protocol/chatstates urn:xmpp:receipts
        urn:xmpp:chat-markers:0 urn:xmpp:ping jabber:iq:version urn:xmpp:time jabber:iq:last jabber:iq:private
        vcard-temp vcard-temp:x:update urn:xmpp:blocking urn:xmpp:reporting:1 urn:xmpp:message-retract:1
        urn:xmpp:message-correct:0 urn:xmpp:reactions:0 urn:xmpp:fallback:0 urn:xmpp:reply:0 urn:xmpp:eme:0
        eu.siacs.conversations.axolotl urn:xmpp:omemo:2 urn:xmpp:jingle-message:0 urn:xmpp:jingle:1 urn:xmpp:fast:0
        http://jabber.org/protocol/muc http://jabber.org/protocol/muc#user http://jabber.org/protocol/muc#owner
        http://jabber.org/protocol/muc#admin http://jabber.org/protocol/pubsub http://jabber.org/protocol/pubsub#event
        http://jabber.org/protocol/nick jabber:x:conference jabber:x:oob http://jabber.org/protocol/httpbind
        urn:xmpp:xbosh urn:xmpp:sasl-cb:0 urn:xmpp:invite urn:xmpp:ibr-token:0 urn:xmpp:pars:0
        http://www.w3.org/XML/1998/namespace http://www.w3.org/2000/xmlns/
        """;
}
