using System.Net;
using Serilog.Events;

namespace Kith.Options;

/// <summary>
/// All settings, one record per section. The values here are the built-in defaults; their names, their meaning and
/// how they are read stand in <see cref="SettingsTable"/>.
/// </summary>
internal sealed record KithOptions
{
    /// <summary>The XMPP domain in its normalised form; empty before the set-up.</summary>
    public string Domain { get; init; } = "";

    public ListenOptions Listen { get; init; } = new();
    public PublicOptions Public { get; init; } = new();
    public HomeOptions Home { get; init; } = new();
    public TlsOptions Tls { get; init; } = new();
    public FederationOptions Federation { get; init; } = new();
    public DnsOptions Dns { get; init; } = new();
    public ArchiveOptions Archive { get; init; } = new();
    public UploadsOptions Uploads { get; init; } = new();
    public RelayOptions Relay { get; init; } = new();
    public PushOptions Push { get; init; } = new();
    public ContactOptions Contact { get; init; } = new();
    public LimitsOptions Limits { get; init; } = new();
    public SessionsOptions Sessions { get; init; } = new();
    public LoggingOptions Logging { get; init; } = new();

    /// <summary>Secrets of programs beside Kith (XEP-0114) by their domains.</summary>
    public IReadOnlyDictionary<string, string> Components { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Base of every absolute URL, without a slash at its end: <c>Public:Url</c>, or what the domain and the HTTPS port
    /// make. Never taken from a request.
    /// </summary>
    public string PublicUrl =>
        Public.Url?.AbsoluteUri.TrimEnd('/')
        ?? $"https://{Domain}{(Listen.Https is 443 or 0 ? "" : string.Create(null, $":{Listen.Https}"))}";
}

/// <summary>Where Kith listens; a port 0 is off.</summary>
internal sealed record ListenOptions
{
    /// <summary>One address, or null for all of both families.</summary>
    public IPAddress? Address { get; init; }

    public int Http { get; init; } = 80;
    public int Https { get; init; } = 443;
    public int Client { get; init; } = 5222;
    public int ClientTls { get; init; } = 5223;
    public int Server { get; init; } = 5269;
    public int ServerTls { get; init; } = 5270;
    public int Relay { get; init; } = 3478;
    public int RelayTls { get; init; } = 5349;

    /// <summary>On loopback only.</summary>
    public int Component { get; init; }
    public PortRange RelayPorts { get; init; } = new(49152, 49215);
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];
}

/// <summary>How the world reaches this box.</summary>
internal sealed record PublicOptions
{
    public Uri? Url { get; init; }
}

/// <summary>The household as its pages show it; null where the set-up has not asked yet.</summary>
internal sealed record HomeOptions
{
    public string? Name { get; init; }
    public string? Language { get; init; }
    public TimeZoneInfo? TimeZone { get; init; }
}

/// <summary>Where the certificate comes from.</summary>
internal enum TlsMode
{
    Acme,
    Files,
    SelfSigned,
}

/// <summary>The certificate. Relative paths start in the data directory.</summary>
internal sealed record TlsOptions
{
    public TlsMode Mode { get; init; }

    /// <summary>PEM: the certificate, then those that lead to its root.</summary>
    public string? Certificate { get; init; }

    /// <summary>PEM; null when the key is in the certificate's file.</summary>
    public string? Key { get; init; }

    public Uri AcmeDirectory { get; init; } = new("https://acme-v02.api.letsencrypt.org/directory");
    public string? AcmeEmail { get; init; }
    public string? AcmeRootCertificate { get; init; }
}

/// <summary>Whom other servers' people may be.</summary>
internal enum FederationMode
{
    Open,
    AllowList,
    Off,
}

/// <summary>Other servers.</summary>
internal sealed record FederationOptions
{
    public FederationMode Mode { get; init; }

    /// <summary>The allow-list or, in <see cref="FederationMode.Open"/>, those with a leading <c>!</c> are refused.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>How long a message waits for a server that is known and down.</summary>
    public int QueueSeconds { get; init; } = 172_800;

    public IReadOnlyDictionary<string, HostPort> Hosts { get; init; } = new Dictionary<string, HostPort>();
    public string? TrustedRoots { get; init; }
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>Relative paths start in the data directory.</summary>
    public string? TrustedRootsIn(string dataDirectory) =>
        TrustedRoots is null ? null : Path.Combine(dataDirectory, TrustedRoots);
}

/// <summary>Name resolution; null asks the system's resolver.</summary>
internal sealed record DnsOptions
{
    public IPEndPoint? Server { get; init; }

    /// <summary>Whether that server validates (RFC 4035) and the way to it is safe.</summary>
    public bool Validating { get; init; }
}

/// <summary>The message archive; 0 days keeps for ever.</summary>
internal sealed record ArchiveOptions
{
    public int Days { get; init; }
}

/// <summary>Files that people share; 0 is no limit but the disk's.</summary>
internal sealed record UploadsOptions
{
    public long MaxBytes { get; init; } = 100L << 20;
    public long UserQuotaBytes { get; init; }
    public int Days { get; init; }

    /// <summary>Above this fill level of the disk the oldest uploads go first.</summary>
    public int DiskPercent { get; init; } = 80;
}

/// <summary>The TURN relay.</summary>
internal sealed record RelayOptions
{
    public IPAddress? ExternalAddress { get; init; }
    public bool AllowPrivatePeers { get; init; }
}

/// <summary>Pushes to browsers.</summary>
internal sealed record PushOptions
{
    public bool AllowPrivateAddresses { get; init; }
}

/// <summary>Who answers for this server (XEP-0157); empty: the admins.</summary>
internal sealed record ContactOptions
{
    public IReadOnlyList<string> Addresses { get; init; } = [];
}

/// <summary>Limits against abuse; where the table says so, 0 is off.</summary>
internal sealed record LimitsOptions
{
    public int AuthenticateSeconds { get; init; } = 30;
    public int UnauthenticatedPerAddress { get; init; } = 500;
    public int StanzaBytes { get; init; } = 256 << 10;
    public int ServerStanzaBytes { get; init; } = 512 << 10;
    public int UnauthenticatedStanzaBytes { get; init; } = 64 << 10;
    public int SignInFailures { get; init; } = 10;
    public int StanzasPerSecond { get; init; } = 200;
}

/// <summary>Sessions and their resumption (XEP-0198).</summary>
internal sealed record SessionsOptions
{
    public int ResumeSeconds { get; init; } = 600;
    public int PerAccount { get; init; } = 20;
}

/// <summary>The log.</summary>
internal sealed record LoggingOptions
{
    public LogEventLevel Level { get; init; } = LogEventLevel.Information;
}

/// <summary>Ports from the first to the last, both included.</summary>
internal readonly record struct PortRange(int First, int Last);

/// <summary>A host name or address, and a port.</summary>
internal readonly record struct HostPort(string Host, int Port);
