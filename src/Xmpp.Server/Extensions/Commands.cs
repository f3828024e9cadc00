using Xmpp.Server.Household;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>A command that the server offers (XEP-0050).</summary>
/// <param name="Node">What it is called by.</param>
/// <param name="Name">What people see.</param>
/// <param name="May">Who may use it, and is shown it.</param>
/// <param name="RunAsync">
/// Takes the submitted form's fields (several values are lines), null while nothing was submitted; returns the form to fill in, or its result.
/// </param>
public sealed record Command(
    string Node,
    string Name,
    Func<Account, bool> May,
    Func<Account, IReadOnlyDictionary<string, string>?, ValueTask<CommandAnswer>> RunAsync
);

/// <summary>A form: the result of a command that is done, or what it still has to know.</summary>
public sealed record CommandAnswer(bool Done, byte[] Form);

/// <summary>
/// XEP-0050 Ad-Hoc Commands of the server. None here has more than one form, so nothing is kept between two requests.
/// </summary>
internal sealed class Commands : Extension
{
    public const string Ns = "http://jabber.org/protocol/commands";

    private readonly Dictionary<string, Command> _commands;

    public Commands(IEnumerable<Command> commands) =>
        _commands = commands.ToDictionary(command => command.Node, StringComparer.Ordinal);

    public override void Declare(Declarations declare)
    {
        declare.Implements("0050", "Ad-Hoc Commands", "1.3.0");
        declare.Implements("0133", "Service Administration", "1.3.1");
        declare.ServerFeature(Ns);
        declare.OnSet(Target.Server, Ns, "command", RunAsync);
        declare.Nodes[Ns] = List;
        foreach (Command command in _commands.Values)
            declare.Nodes[command.Node] = request => Offered(request, command);
    }

    // §3.1: what this person may use.
    private DiscoNode? List(Request request)
    {
        if (request.Target != Target.Server)
            return null;
        Account account = request.Own.Account;
        return new(
            new([new DiscoIdentity("automation", "command-list", "Commands")], [Ns], []),
            [
                .. _commands
                    .Values.Where(command => command.May(account))
                    .Select(command => new DiscoItem(request.Stanza.To!.ToString(), command.Node, command.Name)),
            ]
        );
    }

    // §3.2.
    private static DiscoNode? Offered(Request request, Command command) =>
        request.Target == Target.Server && command.May(request.Own.Account)
            ? new(
                new([new DiscoIdentity("automation", "command-node", command.Name)], [Ns, Xmpp.Xml.Ns.DataForms], []),
                []
            )
            : null;

    private async ValueTask<Reply> RunAsync(Request request)
    {
        Account account = request.Own.Account;
        Element asked = request.Payload;
        if (!_commands.TryGetValue(asked.Attribute("node") ?? "", out Command? command))
            return Reply.Error(StanzaError.ItemNotFound());
        if (!command.May(account))
            return Reply.Error(StanzaError.Forbidden());
        string session = asked.Attribute("sessionid") is { Length: > 0 and <= 64 } said
            ? said
            : Guid.NewGuid().ToString("N");
        switch (asked.Attribute("action") ?? "execute")
        {
            case "cancel":
                return Reply.Result(Answer(command, session, "canceled"));
            case "execute" or "complete" or "next":
                return await ExecuteAsync(command, account, asked, session);
            default:
                // §4.4.
                return Reply.Error(
                    StanzaError.BadRequest() with
                    {
                        Extra = new XmlBuilder().Empty("malformed-action", Ns).ToArray(),
                    }
                );
        }
    }

    private static async ValueTask<Reply> ExecuteAsync(Command command, Account account, Element asked, string session)
    {
        CommandAnswer answer;
        try
        {
            answer = await command.RunAsync(account, Submitted(asked));
        }
        catch (RefusedException refused)
        {
            return Reply.Error(StanzaErrors.From(refused));
        }
        XmlBuilder reply = Answer(command, session, answer.Done ? "completed" : "executing");
        if (!answer.Done)
            reply.Start("actions").Attribute("execute", "complete").Empty("complete").End();
        return Reply.Result(reply.Copy(answer.Form));
    }

    private static XmlBuilder Answer(Command command, string session, string status) =>
        new XmlBuilder()
            .Start("command", Ns)
            .Attribute("node", command.Node)
            .Attribute("sessionid", session)
            .Attribute("status", status);

    // A command's form has no type of its own that clients would have to repeat.
    private static Dictionary<string, string>? Submitted(Element asked)
    {
        Element form = asked.Child("x", Xmpp.Xml.Ns.DataForms);
        if (form.Attribute("type") != "submit")
            return null;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Element field in form.Children)
            if (field.Is("field", Xmpp.Xml.Ns.DataForms) && field.Attribute("var") is { } name)
                fields[name] = string.Join('\n', DataForms.Values(field));
        return fields;
    }
}
