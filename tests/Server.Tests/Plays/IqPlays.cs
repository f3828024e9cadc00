using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>IQs: RFC 6120 §8.2.3, and the rows of RFC 6121 §8.5 for them.</summary>
public sealed class IqPlays
{
    private const string Unknown = "<query xmlns='urn:example'/>";

    private static string Error(string condition, string type = "{any}") =>
        $"<iq type='error'><error type='{type}'><{condition} xmlns='{Ns.StanzaErrors}'/></error></iq>";

    // RFC 3921 §3: what the stream features offer is granted, to the server or to nobody by name.
    [Theory, Framings]
    public async Task A_session_in_the_old_manner_is_there_already(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        foreach (string to in (string[])["", $" to='{Play.Domain}'"])
            await romeo.Ask($"<iq type='set'{to}><session xmlns='{Ns.Session}'/></iq>", "<iq type='result'/>");
    }

    // §8.5.2.1.3, §8.5.1: what nobody answers.
    [Theory, Framings]
    public async Task What_nobody_knows_is_unavailable(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        string[] addresses =
        [
            "kith.test",
            romeo.Bare,
            juliet.Bare,
            "nobody@kith.test",
            "nobody@kith.test/x",
            $"{juliet.Bare}/x",
        ];
        foreach (string to in addresses)
        foreach (string type in (string[])["get", "set"])
            (await romeo.Ask($"<iq type='{type}' to='{to}'>{Unknown}</iq>", Error("service-unavailable", "cancel")))
                .Attribute("from")!
                .Value.ShouldBe(to);
        await romeo.Ask($"<iq type='get'>{Unknown}</iq>", Error("service-unavailable", "cancel"));
        await romeo.Ask($"<iq type='get' to='friend@away.example'>{Unknown}</iq>", Error("remote-server-not-found"));
        await play.ExpectNothing(romeo, juliet);
    }

    // §8.5.3.1.
    [Theory, Framings]
    public async Task One_client_asks_another(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo", circle: "Lovers");
        await play.AddAccount("juliet", circle: "Lovers");
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Bind("juliet", "balcony");
        await romeo.Send($"<iq type='get' id='i1' to='{juliet.Jid}'>{Unknown}</iq>");
        await juliet.Expect($"<iq type='get' id='i1' from='{romeo.Jid}' to='{juliet.Jid}'>{Unknown}</iq>");
        await juliet.Send($"<iq type='result' id='i1' to='{romeo.Jid}'/>");
        await romeo.Expect($"<iq type='result' id='i1' from='{juliet.Jid}'/>");
        await romeo.Send($"<iq type='set' id='i2' to='{juliet.Jid}'>{Unknown}</iq>");
        await juliet.Expect("<iq type='set' id='i2'/>");
        await juliet.Send($"<iq type='error' id='i2' to='{romeo.Jid}'><error type='cancel'/></iq>");
        await romeo.Expect($"<iq type='error' id='i2' from='{juliet.Jid}'/>");
        await play.ExpectNothing(romeo, juliet);
    }

    // §8.5.3.1: a stranger who knows a client's full address does not learn from it whether it is there.
    [Theory, Framings]
    public async Task A_strangers_question_reaches_no_client(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        string question = $"<iq type='get' to='{juliet.Jid}'><query xmlns='jabber:iq:version'/></iq>";
        string refused = Error("service-unavailable", "cancel");

        XElement there = await romeo.Ask(question, refused);
        XElement away = await romeo.Ask(question.Replace("/balcony", "/garden"), refused);
        there
            .Element(XName.Get("error", Ns.Client))!
            .ToString()
            .ShouldBe(away.Element(XName.Get("error", Ns.Client))!.ToString());
        await play.ExpectNothing(juliet);

        // Whoever it shows itself to may ask, until it takes that back.
        foreach (string shown in (string[])[romeo.Jid, romeo.Bare])
        {
            await juliet.Send($"<presence to='{shown}'/>");
            await juliet.Ping();
            await romeo.Send(question.Insert("<iq".Length, " id='i2'"));
            await juliet.Expect($"<iq type='get' id='i2' from='{romeo.Jid}'/>");
            await juliet.Send($"<iq type='result' id='i2' to='{romeo.Jid}'/>");
            await romeo.Expect($"<iq type='result' id='i2' from='{juliet.Jid}'/>");
            await juliet.Send($"<presence type='unavailable' to='{shown}'/>");
            await juliet.Ping();
            await romeo.Ask(question, refused);
        }
        await play.ExpectNothing(romeo, juliet);
    }

