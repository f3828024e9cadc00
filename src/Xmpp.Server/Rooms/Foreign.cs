using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>
/// What only a room says (ids, occupants, delays, standing) is removed from what comes into it (security.md, "Identity";
/// XEP-0421 §4, XEP-0359 §4, XEP-0313 §8).
/// </summary>
internal static class Foreign
{
    public static Stanza Without(Stanza stanza)
    {
        bool any = false;
        foreach (Element child in stanza.Root.Children)
            any |= Is(child);
        if (!any)
            return stanza;
        var kept = new List<byte>(stanza.Payload.Length);
        foreach (Element child in stanza.Root.Children)
            if (!Is(child))
                kept.AddRange(child.Bytes.Span);
        return stanza.WithPayload(kept.ToArray());
    }

    private static bool Is(Element child) =>
        (child.Name, child.Namespace)
            is
                ("stanza-id", Ns.StanzaId)
                or
                ("delay", Ns.Delay)
                or
                ("x", "jabber:x:delay")
                or
                ("occupant-id", RoomNs.OccupantId)
                or
                ("hats", RoomNs.Hats)
                or
                ("x", RoomNs.User or RoomNs.Muc)
                or
                ("result" or "fin", Ns.Archive)
                or
                ("moderated", RoomNs.Moderate)
                or
                ("retracted", RoomNs.Retract);
}
