using System.Globalization;
using Xmpp.Server.Extensions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>The configuration form of rooms (XEP-0045 §10.2, §15.5; XEP-0500 §4): what an owner sees and sends.</summary>
internal static partial class RoomConfiguration
{
    /// <summary>The most messages of before that anybody gets on entering.</summary>
    public const int LongestHistory = 100;
    private const int UsualHistory = 20;
    private const int LongestText = 1000;
    private const int MostOccupants = 10_000;
    private const int SlowestMode = 86_400;

    /// <summary>What a room is before anybody configures it (laws, "Who may reach whom" 6).</summary>
    public static RoomRecord Instant(string name, DateTimeOffset now) =>
        new()
        {
            Name = name,
            Created = now,
            Flags =
                RoomFlags.Persistent
                | RoomFlags.Public
                | RoomFlags.OccupantsInvite
                | RoomFlags.OccupantsSetSubject
                | RoomFlags.Archive
                | RoomFlags.Registration,
            History = UsualHistory,
        };

    /// <summary>What a circle's room is (laws, "Circles are computed").</summary>
    public static RoomRecord OfCircle(CircleRecord circle, string name, DateTimeOffset now) =>
        new()
        {
            Name = name,
            Circle = circle.Id,
            Created = now,
            Title = circle.Name,
            Flags = OfCircles | RoomFlags.OccupantsSetSubject,
            History = UsualHistory,
        };

    private const RoomFlags OfCircles =
        RoomFlags.Persistent | RoomFlags.MembersOnly | RoomFlags.NonAnonymous | RoomFlags.Archive;

    private static readonly (string Field, RoomFlags Flag, string Label)[] _switches =
    [
        ("muc#roomconfig_persistentroom", RoomFlags.Persistent, "Stays when everybody leaves"),
        ("muc#roomconfig_publicroom", RoomFlags.Public, "Is listed"),
        ("muc#roomconfig_membersonly", RoomFlags.MembersOnly, "Members only"),
        ("muc#roomconfig_moderatedroom", RoomFlags.Moderated, "Only those with voice speak"),
        ("muc#roomconfig_allowinvites", RoomFlags.OccupantsInvite, "Occupants may invite"),
        ("muc#roomconfig_changesubject", RoomFlags.OccupantsSetSubject, "Occupants may change the subject"),
        ("muc#roomconfig_enablearchiving", RoomFlags.Archive, "Keeps an archive"),
        ("muc#roomconfig_allowregistration", RoomFlags.Registration, "People may register"),
    ];

    /// <summary>The form in its <c>query</c>.</summary>
    public static XmlBuilder Form(RoomRecord room)
    {
        XmlBuilder form = DataForms.Start(
            new XmlBuilder(capacity: 4096).Start("query", RoomNs.Owner),
            "form",
            RoomNs.Config
        );
        Field(form, "muc#roomconfig_roomname", "text-single", "Name", room.Title);
        Field(form, "muc#roomconfig_roomdesc", "text-single", "Description", room.Description);
        Field(form, "muc#roomconfig_lang", "text-single", "Language", room.Language);
        foreach (var (field, flag, label) in _switches)
            Field(form, field, "boolean", label, room.Is(flag) ? "1" : "0");
        Field(
            form,
            "muc#roomconfig_passwordprotectedroom",
            "boolean",
            "Needs a password",
            room.Password is null ? "0" : "1"
        );
        Field(form, "muc#roomconfig_roomsecret", "text-private", "Password", room.Password ?? "");
        Choice(form, "muc#roomconfig_whois", "Who sees real addresses", Whois(room), ["moderators", "anyone"]);
        Choice(form, "muc#roomconfig_allowpm", "Who may send private messages", Name(room.PrivateMessages), _privates);
        Choice(
            form,
            "muc#roomconfig_maxusers",
            "Most occupants",
            Most(room),
            ["none", "10", "20", "30", "50", "100", "200"]
        );
        Field(form, "muc#maxhistoryfetch", "text-single", "Messages shown to newcomers", Text(room.History));
        Integer(form, "muc#roomconfig_slow_mode_duration", "Seconds between two messages; 0 for none", room.SlowMode);
        return form;
    }

    private static readonly string[] _privates = ["anyone", "participants", "moderators", "none"];

    private static string Name(PrivateMessages who) => _privates[(int)who];

    private static string Whois(RoomRecord room) => room.Is(RoomFlags.NonAnonymous) ? "anyone" : "moderators";

    private static string Most(RoomRecord room) => room.MostOccupants == 0 ? "none" : Text(room.MostOccupants);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Field(XmlBuilder form, string name, string kind, string label, string value) =>
        Open(form, name, kind, label).Element("value", value).End();