    // RFC 6120 §8.2.3, §8.3.1: answers are not answered.
    [Theory, Framings]
    public async Task Answers_to_nothing_vanish(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        foreach (string to in (string[])["kith.test", romeo.Bare, juliet.Bare, "nobody@kith.test/x", "x@away.example"])
        foreach (string type in (string[])["result", "error"])
            await romeo.Send($"<iq type='{type}' id='i1' to='{to}'/>");
        await play.ExpectNothing(romeo, juliet);
    }

    [Theory, Framings]
    public async Task What_is_no_IQ_is_a_bad_request(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        foreach (string to in (string[])["", "to='kith.test'", $"to='{romeo.Jid}'"])
        {
            await romeo.Ask($"<iq type='get' {to}/>", Error("bad-request", "modify"));
            await romeo.Ask($"<iq type='get' {to}>{Unknown}{Unknown}</iq>", Error("bad-request", "modify"));
            await romeo.Ask($"<iq type='ask' {to}>{Unknown}</iq>", Error("bad-request", "modify"));
            await romeo.Ask($"<iq {to}>{Unknown}</iq>", Error("bad-request", "modify"));
        }
        await romeo.Send($"<iq type='get'>{Unknown}</iq>");
        await romeo.Expect(Error("bad-request", "modify"));
        await romeo.Send("<iq type='get' id='i1' to='@@'><ping xmlns='urn:xmpp:ping'/></iq>");
        await romeo.Expect(Error("jid-malformed", "modify"));
        await play.ExpectNothing(romeo);
    }

    // Reach 1: both ways, as if nobody were there.
    [Theory, Framings]
    public async Task The_gate_stands_before_every_client(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("child", Role.Limited, "Capulet");
        Actor child = await play.Connect("child", "tablet");
        Actor romeo = await play.Connect("romeo", "phone");
        await romeo.Ask($"<iq type='get' to='{child.Jid}'>{Unknown}</iq>", Error("service-unavailable"));
        await child.Ask($"<iq type='get' to='{romeo.Jid}'>{Unknown}</iq>", Error("service-unavailable"));
        await romeo.Send($"<iq type='result' id='i1' to='{child.Jid}'/>");
        await play.ExpectNothing(romeo, child);
    }

    private static readonly string[] _attributes =
    [
        "",
        "node='' ver='' default='' queryid='' sessionid='' action='' var='' jid='' id='' seconds=''",
        $"node='{new string('n', 4000)}' ver='99999999999999999999' default='sometimes' queryid='&lt;&apos;&quot;' "
            + "sessionid='x' action='explode' var='{}' jid='@@/' id='-1' seconds='1e9' type='no'",
    ];

    private static readonly string[] _contents =
    [
        "",
        "text",
        "<item/><item jid=''/><item jid='a@@b'/><item jid='kith.test/\U0001F4A9'/>",
        "<item jid='x@kith.test' name='' subscription='both' ask='x' approved='perhaps'><group/><group/></item>",
        "<x xmlns='jabber:x:data'/>",
        "<x xmlns='jabber:x:data' type='submit'><field/><field var='FORM_TYPE'/><field var=''><value/></field></x>",
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field><field var='start'/><field var='ids'><value/></field></x>",
        "<set xmlns='http://jabber.org/protocol/rsm'><max/><before>x</before><after/></set>",
        "<set xmlns='http://jabber.org/protocol/rsm'><max>99999999999</max><index>-5</index></set>",
        "<always><jid/></always><never><jid>@</jid></never>",
        "<username/><password/>",
        "<a xmlns=''/><b xmlns='urn:b'><c/></b>",
    ];

    // security.md, "Streams": every IQ handler survives absent and absurd attributes. A bug would be in the log, too.
    [Theory, Framings]
    public async Task Every_handler_survives_nonsense(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing, options => options with { StanzasPerSecond = 0 });
        await play.AddAccount("romeo", Role.Admin);
        Actor romeo = await play.Connect("romeo", "phone");
        await play.AddAccount("juliet");
        string[] addresses = ["", "to='kith.test'", "to='juliet@kith.test'", "to='nobody@kith.test'"];
        foreach (var (type, ns, name) in play.Server.Dispatcher.Declared.Requests)
        foreach (string to in addresses)
        foreach (string attributes in _attributes)
        foreach (string content in _contents)
        {
            XElement answer = await romeo.Ask(
                $"<iq type='{(type == StanzaType.Get ? "get" : "set")}' {to}><{name} xmlns='{ns}' {attributes}>{content}</{name}></iq>"
            );
            answer.Without("internal-server-error", Ns.StanzaErrors);
        }
        romeo.Forget();
        await play.ExpectNothing(romeo);
    }
}
