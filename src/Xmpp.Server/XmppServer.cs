using System.Net;
using Microsoft.Extensions.Logging;
using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Federation;
using Xmpp.Server.Household;
using Xmpp.Server.PubSub;
using Xmpp.Server.Push;
using Xmpp.Server.Rooms;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Streams;
using Xmpp.Server.Uploads;

namespace Xmpp.Server;

/// <summary>The XMPP server of one household: give it transports, and it serves them (RFC 6120, RFC 6121).</summary>
public sealed class XmppServer : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stop;
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _served;

    public XmppServer(ServerOptions options, StoreSet stores, TimeProvider time, ILogger logger)
    {
        (Options, Stores, Time, Log) = (options, stores, time, new ServerLog(logger));
        _stop = _stopping.Token;
        Address = Jid.Parse(options.Domain);
        Ticker = new Ticker(time);
        Marks = new DeliveryMarks(this);
        Accounts = new Accounts(this);
        Home = new Home(this);
        Gate = new Gate(this);
        Devices = new Devices(this);
        Nodes = new Nodes(this);
        Questions = new HouseQuestions(this);
        Wakeups = new Wakeups(this);
        FastTokens = new FastTokens(this);
        HandOvers = new HandOvers(this);
        WebSessions = new WebSessions(this);
        Files = new SharedFiles(this);
        Guesses = new Guesses(options, time);
        Strangers = new Strangers(options.UnauthenticatedPerAddress);
        Rooms = new RoomService(this);
        var declared = new Declarations();
        foreach (Extension extension in Catalogue.Create(this))
            extension.Declare(declared);
        Dispatcher = new Dispatcher(this, declared);
        BookmarkImport.Begin(this);
        CircleRooms.CatchUp(this);
        Rooms.Begin();
    }

    public ServerOptions Options { get; }

    /// <summary>The domain's own address.</summary>
    public Jid Address { get; }
    public StoreSet Stores { get; }
    public TimeProvider Time { get; }
    public ServerLog Log { get; }
    public Accounts Accounts { get; }
    public Home Home { get; }
    public Gate Gate { get; }
    public Dispatcher Dispatcher { get; }
    public Guesses Guesses { get; }
    public FastTokens FastTokens { get; }
    public HandOvers HandOvers { get; }
    public WebSessions WebSessions { get; }
    public SharedFiles Files { get; }

    /// <summary>Tells devices that sleep.</summary>
    public Wakeups Wakeups { get; }
    internal CancellationToken Stopping => _stop;
    internal OtherServers? Others { get; private set; }
    internal Extensions.KnownSoftware Software { get; } = new();
    internal HouseQuestions Questions { get; }
    internal RoomService Rooms { get; }
    internal Devices Devices { get; }
    internal Nodes Nodes { get; }
    internal Strangers Strangers { get; }

    /// <summary>A place for one more connection from an address; null when it has too many on which nobody has signed in.</summary>
    public Place? Admit(IPAddress address) => Strangers.TryEnter(address) ? new Place(Strangers, address) : null;

    internal Ticker Ticker { get; }
    internal DeliveryMarks Marks { get; }
    internal Resumptions Resumptions { get; } = new();

    /// <summary>A client connection begins or is over.</summary>
    public event EventHandler? StreamsChanged;

    /// <summary>Sessions end because the process does: who was somewhere comes back.</summary>
    internal bool IsStopping => _stop.IsCancellationRequested;

    /// <summary>Talks to other servers from now on, and sends what has waited for them. Once, before anybody is served.</summary>
    public void Federate(FederationOptions federation)
    {
        Dispatcher.Services.Elsewhere = Others = new OtherServers(this, federation);
        Others.Begin();
    }

    /// <summary>
    /// Nobody is served: what a change tells other servers waits for the start that serves. In the place of <see cref="Federate"/>.
    /// </summary>
    public void KeepForOthers() => Dispatcher.Services.Elsewhere = new StoppedServers(this);

    /// <summary>Serves one client connection until it ends. Never throws for what a peer does.</summary>
    public Task ServeAsync(Transport transport) =>
        CountedAsync(async () =>
        {
            // The stream is not kept for as long as the session lasts.
            if (await new ClientStream(this, transport).NegotiateAsync(_stop) is { } attachment)
                await attachment.RunAsync(_stop);
        });

    /// <summary>What a component's transport has as its content namespace.</summary>
    public const string ComponentNamespace = ComponentStream.Namespace;

    /// <summary>The same for a component's connection (XEP-0114).</summary>
    public Task ServeComponentAsync(Transport transport) =>
        CountedAsync(() => new ComponentStream(this, transport).RunAsync(_stop));

    /// <summary>The same for a connection of another server; one that has no business here is closed.</summary>
    public Task ServePeerAsync(Transport transport) =>
        CountedAsync(() => Others?.ServeAsync(transport) ?? transport.DisposeAsync().AsTask(), ofClient: false);

    internal async Task CountedAsync(Func<Task> serve, bool ofClient = true)
    {
        Interlocked.Increment(ref _served);
        if (ofClient)
            StreamsChanged?.Invoke(this, EventArgs.Empty);
        try
        {
            await serve();
        }
        finally
        {
            if (Interlocked.Decrement(ref _served) == 0 && _stop.IsCancellationRequested)
                _quiet.TrySetResult();
            if (ofClient)
                StreamsChanged?.Invoke(this, EventArgs.Empty);
        }
    }

    /// <summary>A session has its place among its account's, and the extensions hear of it.</summary>
    internal void Bound(Session session, Transport transport)
    {
        Log.Bound(session.Jid, transport.Name, transport.RemoteAddress.ToString());
        foreach (Action<Session> bound in Dispatcher.Declared.Bound)
            bound(session);
    }

    /// <summary>A session has lost its connection and may come back.</summary>
    internal void Cut(Session session)
    {
        Log.Ended(session.Jid, "cut, may resume");
        Wakeups.Lost(session, session.Unacknowledged);
    }

    /// <summary>A session is over; what it never took is in <paramref name="left"/>.</summary>
    internal void Ended(Session session, string reason, IReadOnlyList<Outgoing> left, bool forget)
    {
        session.Account.Remove(session);
        foreach (Action<Session> closed in Dispatcher.Declared.Closed)
            closed(session);
        Log.Ended(session.Jid, reason);
        Stores.Database.Enqueue(new Departure(this, session, left, forget));
        // One that was cut before was told then, and of each message since.
        if (!forget && session.DetachedAt is null)
            Wakeups.Lost(session, () => left);
    }

    /// <summary>Ends all streams in order; sessions may be resumed by the next process. May be called more than once.</summary>
    public async Task StopAsync()
    {
        if (!_stop.IsCancellationRequested)
            await Rooms.SayGoodbyeAsync();
        // First who negotiates, so that whoever is promised a session afterwards sees it.
        if (!_stop.IsCancellationRequested)
            await _stopping.CancelAsync();
        await Task.WhenAll(
            Accounts.Live.SelectMany(account => account.Sessions).Select(session => session.ShutDownAsync())
        );
        if (Volatile.Read(ref _served) > 0)
            await _quiet.Task;
        await Wakeups.QuietAsync();
        Marks.Flush();
        Others?.Flush();
        Rooms.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Home.Dispose();
        Others?.Dispose();
        Ticker.Dispose();
        _stopping.Dispose();
    }
}
