using System.Globalization;
using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0133 Service Administration: what the household offers to admins, as commands at the domain. Nobody reads passwords
/// (§4.6 of its first versions): there are none to read. There is no message of the day (§4.24): phones sign in so often
/// that it would be told all day long; an announcement stays in the conversation with the box.
/// </summary>
internal sealed class AdminCommands(XmppServer server)
{
    public const string Ns = "http://jabber.org/protocol/admin";

    /// <summary>Of what XEP-0133 has no word for.</summary>
    private const string Own = "urn:kith:admin";

    private const int MostListed = 1000;
    private static readonly Field _one = new("accountjid", "jid-single", "The account");
    private static readonly Field _some = new("accountjids", "jid-multi", "The accounts");

    /// <summary>A field to fill in.</summary>
    private sealed record Field(string Name, string Kind, string Label);

    private delegate ValueTask<CommandAnswer> Run(Account admin, IReadOnlyDictionary<string, string> fields);

    private People People => server.Home.People;

    public IEnumerable<Command> Create() =>
        [
            Form("add-user", "Add a person", AddAsync, _one, NewPassword("password"), NewPassword("password-verify")),
            Form("delete-user", "Remove people", EachAsync(People.RemoveAsync, spareOneself: true), _some),
            Form("disable-user", "Lock accounts", EachAsync(People.LockAsync, spareOneself: true), _some),
            Form("reenable-user", "Unlock accounts", EachAsync(People.UnlockAsync, spareOneself: false), _some),
            Form("end-user-session", "End sessions", EndAsync, _some),
            Form("change-user-password", "Set a password", SetPasswordAsync, _one, NewPassword("password")),
            Form("get-user-lastlogin", "When people were here last", LastSeenAsync, _some),
            Form("user-stats", "About an account", StatisticsAsync, _one),
            Count("get-registered-users-num", "How many accounts there are", "registeredusersnum", Everybody),
            Count("get-disabled-users-num", "How many accounts are locked", "disabledusersnum", Locked),
            Count("get-online-users-num", "How many people are signed in", "onlineusersnum", Online),
            List("get-registered-users-list", "All accounts", "registereduserjids", Everybody),
            List("get-disabled-users-list", "Locked accounts", "disableduserjids", Locked),
            List("get-online-users-list", "People who are signed in", "onlineuserjids", Online),
            Form(
                "announce",
                "Write to all who are signed in",
                Announce,
                new Field("announcement", "text-multi", "Text")
            ),
            Form(Own + "#reset", "Make a link for a new password", ResetAsync, _one),
            Form(
                Own + "#guardians",
                "Name guardians; nobody: all admins",
                NameGuardiansAsync,
                _one,
                new Field("guardians", "jid-multi", "Guardians")
            ),
        ];

    private static bool IsAdmin(Account account) => account.Record is { Role: Role.Admin, Locked: false };

    private static Field NewPassword(string name) => new(name, "text-private", "The password");

    // ---- kinds of commands ----

    private static Command Form(string node, string name, Run run, params Field[] fields) =>
        new(
            node.Contains(':', StringComparison.Ordinal) ? node : $"{Ns}#{node}",
            name,
            IsAdmin,
            (admin, submitted) =>
                submitted is null ? new(new CommandAnswer(false, Write(name, fields))) : run(admin, submitted)
        );

    private static Command Count(string node, string name, string field, Func<IEnumerable<string>> who) =>
        new($"{Ns}#{node}", name, IsAdmin, (_, _) => new(Done((field, [Number(who().Count())]))));

    private static Command List(string node, string name, string field, Func<IEnumerable<string>> who) =>
        Form(
            node,
            name,
            (_, submitted) =>
            {
                // §4.20: "none" is as many as there are.
                bool limited = int.TryParse(
                    submitted.GetValueOrDefault("max_items"),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out int most
                );
                return new(Done((field, [.. who().Take(limited ? Math.Min(most, MostListed) : MostListed)])));
            },
            new Field("max_items", "text-single", "How many at most")
        );

    private static byte[] Write(string title, IEnumerable<Field> fields)
    {
        XmlBuilder form = new XmlBuilder().Start("x", Xmpp.Xml.Ns.DataForms).Attribute("type", "form");
        form.Element("title", title);
        DataForms.Field(form, "FORM_TYPE", "hidden", Ns);
        foreach (Field field in fields)
            form.Start("field")
                .Attribute("var", field.Name)
                .Attribute("type", field.Kind)
                .Attribute("label", field.Label)
                .End();
        return form.ToArray();
    }

