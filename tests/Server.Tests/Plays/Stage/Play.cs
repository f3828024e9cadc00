using Storage;
using Xmpp.Sasl;
using Xmpp.Server;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Server.Streams;

namespace Server.Tests.Plays.Stage;

/// <summary>
/// A scenario: a real server on a real database in a directory of its own, a clock that the play moves, and actors on
/// lines in memory. An error in the log fails it.
/// </summary>
internal sealed class Play : IAsyncDisposable
{
    public const string Domain = "kith.test";

    // Made once: plays are about what comes after.
    private static readonly ScramKeys[] _keys =
    [
        ScramKeys.Derive(SignIn.Password, ScramHash.Sha256, new byte[16], ScramKeys.FewestIterations),
        ScramKeys.Derive(SignIn.Password, ScramHash.Sha1, new byte[16], ScramKeys.FewestIterations),
    ];

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kith-play-");
    private readonly Framing _framing;
    private readonly List<Actor> _actors = [];
    private Database _database;

    private Play(Framing framing, ServerOptions options)
    {
        (_framing, Options) = (framing, options);
        _database = OpenDatabase();
        Disk = new PlayDatabase(_database);
        Server = CreateServer();
    }

    /// <summary>The server's way to the disk, which can be held up.</summary>
    public PlayDatabase Disk { get; private set; }
    public PlayClock Clock { get; } = new();
    public PlayLog Log { get; private set; } = new();

    /// <summary>The bytes of uploads, as far as a play has any.</summary>
    public PlayFiles Files { get; } = new();
    public ServerOptions Options { get; }

    /// <summary>Other servers, from each start on; null: there are none.</summary>
    public Xmpp.Server.Federation.FederationOptions? Federation { get; set; }
    public XmppServer Server { get; private set; }
    public StoreSet Stores => Server.Stores;

    /// <summary>Raises the curtain.</summary>
    public static Task<Play> StartAsync(Framing framing, Func<ServerOptions, ServerOptions>? options = null)
    {
        var standard = new ServerOptions
        {
            Domain = Domain,
            PublicUrl = $"https://{Domain}",
            HomeName = "Verona",
            Secret = new byte[32],
            TokenKey = new byte[32],
            Version = "1.2.3",
        };
        return Task.FromResult(new Play(framing, options?.Invoke(standard) ?? standard));
    }

    /// <summary>The server talks to others from now on.</summary>
    public void Federate(Xmpp.Server.Federation.FederationOptions federation)
    {
        Federation = federation;
        Server.Federate(federation);
    }

    private Database OpenDatabase() =>
        Database.Open(
            new DatabaseOptions
            {
                Path = Path.Combine(_directory.FullName, "kith.db"),
                Time = Clock,
                Warn = Log.Warn,
            }
        );

    private XmppServer CreateServer() =>
        new(
            Options,
            new StoreSet(
                Disk,
                new SqliteAccountStore(),
                new SqliteHouseholdStore(),
                new SqliteRosterStore(),
                new SqliteArchiveStore(),
                new SqliteSessionStore(),
                new SqliteUploadStore(),
                Files,
                new SqlitePubSubStore(),
                new SqlitePushStore(),
                new SqliteRoomStore(),
                new SqliteServerQueueStore()
            ),
            Clock,
            Log
        );

    // ---- the household ----

    /// <summary>Somebody moves in, with the password that everybody has here; the circle is made if there is none.</summary>
    public async Task<Account> AddAccount(string name, Role role = Role.Member, string? circle = null)
    {
        if (circle is not null && Server.Home.Circles.All.Values.All(known => known.Name != circle))
            await Server.Home.Circles.CreateAsync(circle);
        var person = new NewPerson(name) { Role = role, Circle = circle };
        await new AddChange(Server, [new Newcomer(name, _keys)], person, link: null).DoAsync();
        return Account(name);
    }

    public Account Account(string name) => Server.Accounts.Find(name) ?? throw new PlayException($"no account {name}");

    // ---- actors ----

    /// <summary>A line to the server with nothing said on it yet.</summary>
    public Actor Dial(string name, string resource)
    {
        var actor = new Actor(this, name, resource);
        actor.Attach(Connect());
        _actors.Add(actor);
        return actor;
    }

    private Connection Connect()
    {
        var line = new Line();
        Transport transport = Wire.CreateTransport(_framing, line);
        Task served = Task.Run(() => Server.ServeAsync(transport));
        return new Connection(line, Wire.Create(_framing, line), served);
    }

    /// <summary>A new line for an actor whose old one is gone, signed in and not bound.</summary>
    internal async Task Redial(Actor actor)
    {
        actor.SetAside();
        actor.Attach(Connect());
        await SignIn.AuthenticateAsync(actor, SignIn.Plain(actor.Name));
    }

    /// <summary>Signs in and binds; makes the account (a member) when there is none.</summary>
    public async Task<Actor> Bind(string name, string resource)
    {
        if (Server.Accounts.Find(name) is null)
            await AddAccount(name);
        Actor actor = Dial(name, resource);
        await SignIn.AuthenticateAsync(actor, SignIn.Plain(name));
        await SignIn.BindAsync(actor);
        return actor;
    }

    /// <summary>Signs in, binds, and is available.</summary>
    public async Task<Actor> Connect(
        string name,
        string resource,
        int? priority = null,
        bool carbons = false,
        bool managed = false
    )
    {
        Actor actor = await Bind(name, resource);
        if (carbons)
            await SignIn.CarbonsAsync(actor);
        if (managed)
            await SignIn.ManageAsync(actor);
        await actor.Send(priority is null ? "<presence/>" : $"<presence><priority>{priority}</priority></presence>");
        await actor.Ping();
        return actor;
    }

    // ---- time and order ----

    /// <summary>Everything that was sent has been read, written and delivered.</summary>
    public async Task Settle()
    {
        await PingAll();
        await Stores.Database.WriteAsync(static _ => { });
        await PingAll();
    }

    private Task PingAll() => Task.WhenAll(_actors.Where(actor => actor.IsBound).Select(actor => actor.Ping()));

    /// <summary>These got nothing that was not expected, although everything under way has arrived.</summary>
    public async Task ExpectNothing(params Actor[] actors)
    {
        await Settle();
        foreach (Actor actor in actors)
            if (actor.Unexpected() is [var first, ..])
                throw new PlayException($"{actor.Jid}: expected nothing\n  came: {first}");
    }

    /// <summary>Time passes.</summary>
    public async Task Advance(TimeSpan time)
    {
        await Stores.Database.WriteAsync(static _ => { });
        Clock.Advance(time);
        await Stores.Database.WriteAsync(static _ => { });
    }

    // ---- the house itself ----

    /// <summary>The process stops in order and starts again; or, <paramref name="crash"/>, is killed.</summary>
    public async Task Restart(bool crash = false)
    {
        if (!crash)
            await Server.DisposeAsync();
        foreach (Actor actor in _actors)
            await actor.Cut();
        _database.Dispose();
        Check();
        // What a killed process would still have said is nobody's concern.
        Log = new PlayLog();
        _database = OpenDatabase();
        Disk = new PlayDatabase(_database);
        Server = CreateServer();
        if (Federation is not null)
            Server.Federate(Federation);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Actor actor in _actors)
            await actor.DisposeAsync();
        await Server.DisposeAsync();
        _database.Dispose();
        _directory.Delete(recursive: true);
        Check();
    }

    private void Check()
    {
        if (Log.TakeFailures() is { Count: > 0 } failures)
            throw new PlayException("the server logged errors:\n" + string.Join("\n", failures));
    }
}
