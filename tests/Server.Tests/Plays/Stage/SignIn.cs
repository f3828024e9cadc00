using System.Text;
using System.Xml.Linq;
using Xmpp.Sasl;
using Xmpp.Xml;

namespace Server.Tests.Plays.Stage;

/// <summary>What clients do before they talk: SASL (RFC 6120 §6), binding (§7), stream management and resumption.</summary>
internal static class SignIn
{
    public const string Password = "wherefore art thou";

    /// <summary>SASL on a new stream; ends with the features of the stream after it.</summary>
    public static async Task AuthenticateAsync(Actor actor, ClientMechanism mechanism)
    {
        await OpenAsync(actor);
        await actor.Send(
            $"<auth xmlns='{Ns.Sasl}' mechanism='{mechanism.Name}'>{Convert.ToBase64String(mechanism.Start())}</auth>"
        );
        XElement answer = await actor.Next();
        while (answer.Name.LocalName == "challenge")
        {
            byte[] response = mechanism.Respond(Convert.FromBase64String(answer.Value))!;
            await actor.Send($"<response xmlns='{Ns.Sasl}'>{Convert.ToBase64String(response)}</response>");
            answer = await actor.Next();
        }
        answer.ShouldMatch($"<success xmlns='{Ns.Sasl}'/>");
        await OpenAsync(actor);
    }

    /// <summary>The header both ways, and the features.</summary>
    public static async Task OpenAsync(Actor actor)
    {
        await actor.Connection.Wire.OpenAsync(actor.Domain);
        XElement header = await actor.Next();
        if (header.Name.LocalName is not ("stream" or "open"))
            throw new PlayException($"no stream header\n  came: {header}");
        actor.Features = await actor.Expect("<stream:features/>");
    }

    public static ClientMechanism Plain(string name) => new PlainClient(name, Password);

    public static async Task BindAsync(Actor actor)
    {
        XElement bound = await actor.Ask(
            $"<iq type='set'><bind xmlns='{Ns.Bind}'><resource>{actor.Resource}</resource></bind></iq>",
            $"<iq type='result'><bind xmlns='{Ns.Bind}'><jid>{{any}}</jid></bind></iq>"
        );
        if (bound.Find("jid").Value != actor.Jid)
            throw new PlayException($"bound as {bound.Find("jid").Value}, not {actor.Jid}");
        actor.IsBound = true;
    }

    public static Task<XElement> CarbonsAsync(Actor actor) =>
        actor.Ask($"<iq type='set'><enable xmlns='{Ns.Carbons}'/></iq>", "<iq type='result'/>");

    /// <summary>XEP-0198 §3.</summary>
    public static async Task ManageAsync(Actor actor, bool resume = true)
    {
        await actor.Send($"<enable xmlns='{Ns.StreamManagement}'{(resume ? " resume='true'" : "")}/>");
        await actor.Expect($"<enabled xmlns='{Ns.StreamManagement}'/>");
    }

    /// <summary>XEP-0198 §5; <paramref name="handled"/>: what the client says that it has, by default what it has.</summary>
    public static async Task<XElement> ResumeAsync(Actor actor, uint? handled = null, string? id = null)
    {
        await actor.Send(
            $"<resume xmlns='{Ns.StreamManagement}' previd='{id ?? actor.Management.Id}' h='{handled ?? actor.Management.Handled}'/>"
        );
        return await actor.Next();
    }

    /// <summary>What a PLAIN response looks like, for plays about refusals.</summary>
    public static string PlainText(string name, string password) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{name}\0{password}"));
}
