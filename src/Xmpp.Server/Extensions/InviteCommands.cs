using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0401 Ad-hoc Account Invitation Generation. An admin's invite makes an account; a member's a contact only, because
/// who comes to live here is the admins' to say.
/// </summary>
internal static class InviteCommands
{
    private const string Invite = "urn:xmpp:invite#invite";
    private const string CreateAccount = "urn:xmpp:invite#create-account";
    private const string ResultForm = "urn:xmpp:invite#invitation";

    public static IReadOnlyList<Command> Create(XmppServer server) =>
        [
            new Command(
                Invite,
                "Invite somebody",
                account => account.Record.Role is Role.Admin or Role.Member,
                async (account, _) =>
                    Result(
                        await server.Home.Invites.CreateAsync(
                            new NewInvite { From = account.Name, ContactOnly = account.Record.Role != Role.Admin }
                        )
                    )
            ),
            new Command(
                CreateAccount,
                "Make an account for somebody",
                account => account.Record.Role == Role.Admin,
                async (account, fields) =>
                    fields is null ? Form() : Result(await server.Home.Invites.CreateAsync(Wanted(account, fields)))
            ),
        ];

    private static CommandAnswer Form()
    {
        XmlBuilder form = new XmlBuilder().Start("x", Ns.DataForms).Attribute("type", "form");
        form.Element("title", "Make an account for somebody");
        form.Start("field")
            .Attribute("var", "username")
            .Attribute("type", "text-single")
            .Attribute("label", "Name (may be left open)")
            .End();
        form.Start("field")
            .Attribute("var", "roster-subscription")
            .Attribute("type", "boolean")
            .Attribute("label", "Become contacts")
            .Element("value", "1")
            .End();
        return new(false, form.ToArray());
    }

    private static NewInvite Wanted(Account account, IReadOnlyDictionary<string, string> fields)
    {
        string name = fields.GetValueOrDefault("username", "").Trim();
        bool contacts = fields.GetValueOrDefault("roster-subscription") is "1" or "true";
        return new NewInvite { From = contacts ? account.Name : null, Name = name.Length == 0 ? null : name };
    }

    private static CommandAnswer Result(InviteLink link)
    {
        XmlBuilder form = DataForms.Start(new XmlBuilder(), "result", ResultForm);
        DataForms.Field(form, "uri", "text-single", link.Uri);
        DataForms.Field(form, "landing-url", "text-single", link.Page);
        DataForms.Field(form, "expire", "text-single", XmlText.Stamp(link.Invite.Expires));
        return new(true, form.End().ToArray());
    }
}
