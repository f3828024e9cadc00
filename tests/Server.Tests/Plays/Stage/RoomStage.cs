using System.Xml.Linq;

namespace Server.Tests.Plays.Stage;

/// <summary>What is done in rooms again and again.</summary>
internal static class RoomStage
{
    public const string Service = "groups." + Play.Domain;
    public const string Room = "garden@" + Service;
    public const string Muc = "http://jabber.org/protocol/muc";
    public const string Errors = "urn:ietf:params:xml:ns:xmpp-stanzas";

    /// <summary>Asks to enter.</summary>
    public static Task Knock(this Actor actor, string nick, string inside = "", string room = Room) =>
        actor.Send($"<presence to='{room}/{nick}'><x xmlns='{Muc}'>{inside}</x></presence>");

    /// <summary>Enters; what comes up to the subject is taken, but for other presence and history before it.</summary>
    public static async Task<XElement> Enter(this Actor actor, string nick, string inside = "", string room = Room)
    {
        await actor.Knock(nick, inside, room);
        XElement self = await actor.Await(
            $"<presence from='{room}/{nick}' type='{{none}}'><x xmlns='{Muc}#user'><status code='110'/></x></presence>"
        );
        await actor.Await("<message type='groupchat'><subject/></message>");
        return self;
    }

    /// <summary>Makes the room: an instant one, or with these fields (as <c>name=value</c>, without <c>muc#roomconfig_</c>).</summary>
    public static async Task Found(this Actor actor, string nick, string room = Room, params string[] fields)
    {
        await actor.Enter(nick, room: room);
        await actor.Configure(room, fields);
    }

    /// <summary>Submits the form; nothing in it opens the room as it is.</summary>
    public static Task<XElement> Configure(this Actor actor, string room = Room, params string[] fields) =>
        actor.Ask(
            $"<iq type='set' to='{room}'><query xmlns='{Muc}#owner'>{Form(fields)}</query></iq>",
            "<iq type='result'/>"
        );

    public static string Form(params string[] fields)
    {
        if (fields.Length == 0)
            return "<x xmlns='jabber:x:data' type='submit'/>";
        string all = string.Concat(fields.Select(Field));
        return $"<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>{Muc}#roomconfig</value></field>{all}</x>";
    }

    private static string Field(string field)
    {
        string[] parts = field.Split('=', 2);
        string name = parts[0].Contains('#') ? parts[0] : "muc#roomconfig_" + parts[0];
        return $"<field var='{name}'><value>{parts[1]}</value></field>";
    }

    public static Task Say(this Actor actor, string text, string room = Room, string id = "") =>
        actor.Send(
            $"<message to='{room}' type='groupchat' id='{(id.Length > 0 ? id : Actor.NextId())}'><body>{text}</body></message>"
        );

    /// <summary>The next message is this, from the room's occupant.</summary>
    public static Task<XElement> Hears(this Actor actor, string nick, string text, string room = Room) =>
        actor.Expect($"<message from='{room}/{nick}' to='{actor.Jid}' type='groupchat'><body>{text}</body></message>");

    /// <summary>Changes what somebody is: <paramref name="item"/> are the attributes of an item.</summary>
    public static Task<XElement> Set(this Actor actor, string item, string room = Room) =>
        actor.Ask($"<iq type='set' to='{room}'><query xmlns='{Muc}#admin'><item {item}/></query></iq>");

    /// <summary>A presence in a room, with the attributes of its item and status codes.</summary>
    public static string Presence(string nick, string item, string type = "{none}", params int[] codes) =>
        $"<presence from='{Room}/{nick}' type='{type}'><x xmlns='{Muc}#user'><item {item}/>"
        + string.Concat(codes.Select(code => $"<status code='{code}'/>"))
        + "</x></presence>";

    public static string Error(string condition, string type) =>
        $"<error type='{type}'><{condition} xmlns='{Errors}'/></error>";

    /// <summary>Everything that was under way has come, and nothing but elements of this name is left.</summary>
    public static async Task ExpectNothingBut(this Play play, Actor actor, string name)
    {
        await play.Settle();
        if (actor.Unexpected().FirstOrDefault(element => element.Name.LocalName != name) is { } other)
            throw new PlayException($"{actor.Jid}: expected nothing\n  came: {other}");
        actor.Forget();
    }
}
