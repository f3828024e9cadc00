using Server.Tests.Plays.Stage;
using Xmpp.Server.Stores;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>XEP-0012, XEP-0092, XEP-0202.</summary>
public sealed class InformationPlays
{
    private const string Last = "<query xmlns='jabber:iq:last'/>";

    private static string Get(string? to, string payload) =>
        $"<iq type='get'{(to is null ? "" : $" to='{to}'")}>{payload}</iq>";

    private static string Error(string condition) =>
        $"<iq type='error'><error><{condition} xmlns='{Ns.StanzaErrors}'/></error></iq>";

    private static string Ago(long seconds, string status = "") =>
        $"<iq type='result'><query xmlns='jabber:iq:last' seconds='{seconds}'>{status}</query></iq>";

    [Theory, Framings]
    public async Task The_server_tells_its_version_and_time(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        await romeo.Ask(
            Get(Play.Domain, "<query xmlns='jabber:iq:version'/>"),
            "<iq type='result'><query xmlns='jabber:iq:version'><name>Kith</name><version>1.2.3</version></query></iq>"
        );
        await romeo.Ask(
            Get(Play.Domain, "<time xmlns='urn:xmpp:time'/>"),
            "<iq type='result'><time xmlns='urn:xmpp:time'><tzo>+00:00</tzo><utc>2026-03-14T09:26:53.000Z</utc></time></iq>"
        );
        // security.md, "Leaks": an account has neither.
        await romeo.Ask(Get("nobody@kith.test", "<query xmlns='jabber:iq:version'/>"), Error("service-unavailable"));
    }

    // XEP-0012 §5.
    [Theory, Framings]
    public async Task The_server_tells_how_long_it_runs(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "phone");
        await play.Advance(TimeSpan.FromHours(34));
        await romeo.Ask(Get(Play.Domain, Last), Ago(34 * 3600));
    }

    // XEP-0012 §3; Reach 5.
    [Theory, Framings]
    public async Task Who_sees_the_presence_is_told_when_somebody_left_and_why(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo", Role.Member, "Verona");
        await play.AddAccount("juliet", Role.Member, "Verona");
        Actor romeo = await play.Connect("romeo", "phone");
        await play.Advance(TimeSpan.FromSeconds(5));
        await romeo.Ask(Get("juliet@kith.test", Last), Ago(5));

        Actor juliet = await play.Connect("juliet", "balcony");
        await romeo.Ask(Get(juliet.Bare, Last), Ago(0));
        await juliet.Ask(Get(null, Last), Ago(0));
        await juliet.Send("<presence type='unavailable'><status>Heading &lt;home&gt;</status></presence>");
        await juliet.Leave();
        await play.Settle();
        await play.Advance(TimeSpan.FromSeconds(903));
        await romeo.Ask(Get(juliet.Bare, Last), Ago(903, "Heading &lt;home&gt;"));

        await play.Restart();
        romeo = await play.Connect("romeo", "phone");
        await romeo.Ask(Get(juliet.Bare, Last), Ago(903, "Heading &lt;home&gt;"));
        juliet = await play.Connect("juliet", "balcony");
        await juliet.Leave();
        await play.Settle();
        await romeo.Ask(Get(juliet.Bare, Last), Ago(0));
    }

    // XEP-0012 §3, on a slow disk: not when she was there the time before.
    [Theory, Framings]
    public async Task Who_has_just_left_was_just_there(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo", Role.Member, "Verona");
        await play.AddAccount("juliet", Role.Member, "Verona");
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        await play.Advance(TimeSpan.FromDays(1));
        play.Disk.Hold();
        await juliet.Leave();
        await play.Disk.Holds(1);

        await romeo.Ask(Get(juliet.Bare, Last), Ago(0));

        play.Disk.Continue();
        await play.Settle();
        await romeo.Ask(Get(juliet.Bare, Last), Ago(0));
    }

    [Theory, Framings]
    public async Task Nobody_else_is_told(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor tybalt = await play.Connect("tybalt", "street");
        Actor juliet = await play.Connect("juliet", "balcony");
        await tybalt.Ask(Get(juliet.Bare, Last), Error("service-unavailable"));
        await tybalt.Ask(Get(juliet.Jid, Last), Error("service-unavailable"));
        await tybalt.Ask(Get("nobody@kith.test", Last), Error("service-unavailable"));
        await play.ExpectNothing(juliet);
    }

    // XEP-0012 §4.
    [Theory, Framings]
    public async Task A_client_tells_its_idle_time_itself(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo", Role.Member, "Verona");
        await play.AddAccount("juliet", Role.Member, "Verona");
        Actor romeo = await play.Connect("romeo", "phone");
        Actor juliet = await play.Connect("juliet", "balcony");
        await romeo.Send($"<iq type='get' id='l1' to='{juliet.Jid}'>{Last}</iq>");
        await juliet.Expect($"<iq type='get' id='l1' from='{romeo.Jid}'>{Last}</iq>");
        await juliet.Send(
            $"<iq type='result' id='l1' to='{romeo.Jid}'><query xmlns='jabber:iq:last' seconds='7'/></iq>"
        );
        await romeo.Expect(
            $"<iq type='result' id='l1' from='{juliet.Jid}'><query xmlns='jabber:iq:last' seconds='7'/></iq>"
        );
    }
}
