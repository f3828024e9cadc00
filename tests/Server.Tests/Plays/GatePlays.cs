using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>Nothing gets around the gate, whatever it comes as (Reach 1; security.md, "Leaks").</summary>
public sealed class GatePlays
{
    private const string Body = "<body>x</body>";
    private const string Forwarded =
        "<forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='mother@kith.test'><body>x</body></message></forwarded>";

    private static IEnumerable<string> Everything(Actor to)
    {
        foreach (string address in (string[])[to.Bare, to.Jid, $"{to.Bare}/elsewhere"])
        {
            foreach (string type in (string[])["chat", "normal", "headline", "groupchat", "error"])
            {
                yield return $"<message to='{address}' type='{type}' id='x'>{Body}</message>";
                yield return $"<message to='{address}' type='{type}' id='x'><sent xmlns='urn:xmpp:carbons:2'>{Forwarded}</sent></message>";
                yield return $"<message to='{address}' type='{type}' id='x'><result xmlns='urn:xmpp:mam:2' id='1'>{Forwarded}</result></message>";
            }
            foreach (string type in (string[])["get", "set", "result", "error"])
                yield return $"<iq to='{address}' type='{type}' id='x'><query xmlns='urn:example'/></iq>";
            yield return $"<presence to='{address}' id='x'/>";
            foreach (
                string type in (string[])
                    ["unavailable", "subscribe", "subscribed", "unsubscribe", "unsubscribed", "probe", "error"]
            )
                yield return $"<presence to='{address}' type='{type}' id='x'/>";
        }
    }

    [Theory, Framings]
    public async Task Nothing_reaches_a_child_of_another_circle_nor_comes_from_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing, options => options with { StanzasPerSecond = 0 });
        await play.AddAccount("child", Role.Limited, "Capulet");
        Actor child = await play.Connect("child", "tablet", carbons: true);
        Actor romeo = await play.Connect("romeo", "phone", carbons: true);
        await play.Watch(child, romeo);

        foreach (var (one, other) in ((Actor, Actor)[])[(romeo, child), (child, romeo)])
        {
            foreach (string stanza in Everything(other))
                await one.Send(stanza);
            await play.ExpectNothing(other);
            foreach (XElement answer in one.Unexpected())
                answer.ToString().ShouldNotContain("forbidden");
            await play.Watch(one, other);
        }

        // Nothing waits either.
        foreach (Actor actor in (Actor[])[child, romeo])
        {
            await actor.Leave();
            await actor.Return();
            await actor.Send("<presence/>");
            await actor.Expect($"<presence from='{actor.Jid}'/>");
        }
        await play.ExpectNothing(child, romeo);
    }

    // The ids of all archives are of one kind: knowing one of somebody else's tells nothing.
    [Theory, Framings]
    public async Task Anothers_archive_id_is_as_unknown_as_none(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor tybalt = await play.Connect("tybalt", "street");
        await romeo.Send($"<message to='{juliet.Bare}' type='chat'>{Body}</message>");
        string theirs = (await juliet.Expect("<message/>")).Find("stanza-id").Attribute("id")!.Value;
        string nobodys = (long.Parse(theirs, System.Globalization.CultureInfo.InvariantCulture) + 1).ToString();

        foreach (
            string query in (string[])
                [Page("after", "{0}"), Page("before", "{0}"), Field("after-id"), Field("before-id"), Field("ids")]
        )
        {
            List<string> answers = [];
            foreach (string id in (string[])[theirs, nobodys])
            {
                XElement answer = await tybalt.Ask($"<iq type='set' id='q'>{query.Replace("{0}", id)}</iq>");
                tybalt.Unexpected().ShouldBeEmpty();
                answers.Add(answer.ToString().Replace(id, "ID"));
            }
            answers[0].ShouldBe(answers[1]);
        }
    }

    private static string Page(string name, string id) =>
        $"<query xmlns='{Ns.Archive}'><set xmlns='{Ns.ResultSets}'><{name}>{id}</{name}></set></query>";

    private static string Field(string name) =>
        $"<query xmlns='{Ns.Archive}'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>{Ns.Archive}</value></field>"
        + $"<field var='{name}'><value>{{0}}</value></field></x></query>";
}
