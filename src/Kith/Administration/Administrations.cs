using Kith.Listeners;
using Kith.Options;
using Microsoft.Extensions.Logging.Abstractions;
using Xmpp.Server.Household;

namespace Kith.Administration;

/// <summary>Finds the way to the household: the running service, or the data directory itself while it is stopped.</summary>
internal static class Administrations
{
    // The service may just be starting or stopping, and another command may be at work.
    private const int Attempts = 40;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    /// <param name="dataDirectory">Where the household is.</param>
    /// <param name="sets">The values of <c>--set</c>; they count while the service is stopped.</param>
    /// <param name="create">The directory is made where it is missing.</param>
    /// <exception cref="RefusedException">There is no way, in words.</exception>
    public static async Task<IAdministration> OpenAsync(
        string dataDirectory,
        IReadOnlyList<string> sets,
        bool create,
        CancellationToken cancellation
    )
    {
        if (!create && !Directory.Exists(dataDirectory))
            throw new RefusedException(
                Refusal.BadRequest,
                $"There is no directory {dataDirectory}: give the home's with --data DIR"
            );
        string socket = ControlSocket.PathIn(dataDirectory);
        for (int attempt = 1; ; attempt++)
        {
            if (await RemoteAdministration.TryConnectAsync(socket, cancellation) is { } running)
                return running;
            if (TryOpen(dataDirectory, sets) is { } stopped)
                return stopped;
            if (attempt == Attempts)
                throw new RefusedException(
                    Refusal.BadRequest,
                    $"{dataDirectory} is in use, and {socket} does not answer: Kith is starting, or another command is at work"
                );
            await Task.Delay(_pause, cancellation);
        }
    }

    private static LocalAdministration? TryOpen(string dataDirectory, IReadOnlyList<string> sets)
    {
        SettingsResult settings = SettingsReader.Read(dataDirectory, sets);
        if (settings.Options is not { } options)
            throw new RefusedException(Refusal.BadRequest, string.Join(Environment.NewLine, settings.Problems));
        KithOptions named =
            options.Domain.Length == 0 ? options with { Domain = LocalAdministration.NoDomain } : options;
        Appliance? appliance = Appliance.TryOpen(dataDirectory, named, TimeProvider.System, NullLoggerFactory.Instance);
        if (appliance is null)
            return null;
        if (options.Federation.Mode != FederationMode.Off)
            appliance.Server.KeepForOthers();
        return new LocalAdministration(
            appliance.Server,
            cancellation => new Doctor(dataDirectory, options, TimeProvider.System).ExamineAsync(cancellation),
            appliance
        );
    }
}
