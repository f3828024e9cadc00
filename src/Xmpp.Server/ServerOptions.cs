namespace Xmpp.Server;

/// <summary>What the server needs to know of the settings (interface.md, "Settings"); defaults are those of there.</summary>
public sealed record ServerOptions
{
    /// <summary>The XMPP domain, prepared.</summary>
    public required string Domain { get; init; }

    /// <summary>Base of every absolute URL, without a slash at the end.</summary>
    public required string PublicUrl { get; init; }
    public string HomeName { get; init; } = "";

    /// <summary>Language tag of what the box itself writes; null: English.</summary>
    public string? Language { get; init; }

    /// <summary>Quiet hours are in it.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Local;

    /// <summary>At least 32 random bytes that never change: fake salts, stream ids.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>32 random bytes from a file beside the database, under which FAST tokens are kept; empty: no tokens.</summary>
    public byte[] TokenKey { get; init; } = [];

    /// <summary>The way to browsers' push services; null: the box is no app server.</summary>
    public Push.IWebPush? WebPush { get; init; }

    /// <summary>STUN and TURN (XEP-0215); null: none.</summary>
    public Extensions.IExternalServices? ExternalServices { get; init; }
    public string Version { get; init; } = "";
    public int AuthenticateSeconds { get; init; } = 30;
    public int UnauthenticatedPerAddress { get; init; } = 500;
    public int StanzaBytes { get; init; } = 262144;
    public int UnauthenticatedStanzaBytes { get; init; } = 65536;
    public int SignInFailures { get; init; } = 10;
    public int StanzasPerSecond { get; init; } = 200;
    public int ResumeSeconds { get; init; } = 600;
    public int SessionsPerAccount { get; init; } = 20;
    public int ArchiveDays { get; init; }

    /// <summary>The largest uploaded file; 0 for no limit.</summary>
    public long UploadMaxBytes { get; init; } = 100L << 20;

    /// <summary>All of one account's uploaded files together; 0 for no limit.</summary>
    public long UploadQuotaBytes { get; init; }

    /// <summary>Days after which an attachment goes; 0 for never.</summary>
    public int UploadDays { get; init; }
    public IReadOnlyList<string> ContactAddresses { get; init; } = [];

    /// <summary>Secrets of components (XEP-0114) by their prepared domains.</summary>
    public IReadOnlyDictionary<string, string> Components { get; init; } = new Dictionary<string, string>();

    public string RoomsDomain => "groups." + Domain;
}
