using Xmpp.Sasl;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0077 In-Band Registration for who has signed in: another password (§3.3), and the account's end (§3.2). Accounts
/// are made on the stream before, by invite (<see cref="Streams.Registering"/>).
/// </summary>
internal sealed class Registration(XmppServer server) : Extension
{
    private const Target Targets = Target.Server | Target.OwnAccount;

    public override void Declare(Declarations declare)
    {
        declare.Implements("0077", "In-Band Registration", "2.4");
        declare.Implements("0379", "Pre-Authenticated Roster Subscription", "0.3.3");
        declare.Implements("0401", "Ad-hoc Account Invitation Generation", "0.6.0");
        declare.Implements("0445", "Pre-Authenticated In-Band Registration", "0.2.0");
        declare.ServerFeature(Ns.Register);
        declare.OnGet(Targets, Ns.Register, "query", Get);
        declare.OnSet(Targets, Ns.Register, "query", SetAsync);
    }

    private static ValueTask<Reply> Get(Request request) =>
        new(
            Reply.Result(
                new XmlBuilder()
                    .Start("query", Ns.Register)
                    .Empty("registered")
                    .Element("username", request.Own.Account.Name)
                    .Empty("password")
            )
        );

    private async ValueTask<Reply> SetAsync(Request request)
    {
        Element query = request.Payload;
        if (query.Has("remove", Ns.Register))
            return Remove(request);
        try
        {
            return await ChangePasswordAsync(request);
        }
        catch (RefusedException refused)
        {
            return Reply.Error(StanzaErrors.From(refused));
        }
    }

    private Reply Remove(Request request)
    {
        if (request.Payload.Children.Count != 1)
            return Reply.Error(StanzaError.BadRequest("nothing beside remove"));
        Account account = request.Own.Account;
        return account.Record.Role == Role.Limited
            ? Reply.Error(StanzaError.Forbidden("a guardian removes this account"))
            : new RemovalChange(server, account.Name).AsReply();
    }

    private async Task<Reply> ChangePasswordAsync(Request request)
    {
        string name = request.Payload.Child("username").Text;
        string password = request.Payload.Child("password").Text;
        if (name.Length == 0 || password.Length == 0)
            return Reply.Error(StanzaError.BadRequest("a name and a password are needed"));
        Account account = request.Own.Account;
        if (People.PrepareName(server, name) != account.Name)
            return Reply.Error(StanzaError.NotAllowed("everybody changes their own password"));
        Passwords.CheckChosen(password);
        IReadOnlyList<ScramKeys> keys = await server.Home.People.DeriveAsync(password);
        return new PasswordChange(server, account.Name, keys) { Except = request.Own }.AsReply();
    }
}
