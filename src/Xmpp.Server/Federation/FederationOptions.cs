namespace Xmpp.Server.Federation;

/// <summary>Which other servers are talked to (interface.md, <c>Federation:Mode</c>).</summary>
public enum FederationMode
{
    /// <summary>All but those that are denied.</summary>
    Open,

    /// <summary>Those that are named.</summary>
    AllowList,

    /// <summary>None, but for app servers that devices have chosen (laws, "The world outside" 2).</summary>
    Off,
}

/// <summary>How the home talks to other servers.</summary>
public sealed record FederationOptions
{
    /// <summary>The way to them.</summary>
    public required IPeerConnector Connector { get; init; }
    public FederationMode Mode { get; init; }

    /// <summary>While the clock says less than this, it was not set yet, and nobody is reached out for.</summary>
    public DateTimeOffset EarliestTime { get; init; }

    /// <summary>Prepared domains: those allowed or, with a leading <c>!</c>, those denied.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>The largest stanza of another server, in bytes.</summary>
    public int StanzaBytes { get; init; } = 524288;

    /// <summary>How long a message waits for a server that is known and down: two days, as mail servers warn after one.</summary>
    public TimeSpan QueueTime { get; init; } = TimeSpan.FromHours(48);

    /// <summary>How long presence and IQs wait, and messages for a server that was never reached.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A stream over which nothing goes is closed after this.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>For so long after a cut both sides go on where they stopped (XEP-0198 §5).</summary>
    public TimeSpan ResumeTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Stanzas that may wait for one server.</summary>
    public int MostStanzas { get; init; } = 2_000;

    /// <summary>Bytes that may wait for one server.</summary>
    public long MostBytes { get; init; } = 8 << 20;

    /// <summary>Bytes that may wait for all of them.</summary>
    public long MostBytesInAll { get; init; } = 64 << 20;

    /// <summary>Servers that one account may be the first to reach out for in ten minutes.</summary>
    public int NewDomainsPerAccount { get; init; } = 30;

    /// <summary>Attempts to connect at once; and as many of those by which keys are asked about.</summary>
    public int ConnectsAtOnce { get; init; } = 16;
}
