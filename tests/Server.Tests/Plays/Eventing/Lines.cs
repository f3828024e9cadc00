using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Xmpp.Server.Extensions;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Server.Tests.Plays.Eventing;

/// <summary>What plays about nodes say and expect.</summary>
internal static class Lines
{
    public const string PubSub = "http://jabber.org/protocol/pubsub";
    public const string Owner = PubSub + "#owner";
    public const string Events = PubSub + "#event";
    public const string Errors = PubSub + "#errors";
    public const string Result = "<iq type='result'/>";

    /// <summary>Its client is there with these interests, and the server knows them.</summary>
    public static async Task Interest(this Play play, Actor actor, params string[] nodes)
    {
        string[] features = [.. nodes.Select(node => node + "+notify")];
        string ver = VerificationString.Of(new DiscoInfo([new DiscoIdentity("client", "pc")], features, []));
        await actor.Send($"<presence><c xmlns='{Ns.Caps}' hash='sha-1' node='http://play' ver='{ver}'/></presence>");
        await actor.Ping();
        foreach (XElement asked in actor.TakeAll("query", Ns.DiscoInfo))
            await actor.Send(
                $"""
                <iq type='result' to='{Play.Domain}' id='{asked.Attribute("id")!.Value}'><query xmlns='{Ns.DiscoInfo}'>
                <identity category='client' type='pc'/>{string.Concat(features.Select(f => $"<feature var='{f}'/>"))}
                </query></iq>
                """
            );
        await play.Settle();
    }

    /// <summary>Two of one circle, who see each other.</summary>
    public static async Task<(Actor Juliet, Actor Romeo)> Lovers(this Play play)
    {
        await play.AddAccount("juliet", Role.Member, "Verona");
        await play.AddAccount("romeo", Role.Member, "Verona");
        return (await play.Connect("juliet", "balcony"), await play.Connect("romeo", "orchard"));
    }

    public static string Iq(string type, string inside, string? to = null, string ns = PubSub) =>
        $"<iq type='{type}'{(to is null ? "" : $" to='{to}'")}><pubsub xmlns='{ns}'>{inside}</pubsub></iq>";

    public static string Publish(
        string node,
        string item,
        string payload,
        string? to = null,
        params string[] options
    ) => Iq("set", $"<publish node='{node}'><item id='{item}'>{payload}</item></publish>{Options(options)}", to);

    private static string Options(string[] options) =>
        options.Length == 0
            ? ""
            : $"<publish-options>{Form("http://jabber.org/protocol/pubsub#publish-options", options)}</publish-options>";

    /// <summary>A submitted form; fields as <c>access_model=open</c>.</summary>
    public static string Form(string type, params string[] fields) =>
        $"<x xmlns='{Ns.DataForms}' type='submit'><field var='FORM_TYPE'><value>{type}</value></field>"
        + string.Concat(
            fields.Select(field =>
                $"<field var='pubsub#{field[..field.IndexOf('=')]}'><value>{field[(field.IndexOf('=') + 1)..]}</value></field>"
            )
        )
        + "</x>";

    public static string Configure(string node, params string[] fields) =>
        $"<configure node='{node}'>{Form(PubSub + "#node_config", fields)}</configure>";

    public static string Items(string node, string inside = "", string? to = null) =>
        Iq("get", $"<items node='{node}'>{inside}</items>", to);

    public static string Retract(string node, string item, string? to = null, bool notify = true) =>
        Iq("set", $"<retract node='{node}'{(notify ? " notify='true'" : "")}><item id='{item}'/></retract>", to);

    /// <summary>A headline about an item.</summary>
    public static string Event(string from, string node, string inside) =>
        $"<message type='headline' from='{from}'><event xmlns='{Events}'><items node='{node}'>{inside}</items></event></message>";

    public static string Note(string text) => $"<note xmlns='urn:example:note'>{text}</note>";

    public static string Error(string condition, string? special = null) =>
        $"<iq type='error'><error><{condition} xmlns='{Ns.StanzaErrors}'/>"
        + (special is null ? "" : $"<{special} xmlns='{Errors}'/>")
        + "</error></iq>";

    /// <summary>The ids of an answer's items.</summary>
    public static IEnumerable<string> ItemIds(XElement answer) =>
        answer.Descendants(XName.Get("item", PubSub)).Select(item => item.Attribute("id")!.Value);
}
