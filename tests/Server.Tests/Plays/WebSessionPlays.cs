using System.Globalization;
using System.Xml.Linq;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Household;
using Xunit;

namespace Server.Tests.Plays;

/// <summary>From a client's stream to the pages of its browser (README, "Signing in" 7; laws, "One sign-in").</summary>
public sealed class WebSessionPlays
{
    private const string Ns = "urn:kith:session:0";
    private const string Ask = $"<iq type='set'><code xmlns='{Ns}'/></iq>";

    private static async Task<string> CodeAsync(Actor actor)
    {
        XElement answer = await actor.Ask(Ask, $"<iq type='result'><code xmlns='{Ns}' expires='{{any}}'/></iq>");
        return answer.Find("code").Value;
    }

    private static async Task<string> TokenAsync(Play play, Actor actor) =>
        play.Server.WebSessions.Open(await CodeAsync(actor))!.Value.Token;

    [Theory, Framings]
    public async Task A_code_opens_a_session_of_the_same_device_once(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "browser");
        await romeo.Ask(
            $"<iq type='get' to='{romeo.Bare}'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
            $"<iq type='result'><query xmlns='http://jabber.org/protocol/disco#info'><feature var='{Ns}'/></query></iq>"
        );
        string code = await CodeAsync(romeo);
        WebSessions sessions = play.Server.WebSessions;
        (string token, WebSession session) = sessions.Open(code).ShouldNotBeNull();
        session.Account.ShouldBe(play.Account("romeo"));
        session.Device.ShouldBe(play.Account("romeo").Sessions[0].Device);
        token.ShouldNotBe(code);
        sessions.Find(token).ShouldBe(session);
        sessions.Open(code).ShouldBeNull();
        foreach (string wrong in (string[])["", "x", code, token + "x", new string('x', 100_000)])
            (sessions.Open(wrong), sessions.Find(wrong)).ShouldBe((null, null));
        sessions.Close(token);
        sessions.Find(token).ShouldBeNull();
    }

    // Laws: a code of one minute; the cookie is short-lived.
    [Theory, Framings]
    public async Task Both_are_over_soon(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "browser");
        string late = await CodeAsync(romeo);
        await play.Advance(WebSessions.CodeLifetime);
        play.Server.WebSessions.Open(late).ShouldBeNull();
        string token = await TokenAsync(play, romeo);
        await play.Advance(WebSessions.Lifetime - TimeSpan.FromSeconds(1));
        play.Server.WebSessions.Find(token).ShouldNotBeNull();
        await play.Advance(TimeSpan.FromSeconds(1));
        play.Server.WebSessions.Find(token).ShouldBeNull();
    }

    // A code is for the client that asks now; what was asked before, or by a session that is over, is nothing.
    [Theory, Framings]
    public async Task A_code_counts_for_the_session_that_asked_last(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "browser");
        Actor other = await play.Connect("romeo", "other");
        string first = await CodeAsync(romeo);
        string others = await CodeAsync(other);
        string second = await CodeAsync(romeo);
        play.Server.WebSessions.Open(first).ShouldBeNull();
        string before = play.Server.WebSessions.Open(second)!.Value.Token;
        play.Server.WebSessions.Open(others).ShouldNotBeNull();
        string after = await TokenAsync(play, romeo);
        play.Server.WebSessions.Find(before).ShouldBeNull();
        string left = await CodeAsync(romeo);
        await romeo.Leave();
        play.Server.WebSessions.Open(left).ShouldBeNull();
        // The page stays signed in when its stream is cut or closed.
        play.Server.WebSessions.Find(after).ShouldNotBeNull();
    }

    // Laws, "A device".
    [Theory, Framings]
    public async Task They_end_with_their_device(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        Actor romeo = await play.Connect("romeo", "old");
        var agent = new UserAgent(SignIn2.Laptop, "Quarto", "Laptop");
        IssuedToken fast = (
            await play.Server.FastTokens.IssueAsync(play.Account("romeo"), agent, "HT-SHA-256-NONE", false)
        )!;
        (Actor laptop, _) = await SignIn2.TryTokenAsync(
            play,
            "romeo",
            fast.Token,
            SignIn2.Fast + SignIn2.Bind,
            SignIn2.Laptop
        );
        string kept = await TokenAsync(play, romeo);
        string lost = await TokenAsync(play, laptop);
        string id = play.Account("romeo").Sessions[1].Device.ToString(CultureInfo.InvariantCulture);
        laptop.IsBound = false;
        await romeo.Ask($"<iq type='set'><revoke xmlns='urn:xmpp:cam:0' id='{id}'/></iq>", "<iq type='result'/>");
        play.Server.WebSessions.Find(lost).ShouldBeNull();
        play.Server.WebSessions.Find(kept).ShouldNotBeNull();
    }

    // XEP-0484 §3.6.
    [Theory, Framings]
    public async Task They_end_with_signing_out(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("romeo");
        string fast = await SignIn2.FirstTokenAsync(play, "romeo");
        (Actor phone, _) = await SignIn2.TryTokenAsync(play, "romeo", fast, SignIn2.Fast + SignIn2.Bind);
        string token = await TokenAsync(play, phone);
        await SignIn2.TryTokenAsync(play, "romeo", fast, "<fast xmlns='urn:xmpp:fast:0' invalidate='true'/>");
        play.Server.WebSessions.Find(token).ShouldBeNull();
    }

    // security.md, "Web": a password change or reset ends web sessions; so do a lock, a removal and an account's end.
    [Theory, Framings]
    public async Task They_end_with_the_account_s_sign_ins(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        People people = play.Server.Home.People;
        foreach (
            (string name, Func<string, Task> end) in (IEnumerable<(string, Func<string, Task>)>)
                [
                    ("anna", name => people.SetPasswordAsync(name, "what is in a name")),
                    ("ben", people.ResetAsync),
                    ("eve", people.LockAsync),
                    ("fay", people.RemoveAsync),
                ]
        )
        {
            Actor actor = await play.Connect(name, "browser");
            string token = await TokenAsync(play, actor);
            string code = await CodeAsync(actor);
            actor.IsBound = false;
            await end(name);
            (play.Server.WebSessions.Open(code), play.Server.WebSessions.Find(token)).ShouldBe((null, null));
        }
        await play.AddAccount("guest", Xmpp.Server.Stores.Role.Guest, "Verona");
        Actor guest = await play.Connect("guest", "browser");
        string late = await TokenAsync(play, guest);
        guest.IsBound = false;
        await play.Advance(People.GuestStay);
        play.Server.WebSessions.Find(late).ShouldBeNull();
    }

    // Reach 1: of oneself alone.
    [Theory, Framings]
    public async Task Nobody_has_a_code_for_another(Framing framing)
    {
        await using Play play = await Play.StartAsync(framing);
        await play.AddAccount("juliet", circle: "Verona");
        await play.AddAccount("romeo", circle: "Verona");
        Actor romeo = await play.Connect("romeo", "browser");
        foreach (string to in (string[])["juliet@kith.test", Play.Domain])
            await romeo.Ask($"<iq type='set' to='{to}'><code xmlns='{Ns}'/></iq>", "<iq type='error'/>");
    }
}
