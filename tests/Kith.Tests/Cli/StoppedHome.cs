using Kith.Cli;
using Kith.Tests.Program;

namespace Kith.Tests.Cli;

/// <summary>A data directory whose service is stopped, and the command line on it in this process.</summary>
internal sealed class StoppedHome : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Data => _folder.At("data");

    public string At(string name) => _folder.At(name);

    /// <summary>Runs a verb; <c>--data</c> and a domain are given to it.</summary>
    public Task<Outcome> RunAsync(params string[] arguments) => RunWithAsync("", arguments);

    public Task<Outcome> RunWithAsync(string input, params string[] arguments) =>
        RunBareAsync(input, [.. arguments, "--data", Data, "--set", "Domain=home.example"]);

    /// <summary>Exactly these arguments.</summary>
    public static async Task<Outcome> RunBareAsync(string input, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var terminal = new Terminal
        {
            In = new StringReader(input),
            Out = output,
            Error = error,
        };
        int code = await KithCommands.RunAsync(arguments, terminal, (_, _, _) => Task.FromResult(0));
        return new Outcome(code, output.ToString(), error.ToString());
    }

    public void Dispose() => _folder.Dispose();
}
