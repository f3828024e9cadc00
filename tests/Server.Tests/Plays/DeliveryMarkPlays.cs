using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Addresses;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>The delivered mark never passes a message that no device has (Life 7, Life 9).</summary>
public sealed class DeliveryMarkPlays
{
    private const string Juliet = "juliet@kith.test";
    private const string NoStore = "<body>x</body><no-store xmlns='urn:xmpp:hints'/>";

    private static string Message(string to, string id, string inside = "<body>x</body>") =>
        $"<message to='{to}' type='chat' id='{id}'>{inside}</message>";

    private static Task TimeOut(Play play) => play.Advance(TimeSpan.FromSeconds(play.Options.ResumeSeconds));

    // Juliet's balcony has got m1 for itself alone and is cut; her garden has taken something newer.
    private static async Task<(Actor Romeo, Actor Balcony, Actor Garden)> Assemble(
        Play play,
        string m1 = "<body>x</body>"
    )
    {
        Actor romeo = await play.Connect("romeo", "phone");
        Actor balcony = await play.Connect("juliet", "balcony", managed: true);
        Actor garden = await play.Connect("juliet", "garden", managed: true);
        await romeo.Send(Message(balcony.Jid, "m1", m1));
        await balcony.Expect("<message id='m1'/>");
        await balcony.Cut();
        await romeo.Send(Message(garden.Jid, "m2"));
        await garden.Expect("<message id='m2'/>");
        await garden.Acknowledge();
        await play.Settle();
        return (romeo, balcony, garden);
    }

    // Life 9: it goes to the others, and from one of those who is lost too to whoever comes.
    [Theory, Framings]
    public async Task A_message_whose_takers_are_lost_one_after_another_is_offered_again(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (_, _, garden) = await Assemble(play);

        await TimeOut(play);
        await garden.Expect("<message id='m1'/>");
        await garden.Cut();
        await TimeOut(play);

        Actor hall = await play.Connect("juliet", "hall");
        await hall.Expect("<message id='m1'><delay xmlns='urn:xmpp:delay'/></message>");
        await hall.Expect("<message id='m2'><delay xmlns='urn:xmpp:delay'/></message>");
        await play.ExpectNothing(hall);
    }

    // Life 9: a device that comes gets what is behind the mark; what stands before it is not among that.
    [Theory, Framings]
    public async Task Who_comes_answers_only_for_what_it_gets(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, _, garden) = await Assemble(play);
        await romeo.Send(Message(romeo.Bare, "to-myself"));
        await play.Settle();
        Actor hall = await play.Connect("juliet", "hall");
        await play.ExpectNothing(hall, garden);

        await TimeOut(play);

