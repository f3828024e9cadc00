using System.CommandLine;

namespace Kith.Cli;

/// <summary>The command line of <c>kith</c> (interface.md, "The command"). Exit codes: 0 done, 1 refused, 2 wrong usage.</summary>
internal static class KithCommands
{
    private const int WrongUsage = 2;

    public static RootCommand Build(Terminal terminal, RunAppliance run)
    {
        var verbs = new Verbs(terminal);
        var service = new ServiceVerbs(verbs);
        return new RootCommand("Kith: a family's own messenger. One process: the service, and its administration.")
        {
            service.Run(run),
            new UserVerbs(verbs).Build(),
            new CircleVerbs(verbs).Build(),
            new InviteVerbs(verbs).Build(),
            service.Doctor(),
            service.Version(),
        };
    }

    /// <summary>Does what the arguments say; returns the exit code.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Terminal terminal, RunAppliance run)
    {
        // A name or a note may begin with @.
        var parsing = new ParserConfiguration { ResponseFileTokenReplacer = null };
        ParseResult asked = Build(terminal, run).Parse(arguments, parsing);
        if (arguments.Count == 0)
        {
            await terminal.Error.WriteLineAsync("What shall it do? kith --help lists the verbs.");
            return WrongUsage;
        }
        if (asked.Errors.Count > 0)
        {
            await terminal.Error.WriteLineAsync(asked.Errors[0].Message);
            await terminal.Error.WriteLineAsync($"Try: kith {Path(asked)}--help");
            return WrongUsage;
        }
        var invoking = new InvocationConfiguration
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
            // The service ends in order by itself; the other verbs may be ended at any moment.
            ProcessTerminationTimeout = null,
        };
        return await asked.InvokeAsync(invoking);
    }

    private static string Path(ParseResult asked)
    {
        string path = "";
        for (Command? at = asked.CommandResult.Command; at is not null and not RootCommand; )
        {
            path = $"{at.Name} {path}";
            at = at.Parents.OfType<Command>().FirstOrDefault();
        }
        return path;
    }
}
