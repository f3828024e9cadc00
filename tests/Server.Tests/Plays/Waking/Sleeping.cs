using Server.Tests.Plays.Stage;
using Xmpp.Server.Stores;

namespace Server.Tests.Plays.Waking;

/// <summary>What plays about sleeping devices have in common.</summary>
internal static class Sleeping
{
    public const string Domain = AppServer.Domain;
    private const string Errors = "urn:ietf:params:xml:ns:xmpp-stanzas";

    public static string Enable(string node = "n1", string inside = "", string jid = Domain) =>
        $"<iq type='set'><enable xmlns='urn:xmpp:push:0' jid='{jid}' node='{node}'>{inside}</enable></iq>";

    public static string Disable(string? node = null, string jid = Domain)
    {
        string which = node is null ? "" : $" node='{node}'";
        return $"<iq type='set'><disable xmlns='urn:xmpp:push:0' jid='{jid}'{which}/></iq>";
    }

    public static string Error(string condition, string type = "cancel") =>
        $"<iq type='error'><error type='{type}'><{condition} xmlns='{Errors}'/></error></iq>";

    public static string Chat(string to, string inside = "<body>look</body>") =>
        $"<message to='{to}' type='chat'>{inside}</message>";

    public static Task State(Actor actor, string state) => actor.Send($"<{state} xmlns='urn:xmpp:csi:0'/>");

    /// <summary>The device is there for a moment: it knows what there is, and is told anew of what comes after.</summary>
    public static async Task LookIn(Actor device)
    {
        await device.Return();
        await device.Leave();
    }

    /// <summary>Juliet's phone, which an app server wakes, and Romeo, who is there.</summary>
    public static async Task<(Actor Phone, Actor Romeo, AppServer Server)> Assemble(Play play, bool managed = true)
    {
        var server = new AppServer(play);
        await play.AddAccount("juliet", Role.Member, "Verona");
        await play.AddAccount("romeo", Role.Member, "Verona");
        Actor phone = await play.Connect("juliet", "phone", managed: managed);
        await phone.Ask(Enable(), "<iq type='result'/>");
        Actor romeo = await play.Connect("romeo", "orchard");
        if (managed)
            await phone.Acknowledge();
        await phone.Ping();
        return (phone, romeo, server);
    }
}
