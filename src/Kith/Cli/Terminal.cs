using System.Text;

namespace Kith.Cli;

/// <summary>Where a command reads and writes, and whether a person sits there.</summary>
internal sealed class Terminal
{
    /// <summary>The process's own by default, and only when it is read: a terminal is set up by that.</summary>
    public TextReader In
    {
        get => field ??= Console.In;
        init;
    }
    public required TextWriter Out { get; init; }
    public required TextWriter Error { get; init; }

    /// <summary>A person reads what is printed.</summary>
    public bool ShowsOutput { get; init; }

    /// <summary>A person reads what is told on the side: progress.</summary>
    public bool ShowsError { get; init; }

    /// <summary>A person can be asked.</summary>
    public bool Asks { get; init; }

    public static Terminal OfProcess() =>
        new()
        {
            Out = Console.Out,
            Error = Console.Error,
            ShowsOutput = !Console.IsOutputRedirected,
            ShowsError = !Console.IsErrorRedirected,
            Asks = !Console.IsInputRedirected && !Console.IsOutputRedirected,
        };

    /// <summary>A password: the first line of standard input; from a person without showing it.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public string ReadPassword()
    {
        if (Asks)
            return ReadHidden();
        string? line = In.ReadLine();
        return line is { Length: > 0 } ? line : throw new CommandException("No password came on standard input.");
    }

    private string ReadHidden()
    {
        Error.Write("Password: ");
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
                typed.Length -= Math.Min(1, typed.Length);
            else if (key.KeyChar != '\0')
                typed.Append(key.KeyChar);
        }
        Error.WriteLine();
        return typed.ToString();
    }

    /// <summary>Asks once before what cannot be undone; where nobody can be asked it is taken as meant.</summary>
    public bool Confirms(string question)
    {
        if (!Asks)
            return true;
        Error.Write(question + " [y/N] ");
        return In.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}

/// <summary>The command cannot go on; one line says why.</summary>
internal sealed class CommandException(string message) : Exception(message);
