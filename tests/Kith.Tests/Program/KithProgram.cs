using System.Diagnostics;

namespace Kith.Tests.Program;

/// <summary>What a command printed, and its exit code.</summary>
internal sealed record Outcome(int ExitCode, string Output, string Error);

/// <summary>The published program: the file that <c>KITH</c> names, else the one in <c>artifacts/publish</c>.</summary>
internal static class KithProgram
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    public static string Path { get; } =
        Environment.GetEnvironmentVariable("KITH") is { Length: > 0 } named
            ? named
            : System.IO.Path.Combine(Root(), "artifacts", "publish", "kith");

    /// <summary>The long forms of the tests are asked for.</summary>
    public static bool Long => Environment.GetEnvironmentVariable("KITH_LONG") is { Length: > 0 };

    /// <summary>Runs a command to its end.</summary>
    public static Task<Outcome> RunAsync(params string[] arguments) => RunWithAsync("", arguments);

    /// <summary>The same with standard input.</summary>
    public static async Task<Outcome> RunWithAsync(string input, params string[] arguments)
    {
        using Process process = Start(arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync().WaitAsync(_patience);
        }
        catch (TimeoutException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"kith {string.Join(' ', arguments)} did not end: {await output}{await error}",
                late
            );
        }
        return new Outcome(process.ExitCode, await output, await error);
    }

    public static Process Start(string[] arguments, string[]? before = null, string? notifySocket = null)
    {
        if (!File.Exists(Path))
            throw new FileNotFoundException(
                $"{Path} is missing: tests/run.sh makes it, or dotnet publish src/Kith -c Release -r linux-x64 -o artifacts/publish"
            );
        string[] whole = [.. before ?? [], Path, .. arguments];
        var start = new ProcessStartInfo(whole[0], whole[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(IsOurs).ToList())
            start.Environment.Remove(name);
        if (notifySocket is not null)
            start.Environment["NOTIFY_SOCKET"] = notifySocket;
        return Process.Start(start)!;
    }

    // The program gets its settings from the test alone.
    private static bool IsOurs(string variable) =>
        variable is "NOTIFY_SOCKET" || variable.StartsWith("KITH__", StringComparison.Ordinal);

    private static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "Appliance.sln")))
            folder = System.IO.Path.GetDirectoryName(folder);
        return folder ?? AppContext.BaseDirectory;
    }
}
