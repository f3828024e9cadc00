using System.CommandLine;
using Kith.Administration;

namespace Kith.Cli;

/// <summary>Runs the appliance; returns the exit code.</summary>
internal delegate Task<int> RunAppliance(
    string dataDirectory,
    IReadOnlyList<string> sets,
    CancellationToken cancellation
);

/// <summary><c>kith run</c>, <c>kith doctor</c>, <c>kith version</c>.</summary>
internal sealed class ServiceVerbs(Verbs verbs)
{
    public Command Run(RunAppliance run)
    {
        var verb = new Command("run", "Run the appliance in the foreground until SIGTERM or SIGINT")
        {
            verbs.Data,
            verbs.Set,
        };
        verb.SetAction(
            (asked, cancellation) =>
                run(asked.GetRequiredValue(verbs.Data), asked.GetValue(verbs.Set) ?? [], cancellation)
        );
        return verb;
    }

    public Command Doctor()
    {
        var verb = new Command("doctor", "Look at everything, and say what to do")
        {
            verbs.Data,
            verbs.Set,
            verbs.Json,
        };
        verb.SetAction(DoctorAsync);
        return verb;
    }

    private async Task<int> DoctorAsync(ParseResult asked, CancellationToken cancellation)
    {
        IReadOnlyList<FindingView> findings = await ExamineAsync(asked, cancellation);
        if (asked.GetValue(verbs.Json))
            verbs.PrintList(asked, findings, ApiJson.Default.IReadOnlyListFindingView, [], _ => []);
        else
            foreach (FindingView finding in findings)
                verbs.Terminal.Out.WriteLine(
                    $"{finding.State, -4}  {finding.Check}: {finding.Message}"
                        + (finding.Advice is null ? "" : $"; {finding.Advice}")
                );
        return findings.Any(finding => finding.State == "fail") ? Verbs.Refused : 0;
    }

    private async Task<IReadOnlyList<FindingView>> ExamineAsync(ParseResult asked, CancellationToken cancellation)
    {
        try
        {
            await using IAdministration home = await Administrations.OpenAsync(
                asked.GetRequiredValue(verbs.Data),
                asked.GetValue(verbs.Set) ?? [],
                create: false,
                cancellation
            );
            return await home.DoctorAsync(cancellation);
        }
        catch (Exception fault) when (Verbs.IsExpected(fault))
        {
            return [Administration.Doctor.Broken(fault.Message)];
        }
    }

    public Command Version()
    {
        var verb = new Command("version", "Version, commit and runtime") { verbs.Data };
        verb.SetAction(_ =>
        {
            string commit = ThisProgram.Commit.Length == 0 ? "" : $" ({ThisProgram.Commit})";
            verbs.Terminal.Out.WriteLine($"kith {ThisProgram.Version}{commit}, {ThisProgram.Runtime}");
        });
        return verb;
    }
}
