using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0313 with its extended queries, and XEP-0059 pages.</summary>
public sealed class ArchivePlays
{
    private static readonly XName _result = XName.Get("result", Ns.Archive);

    private sealed record Answer(IReadOnlyList<XElement> Results, XElement Fin)
    {
        public IEnumerable<string> Bodies => Results.Select(result => result.Find("body").Value);

        public string Id(int index) => Results[index].Element(_result)!.Attribute("id")!.Value;

        public bool Complete => Fin.Find("fin").Attribute("complete")?.Value == "true";
    }

    private static async Task<Answer> Query(Actor actor, string inside = "")
    {
        XElement fin = await actor.Ask(
            $"<iq type='set'><query xmlns='{Ns.Archive}' queryid='f27'>{inside}</query></iq>"
        );
        fin.ShouldMatch($"<iq type='result'><fin xmlns='{Ns.Archive}'/></iq>");
        return new(actor.TakeAll("result", Ns.Archive), fin);
    }

    private static string Form(params (string Name, string Value)[] fields) =>
        $"<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>{Ns.Archive}</value></field>"
        + string.Concat(fields.Select(field => $"<field var='{field.Name}'><value>{field.Value}</value></field>"))
        + "</x>";

    private static string Page(string inside) => $"<set xmlns='{Ns.ResultSets}'>{inside}</set>";

    // Romeo says 1, 2, … to Juliet, a minute apart; both are there.
    private static async Task<(Actor Romeo, Actor Juliet)> Talk(Play play, int messages)
    {
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        for (int i = 1; i <= messages; i++)
        {
            await romeo.Send($"<message to='{juliet.Bare}' type='chat' id='m{i}'><body>{i}</body></message>");
            await play.Settle();
            await play.Advance(TimeSpan.FromMinutes(1));
        }
        juliet.Forget();
        return (romeo, juliet);
    }

    // Life 6: content once, an entry for each side, known to both by the same id.
    [Theory, Framings]
    public async Task Both_sides_find_the_whole_message_with_the_id_that_was_delivered(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        await romeo.Send(
            $"<message to='{juliet.Bare}' type='chat' id='m1'><body>&lt;hi&gt;</body><x xmlns='urn:example'/></message>"
        );
        XElement live = await juliet.Expect("<message id='m1'/>");
        string id = live.Find("stanza-id").Attribute("id")!.Value;

        foreach (Actor actor in (Actor[])[romeo, juliet])
        {
            Answer answer = await Query(actor);
            answer
                .Results.Single()
                .ShouldMatch(
                    $"""
                    <message from='{actor.Bare}' to='{actor.Jid}'>
                      <result xmlns='urn:xmpp:mam:2' queryid='f27' id='{id}'>
                        <forwarded xmlns='urn:xmpp:forward:0'>
                          <delay xmlns='urn:xmpp:delay' stamp='2026-03-14T09:26:53.000Z'/>
                          <message xmlns='jabber:client' from='romeo@kith.test/phone' to='juliet@kith.test' type='chat' id='m1'>
                            <body>&lt;hi&gt;</body><x xmlns='urn:example'/>
                          </message>
                        </forwarded>
                      </result>
                    </message>
                    """,
                    strict: true
                );
            answer.Fin.ShouldMatch(
                $"""
                <iq type='result'><fin xmlns='urn:xmpp:mam:2' complete='true' stable='true'>
                  <set xmlns='{Ns.ResultSets}'><first index='0'>{id}</first><last>{id}</last><count>1</count></set>
                </fin></iq>
                """
            );
        }
    }

    [Theory, Framings]
    public async Task An_empty_archive_is_a_complete_page(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Answer answer = await Query(romeo);
        answer.Results.ShouldBeEmpty();
        answer.Complete.ShouldBeTrue();
        answer.Fin.Without("first", Ns.ResultSets);
    }

    [Theory, Framings]
    public async Task Pages_go_forwards_after_an_id(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, _) = await Talk(play, 5);

