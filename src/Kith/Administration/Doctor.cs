using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Dns;
using Kith.Listeners.Certificates;
using Kith.Network;
using Kith.Options;

namespace Kith.Administration;

/// <summary>
/// <c>kith doctor</c>: what a person would look at when something is wrong, one finding each with what to do. It covers
/// the parts of the appliance that exist.
/// </summary>
/// <param name="time">The clock that it looks at.</param>
/// <param name="certificate">The one in use; null while the service is stopped.</param>
internal sealed class Doctor(
    string dataDirectory,
    KithOptions options,
    TimeProvider time,
    Func<ServerCertificate>? certificate = null
)
{
    private const long MegaByte = 1L << 20;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _renewal = TimeSpan.FromDays(14);

    /// <summary>What is wrong with the database; null when nothing is, or nobody has looked.</summary>
    public string? Damage { get; init; }

    /// <summary>Looks at the relay of calls; null while the service is stopped.</summary>
    public Func<CancellationToken, Task<FindingView?>>? Relay { get; init; }

    private bool IsRunning => certificate is not null;

    public async Task<IReadOnlyList<FindingView>> ExamineAsync(CancellationToken cancellation) =>
        [
            Service(),
            .. Database(),
            Domain(),
            .. await NamesAsync(cancellation),
            .. Ports(),
            .. await RelayAsync(cancellation),
            Certificate(),
            Clock(),
            Disk(),
            Memory(),
        ];

    /// <summary>What is left to say when the household cannot even be opened.</summary>
    public static FindingView Broken(string message) => Fail("service", message, "see the log: journalctl -u kith");

    private FindingView Service() =>
        IsRunning
            ? Ok("service", $"Kith {ThisProgram.Version} is running")
            : Warn("service", "Kith is not running", "start it: systemctl start kith, or kith run");

    private FindingView[] Database() => Damage is null ? [] : [Fail("database", Damage, "restore a backup")];

    private FindingView Domain() =>
        options.Domain.Length > 0
            ? Ok("domain", $"{options.Domain}, on the web at {options.PublicUrl}")
            : Fail("domain", "the home has no address yet", "set Domain in kith.json");

    // ---- names ----

    private async Task<IReadOnlyList<FindingView>> NamesAsync(CancellationToken cancellation)
    {
        bool known =
            options.Domain.Length > 0
            && !options.Domain.EndsWith(".localhost", StringComparison.Ordinal)
            && options.Domain != "localhost";
        if (!known)
            return [];
        // One of its own: what is kept elsewhere may be what is wrong.
        using Resolver resolver = HostNames.Resolver(options, TimeProvider.System);
        var names = new HostNames(resolver);
        return await Task.WhenAll(
            NameAsync(names, options.Domain, cancellation),
            NameAsync(names, "groups." + options.Domain, cancellation)
        );
    }

    private static async Task<FindingView> NameAsync(HostNames names, string name, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_patience);
        string advice = $"add an A or AAAA record for {name} with this box's public address";
        try
        {
            IPAddress[] addresses = await names.AddressesAsync(name, patience.Token);
            return addresses.Length > 0
                ? Ok("dns", $"{name} is {string.Join(", ", addresses.Select(address => address.ToString()))}")
                : Warn("dns", $"{name} has no address", advice);
        }
        catch (Exception unknown) when (unknown is SocketException or IOException)
        {
            return unknown is SocketException
                ? Warn("dns", $"{name} is not found", advice)
                : Warn("dns", $"no answer about {unknown.Message}", "look at the network's resolver");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Warn(
                "dns",
                $"no answer about {name} within {_patience.Seconds} s",
                "look at the network's resolver"
            );
        }
    }

    // ---- ports ----

    private IEnumerable<FindingView> Ports()
    {
        Options.ListenOptions listen = options.Listen;
        HashSet<int> open =
        [
            .. IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port),
        ];
        (string Key, int Port)[] all =
        [
            ("Listen:Http", listen.Http),
            ("Listen:Https", listen.Https),
            ("Listen:Client", listen.Client),
            ("Listen:ClientTls", listen.ClientTls),
            ("Listen:Relay", listen.Relay),
            ("Listen:RelayTls", listen.RelayTls),
        ];
        foreach (var (key, port) in all)
            if (port != 0)
                yield return Port(key, port, open.Contains(port));
    }

    private FindingView Port(string key, int port, bool open) =>
        (IsRunning, open) switch
        {
            (true, true) => Ok("port", $"{port} is open ({key})"),
            (true, false) => Fail("port", $"{port} is not open ({key})", "restart Kith; its log says why"),
            (false, false) => Ok("port", $"{port} is free ({key})"),
            _ => Fail("port", $"{port} is taken by another program ({key})", $"see which: ss -ltnp sport = :{port}"),
        };

    private async Task<FindingView[]> RelayAsync(CancellationToken cancellation) =>
        Relay is not null && await Relay(cancellation) is { } finding ? [finding] : [];

    // ---- certificate ----

    private FindingView Certificate()
    {
        if (certificate?.Invoke() is not { } current)
            return Warn("certificate", "known while Kith runs only", null);
        DateTimeOffset now = time.GetUtcNow();
        string until = current.NotAfter.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture);
        if (now < current.NotBefore)
            return Fail("certificate", "begins in the future", "look at the clock");
        if (current.NotAfter <= now)
            return Fail("certificate", $"ended on {until}", "apps refuse it: give a new one (Tls:Certificate)");
        if (current.NotAfter - now < _renewal)
            return Warn("certificate", $"ends on {until}", "give a new one in time (Tls:Certificate)");
        return options.Tls.Mode == TlsMode.Files
            ? Ok("certificate", $"good until {until}")
            : Warn(
                "certificate",
                $"made by this box itself, good until {until}",
                "apps warn of it: set Tls:Mode to files, and give one that they trust"
            );
    }

    // ---- the box ----

    private FindingView Clock()
    {
        DateTimeOffset now = time.GetUtcNow();
        string shown = now.ToString("u", CultureInfo.InvariantCulture);
        if (now < ThisProgram.Built)
            return Fail(
                "clock",
                $"{shown} is in the past",
                "other servers are not reached before it is set: timedatectl"
            );
        bool kept = Directory.Exists("/run/systemd/timesync");
        return kept && !File.Exists("/run/systemd/timesync/synchronized")
            ? Warn("clock", $"{shown}, not compared with the network yet", "timedatectl timesync-status says why")
            : Ok("clock", shown);
    }

    private FindingView Disk()
    {
        var drive = new DriveInfo(Path.GetFullPath(dataDirectory));
        long free = drive.AvailableFreeSpace / MegaByte;
        int percent = (int)(100 * drive.AvailableFreeSpace / Math.Max(1, drive.TotalSize));
        string text = $"{free:N0} MB free ({percent} %) for {dataDirectory}";
        return free switch
        {
            < 64 => Fail("disk", text, "new messages are refused: make room"),
            < 1024 => Warn("disk", text, "make room soon"),
            _ => Ok("disk", text),
        };
    }

    private static FindingView Memory()
    {
        long own = Environment.WorkingSet / MegaByte;
        long available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MegaByte;
        if (File.Exists("/proc/meminfo") && Available(File.ReadLines("/proc/meminfo")) is { } kilobytes)
            available = kilobytes / 1024;
        string text = $"{available:N0} MB available, {own:N0} MB used by this process";
        return available < 64 ? Warn("memory", text, "end other programs on this box") : Ok("memory", text);
    }

    private static long? Available(IEnumerable<string> lines)
    {
        foreach (string line in lines)
            if (line.StartsWith("MemAvailable:", StringComparison.Ordinal))
                return long.Parse(
                    line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
                    CultureInfo.InvariantCulture
                );
        return null;
    }

    private static FindingView Ok(string check, string message) => new(check, "ok", message, null);

    private static FindingView Warn(string check, string message, string? advice) =>
        new(check, "warn", message, advice);

    private static FindingView Fail(string check, string message, string? advice) =>
        new(check, "fail", message, advice);
}