    private static XmlBuilder Open(XmlBuilder form, string name, string kind, string label) =>
        form.Start("field").Attribute("var", name).Attribute("type", kind).Attribute("label", label);

    private static void Choice(XmlBuilder form, string name, string label, string value, string[] options)
    {
        Open(form, name, "list-single", label).Element("value", value);
        foreach (string option in options.Contains(value) ? options : [.. options, value])
            form.Start("option").Attribute("label", option).Element("value", option).End();
        form.End();
    }

    // XEP-0500 §4.1.
    private static void Integer(XmlBuilder form, string name, string label, int value)
    {
        Open(form, name, "text-single", label);
        form.Start("validate", "http://jabber.org/protocol/xdata-validate").Attribute("datatype", "xs:integer");
        form.Start("range").Attribute("min", "0").Attribute("max", Text(SlowestMode)).End().End();
        form.Element("value", Text(value)).End();
    }

    // ---- what comes back ----

    /// <summary>The room with what the form says; fields that are not there stay, those that are not known are passed over.</summary>
    /// <exception cref="StanzaErrorException"><c>not-acceptable</c>: a value cannot be.</exception>
    public static RoomRecord Apply(RoomRecord room, IReadOnlyDictionary<string, List<string>> fields)
    {
        RoomRecord after = room;
        foreach (var (name, values) in fields)
            after = ApplyRoles(after, name, values) ?? Apply(after, name, values.Count > 0 ? values[0] : "");
        if (Value(fields, "muc#roomconfig_passwordprotectedroom") is { } wanted && !Switch(wanted))
            after = after with { Password = null };
        else if (Value(fields, "muc#roomconfig_passwordprotectedroom") is not null && after.Password is null)
            throw NotAcceptable("which password?");
        if (room.Circle is not null && (!after.Is(OfCircles) || after.Password is not null))
            throw NotAcceptable("a circle's room is for its members, who know each other");
        return after;
    }

    private static string? Value(IReadOnlyDictionary<string, List<string>> fields, string name) =>
        fields.TryGetValue(name, out List<string>? values) && values.Count > 0 ? values[0] : null;

    private static RoomRecord Apply(RoomRecord room, string name, string value)
    {
        foreach (var (field, flag, _) in _switches)
            if (field == name)
                return With(room, flag, Switch(value));
        return name switch
        {
            // As others call it.
            "mam" or "muc#roomconfig_mam" => With(room, RoomFlags.Archive, Switch(value)),
            "muc#roomconfig_roomname" => room with { Title = Short(value) },
            "muc#roomconfig_roomdesc" => room with { Description = Short(value) },
            "muc#roomconfig_lang" => room with { Language = Short(value) },
            "muc#roomconfig_roomsecret" => room with { Password = value.Length == 0 ? null : Short(value) },
            "muc#roomconfig_whois" => With(room, RoomFlags.NonAnonymous, IsAnyone(value)),
            "muc#roomconfig_allowpm" => room with { PrivateMessages = Privates(value) },
            "muc#roomconfig_maxusers" => room with
            {
                MostOccupants = value is "none" or "" ? 0 : Number(value, MostOccupants),
            },
            "muc#maxhistoryfetch" or "muc#roomconfig_historylength" => room with
            {
                History = Number(value, LongestHistory),
            },
            "muc#roomconfig_slow_mode_duration" => room with { SlowMode = Number(value, SlowestMode) },
            _ => room,
        };
    }

    private static RoomRecord With(RoomRecord room, RoomFlags flag, bool on) =>
        room with
        {
            Flags = on ? room.Flags | flag : room.Flags & ~flag,
        };

    private static bool Switch(string value) =>
        value switch
        {
            "1" or "true" => true,
            "0" or "false" => false,
            _ => throw NotAcceptable("not a yes or no: " + value),
        };

    private static bool IsAnyone(string value) =>
        value switch
        {
            "anyone" => true,
            "moderators" => false,
            _ => throw NotAcceptable("anyone or moderators"),
        };

    private static PrivateMessages Privates(string value) =>
        Array.IndexOf(_privates, value) is >= 0 and var index
            ? (PrivateMessages)index
            : throw NotAcceptable("who may send private messages?");

    private static int Number(string value, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= most
            ? number
            : throw NotAcceptable($"a number up to {most}");

    private static string Short(string value) =>
        value.Length <= LongestText ? value : throw NotAcceptable($"{LongestText} characters at most");

    private static StanzaErrorException NotAcceptable(string text) => new(StanzaError.NotAcceptable(text));
}