        await garden.Expect("<message id='m1'/>");
        await hall.Expect("<message id='m1'/>");
        await play.ExpectNothing(hall, garden);
    }

    // Life 9, XEP-0334 §4: what is not kept anywhere is with the lost device alone, whoever comes.
    [Theory, Framings]
    public async Task What_is_not_stored_is_handed_on_too(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        var (romeo, _, garden) = await Assemble(play, NoStore);
        await romeo.Send(Message(Juliet, "m3"));
        await garden.Expect("<message id='m3'/>");
        Actor hall = await play.Connect("juliet", "hall");
        await hall.Expect("<message id='m3'/>");

        await TimeOut(play);

        await garden.Expect("<message id='m1'/>");
        await hall.Expect("<message id='m1'/>");
        await play.ExpectNothing(romeo, hall, garden);
    }

    // Life 9: who has caught up with it answers for it from then on.
    [Theory, Framings]
    public async Task What_a_lost_device_had_alone_is_with_who_has_caught_up(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor garden = await play.Connect("juliet", "garden", managed: true);
        Actor balcony = await play.Connect("juliet", "balcony", managed: true);
        await romeo.Send(Message(balcony.Jid, "m1"));
        await balcony.Expect("<message id='m1'/>");
        await balcony.Cut();
        Actor hall = await play.Connect("juliet", "hall", managed: true);
        await hall.Expect("<message id='m1'><delay xmlns='urn:xmpp:delay'/></message>");
        await hall.Cut();
        await romeo.Send(Message(garden.Jid, "m2"));
        await garden.Expect("<message id='m2'/>");
        await garden.Acknowledge();
        await play.Settle();

        await TimeOut(play);

        await garden.Expect("<message id='m1'/>");
        await play.ExpectNothing(garden);
    }

    // Life 9: one of those who got it, or a copy of it, is enough; when all of them are lost it goes on.
    [Theory, Framings]
    public async Task A_message_that_two_devices_got_and_neither_has_is_with_the_third(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor balcony = await play.Connect("juliet", "balcony", managed: true);
        Actor garden = await play.Connect("juliet", "garden", managed: true, carbons: true);
        Actor hall = await play.Connect("juliet", "hall", managed: true);
        await romeo.Send(Message(balcony.Jid, "m1"));
        await balcony.Expect("<message id='m1'/>");
        await garden.Expect("<message><received xmlns='urn:xmpp:carbons:2'/></message>");
        await romeo.Send(Message(hall.Jid, "m2"));
        await hall.Expect("<message id='m2'/>");
        await garden.Expect("<message><received xmlns='urn:xmpp:carbons:2'/></message>");
        await hall.Acknowledge();

        await balcony.Cut();
        await TimeOut(play);
        await play.ExpectNothing(hall);
        await garden.Cut();
        await TimeOut(play);

        await hall.Expect("<message id='m1' from='{any}'><body>x</body></message>");
        await play.ExpectNothing(hall);
    }

    // Life 9: the same when one of them has it.
    [Theory, Framings]
    public async Task A_message_that_one_of_two_devices_has_is_not_handed_on(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor balcony = await play.Connect("juliet", "balcony", managed: true);
        Actor garden = await play.Connect("juliet", "garden", managed: true);
        await romeo.Send(Message(Juliet, "m1"));
        await balcony.Expect("<message id='m1'/>");
        await garden.Expect("<message id='m1'/>");
        await garden.Acknowledge();
        await play.Settle();
        Actor hall = await play.Connect("juliet", "hall", managed: true);
        await garden.Leave();
        await balcony.Cut();
        await TimeOut(play);
        await play.ExpectNothing(hall);
    }

    // Life 9: a device that reads the archive by itself has what it found there.
    [Theory, Framings]
    public async Task A_message_that_a_device_has_read_in_the_archive_is_not_handed_to_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor balcony = await play.Connect("juliet", "balcony", managed: true);
        await romeo.Send(Message(balcony.Jid, "m1"));
        await balcony.Expect("<message id='m1'/>");
        await balcony.Cut();
        Actor hall = await play.Bind("juliet", "hall");
        await SignIn.ManageAsync(hall);
        await hall.Ask(
            "<iq type='set'><query xmlns='urn:xmpp:mam:2'/></iq>",
            "<iq type='result'><fin xmlns='urn:xmpp:mam:2' complete='true'/></iq>"
        );
        await hall.Send("<presence/>");
        await hall.Expect("<message><result xmlns='urn:xmpp:mam:2'/></message>");
        await TimeOut(play);
        await play.ExpectNothing(hall);
    }

    // Life 7: bound by Bind 2 it has what came before, and not what comes before it is available.
    [Theory, Framings]
    public async Task A_device_that_is_not_available_yet_does_not_stand_for_the_others(Framing framing)
    {
        const string Managed =
            "<bind xmlns='urn:xmpp:bind:0'><tag>t</tag><enable xmlns='urn:xmpp:sm:3' resume='true'/></bind>";
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("juliet");
        Actor romeo = await play.Connect("romeo", "phone");
        var (phone, success) = await SignIn2.EnterAsync(play, "juliet", Managed);
        string jid = success.Find("authorization-identifier").Value;
        await romeo.Send(Message(Juliet, "m1"));
        await romeo.Send(Message(jid, "m2"));
        await phone.Expect("<message id='m2'/>");
        await phone.Acknowledge();
        await play.ExpectNothing(phone);

        Actor hall = await play.Connect("juliet", "hall");

        await hall.Expect("<message id='m1'><delay xmlns='urn:xmpp:delay'/></message>");
        await hall.Expect("<message id='m2'><delay xmlns='urn:xmpp:delay'/></message>");
    }

    // Life 7: the archive that it read as it came does not have what was said while it was away.
    [Theory, Framings]
    public async Task Who_was_away_for_a_moment_gets_what_came_meanwhile(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Bind("juliet", "balcony");
        await juliet.Ask($"<iq type='set'><query xmlns='{Ns.Archive}'/></iq>", "<iq type='result'/>");
        await juliet.Send("<presence/>");
        foreach (
            string away in (string[])["<presence type='unavailable'/>", "<presence><priority>-1</priority></presence>"]
        )
        {
            await juliet.Send(away);
            await play.Settle();
            await romeo.Send(Message(Juliet, "m1"));
            await play.ExpectNothing(juliet);
            await juliet.Send("<presence/>");
            await juliet.Expect("<message id='m1'><delay xmlns='urn:xmpp:delay'/></message>");
            await juliet.Ask($"<iq type='set'><query xmlns='{Ns.Archive}'/></iq>", "<iq type='result'/>");
            juliet.Forget();
        }
    }

    // Life 9: between its end and its leaving the list a session is still found.
    [Theory, Framings]
    public async Task A_session_that_ends_at_this_moment_takes_nothing_with_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor garden = await play.Connect("juliet", "garden", managed: true);
        var account = play.Account("juliet");
        var ending = new Session(play.Server, account, Jid.Parse("juliet@kith.test/balcony"))
        {
            Presence = new Stanza { Kind = StanzaKind.Presence, Type = StanzaType.Available },
        };
        await ending.KickAsync(StreamErrorCondition.Reset);
        await play.Settle();
        ending.Presence = new Stanza { Kind = StanzaKind.Presence, Type = StanzaType.Available };
        account.Add(ending, most: 10).ShouldBeNull();

        await romeo.Send(Message(ending.Jid.ToString(), "m1"));
        await garden.Expect("<message id='m1'/>");
        await romeo.Send(Message(ending.Jid.ToString(), "m2", NoStore));
        await garden.Expect("<message id='m2'/>");
        await garden.Acknowledge();
        await garden.Leave();
        await romeo.Send(Message(Juliet, "m3", NoStore));
        await romeo.Expect("<message type='error' id='m3'/>");
        await play.ExpectNothing(romeo);
        account.Remove(ending);
    }

    // Life 7: a gap in what is offered ends the session; taking what comes behind it would move the mark over it.
    [Theory, Framings]
    public async Task What_cannot_be_read_is_not_skipped(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("juliet");
        Actor romeo = await play.Connect("romeo", "phone");
        await romeo.Send(Message(Juliet, "m1"));
        Actor juliet = await play.Bind("juliet", "balcony");
        await play.Settle();
        play.Disk.Hold();
        await juliet.Send("<presence/>");
        await play.Disk.Holds(1);
        await romeo.Send(Message(Juliet, "m2"));
        await play.Disk.Holds(2);
        play.Disk.FailNextRead(new StorageException("a bad sector"));
        play.Disk.Continue();

        await juliet.ExpectEnd("internal-server-error");
        await play.Settle();
        play.Log.TakeFailures().Count.ShouldBe(1);
        Actor hall = await play.Connect("juliet", "hall");
        await hall.Expect("<message id='m1'/>");
        await hall.Expect("<message id='m2'/>");
    }
}
