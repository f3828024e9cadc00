namespace Xmpp.Server.Rooms;

/// <summary>Namespaces and form types of rooms (XEP-0045 §15, and of its companions).</summary>
internal static class RoomNs
{
    public const string Muc = "http://jabber.org/protocol/muc";
    public const string User = Muc + "#user";
    public const string Admin = Muc + "#admin";
    public const string Owner = Muc + "#owner";
    public const string Config = Muc + "#roomconfig";
    public const string Info = Muc + "#roominfo";
    public const string Request = Muc + "#request";
    public const string Register = Muc + "#register";
    public const string SelfPing = Muc + "#self-ping-optimization";
    public const string StableId = Muc + "#stable_id";
    public const string Conference = "jabber:x:conference";
    public const string OccupantId = "urn:xmpp:occupant-id:0";
    public const string Hats = "urn:xmpp:hats:0";
    public const string Retract = "urn:xmpp:message-retract:1";
    public const string Moderate = "urn:xmpp:message-moderate:1";
    public const string Card = "vcard-temp";
    public const string Ping = "urn:xmpp:ping";

    /// <summary>Kith's own: its members are those of a circle, whatever else they do (laws, "Circles are computed").</summary>
    public const string Circle = "urn:kith:circle:0";
    public const string Search = "urn:xmpp:channel-search:0:search";
}
