using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Extensions;
using Xmpp.Server.Stores;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0030, XEP-0115, XEP-0128, XEP-0157.</summary>
public sealed class DiscoveryPlays
{
    private static string Query(string kind, string? to = null, string? node = null) =>
        $"<iq type='get'{(to is null ? "" : $" to='{to}'")}>"
        + $"<query xmlns='http://jabber.org/protocol/disco#{kind}'{(node is null ? "" : $" node='{node}'")}/></iq>";

    private static string Error(string condition) =>
        $"<iq type='error'><error><{condition} xmlns='{Ns.StanzaErrors}'/></error></iq>";

    private static string[] Features(XElement answer) =>
        [.. answer.Descendants(XName.Get("feature", Ns.DiscoInfo)).Select(feature => feature.Attribute("var")!.Value)];

    [Theory, Framings]
    public async Task The_server_says_what_it_is(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        XElement answer = await romeo.Ask(
            Query("info", Play.Domain),
            $"""
            <iq type='result' from='{Play.Domain}'><query xmlns='{Ns.DiscoInfo}' node='{"{none}"}'>
              <identity category='server' type='im' name='Verona'/>
            </query></iq>
            """
        );
        string[] features = Features(answer);
        features.ShouldBeUnique();
        features.ShouldBe(features.Order(StringComparer.Ordinal));
        foreach (
            string feature in (string[])
                [
                    Ns.DiscoInfo,
                    Ns.DiscoItems,
                    Ns.Caps,
                    Ns.Carbons,
                    Ns.Hints,
                    Ns.StanzaId,
                    "jabber:iq:last",
                    "jabber:iq:private",
                    "jabber:iq:version",
                    "msgoffline",
                    "urn:xmpp:blocking",
                    "urn:xmpp:delay",
                    "urn:xmpp:message-retract:1",
                    "urn:xmpp:ping",
                    "urn:xmpp:reporting:1",
                    "urn:xmpp:time",
                    "vcard-temp",
                ]
        )
            features.ShouldContain(feature);
        await romeo.Ask(Query("items", Play.Domain), $"<iq type='result'><query xmlns='{Ns.DiscoItems}'/></iq>");
    }

    [Theory, Framings]
    public async Task An_account_says_what_it_is_to_itself(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        foreach (string? to in (string?[])[null, romeo.Bare])
        {
            XElement answer = await romeo.Ask(
                Query("info", to),
                $"<iq type='result'><query xmlns='{Ns.DiscoInfo}'><identity category='account' type='registered'/></query></iq>"
            );
            string[] features = Features(answer);
            features.ShouldContain(Ns.Archive);
            features.ShouldContain(Ns.Archive + "#extended");
            features.ShouldContain("urn:xmpp:message-retract:1#tombstone");
            features.ShouldNotContain("msgoffline");
        }
        await romeo.Ask(
            Query("items"),
            $"<iq type='result'><query xmlns='{Ns.DiscoItems}'><item jid='{romeo.Jid}'/></query></iq>"
        );
    }

    // XEP-0030 §9; Reach 5; security.md, "Leaks".
    [Theory, Framings]
    public async Task Strangers_cannot_tell_an_account_from_nobody(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo", Role.Member, "Verona");
        await play.AddAccount("juliet", Role.Member, "Verona");
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor romeo = await play.Connect("romeo", "phone");
        Actor tybalt = await play.Connect("tybalt", "street");

        foreach (string? node in (string?[])[null, "urn:example"])
        foreach (string who in (string[])[juliet.Bare, "nobody@kith.test"])
        {
            await tybalt.Ask(Query("info", who, node), Error("service-unavailable"));
            (await tybalt.Ask(Query("items", who, node)))
                .ShouldMatch($"<iq type='result' from='{who}'><query xmlns='{Ns.DiscoItems}'/></iq>")
                .Without("item", Ns.DiscoItems);
        }

        await romeo.Ask(
            Query("info", juliet.Bare),
            $"<iq type='result'><query xmlns='{Ns.DiscoInfo}'><identity category='account' type='registered'/></query></iq>"
        );
        await romeo.Ask(
            Query("items", juliet.Bare),
            $"<iq type='result'><query xmlns='{Ns.DiscoItems}'><item jid='{juliet.Jid}'/></query></iq>"
        );
    }

    // Reach 1: the gate's answer is that of an account that does not exist.
    [Theory, Framings]
    public async Task A_child_of_another_circle_is_nobody(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("child", Role.Limited, "Capulet");
        Actor child = await play.Connect("child", "tablet");
        Actor romeo = await play.Connect("romeo", "phone");
        foreach (string kind in (string[])["info", "items"])
        {
            XElement real = await romeo.Ask(Query(kind, child.Bare));
            XElement none = await romeo.Ask(Query(kind, "nobody@kith.test"));
            Same(real, none);
        }
        foreach (string payload in (string[])["<vCard xmlns='vcard-temp'/>", "<query xmlns='jabber:iq:last'/>"])
            Same(
                await romeo.Ask($"<iq type='get' to='{child.Bare}'>{payload}</iq>"),
                await romeo.Ask($"<iq type='get' to='nobody@kith.test'>{payload}</iq>")
            );
        await play.ExpectNothing(child);
    }

    private static void Same(XElement one, XElement other)
    {
        one.Attribute("type")!.Value.ShouldBe(other.Attribute("type")!.Value);
        one.Elements().Single().ToString().ShouldBe(other.Elements().Single().ToString());
    }

    [Theory, Framings]
    public async Task Unknown_nodes_are_not_found(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        foreach (string kind in (string[])["info", "items"])
        foreach (string to in (string[])[Play.Domain, romeo.Bare])
            await romeo.Ask(Query(kind, to, "urn:example"), Error("item-not-found"));
    }

