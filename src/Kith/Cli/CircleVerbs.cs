using System.CommandLine;
using Kith.Administration;

namespace Kith.Cli;

/// <summary><c>kith circle …</c>.</summary>
internal sealed class CircleVerbs(Verbs verbs)
{
    private readonly Argument<string> _circle = new("CIRCLE") { Description = "The circle's name" };
    private readonly Argument<string> _name = new("NAME") { Description = "Whose name" };

    private Terminal Terminal => verbs.Terminal;

    public Command Build() =>
        new("circle", "Circles: people who see each other at once")
        {
            Create(),
            List(),
            Remove(),
            Member("add", "Somebody joins a circle", true),
            Member("drop", "Somebody leaves a circle", false),
        };

    private Command Create()
    {
        Command verb = verbs.Make(
            "create",
            "Make a circle",
            async (asked, home, stop) =>
            {
                await home.CreateCircleAsync(asked.GetRequiredValue(_circle), stop);
                Terminal.Out.WriteLine($"There is a circle “{asked.GetRequiredValue(_circle).Trim()}” now.");
            },
            creates: true
        );
        verb.Add(_circle);
        return verb;
    }

    private Command List()
    {
        Command verb = verbs.Make(
            "list",
            "All circles and who is in them",
            async (asked, home, stop) =>
                verbs.PrintList(
                    asked,
                    await home.CirclesAsync(stop),
                    ApiJson.Default.IReadOnlyListCircleView,
                    ["CIRCLE", "MEMBERS"],
                    circle => [circle.Name, circle.Members.Count == 0 ? "-" : string.Join(", ", circle.Members)]
                )
        );
        verb.Add(verbs.Json);
        return verb;
    }

    private Command Remove()
    {
        Command verb = verbs.Make(
            "remove",
            "Remove a circle; its people stay, its invites end",
            async (asked, home, stop) =>
            {
                string circle = asked.GetRequiredValue(_circle);
                if (!asked.GetValue(verbs.Yes) && !Terminal.Confirms($"Remove the circle “{circle}”?"))
                    throw new CommandException("Nothing was removed.");
                await home.RemoveCircleAsync(circle, stop);
                Terminal.Out.WriteLine($"The circle “{circle}” is removed.");
            }
        );
        verb.Add(_circle);
        verb.Add(verbs.Yes);
        return verb;
    }

    private Command Member(string name, string description, bool joins)
    {
        Command verb = verbs.Make(
            name,
            description,
            async (asked, home, stop) =>
            {
                string circle = asked.GetRequiredValue(_circle);
                string person = asked.GetRequiredValue(_name);
                await home.SetMemberAsync(circle, person, joins, stop);
                Terminal.Out.WriteLine($"{person} is {(joins ? "in" : "no longer in")} the circle “{circle}”.");
            }
        );
        verb.Add(_circle);
        verb.Add(_name);
        return verb;
    }
}
