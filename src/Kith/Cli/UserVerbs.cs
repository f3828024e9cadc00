using System.CommandLine;
using System.CommandLine.Parsing;
using Kith.Administration;

namespace Kith.Cli;

/// <summary><c>kith user …</c>.</summary>
internal sealed class UserVerbs(Verbs verbs)
{
    private readonly Argument<string> _name = new("NAME") { Description = "The name, or the whole address" };

    private readonly Option<bool> _passwordStdin = new("--password-stdin")
    {
        Description = "Read the password from standard input",
    };

    private Terminal Terminal => verbs.Terminal;

    public Command Build() =>
        new("user", "The people of the home and their accounts")
        {
            Add(),
            List(),
            Remove(),
            Password(),
            Role(),
            Change("lock", "Nobody signs in until it is unlocked; sessions and tokens end", true),
            Change("unlock", "Let somebody in again", false),
            Reset(),
            Import(),
        };

    private Command Add()
    {
        var role = RoleOption();
        var circle = CircleOption("The circle to join (default Family; an empty one: none)");
        var expires = new Option<DateTimeOffset?>("--expires")
        {
            Description = "When the account ends: " + When.Help,
            HelpName = "DATE",
            CustomParser = When.Parse,
        };
        Command verb = verbs.Make(
            "add",
            "Make an account; without --password-stdin a link to choose a password is printed",
            async (asked, home, stop) =>
            {
                var user = new NewUser(asked.GetRequiredValue(_name))
                {
                    Role = asked.GetValue(role) ?? "member",
                    Circle = asked.GetValue(circle),
                    Expires = asked.GetValue(expires),
                    Password = asked.GetValue(_passwordStdin) ? Terminal.ReadPassword() : null,
                };
                AddedUser added = await home.AddUserAsync(user, stop);
                if (added.Link is { } link)
                    verbs.PrintLink(link);
                else
                    Terminal.Out.WriteLine($"{added.Name} has an account.");
            },
            creates: true
        );
        foreach (Option option in (Option[])[role, circle, expires, _passwordStdin])
            verb.Add(option);
        verb.Add(_name);
        return verb;
    }

    internal static Option<string> RoleOption()
    {
        var role = new Option<string>("--role")
        {
            Description = "What they may do (default member)",
            HelpName = "ROLE",
        };
        role.Validators.Add(CheckRole);
        role.CompletionSources.Add([.. Roles.Names]);
        return role;
    }

    private static void CheckRole(SymbolResult asked)
    {
        foreach (Token token in asked.Tokens)
            if (!Roles.Names.Contains(token.Value, StringComparer.Ordinal))
                asked.AddError($"There is no role “{token.Value}”: {string.Join(", ", Roles.Names)}.");
    }

    internal static Option<string?> CircleOption(string description) =>
        new("--circle") { Description = description, HelpName = "CIRCLE" };

    private Command List()
    {
        Command verb = verbs.Make(
            "list",
            "Everybody with an account",
            async (asked, home, stop) =>
                verbs.PrintList(
                    asked,
                    await home.UsersAsync(stop),
                    ApiJson.Default.IReadOnlyListUserView,
                    ["NAME", "ROLE", "CIRCLES", "STATE", "LAST SEEN", "ENDS"],
                    user =>
                        [
                            user.Name,
                            user.Role,
                            user.Circles.Count == 0 ? "-" : string.Join(", ", user.Circles),
                            user.Locked ? "locked"
                            : user.HasPassword ? "-"
                            : "no password",
                            Table.Moment(user.LastSeen),
                            Table.Moment(user.Expires),
                        ]
                )
        );
        verb.Add(verbs.Json);
        return verb;
    }

