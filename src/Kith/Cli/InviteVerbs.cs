using System.CommandLine;
using Kith.Administration;

namespace Kith.Cli;

/// <summary><c>kith invite …</c>.</summary>
internal sealed class InviteVerbs(Verbs verbs)
{
    public Command Build() => new("invite", "Links by which people come") { Create(), List(), Revoke() };

    private Command Create()
    {
        var from = new Option<string?>("--from") { Description = "Who invites (default: the home)", HelpName = "NAME" };
        var name = new Option<string?>("--name") { Description = "The name that they will have", HelpName = "NAME" };
        var role = UserVerbs.RoleOption();
        var circle = UserVerbs.CircleOption("The circle that they join (default Family; an empty one: none)");
        var uses = new Option<int>("--uses")
        {
            Description = "How many may come by it (default 1)",
            HelpName = "N",
            DefaultValueFactory = _ => 1,
        };
        var expires = new Option<DateTimeOffset?>("--expires")
        {
            Description = "How long it can be used (default 7d): " + When.Help,
            HelpName = "DATE",
            CustomParser = When.Parse,
        };
        var until = new Option<DateTimeOffset?>("--until")
        {
            Description = "When their accounts end (guests: 30 days after they came, by default)",
            HelpName = "DATE",
            CustomParser = When.Parse,
        };
        var note = new Option<string?>("--note") { Description = "What it is for; admins see it", HelpName = "TEXT" };
        Command verb = verbs.Make(
            "create",
            "Make an invite and print its link, its xmpp: twin and, on a terminal, a QR code",
            async (asked, home, stop) =>
            {
                var request = new InviteRequest
                {
                    From = asked.GetValue(from),
                    Name = asked.GetValue(name),
                    Role = asked.GetValue(role) ?? "member",
                    Circle = asked.GetValue(circle),
                    Uses = asked.GetValue(uses),
                    Hours = asked.GetValue(expires) is { } end ? (end - DateTimeOffset.UtcNow).TotalHours : null,
                    AccountExpires = asked.GetValue(until),
                    Note = asked.GetValue(note),
                };
                verbs.PrintLink(await home.CreateInviteAsync(request, stop));
            },
            creates: true
        );
        foreach (Option option in (Option[])[from, name, role, circle, uses, expires, until, note])
            verb.Add(option);
        return verb;
    }

    private Command List()
    {
        Command verb = verbs.Make(
            "list",
            "All invites and reset links, without their tokens",
            async (asked, home, stop) =>
                verbs.PrintList(
                    asked,
                    await home.InvitesAsync(stop),
                    ApiJson.Default.IReadOnlyListInviteView,
                    ["ID", "FOR", "STATE", "ROLE", "CIRCLE", "USED", "FROM", "UNTIL", "NOTE"],
                    invite =>
                        [
                            invite.Id,
                            invite.Kind + (invite.Name is null ? "" : " " + invite.Name),
                            invite.State,
                            invite.Role,
                            invite.Circle ?? "-",
                            $"{invite.Used} of {invite.Uses}",
                            invite.From ?? "-",
                            Table.Moment(invite.Expires),
                            invite.Note ?? "",
                        ]
                )
        );
        verb.Add(verbs.Json);
        return verb;
    }

    private Command Revoke()
    {
        var id = new Argument<string>("ID") { Description = "As the list shows it" };
        Command verb = verbs.Make(
            "revoke",
            "End an invite or reset link",
            async (asked, home, stop) =>
            {
                await home.RevokeInviteAsync(asked.GetRequiredValue(id), stop);
                verbs.Terminal.Out.WriteLine("It is revoked.");
            }
        );
        verb.Add(id);
        return verb;
    }
}
