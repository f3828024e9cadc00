using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Xml;
using Xunit;
using static Server.Tests.Plays.Stage.RoomStage;

namespace Server.Tests.Plays;

/// <summary>
/// What apps look for before they use it, at the entity where they look: the required features of an Advanced Server
/// (XEP-0479 §3), as a client finds them.
/// </summary>
public sealed class CompliancePlays
{
    private static async Task<string[]> Features(Actor actor, string to)
    {
        XElement answer = await actor.Ask($"<iq type='get' to='{to}'><query xmlns='{Ns.DiscoInfo}'/></iq>");
        return
        [
            .. answer
                .Descendants(XName.Get("feature", Ns.DiscoInfo))
                .Select(feature => feature.Attribute("var")!.Value),
        ];
    }

    private static void ShouldHave(string[] features, params string[] wanted) =>
        wanted.Except(features).ShouldBeEmpty();

    // XEP-0479 §3: Core and IM (0030, 0054, 0191, 0280, 0049, 0050), at the server.
    [Theory, Framings]
    public async Task The_server_offers_them(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        ShouldHave(
            await Features(romeo, Play.Domain),
            Ns.DiscoInfo,
            Ns.DiscoItems,
            Ns.Caps,
            Ns.Carbons,
            "urn:xmpp:blocking",
            "vcard-temp",
            "jabber:iq:private",
            "http://jabber.org/protocol/commands",
            "urn:xmpp:http:upload:0"
        );
        romeo.Features.ShouldMatch(
            $"<stream:features><sm xmlns='urn:xmpp:sm:3'/><csi xmlns='urn:xmpp:csi:0'/><c xmlns='{Ns.Caps}'/></stream:features>"
        );
    }

    // XEP-0479 §3: event publishing (0163, 0223), avatars (0398), bookmarks (0402), history (0313), push (0357).
    [Theory, Framings]
    public async Task So_does_ones_own_account(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        await romeo.Ask(
            $"<iq type='get' to='{romeo.Bare}'><query xmlns='{Ns.DiscoInfo}'/></iq>",
            $"<iq type='result'><query xmlns='{Ns.DiscoInfo}'><identity category='pubsub' type='pep'/></query></iq>"
        );
        const string PubSub = "http://jabber.org/protocol/pubsub#";
        ShouldHave(
            await Features(romeo, romeo.Bare),
            Ns.Archive,
            Ns.Archive + "#extended",
            "urn:xmpp:push:0",
            "urn:xmpp:pep-vcard-conversion:0",
            "urn:xmpp:bookmarks:1#compat",
            "urn:xmpp:bookmarks:1#compat-pep",
            PubSub + "access-presence",
            PubSub + "access-open",
            PubSub + "auto-create",
            PubSub + "auto-subscribe",
            PubSub + "config-node-max",
            PubSub + "filtered-notifications",
            PubSub + "last-published",
            PubSub + "persistent-items",
            PubSub + "publish",
            PubSub + "publish-options",
            PubSub + "retrieve-items"
        );
    }

    // XEP-0479 §3: group chat (0045, 0249) and advanced group chat (0313 of the room, 0410).
    [Theory, Framings]
    public async Task So_does_a_room(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        await romeo.Found("Romeo");
        ShouldHave(await Features(romeo, Service), Muc);
        ShouldHave(await Features(romeo, Room), Muc, Ns.Archive, Muc + "#self-ping-optimization", "urn:xmpp:sid:0");
    }
}
