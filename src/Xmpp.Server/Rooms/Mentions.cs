using System.Text;
using Xmpp.Addresses;
using Xmpp.Server.Routing;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>
/// Whom a message means, most of all one to a room: by a reference (XEP-0372 §3.2), as an answer to what they said (XEP-0461 §3), or by the
/// nick in its words (XEP-0492 §4). Read once for all who may be meant.
/// </summary>
internal sealed class Mentions
{
    private const string References = "urn:xmpp:reference:0";
    private const string Replies = "urn:xmpp:reply:0";

    /// <summary>References of one message that are looked at.</summary>
    private const int MostNamed = 100;
    private readonly List<Jid> _named = [];
    private readonly string _words;

    public Mentions(Stanza said)
    {
        // Of what is encrypted the words beside it are the app's.
        _words = Treatment.IsEncrypted(said.Root) ? "" : said.Child("body", Ns.Client).Text;
        foreach (Element child in said.Root.Children)
            if (_named.Count < MostNamed && Named(child) is { } jid)
                _named.Add(jid);
    }

    private static Jid? Named(Element child)
    {
        Jid? jid = null;
        if (child.Is("reply", Replies))
            Jid.TryParse(child.Attribute("to"), out jid);
        else if (child.Is("reference", References) && child.Attribute("type") == "mention")
            Jid.TryParse(AddressIn(child.Attribute("uri") ?? ""), out jid);
        return jid;
    }

    // RFC 5122 §2.2, without what is asked of the address.
    private static string AddressIn(string uri)
    {
        if (!uri.StartsWith("xmpp:", StringComparison.OrdinalIgnoreCase))
            return "";
        int end = uri.AsSpan().IndexOfAny('?', '#');
        return Uri.UnescapeDataString(uri["xmpp:".Length..(end < 0 ? uri.Length : end)]);
    }

    /// <param name="person">The bare address.</param>
    /// <param name="occupant">room@service/nick.</param>
    public bool Has(Jid person, Jid occupant) =>
        Has(person) || _named.Contains(occupant) || HasWord(occupant.Resource!);

    /// <summary>Means somebody by their address, which is all that there is between two people.</summary>
    public bool Has(Jid person) => _named.Exists(named => named.Bare == person);

    private bool HasWord(string nick)
    {
        for (int at = 0; (at = Find(nick, at)) >= 0; at++)
            if (!Continues(_words.AsSpan(..at), last: true) && !Continues(_words.AsSpan(at + nick.Length), last: false))
                return true;
        return false;
    }

    private int Find(string nick, int from) => _words.IndexOf(nick, from, StringComparison.OrdinalIgnoreCase);

    // Ann is not in Anna.
    private static bool Continues(ReadOnlySpan<char> text, bool last)
    {
        Rune rune;
        if (last)
            Rune.DecodeLastFromUtf16(text, out rune, out _);
        else
            Rune.DecodeFromUtf16(text, out rune, out _);
        return !text.IsEmpty && Rune.IsLetterOrDigit(rune);
    }
}
