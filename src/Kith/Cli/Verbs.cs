using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kith.Administration;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;

namespace Kith.Cli;

/// <summary>What an administration verb does with the household.</summary>
internal delegate Task VerbAction(ParseResult asked, IAdministration home, CancellationToken cancellation);

/// <summary>What all verbs have in common: their options, the way to the household, and their exit code.</summary>
internal sealed class Verbs(Terminal terminal)
{
    /// <summary>Refused or failed.</summary>
    public const int Refused = 1;

    private static readonly JsonSerializerOptions _readable = new(ApiJson.Default.Options)
    {
        WriteIndented = true,
        // For people and pipes, not for a page's script.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public Terminal Terminal { get; } = terminal;

    public Option<string> Data { get; } =
        new("--data")
        {
            Description = "The data directory",
            HelpName = "DIR",
            DefaultValueFactory = _ => "/var/lib/kith",
        };

    public Option<string[]> Set { get; } =
        new("--set")
        {
            Description = "A setting, Section:Key=VALUE; may be given more than once",
            HelpName = "KEY=VALUE",
            AllowMultipleArgumentsPerToken = false,
        };

    public Option<bool> Json { get; } = new("--json") { Description = "Print JSON" };

    public Option<bool> Yes { get; } = new("--yes") { Description = "Do not ask" };

    /// <summary>A verb that works on the household, in the running service or, while it is stopped, by itself.</summary>
    /// <param name="creates">It may be the first thing that is ever done with the data directory.</param>
    public Command Make(string name, string description, VerbAction act, bool creates = false)
    {
        var verb = new Command(name, description) { Data, Set };
        verb.SetAction((asked, cancellation) => RunAsync(asked, act, creates, cancellation));
        return verb;
    }

    private async Task<int> RunAsync(ParseResult asked, VerbAction act, bool creates, CancellationToken cancellation)
    {
        try
        {
            await using IAdministration home = await Administrations.OpenAsync(
                asked.GetRequiredValue(Data),
                asked.GetValue(Set) ?? [],
                creates,
                cancellation
            );
            await act(asked, home, cancellation);
            return 0;
        }
        catch (Exception fault) when (IsExpected(fault))
        {
            Terminal.Error.WriteLine(fault.Message);
            return Refused;
        }
    }

    /// <summary>Told in one line, without a trace.</summary>
    public static bool IsExpected(Exception fault) =>
        fault
            is RefusedException
                or StorageException
                or CommandException
                or IOException
                or InvalidDataException
                or UnauthorizedAccessException
                or HttpRequestException;

    /// <summary>Prints a list as JSON or as a table.</summary>
    public void PrintList<T>(
        ParseResult asked,
        IReadOnlyList<T> items,
        JsonTypeInfo<IReadOnlyList<T>> type,
        string[] headings,
        Func<T, string[]> row
    )
    {
        if (asked.GetValue(Json))
        {
            var readable = (JsonTypeInfo<IReadOnlyList<T>>)_readable.GetTypeInfo(type.Type);
            Terminal.Out.WriteLine(JsonSerializer.Serialize(items, readable));
        }
        else
        {
            Table.Write(Terminal.Out, headings, items.Select(row));
        }
    }

    /// <summary>Prints a link with its <c>xmpp:</c> twin and, for a person, how long it lasts and a QR code.</summary>
    public void PrintLink(LinkView link)
    {
        Terminal.Out.WriteLine(link.Url);
        Terminal.Out.WriteLine(link.Uri);
        if (!Terminal.ShowsOutput)
            return;
        Terminal.Out.WriteLine($"Good until {Table.Moment(link.Expires)}.");
        Terminal.Out.WriteLine();
        QrCode.Write(Terminal.Out, link.Url);
    }
}
