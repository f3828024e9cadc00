using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Sasl;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>The stage itself: what every other play relies on.</summary>
public sealed class HarnessPlays
{
    // Laws, "The life of a message", 1: what Juliet gets carries the id of her archive.
    [Theory, Framings]
    public async Task Romeo_speaks_and_Juliet_hears(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");

        await romeo.Send("<message to='juliet@kith.test' type='chat' id='m1'><body>hi</body></message>");

        await juliet.Expect(
            """
            <message from='romeo@kith.test/phone' to='juliet@kith.test' type='chat' id='m1'>
              <body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' by='juliet@kith.test' id='{any}'/>
            </message>
            """
        );
        await play.ExpectNothing(romeo, juliet);
    }

    [Theory, Framings]
    public async Task SCRAM_signs_in(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        Actor romeo = play.Dial("romeo", "phone");
        await SignIn.AuthenticateAsync(romeo, new ScramClient(ScramHash.Sha256, "romeo", SignIn.Password));
        await SignIn.BindAsync(romeo);
        await romeo.Ping();
    }

    [Theory, Framings]
    public async Task A_cut_session_is_resumed(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony", managed: true);

        await juliet.Cut();
        await romeo.Send("<message to='juliet@kith.test' type='chat' id='m1'><body>still there?</body></message>");
        await play.Settle();
        await juliet.Resume();

        await juliet.Expect("<message id='m1'/>");
        await play.ExpectNothing(romeo, juliet);
    }

    [Theory, Framings]
    public async Task A_missed_line_fails_the_play(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        await romeo.Send("<message to='romeo@kith.test' type='chat' id='m1'><body>note</body></message>");

        await Should.ThrowAsync<PlayException>(() => play.ExpectNothing(romeo));
        await Should.ThrowAsync<PlayException>(() => romeo.Expect("<message id='other'/>"));
    }

    [Theory, Framings]
    public async Task A_restart_keeps_what_was_said(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        await play.AddAccount("juliet", Role.Member, circle: "Verona");
        await romeo.Send("<message to='juliet@kith.test' type='chat' id='m1'><body>later</body></message>");
        await play.Settle();

        await play.Restart(crash: true);

        Actor juliet = await play.Connect("juliet", "balcony");
        await juliet.Expect("<message id='m1'><delay xmlns='urn:xmpp:delay'/></message>");
    }

    [Fact]
    public void The_clock_fires_what_falls_due_in_order()
    {
        var clock = new PlayClock();
        var fired = new List<string>();
        using ITimer late = clock.CreateTimer(_ => fired.Add("late"), null, TimeSpan.FromSeconds(3), TimeSpan.Zero);
        using ITimer often = clock.CreateTimer(
            _ => fired.Add("often"),
            null,
            TimeSpan.FromSeconds(2),
            TimeSpan.FromSeconds(2)
        );
        clock.Advance(TimeSpan.FromSeconds(5));
        fired.ShouldBe(["often", "late", "often"]);
    }
}