    private Command Remove()
    {
        Command verb = verbs.Make(
            "remove",
            "Remove an account and everything of it",
            async (asked, home, stop) =>
            {
                string name = asked.GetRequiredValue(_name);
                if (!asked.GetValue(verbs.Yes) && !Terminal.Confirms($"Remove {name} with all messages and contacts?"))
                    throw new CommandException("Nothing was removed.");
                await home.RemoveUserAsync(name, stop);
                Terminal.Out.WriteLine($"{name} is removed.");
            }
        );
        verb.Add(_name);
        verb.Add(verbs.Yes);
        return verb;
    }

    private Command Password()
    {
        Command verb = verbs.Make(
            "password",
            "Set a password; sessions and tokens end",
            async (asked, home, stop) =>
            {
                if (!asked.GetValue(_passwordStdin) && !Terminal.Asks)
                    throw new CommandException("Give the password on standard input, with --password-stdin.");
                string name = asked.GetRequiredValue(_name);
                await home.SetPasswordAsync(name, Terminal.ReadPassword(), stop);
                Terminal.Out.WriteLine($"{name} has a new password.");
            }
        );
        verb.Add(_name);
        verb.Add(_passwordStdin);
        return verb;
    }

    private Command Role()
    {
        var role = new Argument<string>("ROLE") { Description = "admin, member, limited or guest" };
        role.Validators.Add(CheckRole);
        Command verb = verbs.Make(
            "role",
            "Change what somebody may do",
            async (asked, home, stop) =>
            {
                await home.SetRoleAsync(asked.GetRequiredValue(_name), asked.GetRequiredValue(role), stop);
                Terminal.Out.WriteLine($"{asked.GetRequiredValue(_name)} is {asked.GetRequiredValue(role)} now.");
            }
        );
        verb.Add(_name);
        verb.Add(role);
        return verb;
    }

    private Command Change(string name, string description, bool locks)
    {
        Command verb = verbs.Make(
            name,
            description,
            async (asked, home, stop) =>
            {
                await home.LockAsync(asked.GetRequiredValue(_name), locks, stop);
                Terminal.Out.WriteLine($"{asked.GetRequiredValue(_name)} is {name}ed.");
            }
        );
        verb.Add(_name);
        return verb;
    }

    private Command Reset()
    {
        Command verb = verbs.Make(
            "reset",
            "Forget the password, end sessions and tokens, and print a link to choose a new one",
            async (asked, home, stop) => verbs.PrintLink(await home.ResetAsync(asked.GetRequiredValue(_name), stop))
        );
        verb.Add(_name);
        return verb;
    }

    private Command Import()
    {
        var file = new Argument<string>("FILE") { Description = "name:password, one a line; - is standard input" };
        var circle = CircleOption("The circle that all of them join (default none)");
        Command verb = verbs.Make(
            "import",
            "Make many accounts at once, all or none",
            async (asked, home, stop) =>
            {
                IReadOnlyList<NameAndPassword> people = await ReadAsync(asked.GetRequiredValue(file), stop);
                var progress = new Progress(Terminal, "Importing", people.Count);
                int added;
                try
                {
                    added = await home.ImportAsync(new UserImport(people, asked.GetValue(circle)), progress.Show, stop);
                }
                finally
                {
                    progress.End();
                }
                Terminal.Out.WriteLine(added == 1 ? "1 account is added." : $"{added} accounts are added.");
            },
            creates: true
        );
        verb.Add(file);
        verb.Add(circle);
        return verb;
    }

    private async Task<IReadOnlyList<NameAndPassword>> ReadAsync(string file, CancellationToken cancellation)
    {
        using TextReader? opened = file == "-" ? null : new StreamReader(file);
        TextReader input = opened ?? Terminal.In;
        var people = new List<NameAndPassword>();
        for (int number = 1; await input.ReadLineAsync(cancellation) is { } line; number++)
        {
            if (line.Length == 0)
                continue;
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || colon == line.Length - 1)
                throw new CommandException($"Line {number} is not name:password. Nothing was imported.");
            people.Add(new NameAndPassword(line[..colon], line[(colon + 1)..]));
        }
        return people.Count > 0 ? people : throw new CommandException("There is nobody to import.");
    }
}
