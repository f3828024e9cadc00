using Dns;
using Kith.Network;
using Kith.Options;
using Kith.Services;
using Storage;
using Xmpp.Server;
using Xmpp.Server.Federation;

namespace Kith;

/// <summary>
/// The household opened on its data directory, without a single port: what <c>kith run</c> serves, and what the other
/// verbs work on while the service is stopped.
/// </summary>
internal sealed class Appliance : IAsyncDisposable
{
    private readonly DataDirectoryLock _lock;
    private readonly Database _database;
    private readonly BrowserPush? _push;

    private Appliance(
        DataDirectoryLock held,
        Database database,
        UploadDirectory uploads,
        BrowserPush? push,
        XmppServer server
    )
    {
        (_lock, _database, Uploads, _push, Server) = (held, database, uploads, push, server);
    }

    /// <summary>Who may use the relay; null while the home has no address.</summary>
    public RelayAccess? Relay { get; private init; }

    public XmppServer Server { get; }

    /// <summary>Who is asked where others are.</summary>
    public required Resolver Resolver { get; init; }

    /// <summary>What is wrong with the database, which is then open for reading only; null when nothing is.</summary>
    public string? Damage => _database.Damage;

    /// <summary>The files that people have uploaded.</summary>
    public UploadDirectory Uploads { get; }

    /// <summary>Opens it; null when another process has it open.</summary>
    /// <exception cref="Xmpp.Server.Stores.StorageException">The database cannot be used; the message says why.</exception>
    public static Appliance? TryOpen(string dataDirectory, KithOptions options, TimeProvider time, ILoggerFactory logs)
    {
        if (!DataDirectoryLock.TryTake(dataDirectory, out DataDirectoryLock? held))
            return null;
        ILogger storage = logs.CreateLogger("Storage");
        void Warn(string message, Exception? error) => Log.Storage(storage, error, message);
        var database = Database.Open(
            new DatabaseOptions
            {
                Path = Path.Combine(dataDirectory, "kith.db"),
                Time = time,
                Warn = Warn,
            }
        );
        var uploads = new UploadDirectory(Path.Combine(dataDirectory, "uploads"), Warn);
        var stores = new StoreSet(
            database,
            new SqliteAccountStore(),
            new SqliteHouseholdStore(),
            new SqliteRosterStore(),
            new SqliteArchiveStore(),
            new SqliteSessionStore(),
            new SqliteUploadStore(),
            uploads,
            new SqlitePubSubStore(),
            new SqlitePushStore(),
            new SqliteRoomStore(),
            new SqliteServerQueueStore()
        );
        Secrets secrets = Secrets.Load(dataDirectory);
        Resolver resolver = HostNames.Resolver(options, time);
        var push = BrowserPush.TryCreate(options, secrets.WebPush, new HostNames(resolver), time, logs);
        RelayAccess? relay = options.Domain.Length == 0 ? null : new RelayAccess(options, time);
        ServerOptions server = ServerOptionsOf(options, secrets, push) with { ExternalServices = relay };
        var xmpp = new XmppServer(server, stores, time, logs.CreateLogger("Xmpp"));
        return new Appliance(held, database, uploads, push, xmpp) { Resolver = resolver, Relay = relay };
    }

    /// <summary>Talks to other servers from now on.</summary>
    public void Federate(KithOptions options, IPeerConnector connector) =>
        Server.Federate(
            new Xmpp.Server.Federation.FederationOptions
            {
                Connector = connector,
                EarliestTime = ThisProgram.Built,
                Mode = options.Federation.Mode switch
                {
                    Options.FederationMode.Open => Xmpp.Server.Federation.FederationMode.Open,
                    Options.FederationMode.AllowList => Xmpp.Server.Federation.FederationMode.AllowList,
                    _ => Xmpp.Server.Federation.FederationMode.Off,
                },
                Domains = options.Federation.Domains,
                StanzaBytes = options.Limits.ServerStanzaBytes,
                QueueTime = TimeSpan.FromSeconds(options.Federation.QueueSeconds),
            }
        );

    private static ServerOptions ServerOptionsOf(KithOptions options, Secrets secrets, BrowserPush? push) =>
        new()
        {
            Domain = options.Domain,
            PublicUrl = options.PublicUrl,
            HomeName = options.Home.Name ?? "",
            Language = options.Home.Language,
            TimeZone = options.Home.TimeZone ?? TimeZoneInfo.Local,
            Secret = secrets.Server,
            TokenKey = secrets.Tokens,
            WebPush = push,
            Version = ThisProgram.Version,
            AuthenticateSeconds = options.Limits.AuthenticateSeconds,
            UnauthenticatedPerAddress = options.Limits.UnauthenticatedPerAddress,
            StanzaBytes = options.Limits.StanzaBytes,
            UnauthenticatedStanzaBytes = options.Limits.UnauthenticatedStanzaBytes,
            SignInFailures = options.Limits.SignInFailures,
            StanzasPerSecond = options.Limits.StanzasPerSecond,
            ResumeSeconds = options.Sessions.ResumeSeconds,
            SessionsPerAccount = options.Sessions.PerAccount,
            ArchiveDays = options.Archive.Days,
            UploadMaxBytes = options.Uploads.MaxBytes,
            UploadQuotaBytes = options.Uploads.UserQuotaBytes,
            UploadDays = options.Uploads.Days,
            ContactAddresses = options.Contact.Addresses,
            Components = options.Components,
        };

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _push?.Dispose();
        Resolver.Dispose();
        await Uploads.DisposeAsync();
        _database.Dispose();
        _lock.Dispose();
    }
}
