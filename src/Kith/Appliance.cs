using Kith.Options;
using Storage;
using Xmpp.Server;

namespace Kith;

/// <summary>
/// The household opened on its data directory, without a single port: what <c>kith run</c> serves, and what the other
/// verbs work on while the service is stopped.
/// </summary>
internal sealed class Appliance : IAsyncDisposable
{
    private readonly DataDirectoryLock _lock;
    private readonly Database _database;

    private Appliance(DataDirectoryLock held, Database database, XmppServer server)
    {
        (_lock, _database, Server) = (held, database, server);
    }

    public XmppServer Server { get; }

    /// <summary>What is wrong with the database, which is then open for reading only; null when nothing is.</summary>
    public string? Damage => _database.Damage;

    /// <summary>Opens it; null when another process has it open.</summary>
    /// <exception cref="Xmpp.Server.Stores.StorageException">The database cannot be used; the message says why.</exception>
    public static Appliance? TryOpen(string dataDirectory, KithOptions options, TimeProvider time, ILoggerFactory logs)
    {
        if (!DataDirectoryLock.TryTake(dataDirectory, out DataDirectoryLock? held))
            return null;
        ILogger storage = logs.CreateLogger("Storage");
        var database = Database.Open(
            new DatabaseOptions
            {
                Path = Path.Combine(dataDirectory, "kith.db"),
                Time = time,
                Warn = (message, error) => Log.Storage(storage, error, message),
            }
        );
        var stores = new StoreSet(
            database,
            new SqliteAccountStore(),
            new SqliteHouseholdStore(),
            new SqliteRosterStore(),
            new SqliteArchiveStore(),
            new SqliteSessionStore()
        );
        ServerOptions server = ServerOptionsOf(options, Secrets.Load(dataDirectory));
        return new Appliance(held, database, new XmppServer(server, stores, time, logs.CreateLogger("Xmpp")));
    }

    private static ServerOptions ServerOptionsOf(KithOptions options, Secrets secrets) =>
        new()
        {
            Domain = options.Domain,
            PublicUrl = options.PublicUrl,
            HomeName = options.Home.Name ?? "",
            Secret = secrets.Server,
            TokenKey = secrets.Tokens,
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
            ContactAddresses = options.Contact.Addresses,
        };

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _database.Dispose();
        _lock.Dispose();
    }
}
