using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0198 §5 where things happen at once (Life 9): a session has one connection at a time, or none.</summary>
public sealed class ResumptionPlays
{
    private static string Message(string to, string id) =>
        $"<message to='{to}' type='chat' id='{id}'><body>x</body></message>";

    private static async Task<(Actor Romeo, Actor Juliet)> Lovers(Play play)
    {
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony", managed: true);
        await juliet.Acknowledge();
        return (romeo, juliet);
    }

    // A new line of an actor's, signed in, beside the one that it has.
    private static async Task<Actor> Another(Play play, string name)
    {
        Actor actor = play.Dial(name, "another");
        await SignIn.AuthenticateAsync(actor, SignIn.Plain(name));
        return actor;
    }

    private static Task<XElement> Resume(Actor actor, Actor old) =>
        SignIn.ResumeAsync(actor, old.Management.Handled, old.Management.Id);

    private static string Resumed(Actor old) =>
        $"<resumed xmlns='{Ns.StreamManagement}' previd='{old.Management.Id}'/>";

    [Theory, Framings]
    public async Task Of_two_resumptions_at_once_the_later_has_the_session(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, Actor juliet) = await Lovers(play);
        Actor one = await Another(play, "juliet");
        Actor two = await Another(play, "juliet");
        await juliet.Cut();
        for (int i = 0; i < 20; i++)
            await romeo.Send(Message(juliet.Bare, $"m{i}"));
        await romeo.Ping();

        // Both are on their way when the first is answered.
        play.Disk.Hold();
        await romeo.Send(Message(juliet.Bare, "m20"));
        await play.Disk.Holds(1);
        Task<XElement> first = Resume(one, juliet);
        Task<XElement> second = Resume(two, juliet);
        play.Disk.Continue();
        (await first).ShouldMatch(Resumed(juliet));
        (await second).ShouldMatch(Resumed(juliet));

        await Task.WhenAny(one.Connection.Served, two.Connection.Served).WaitAsync(Actor.Patience);
        Actor has = one.Connection.Served.IsCompleted ? two : one;
        has.IsBound = true;
        for (int i = 0; i <= 20; i++)
            await has.Expect($"<message id='m{i}'/>");
        await play.ExpectNothing(romeo, has);
        play.Account("juliet").Sessions.Single().IsAttached.ShouldBeTrue();
    }

    // Who comes back in time is not sent away because the answer took a while.
    [Theory, Framings]
    public async Task Time_does_not_run_out_while_a_session_is_resumed(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        (Actor romeo, Actor juliet) = await Lovers(play);
        play.Disk.Hold();
        await juliet.Send(Message(romeo.Bare, "m1"));
        await play.Disk.Holds(1);
        await juliet.Cut();
        await play.Redial(juliet);
        Task<XElement> resuming = SignIn.ResumeAsync(juliet);
        await play.Disk.Holds(2);
        play.Clock.Advance(TimeSpan.FromSeconds(play.Options.ResumeSeconds + 1));
        play.Disk.Continue();

        (await resuming).ShouldMatch(Resumed(juliet));
        juliet.IsBound = true;
        await romeo.Expect("<message id='m1'/>");
        await play.Advance(TimeSpan.FromSeconds(play.Options.ResumeSeconds + 1));
        await romeo.Send(Message(juliet.Bare, "m2"));
        await juliet.Expect("<message id='m2'/>");
    }

    // The line is cut after the session was made and before its client heard of it.
    [Theory, Framings]
    public async Task A_session_that_nobody_was_told_of_does_not_stay(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("juliet");
        Actor juliet = await Another(play, "juliet");
        play.Disk.Hold();
        await juliet.Send($"<iq type='set' id='b'><bind xmlns='{Ns.Bind}'/></iq>");
        await play.Disk.Holds(1);
        Task cut = juliet.Cut();
        play.Disk.Continue();
        await cut;
        play.Account("juliet").Sessions.ShouldBeEmpty();
    }

    [Theory, Framings]
    public async Task Of_two_who_bind_one_resource_at_once_one_has_it(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("juliet");
        Actor one = await Another(play, "juliet");
        Actor two = await Another(play, "juliet");
        play.Disk.Hold();
        foreach (Actor actor in (Actor[])[one, two])
            await actor.Send($"<iq type='set' id='b'><bind xmlns='{Ns.Bind}'><resource>balcony</resource></bind></iq>");
        await play.Disk.Holds(2);
        play.Disk.Continue();
        await one.Expect("<iq type='result'/>");
        await two.Expect("<iq type='result'/>");

        Task first = await Task.WhenAny(one.Connection.Served, two.Connection.Served).WaitAsync(Actor.Patience);
        Actor loser = first == one.Connection.Served ? one : two;
        await loser.ExpectEnd("conflict");
        play.Account("juliet").Sessions.Length.ShouldBe(1);
    }

    // §4: before anything of this session is counted the count is 0.
    [Theory, Framings]
    public async Task What_was_sent_before_enable_is_not_counted(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("juliet");
        Actor romeo = await play.Connect("romeo", "phone");
        play.Disk.Hold();
        await romeo.Send(Message("juliet@kith.test", "m1"));
        await play.Disk.Holds(1);
        await SignIn.ManageAsync(romeo);
        await romeo.Send($"<r xmlns='{Ns.StreamManagement}'/>");
        await romeo.Send($"<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");
        await play.Disk.Holds(2);
        play.Clock.Advance(TimeSpan.FromSeconds(1));
        await romeo.Expect($"<a xmlns='{Ns.StreamManagement}' h='0'/>");
        play.Disk.Continue();
        await romeo.Send($"<r xmlns='{Ns.StreamManagement}'/>");
        await romeo.Expect("<iq type='result' id='p'/>");
        await romeo.Expect($"<a xmlns='{Ns.StreamManagement}' h='1'/>");
    }

    // §3.
    [Theory, Framings]
    public async Task Acknowledgements_without_management_are_refused(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        foreach (string element in (string[])["r", "a h='0'"])
        {
            await romeo.Send($"<{element} xmlns='{Ns.StreamManagement}'/>");
            await romeo.Expect(
                $"<failed xmlns='{Ns.StreamManagement}'><unexpected-request xmlns='{Ns.StanzaErrors}'/></failed>"
            );
        }
    }
}
