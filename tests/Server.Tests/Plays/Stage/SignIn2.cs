using System.Xml.Linq;
using Xmpp.Sasl;
using Xmpp.Xml;

namespace Server.Tests.Plays.Stage;

/// <summary>Signing in by SASL2 (XEP-0388), with whatever else stands in the same element.</summary>
internal static class SignIn2
{
    public const string Phone = "d4565fa7-4d72-4749-b3d3-740edbf87770";
    public const string Laptop = "3f1c6d0e-5b7a-4c1e-9f55-0d6c5a1b2c3d";
    public const string Bind = "<bind xmlns='urn:xmpp:bind:0'><tag>Globe</tag></bind>";
    public const string ManagedBind =
        "<bind xmlns='urn:xmpp:bind:0'><enable xmlns='urn:xmpp:sm:3' resume='true'/></bind>";
    public const string RequestToken = "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/>";
    public const string Fast = "<fast xmlns='urn:xmpp:fast:0'/>";

    /// <summary>A stream on a new line, up to its features.</summary>
    public static async Task<Actor> OpenAsync(Play play, string name)
    {
        Actor actor = play.Dial(name, "sasl2");
        await SignIn.OpenAsync(actor);
        return actor;
    }

    /// <summary>On an open stream; returns what ends the exchange or interrupts it: success, failure or continue.</summary>
    public static async Task<XElement> AuthenticateAsync(
        Actor actor,
        ClientMechanism mechanism,
        string inside = "",
        string? agent = Phone
    )
    {
        await actor.Send(Authenticate(mechanism, inside, agent));
        XElement answer = await actor.Next();
        while (answer.Name == XName.Get("challenge", Ns.Sasl2))
        {
            byte[] response = mechanism.Respond(Convert.FromBase64String(answer.Value))!;
            await actor.Send($"<response xmlns='{Ns.Sasl2}'>{Convert.ToBase64String(response)}</response>");
            answer = await actor.Next();
        }
        if (answer.Name.LocalName != "success")
            return answer;
        bool bound = answer.Elements().Any(child => child.Name.LocalName is "bound" or "resumed");
        if (answer.Elements().All(child => child.Name.LocalName != "resumed"))
            actor.Features = await actor.Expect("<stream:features/>");
        actor.IsBound = bound;
        return answer;
    }

    public static string Authenticate(ClientMechanism mechanism, string inside, string? agent) =>
        $"<authenticate xmlns='{Ns.Sasl2}' mechanism='{mechanism.Name}'>"
        + $"<initial-response>{Convert.ToBase64String(mechanism.Start())}</initial-response>"
        + (
            agent is null
                ? ""
                : $"<user-agent id='{agent}'><software>Folio</software><device>Phone</device></user-agent>"
        )
        + inside
        + "</authenticate>";

    /// <summary>Dials, signs in with the password, and hopes for success.</summary>
    public static async Task<(Actor Actor, XElement Success)> EnterAsync(
        Play play,
        string name,
        string inside = Bind,
        string? agent = Phone
    )
    {
        Actor actor = await OpenAsync(play, name);
        XElement success = await AuthenticateAsync(actor, SignIn.Plain(name), inside, agent);
        success.ShouldMatch($"<success xmlns='{Ns.Sasl2}'/>");
        return (actor, success);
    }

    /// <summary>A device's first token, got with the password; the line is cut afterwards.</summary>
    public static async Task<string> FirstTokenAsync(Play play, string name, string agent = Phone)
    {
        (Actor actor, XElement success) = await EnterAsync(play, name, RequestToken, agent);
        await actor.Cut();
        return Token(success) ?? throw new PlayException($"no token in {success}");
    }

    /// <summary>Dials and tries a token; returns success or failure.</summary>
    public static async Task<(Actor Actor, XElement Answer)> TryTokenAsync(
        Play play,
        string name,
        string token,
        string inside = Fast,
        string? agent = Phone
    )
    {
        Actor actor = await OpenAsync(play, name);
        return (actor, await AuthenticateAsync(actor, new HtClient(name, token), inside, agent));
    }

    public static string? Token(XElement success) =>
        success.Element(XName.Get("token", "urn:xmpp:fast:0"))?.Attribute("token")?.Value;

    public static string Failure(string condition) =>
        $"<failure xmlns='{Ns.Sasl2}'><{condition} xmlns='{Ns.Sasl}'/></failure>";
}
