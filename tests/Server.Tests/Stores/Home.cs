using Storage;
using Xmpp.Addresses;
using Xmpp.Server.Stores;

namespace Server.Tests.Stores;

/// <summary>A real database in a directory of its own, with the stores on it and a clock that is moved.</summary>
internal sealed class Home : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kith-stores-");

    public Home(Func<DatabaseOptions, DatabaseOptions>? options = null)
    {
        Options = new DatabaseOptions
        {
            Path = Path.Combine(_directory.FullName, "kith.db"),
            Time = Clock,
            Warn = (text, error) => Warnings.Add(error is null ? text : $"{text} {error.Message}"),
        };
        Options = options?.Invoke(Options) ?? Options;
        Database = Database.Open(Options);
    }

    public ManualTime Clock { get; } = new();
    public List<string> Warnings { get; } = [];
    public DatabaseOptions Options { get; }
    public Database Database { get; private set; }
    public string Folder => _directory.FullName;

    public IAccountStore Accounts { get; } = new SqliteAccountStore();
    public IHouseholdStore Household { get; } = new SqliteHouseholdStore();
    public IRosterStore Rosters { get; } = new SqliteRosterStore();
    public IArchiveStore Archive { get; } = new SqliteArchiveStore();
    public ISessionStore Sessions { get; } = new SqliteSessionStore();
    public IUploadStore Uploads { get; } = new SqliteUploadStore();
    public IPubSubStore PubSub { get; } = new SqlitePubSubStore();
    public IPushStore Push { get; } = new SqlitePushStore();
    public IRoomStore Rooms { get; } = new SqliteRoomStore();
    public IServerQueueStore Queue { get; } = new SqliteServerQueueStore();

    public static Jid Jid(string text) => Xmpp.Addresses.Jid.Parse(text);

    public void Reopen()
    {
        Database.Dispose();
        Database = Database.Open(Options);
    }

    public T Read<T>(Func<Access, T> read)
    {
        using Access access = Database.OpenRead();
        return read(access);
    }

    public Task<T> Write<T>(Func<Transaction, T> write) => Database.WriteAsync(write);

    public Task Write(Action<Transaction> write) => Database.WriteAsync(write);

    public Task<long> AddAccount(string name, Role role = Role.Member) =>
        Write(t =>
            Accounts.Add(
                t,
                new AccountRecord
                {
                    Name = name,
                    Role = role,
                    Created = Clock.GetUtcNow(),
                }
            )
        );

    public void Dispose()
    {
        Database.Dispose();
        _directory.Delete(recursive: true);
    }
}
