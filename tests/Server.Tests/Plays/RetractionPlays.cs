using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0424: what is taken back is gone from the archives.</summary>
public sealed class RetractionPlays
{
    private static string Retract(string to, string id) =>
        $"""
            <message to='{to}' type='chat' id='r1'><retract id='{id}' xmlns='urn:xmpp:message-retract:1'/>
            <fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:message-retract:1'/><body>/me retracted</body></message>
            """;

    private static async Task<IReadOnlyList<XElement>> Archive(Actor actor)
    {
        await actor.Ask($"<iq type='set'><query xmlns='{Ns.Archive}'/></iq>", "<iq type='result'/>");
        return actor.TakeAll("result", Ns.Archive);
    }

    [Theory, Framings]
    public async Task A_tombstone_stands_in_both_archives_and_the_retraction_behind_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        await romeo.Send($"<message to='{juliet.Bare}' type='chat' id='m1'><body>wrong window</body></message>");
        await juliet.Expect("<message id='m1'/>");
        await play.Advance(TimeSpan.FromMinutes(1));

        await romeo.Send(Retract(juliet.Bare, "m1"));

        await juliet.Expect("<message id='r1'><retract id='m1' xmlns='urn:xmpp:message-retract:1'/></message>");
        foreach (Actor actor in (Actor[])[romeo, juliet])
        {
            IReadOnlyList<XElement> archive = await Archive(actor);
            archive.Count.ShouldBe(2);
            archive[0]
                .Find("forwarded")
                .ShouldMatch(
                    $"""
                    <forwarded xmlns='urn:xmpp:forward:0'>
                      <delay xmlns='urn:xmpp:delay' stamp='2026-03-14T09:26:53.000Z'/>
                      <message xmlns='jabber:client' from='{romeo.Jid}' to='{juliet.Bare}' type='chat' id='m1'>
                        <retracted xmlns='urn:xmpp:message-retract:1' id='r1' stamp='2026-03-14T09:27:53.000Z'/>
                      </message>
                    </forwarded>
                    """,
                    strict: true
                );
            archive[1].Find("message").ShouldMatch("<message id='r1'><body>/me retracted</body></message>");
        }
    }

    // Version 0.3, which apps still speak: a fastening (XEP-0422).
    [Theory, Framings]
    public async Task What_an_older_app_takes_back_is_gone_too(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        await romeo.Send($"<message to='{juliet.Bare}' type='chat' id='m1'><body>wrong window</body></message>");
        await romeo.Send(
            $"""
            <message to='{juliet.Bare}' type='chat' id='r1'><apply-to id='m1' xmlns='urn:xmpp:fasten:0'>
            <retract xmlns='urn:xmpp:message-retract:0'/></apply-to><body>/me retracted</body></message>
            """
        );
        await play.Settle();
        juliet.Forget();
        foreach (Actor actor in (Actor[])[romeo, juliet])
        {
            IReadOnlyList<XElement> archive = await Archive(actor);
            archive[0]
                .Find("message")
                .ShouldMatch("<message id='m1'><retracted id='r1' xmlns='urn:xmpp:message-retract:1'/></message>");
            archive[0].Find("message").Without("body", Ns.Client);
            archive[1].Find("message").ShouldMatch("<message id='r1'><body>/me retracted</body></message>");
        }
    }

    [Theory, Framings]
    public async Task Who_was_away_never_sees_the_words(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("juliet");
        Actor romeo = await play.Connect("romeo", "phone");
        await romeo.Send("<message to='juliet@kith.test' type='chat' id='m1'><body>oops</body></message>");
        await romeo.Send(Retract("juliet@kith.test", "m1"));
        await play.Settle();

        Actor juliet = await play.Connect("juliet", "balcony");

        (await juliet.Expect("<message id='m1'/>")).Without("body", Ns.Client);
        await juliet.Expect("<message id='r1'/>");
        await play.ExpectNothing(juliet);
    }

    // security.md, "Identity": nobody takes back another's words.
    [Theory, Framings]
    public async Task Only_the_sender_takes_back(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor tybalt = await play.Connect("tybalt", "street");
        await romeo.Send($"<message to='{juliet.Bare}' type='chat' id='m1'><body>mine</body></message>");
        await play.Settle();

        await juliet.Send(Retract(romeo.Bare, "m1"));
        await tybalt.Send(Retract(juliet.Bare, "m1"));
        await romeo.Send(Retract(tybalt.Bare, "m1"));
        await play.Settle();

        (await Archive(romeo))[0].Find("body").Value.ShouldBe("mine");
        (await Archive(juliet))[0].Find("body").Value.ShouldBe("mine");
    }

    [Theory, Framings]
    public async Task An_origin_id_names_the_message_too_and_the_newest_counts(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        await romeo.Send($"<message to='{juliet.Bare}' type='chat' id='m1'><body>old</body></message>");
        await romeo.Send(
            $"<message to='{juliet.Bare}' type='chat' id='x'><body>new</body><origin-id xmlns='{Ns.StanzaId}' id='m1'/></message>"
        );
        await romeo.Send(Retract(juliet.Bare, "m1"));
        await play.Settle();

        IReadOnlyList<XElement> archive = await Archive(juliet);
        archive[0].Find("body").Value.ShouldBe("old");
        archive[1].Find("retracted").Attribute("id")!.Value.ShouldBe("r1");
    }

    // The words are gone from the other side even where the sender keeps no archive.
    [Theory, Framings]
    public async Task A_sender_without_an_archive_takes_back_too(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        await romeo.Ask("<iq type='set'><prefs xmlns='urn:xmpp:mam:2' default='never'/></iq>", "<iq type='result'/>");
        await romeo.Send($"<message to='{juliet.Bare}' type='chat' id='m1'><body>oops</body></message>");
        await romeo.Send(Retract(juliet.Bare, "m1"));
        await play.Settle();

        (await Archive(juliet))[0].Find("retracted");
        (await Archive(romeo)).ShouldBeEmpty();
    }

    [Theory, Framings]
    public async Task A_retraction_of_nothing_is_a_message_like_any_other(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        foreach (string id in (string[])["", "nothing", "&lt;"])
        {
            await romeo.Send(Retract(juliet.Bare, id));
            await juliet.Expect("<message id='r1'/>");
        }
        (await Archive(juliet)).Count.ShouldBe(3);
    }
}
