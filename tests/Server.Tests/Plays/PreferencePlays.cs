using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Stores;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0441: who is archived.</summary>
public sealed class PreferencePlays
{
    private static Task<XElement> Set(Actor actor, string standard, string always = "", string never = "") =>
        actor.Ask(
            $"""
            <iq type='set'><prefs xmlns='urn:xmpp:mam:2' default='{standard}'>
              <always>{Jids(always)}</always><never>{Jids(never)}</never>
            </prefs></iq>
            """,
            $"<iq type='result'><prefs xmlns='urn:xmpp:mam:2' default='{standard}'><always/><never/></prefs></iq>"
        );

    private static string Jids(string list) =>
        string.Concat(list.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(jid => $"<jid>{jid}</jid>"));

    private static async Task<IEnumerable<string>> Archived(Actor actor)
    {
        await actor.Ask($"<iq type='set'><query xmlns='{Ns.Archive}'/></iq>", "<iq type='result'/>");
        return actor.TakeAll("result", Ns.Archive).Select(result => result.Find("body").Value);
    }

    [Theory, Framings]
    public async Task Everything_is_kept_until_a_person_says_otherwise(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        await romeo.Ask(
            "<iq type='get'><prefs xmlns='urn:xmpp:mam:2'/></iq>",
            "<iq type='result'><prefs xmlns='urn:xmpp:mam:2' default='always'><always/><never/></prefs></iq>"
        );

        XElement set = await Set(romeo, "roster", "juliet@kith.test", "tybalt@kith.test mercutio@kith.test/field");
        XElement got = await romeo.Ask("<iq type='get'><prefs xmlns='urn:xmpp:mam:2'/></iq>");

        got.Find("always").Value.ShouldBe("juliet@kith.test");
        got.Find("never")
            .Elements()
            .Select(jid => jid.Value)
            .ShouldBe(["tybalt@kith.test", "mercutio@kith.test/field"]);
        set.Find("prefs").ToString().ShouldBe(got.Find("prefs").ToString());
    }

    [Theory, Framings]
    public async Task Nonsense_is_refused_and_changes_nothing(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        foreach (string attributes in (string[])["", "default='sometimes'"])
            await romeo.Ask(
                $"<iq type='set'><prefs xmlns='urn:xmpp:mam:2' {attributes}/></iq>",
                $"<iq type='error'><error><bad-request xmlns='{Ns.StanzaErrors}'/></error></iq>"
            );
        await romeo.Ask(
            "<iq type='set'><prefs xmlns='urn:xmpp:mam:2' default='never'><never><jid>@@</jid></never></prefs></iq>",
            $"<iq type='error'><error><jid-malformed xmlns='{Ns.StanzaErrors}'/></error></iq>"
        );
        play.Account("romeo").Preferences.Default.ShouldBe("always");
    }

    [Theory, Framings]
    public async Task Each_side_decides_for_its_own_archive(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        Actor nurse = await play.Connect("nurse", "street");
        await Set(juliet, "always", never: romeo.Bare);
        await romeo.Send($"<message to='{juliet.Bare}' type='chat'><body>secret</body></message>");
        await nurse.Send($"<message to='{juliet.Bare}' type='chat'><body>dinner</body></message>");
        await play.Settle();

        (await Archived(juliet)).ShouldBe(["dinner"]);
        (await Archived(romeo)).ShouldBe(["secret"]);
    }

    [Theory, Framings]
    public async Task Never_but_for_some_and_only_the_roster(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo", Role.Member, "Verona");
        await play.AddAccount("benvolio", Role.Member, "Verona");
        Actor romeo = await play.Connect("romeo", "phone");
        Actor benvolio = await play.Connect("benvolio", "square");
        Actor tybalt = await play.Connect("tybalt", "street");
        await Set(romeo, "never", always: tybalt.Jid);
        await benvolio.Send($"<message to='{romeo.Bare}' type='chat'><body>not kept</body></message>");
        await tybalt.Send($"<message to='{romeo.Bare}' type='chat'><body>kept</body></message>");
        await play.Settle();
        (await Archived(romeo)).ShouldBe(["kept"]);

        await Set(romeo, "roster");
        await benvolio.Send($"<message to='{romeo.Bare}' type='chat'><body>a friend</body></message>");
        await tybalt.Send($"<message to='{romeo.Bare}' type='chat'><body>a stranger</body></message>");
        await play.Settle();
        (await Archived(romeo)).ShouldBe(["kept", "a friend"]);
    }

    // Life 7: what an owner does not archive waits hidden from queries, and is delivered all the same.
    [Theory, Framings]
    public async Task What_is_not_archived_waits_hidden_even_from_one_who_asks_the_archive(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        await Set(juliet, "never");
        await juliet.Leave();
        await romeo.Send("<message to='juliet@kith.test' type='chat' id='m1'><body>psst</body></message>");
        await play.Settle();

        Actor again = await play.Bind("juliet", "balcony");
        (await Archived(again)).ShouldBeEmpty();
        await again.Send("<presence/>");

        XElement hidden = await again.Expect("<message id='m1'><delay xmlns='urn:xmpp:delay'/></message>");
        hidden.Without("stanza-id", Ns.StanzaId);
        await play.ExpectNothing(again);
        Actor garden = await play.Connect("juliet", "garden");
        await play.ExpectNothing(garden);
    }
}