    private static CommandAnswer Done(params (string Name, IReadOnlyCollection<string> Values)[] fields)
    {
        XmlBuilder form = DataForms.Start(new XmlBuilder(), "result", Ns);
        foreach (var (name, values) in fields)
            DataForms.Field(form, name, values.Count == 1 ? "text-single" : "text-multi", values);
        return new(true, form.End().ToArray());
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    // ---- what they do ----

    private Run EachAsync(Func<string, Task> act, bool spareOneself) =>
        async (admin, fields) =>
        {
            // All are looked for before the first is touched.
            string[] names = [.. Lines(fields, "accountjids").Select(one => People.Get(one).Account.Name)];
            if (spareOneself)
                Spare(admin, names);
            foreach (string name in names.Distinct(StringComparer.Ordinal))
                await act(name);
            return Done();
        };

    private async ValueTask<CommandAnswer> AddAsync(Account admin, IReadOnlyDictionary<string, string> fields)
    {
        string password = fields.GetValueOrDefault("password", "");
        if (password != fields.GetValueOrDefault("password-verify", password))
            throw new RefusedException(Refusal.BadPassword, "The two passwords are not the same.");
        if (password.Length > 0)
            Passwords.CheckChosen(password);
        (_, InviteLink? link) = await People.AddAsync(
            new NewPerson(One(fields)) { Password = password.Length > 0 ? password : null }
        );
        return link is null ? Done() : Done(("landing-url", [link.Page]));
    }

    private async ValueTask<CommandAnswer> SetPasswordAsync(Account admin, IReadOnlyDictionary<string, string> fields)
    {
        string password = fields.GetValueOrDefault("password", "");
        Passwords.CheckChosen(password);
        await People.SetPasswordAsync(One(fields), password);
        return Done();
    }

    private async ValueTask<CommandAnswer> ResetAsync(Account admin, IReadOnlyDictionary<string, string> fields) =>
        Done(("landing-url", [(await People.ResetAsync(One(fields))).Page]));

    private async ValueTask<CommandAnswer> NameGuardiansAsync(Account admin, IReadOnlyDictionary<string, string> fields)
    {
        await server.Home.Guardians.NameAsync(One(fields), Split(fields, "guardians"));
        return Done(("guardians", [.. server.Home.Guardians.Named(One(fields))]));
    }

    private async ValueTask<CommandAnswer> EndAsync(Account admin, IReadOnlyDictionary<string, string> fields)
    {
        var addresses = new List<Jid>();
        foreach (string text in Lines(fields, "accountjids"))
            addresses.Add(
                Jid.TryParse(text, out Jid? jid) && jid.Local is not null
                    ? jid
                    : throw new RefusedException(Refusal.BadName, $"“{text}” is no address.")
            );
        foreach (Jid address in addresses)
            People.Get(address.Bare.ToString());
        // Its own session would not hear the answer any more.
        Spare(admin, addresses.Select(address => address.Local!));
        foreach (Jid address in addresses)
            await server.Home.SignedIn.EndAsync(address);
        return Done();
    }

    private static void Spare(Account admin, IEnumerable<string> names)
    {
        if (names.Contains(admin.Name))
            throw new RefusedException(Refusal.BadRequest, "Nobody does this to their own account.");
    }

    private ValueTask<CommandAnswer> LastSeenAsync(Account admin, IReadOnlyDictionary<string, string> fields)
    {
        string[] names = [.. Lines(fields, "accountjids")];
        return new(
            Done(("accountjids", names), ("lastlogin", [.. names.Select(name => LastSeen(People.Get(name).Account))]))
        );
    }

    private string LastSeen(AccountRecord account) =>
        server.Accounts.Loaded(account.Name) is { Sessions.IsEmpty: false } ? XmlText.Stamp(server.Time.GetUtcNow())
        : account.LastSeen is { } seen ? XmlText.Stamp(seen)
        : "never";

    private ValueTask<CommandAnswer> StatisticsAsync(Account admin, IReadOnlyDictionary<string, string> fields)
    {
        Person person = People.Get(One(fields));
        Account account = server.Accounts.Find(person.Account.Name)!;
        IReadOnlyCollection<Session> sessions = account.Sessions;
        return new(
            Done(
                ("rostersize", [Number(server.Home.Roster(account).Count)]),
                ("onlineresources", [.. sessions.Select(session => session.Jid.Resource!)])
            )
        );
    }

    private ValueTask<CommandAnswer> Announce(Account admin, IReadOnlyDictionary<string, string> fields)
    {
        string text = fields.GetValueOrDefault("announcement", "").Trim();
        if (text.Length == 0)
            throw new RefusedException(Refusal.BadRequest, "An announcement has words.");
        server.Home.SignedIn.Announce(text);
        return new(Done());
    }

    // ---- who ----

    private IEnumerable<string> Everybody() => People.List().Select(person => person.Address.ToString());

    private IEnumerable<string> Locked() =>
        People.List().Where(person => person.Account.Locked).Select(person => person.Address.ToString());

    private IEnumerable<string> Online() => server.Home.SignedIn.List().Select(account => account.Jid.ToString());

    private static string One(IReadOnlyDictionary<string, string> fields) => fields.GetValueOrDefault("accountjid", "");

    private static IEnumerable<string> Lines(IReadOnlyDictionary<string, string> fields, string name)
    {
        string[] lines = Split(fields, name);
        return lines.Length > 0 ? lines : throw new RefusedException(Refusal.BadRequest, "Whose account?");
    }

    private static string[] Split(IReadOnlyDictionary<string, string> fields, string name) =>
        fields
            .GetValueOrDefault(name, "")
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
