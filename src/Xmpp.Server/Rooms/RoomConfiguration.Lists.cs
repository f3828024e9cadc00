using Xmpp.Addresses;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>The fields that have several values: roles, and the whole lists of owners and admins (XEP-0045 §10.2, §15.5.3).</summary>
internal static partial class RoomConfiguration
{
    public const string Owners = "muc#roomconfig_roomowners";
    public const string Admins = "muc#roomconfig_roomadmins";
    private const string Broadcast = "muc#roomconfig_presencebroadcast";
    private const string MemberList = "muc#roomconfig_getmemberlist";
    private const string Moderator = "moderator";
    private static readonly string[] _roles = [Moderator, "participant", "visitor"];

    private static readonly (string Role, RoomFlags Flag)[] _hidden =
    [
        (_roles[0], RoomFlags.HidesModerators),
        (_roles[1], RoomFlags.HidesParticipants),
        (_roles[2], RoomFlags.HidesVisitors),
    ];

    private static readonly (string Role, RoomFlags Flag)[] _lists =
    [
        (_roles[1], RoomFlags.ListsForParticipants),
        (_roles[2], RoomFlags.ListsForVisitors),
    ];

    /// <summary>Its members see each other's addresses anyway.</summary>
    public static bool IsOfKnown(RoomRecord room) => room.Is(RoomFlags.MembersOnly | RoomFlags.NonAnonymous);

    /// <summary>Behind the other fields of the form.</summary>
    public static void WriteLists(
        XmlBuilder form,
        RoomRecord room,
        IReadOnlyCollection<string> owners,
        IReadOnlyCollection<string> admins
    )
    {
        WriteRoles(
            form,
            Broadcast,
            "Whose presence is shown",
            [.. _hidden.Where(each => !room.Is(each.Flag)).Select(each => each.Role)]
        );
        WriteRoles(
            form,
            MemberList,
            "Who may see the lists of members",
            IsOfKnown(room)
                ? _roles
                : [Moderator, .. _lists.Where(each => room.Is(each.Flag)).Select(each => each.Role)]
        );
        WritePeople(form, Owners, "Owners", owners);
        WritePeople(form, Admins, "Admins", admins);
    }

    private static void WriteRoles(XmlBuilder form, string name, string label, IReadOnlyCollection<string> values)
    {
        Open(form, name, "list-multi", label);
        foreach (string value in values)
            form.Element("value", value);
        foreach (string role in _roles)
            form.Start("option").Attribute("label", role).Element("value", role).End();
        form.End();
    }

    private static void WritePeople(XmlBuilder form, string name, string label, IReadOnlyCollection<string> people)
    {
        Open(form, name, "jid-multi", label);
        foreach (string person in people)
            form.Element("value", person);
        form.End();
    }

    // Null for a field that is not about roles. Moderators see the lists in any case.
    private static RoomRecord? ApplyRoles(RoomRecord room, string name, List<string> values)
    {
        if (name is not (Broadcast or MemberList))
            return null;
        if (values.Find(value => !_roles.Contains(value)) is { } unknown)
            throw NotAcceptable("no role: " + unknown);
        RoomRecord after = room;
        foreach (var (role, flag) in name == Broadcast ? _hidden : _lists)
            after = With(after, flag, values.Contains(role) == (name == MemberList));
        return after;
    }

    /// <summary>The people on one of the lists; null where the form does not have it.</summary>
    /// <exception cref="StanzaErrorException"><c>jid-malformed</c>.</exception>
    public static HashSet<Jid>? People(IReadOnlyDictionary<string, List<string>> fields, string name)
    {
        if (!fields.TryGetValue(name, out List<string>? values))
            return null;
        var people = new HashSet<Jid>();
        foreach (string value in values)
            if (value.Trim() is { Length: > 0 } text)
                people.Add(
                    Jid.TryParse(text, out Jid? jid) && jid.Local is not null
                        ? jid.Bare
                        : throw new StanzaErrorException(StanzaError.JidMalformed(text))
                );
        return people;
    }
}