    // XEP-0050 §3: commands are found by those who may use them.
    [Theory, Framings]
    public async Task Commands_are_listed_for_those_who_may_use_them(Framing framing)
    {
        const string Commands = "http://jabber.org/protocol/commands";
        const string Create = "urn:xmpp:invite#create-account";
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("prince", Role.Admin);
        Actor prince = await play.Connect("prince", "palace");
        Actor romeo = await play.Connect("romeo", "phone");

        await prince.Ask(
            Query("items", Play.Domain, Commands),
            $"<iq type='result'><query xmlns='{Ns.DiscoItems}' node='{Commands}'><item jid='{Play.Domain}' node='{Create}'/></query></iq>"
        );
        await prince.Ask(
            Query("info", Play.Domain, Create),
            $"<iq type='result'><query xmlns='{Ns.DiscoInfo}' node='{Create}'><identity category='automation' type='command-node'/><feature var='{Commands}'/></query></iq>"
        );
        XElement list = await romeo.Ask(Query("items", Play.Domain, Commands), "<iq type='result'/>");
        list.Descendants().Select(item => item.Attribute("node")?.Value).ShouldNotContain(Create);
        await romeo.Ask(Query("info", Play.Domain, Create), Error("item-not-found"));
        await romeo.Ask(Query("items", romeo.Bare, Commands), Error("item-not-found"));
    }

    // XEP-0115 §6.3: what the stream feature promises is what disco says, and hashes to it.
    [Theory, Framings]
    public async Task The_stream_feature_stands_for_the_answer(Framing framing)
    {
        await using Play play = await Play.StartAsync(
            framing,
            options => options with { ContactAddresses = ["mailto:nurse@kith.test", "friar@kith.test"] }
        );
        Actor romeo = await play.Connect("romeo", "phone");
        XElement caps = romeo.Features.Find("c");
        caps.ShouldMatch($"<c xmlns='{Ns.Caps}' hash='sha-1' node='https://kith.test' ver='{{any}}'/>");
        string node = $"https://kith.test#{caps.Attribute("ver")!.Value}";

        XElement answer = await romeo.Ask(
            Query("info", Play.Domain, node),
            $"""
            <iq type='result'><query xmlns='{Ns.DiscoInfo}' node='{node}'>
              <x xmlns='jabber:x:data' type='result'>
                <field var='FORM_TYPE' type='hidden'><value>http://jabber.org/network/serverinfo</value></field>
                <field var='abuse-addresses'><value>mailto:nurse@kith.test</value><value>xmpp:friar@kith.test</value></field>
                <field var='admin-addresses'><value>mailto:nurse@kith.test</value></field>
                <field var='support-addresses'><value>mailto:nurse@kith.test</value></field>
              </x>
            </query></iq>
            """
        );

        Element query = XmlFragment.Parse(answer.Find("query").ToString(SaveOptions.DisableFormatting)).Root;
        VerificationString.Of(DiscoInfo.Read(query)!).ShouldBe(caps.Attribute("ver")!.Value);
    }

    [Theory, Framings]
    public async Task Admins_are_the_contacts_where_nobody_is_named(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        (await romeo.Ask(Query("info", Play.Domain)))
            .ToString()
            .ShouldNotContain("http://jabber.org/network/serverinfo");
        await play.AddAccount("prince", Role.Admin);
        await play.Advance(TimeSpan.FromMinutes(1));
        (await romeo.Ask(Query("info", Play.Domain))).Find("x").Value.ShouldContain("xmpp:prince@kith.test");
    }

    private const string Exodus =
        "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://exodus' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>";

    private const string Question =
        "<iq type='get' from='kith.test'><query xmlns='http://jabber.org/protocol/disco#info' "
        + "node='http://exodus#QgayPKawpkPSDYmwT/WM94uAlu0='/></iq>";

    private static async Task Answer(Actor actor, string features)
    {
        XElement asked = await actor.Expect(Question);
        await actor.Send(
            $"""
            <iq type='result' to='kith.test' id='{asked.Attribute("id")!.Value}'>
              <query xmlns='{Ns.DiscoInfo}'><identity category='client' name='Exodus 0.9.1' type='pc'/>{features}</query>
            </iq>
            """
        );
    }

    // security.md, "Identity": caps hashes are verified before they are cached.
    [Theory, Framings]
    public async Task A_software_is_asked_once_and_a_liar_teaches_nothing(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor liar = await play.Connect("tybalt", "street");
        await liar.Send($"<presence>{Exodus}</presence>");
        await Answer(liar, "<feature var='urn:example:lie'/>");

        Actor honest = await play.Connect("romeo", "phone");
        await honest.Send($"<presence>{Exodus}</presence>");
        await Answer(
            honest,
            "<feature var='http://jabber.org/protocol/caps'/><feature var='http://jabber.org/protocol/disco#info'/>"
                + "<feature var='http://jabber.org/protocol/disco#items'/><feature var='http://jabber.org/protocol/muc'/>"
        );
        await honest.Ping();

        Actor juliet = await play.Connect("juliet", "balcony");
        await juliet.Send($"<presence>{Exodus}</presence>");
        await honest.Send($"<presence><show>away</show>{Exodus}</presence>");
        await play.ExpectNothing(liar, honest, juliet);
    }

    [Theory, Framings]
    public async Task Odd_capabilities_ask_nothing(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        foreach (
            string attributes in (string[])["", "ver='x'", "hash='md5' ver='x'", "hash='sha-1'", "hash='sha-1' ver=''"]
        )
            await romeo.Send($"<presence><c xmlns='{Ns.Caps}' node='http://exodus' {attributes}/></presence>");
        await romeo.Send("<iq type='result' to='kith.test' id='ask1'/>");
        await play.ExpectNothing(romeo);
    }
}
