using System.Globalization;
using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Routing;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0359 Unique and Stable Stanza IDs: only the archive's own id stands in a message. What only a server or room says
/// (ids, delays, occupants) is removed from what clients send, before anybody sees it (security.md, "Identity").
/// </summary>
internal sealed class StanzaIds(XmppServer server) : Extension
{
    public override void Declare(Declarations declare)
    {
        declare.Implements("0359", "Unique and Stable Stanza IDs", "0.7.0");
        declare.ServerFeature(Ns.StanzaId);
        declare.AccountFeature(Ns.StanzaId);
        declare.At(Stage.Stamped, RemoveForeign);
    }

    // §5, business rule 3: nobody but this server speaks for its accounts; what rooms say of themselves is theirs.
    private void RemoveForeign(Passage passage)
    {
        bool fromHere = passage.SenderAccount is not null;
        foreach (Element child in passage.Stanza.Root.Children)
            if (IsForged(child, fromHere))
            {
                passage.Stanza = passage.Stanza.WithPayload(Without(passage.Stanza.Root, fromHere));
                return;
            }
    }

    private bool IsForged(Element child, bool fromHere) =>
        (child.Name, child.Namespace) switch
        {
            ("stanza-id", Ns.StanzaId) => !Jid.TryParse(child.Attribute("by"), out Jid? by)
                || by.Domain == server.Options.Domain,
            ("delay", Ns.Delay) or ("x", "jabber:x:delay") or ("occupant-id", "urn:xmpp:occupant-id:0") => fromHere,
            _ => false,
        };

    private byte[] Without(Element message, bool fromHere)
    {
        var kept = new List<byte>(message.Content.Length);
        foreach (Element child in message.Children)
            if (!IsForged(child, fromHere))
                kept.AddRange(child.Bytes.Span);
        return [.. kept];
    }

    /// <summary>The id as it stands behind a message's children for sessions of the account.</summary>
    public static byte[] Stamp(Account account, long id) =>
        new XmlBuilder().Start("stanza-id", Ns.StanzaId).Attribute("by", account.Jid).Attribute("id", id).ToArray();

    /// <summary>Reads an archive id back; false for anything that is none of ours.</summary>
    public static bool TryParse(string? text, out long id) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out id);
}