        Answer first = await Query(romeo, Page("<max>2</max>"));
        first.Bodies.ShouldBe(["1", "2"]);
        first.Complete.ShouldBeFalse();
        Answer second = await Query(romeo, Page($"<max>2</max><after>{first.Id(1)}</after>"));
        second.Bodies.ShouldBe(["3", "4"]);
        Answer third = await Query(romeo, Page($"<max>2</max><after>{second.Id(1)}</after>"));
        third.Bodies.ShouldBe(["5"]);
        third.Complete.ShouldBeTrue();
    }

    [Theory, Framings]
    public async Task Pages_go_backwards_from_the_end_in_the_order_of_time(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, _) = await Talk(play, 5);

        Answer last = await Query(romeo, Page("<max>2</max><before/>"));
        last.Bodies.ShouldBe(["4", "5"]);
        last.Complete.ShouldBeFalse();
        Answer earlier = await Query(romeo, Page($"<max>5</max><before>{last.Id(0)}</before>"));
        earlier.Bodies.ShouldBe(["1", "2", "3"]);
        earlier.Complete.ShouldBeTrue();
    }

    [Theory, Framings]
    public async Task A_flipped_page_comes_newest_first_and_is_the_same_page(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, _) = await Talk(play, 3);

        Answer flipped = await Query(romeo, Page("<max>2</max><before/>") + "<flip-page/>");

        flipped.Bodies.ShouldBe(["3", "2"]);
        flipped.Fin.Find("first").Value.ShouldBe(flipped.Id(1));
        flipped.Fin.Find("last").Value.ShouldBe(flipped.Id(0));
    }

    // protocol.md: a page asked with max=0 carries the count.
    [Theory, Framings]
    public async Task A_page_of_none_tells_how_many_there_are(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, _) = await Talk(play, 3);

        Answer answer = await Query(romeo, Page("<max>0</max>"));

        answer.Results.ShouldBeEmpty();
        answer.Complete.ShouldBeFalse();
        answer.Fin.Find("count").Value.ShouldBe("3");
        answer.Fin.Without("first", Ns.ResultSets);
    }

    [Theory, Framings]
    public async Task A_page_has_50_unless_asked_and_250_at_most(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        for (int i = 1; i <= 260; i++)
            await romeo.Send($"<message to='{romeo.Bare}' type='chat'><body>{i}</body></message>");
        await play.Settle();

        (await Query(romeo)).Results.Count.ShouldBe(50);
        (await Query(romeo, Page("<max>1000</max>"))).Results.Count.ShouldBe(250);
        (await Query(romeo, Page("<max>60</max><before/>"))).Bodies.Last().ShouldBe("260");
    }

    [Theory, Framings]
    public async Task Forms_filter_by_time_and_by_id(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        DateTimeOffset begin = play.Clock.GetUtcNow();
        (Actor romeo, _) = await Talk(play, 4);
        Answer all = await Query(romeo);
        string At(int minute) => XmlText.Stamp(begin.AddMinutes(minute));

        async Task<IEnumerable<string>> With(params (string, string)[] fields) =>
            (await Query(romeo, Form(fields))).Bodies;

        (await With(("start", At(1)))).ShouldBe(["2", "3", "4"]);
        (await With(("end", At(1)))).ShouldBe(["1", "2"]);
        (await With(("start", At(1)), ("end", At(2)))).ShouldBe(["2", "3"]);
        (await With(("after-id", all.Id(1)))).ShouldBe(["3", "4"]);
        (await With(("before-id", all.Id(1)))).ShouldBe(["1"]);
        (await With(("after-id", all.Id(0)), ("before-id", all.Id(3)))).ShouldBe(["2", "3"]);
        (await With(("ids", all.Id(2)))).ShouldBe(["3"]);
    }

    [Theory, Framings]
    public async Task With_narrows_to_a_person_a_device_or_oneself(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor nurse = await play.Connect("nurse", "street");
        await romeo.Send($"<message to='{juliet.Jid}' type='chat'><body>to her balcony</body></message>");
        await romeo.Send($"<message to='{juliet.Bare}' type='chat'><body>to her</body></message>");
        await romeo.Send($"<message to='{nurse.Bare}' type='chat'><body>to nurse</body></message>");
        await romeo.Send($"<message to='{romeo.Bare}' type='chat'><body>note</body></message>");
        await play.Settle();

        async Task<IEnumerable<string>> With(string jid) => (await Query(romeo, Form(("with", jid)))).Bodies;

        (await With(juliet.Bare)).ShouldBe(["to her balcony", "to her"]);
        (await With(juliet.Jid)).ShouldBe(["to her balcony"]);
        (await With(nurse.Bare)).ShouldBe(["to nurse"]);
        (await With(romeo.Bare)).ShouldBe(["note"]);
        (await With("nobody@kith.test")).ShouldBeEmpty();
    }

    [Theory, Framings]
    public async Task Ids_that_are_not_there_are_not_found(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, _) = await Talk(play, 1);
        foreach (string id in (string[])["7", "no-number", "99999999999999999999999999"])
        {
            foreach (string field in (string[])["after-id", "before-id", "ids"])
                await Refused(romeo, Form((field, id)), "item-not-found");
            await Refused(romeo, Page($"<after>{id}</after>"), "item-not-found");
            await Refused(romeo, Page($"<before>{id}</before>"), "item-not-found");
        }
    }

    [Theory, Framings]
    public async Task Nonsense_is_refused(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, _) = await Talk(play, 1);
        await Refused(romeo, Form(("full-text", "love")), "feature-not-implemented");
        await Refused(romeo, Form(("start", "yesterday")), "bad-request");
        await Refused(romeo, Form(("with", "@@")), "jid-malformed");
        await Refused(romeo, "<x xmlns='jabber:x:data' type='submit'/>", "bad-request");
        await Refused(romeo, Page("<max>many</max>"), "bad-request");
        await Refused(romeo, Page("<max>-1</max>"), "bad-request");
        await Refused(romeo, Page("<index>1</index>"), "feature-not-implemented");
        await romeo.Ask(
            "<iq type='set'><query xmlns='urn:xmpp:mam:2' node='urn:example'/></iq>",
            $"<iq type='error'><error type='cancel'><item-not-found xmlns='{Ns.StanzaErrors}'/></error></iq>"
        );
    }

    private static Task Refused(Actor actor, string inside, string condition) =>
        actor.Ask(
            $"<iq type='set'><query xmlns='{Ns.Archive}'>{inside}</query></iq>",
            $"<iq type='error'><error><{condition} xmlns='{Ns.StanzaErrors}'/></error></iq>"
        );

    // security.md, "Leaks"; XEP-0313 §8.1.
    [Theory, Framings]
    public async Task Nobody_reads_another_archive(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (_, Actor juliet) = await Talk(play, 1);
        Actor nurse = await play.Connect("nurse", "street");
        foreach (string child in (string[])["query", "metadata", "prefs"])
            await nurse.Ask(
                $"<iq type='{(child == "query" ? "set" : "get")}' to='{juliet.Bare}'><{child} xmlns='{Ns.Archive}'/></iq>",
                $"<iq type='error'><error><service-unavailable xmlns='{Ns.StanzaErrors}'/></error></iq>"
            );
        (await Query(nurse)).Results.ShouldBeEmpty();
    }

    [Theory, Framings]
    public async Task The_form_and_the_metadata_are_told(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor nurse = await play.Connect("nurse", "street");
        await nurse.Ask(
            "<iq type='get'><query xmlns='urn:xmpp:mam:2'/></iq>",
            """
            <iq type='result'><query xmlns='urn:xmpp:mam:2'><x xmlns='jabber:x:data' type='form'>
              <field type='hidden' var='FORM_TYPE'><value>urn:xmpp:mam:2</value></field>
              <field type='jid-single' var='with'/>
              <field type='text-single' var='start'/><field type='text-single' var='end'/>
              <field type='text-single' var='before-id'/><field type='text-single' var='after-id'/>
              <field type='list-multi' var='ids'>
                <validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:string'><open/></validate>
              </field>
            </x></query></iq>
            """
        );
        await nurse.Ask(
            "<iq type='get'><metadata xmlns='urn:xmpp:mam:2'/></iq>",
            "<iq type='result'><metadata xmlns='urn:xmpp:mam:2'/></iq>"
        );

        (Actor romeo, _) = await Talk(play, 3);
        Answer all = await Query(romeo);
        await romeo.Ask(
            "<iq type='get'><metadata xmlns='urn:xmpp:mam:2'/></iq>",
            $"""
            <iq type='result'><metadata xmlns='urn:xmpp:mam:2'>
              <start id='{all.Id(0)}' timestamp='2026-03-14T09:26:53.000Z'/>
              <end id='{all.Id(2)}' timestamp='2026-03-14T09:28:53.000Z'/>
            </metadata></iq>
            """
        );
    }

    // Life 2: what a client sent before it asks is in the page.
    [Theory, Framings]
    public async Task A_query_sees_what_was_sent_just_before_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        for (int i = 1; i <= 20; i++)
        {
            await romeo.Send($"<message to='{romeo.Bare}' type='chat'><body>{i}</body></message>");
            (await Query(romeo, Page("<max>1</max><before/>"))).Bodies.ShouldBe([$"{i}"]);
        }
    }

    // Life 7: a client that pages to the end of its archive has been delivered all.
    [Theory, Framings]
    public async Task Reading_to_the_end_delivers(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("juliet");
        Actor romeo = await play.Connect("romeo", "phone");
        await romeo.Send("<message to='juliet@kith.test' type='chat' id='m1'><body>1</body></message>");
        await romeo.Send("<message to='juliet@kith.test' type='chat' id='m2'><body>2</body></message>");
        await play.Settle();

        Actor balcony = await play.Bind("juliet", "balcony");
        (await Query(balcony, Page("<max>1</max>"))).Bodies.ShouldBe(["1"]);
        (await Query(balcony, Page("<before/>"))).Bodies.ShouldBe(["1", "2"]);
        await balcony.Send("<presence/>");
        Actor garden = await play.Connect("juliet", "garden");

        await play.ExpectNothing(balcony, garden);
    }

    // Life 7: a session that has asked the archive gets no offline messages, another still does.
    [Theory, Framings]
    public async Task A_part_of_the_archive_delivers_nothing(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("juliet");
        Actor romeo = await play.Connect("romeo", "phone");
        await romeo.Send("<message to='juliet@kith.test' type='chat' id='m1'><body>1</body></message>");
        await romeo.Send("<message to='juliet@kith.test' type='chat' id='m2'><body>2</body></message>");
        await play.Settle();

        Actor balcony = await play.Bind("juliet", "balcony");
        (await Query(balcony, Page("<max>1</max>"))).Bodies.ShouldBe(["1"]);
        (await Query(balcony, Form(("with", "romeo@kith.test")))).Bodies.ShouldBe(["1", "2"]);
        await balcony.Send("<presence/>");
        await play.ExpectNothing(balcony);

        Actor garden = await play.Connect("juliet", "garden");
        await garden.Expect("<message id='m1'/>");
        await garden.Expect("<message id='m2'/>");
    }

    // Laws, "Bytes and lifetimes": a prefix that the stream declared is gone in the archive.
    [Theory, Framings]
    public async Task A_prefix_of_the_stream_does_not_break_the_archive(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        await romeo.Send(
            $"<message xmlns:e='urn:example' to='{romeo.Bare}' type='chat'><body>x</body><e:mark e:at='1'/></message>"
        );
        Answer answer = await Query(romeo);
        answer.Results.Single().Find("mark").Name.NamespaceName.ShouldBe("urn:example");
    }
}
