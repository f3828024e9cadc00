using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Server.Streams;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Federation;

/// <summary>
/// All domains that are not ours (README, "Federation"): takes what is for them, keeps what must not be lost, and serves
/// the streams that they begin.
/// </summary>
internal sealed class OtherServers : Service, IDisposable
{
    private const int MostStreamsOfAddress = 32;
    private const int MostStreamsOfPair = 4;
    private static readonly TimeSpan _rounds = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _recount = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _longestReach = TimeSpan.FromSeconds(60);
    private readonly ConcurrentDictionary<(string Local, string Remote), Peer> _peers = new();
    private readonly ConcurrentDictionary<PeerStream, bool> _streams = new();

    // What the house wants, and what strangers make it ask: neither waits for the other.
    private readonly SemaphoreSlim _connects;
    private readonly SemaphoreSlim _verifies;
    private readonly Restraint _restraint;
    private readonly Policy _policy;
    private readonly ITimer _timer;
    private long _given;
    private long _counted;

    public OtherServers(XmppServer server, FederationOptions options)
    {
        (Server, Options, Address) = (server, options, server.Address);
        _connects = new SemaphoreSlim(options.ConnectsAtOnce);
        _verifies = new SemaphoreSlim(options.ConnectsAtOnce);
        _restraint = new Restraint(server, options);
        _policy = new Policy(options);
        Contacts = new ContactsElsewhere(server);
        Doubts = new Doubts(server.Time);
        _timer = server.Time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public XmppServer Server { get; }
    public FederationOptions Options { get; }
    public override Jid Address { get; }
    public DialbackKeys Keys { get; } = new();
    public ContactsElsewhere Contacts { get; }
    public Doubts Doubts { get; }

    /// <summary>The streams of each address that have proved a domain.</summary>
    public Strangers Streams { get; } = new(MostStreamsOfAddress);

    /// <summary>What was on its way as the process ended goes on; back, where the settings do not let it go any more.</summary>
    public void Begin()
    {
        IReadOnlyList<QueuedStanza> waiting;
        using (Access access = Server.Stores.Database.OpenRead())
            waiting = Server.Stores.Queue.Waiting(access);
        foreach (QueuedStanza queued in waiting)
        {
            if (!Stanza.TryRead(XmlFragment.Parse(queued.Stanza).Root, out Stanza? stanza, out _))
                continue;
            if (_policy.Allows(queued.To))
                PeerOf(queued.From, queued.To).Give(stanza, queued.Id, queued.Time);
            else
                new Peer(this, queued.From, queued.To).GiveBack(stanza, queued.Id, NotAllowed(queued.To));
        }
    }

    // ---- domains ----

    /// <summary>A domain that is answered for here: the home's, its rooms', a component's.</summary>
    public bool IsOurs(string domain) =>
        domain == Server.Options.Domain || Server.Dispatcher.Services.At(domain) is not null;

    /// <summary>Reads a domain as a peer writes it.</summary>
    public static bool TryDomain([NotNullWhen(true)] string? text, [NotNullWhen(true)] out string? domain)
    {
        domain = Jid.TryParse(text, out Jid? jid) && jid.IsDomain ? jid.Domain : null;
        return domain is not null;
    }

    public static bool IsDomain(string? text, string domain) => TryDomain(text, out string? read) && read == domain;

    /// <summary>Its streams are taken: by the settings, or because the house has asked something there.</summary>
    public bool MayCome(string domain) => _policy.Allows(domain) || Server.Questions.AreOpenAt(domain);

    /// <summary>A stanza from there is taken: by the settings, or as the answer to what the house has asked.</summary>
    public bool Lets(Stanza stanza) => _policy.Allows(stanza.From!.Domain) || Server.Questions.IsAnswer(stanza);

    // ---- out ----

    /// <inheritdoc/>
    public override void Admit(Account account, Stanza stanza)
    {
        Check(stanza);
        string remote = stanza.To!.Domain;
        if (!_peers.ContainsKey((stanza.From!.Domain, remote)) && !IsKnown(remote))
            _restraint.Approach(account.Name);
    }

    // Why it cannot go; an open question of the house passes in every mode (laws, "The world outside" 2).
    private void Check(Stanza stanza)
    {
        string remote = stanza.To!.Domain;
        if (!_policy.Allows(remote) && !Server.Questions.IsQuestion(stanza))
            throw new StanzaErrorException(NotAllowed(remote));
        if (_restraint.WhyNot(remote) is { } absent)
            throw new StanzaErrorException(absent);
        if (IsFull(stanza.From!.Domain, remote))
            throw new StanzaErrorException(StanzaError.ResourceConstraint($"too much waits for {remote}"));
    }

    private static StanzaError NotAllowed(string remote) =>
        new("cancel", "not-allowed", $"this home does not exchange messages with {remote}");

    // What a stream takes does not wait.
    private bool IsFull(string local, string remote)
    {
        bool known = _peers.TryGetValue((local, remote), out Peer? peer);
        if (known && peer!.IsFull)
            return true;
        return peer?.IsConnected != true && IsFullInAll;
    }

    /// <summary>It waits, or goes at once.</summary>
    public void Count(Outgoing item) => Interlocked.Add(ref _given, item.Size);

    // What was given since the last count is more than what is left of it: nobody counts for each stanza.
    private bool IsFullInAll
    {
        get
        {
            if (Volatile.Read(ref _given) < Options.MostBytesInAll)
                return false;
            long counted = Volatile.Read(ref _counted);
            bool isNew = counted == 0 || Server.Time.GetElapsedTime(counted) >= _recount;
            if (!isNew || Interlocked.CompareExchange(ref _counted, Server.Time.GetTimestamp(), counted) != counted)
                return true;
            long waiting = _peers.Values.Sum(each => each.Bytes);
            Volatile.Write(ref _given, waiting);
            return waiting >= Options.MostBytesInAll;
        }
    }

    /// <inheritdoc/>
    public override void TakeMessage(Origin origin, Stanza message)
    {
        Check(message);
        Peer peer = PeerOf(message);
        if (origin.Account is null)
        {
            Pass(origin, message, peer);
            return;
        }
        var kept = new Kept(Server.Stores.Queue, peer);
        Action<Transaction, Stanza>? store = IsKept(message) ? kept.Store : null;
        origin.Perform(message, Server.Dispatcher.Messages.Leaving(origin, message, kept.Give, store));
    }

    // The table of payloads says it; what is said in a room there as if the room were here.
    private static bool IsKept(Stanza message) =>
        (message.Type == StanzaType.Groupchat ? Treatment.OfRoom(message) : Treatment.Of(message)).Offline;

    /// <inheritdoc/>
    public override void TakePresence(Origin origin, Stanza presence)
    {
        Check(presence);
        Pass(origin, presence, PeerOf(presence));
    }

    /// <inheritdoc/>
    public override ValueTask TakeIqAsync(Origin origin, Stanza iq, CancellationToken cancellation)
    {
        Check(iq);
        Pass(origin, iq, PeerOf(iq));
        return ValueTask.CompletedTask;
    }

    // What is done as a batch is released has its place already.
    private static void Pass(Origin origin, Stanza stanza, Peer peer)
    {
        if (!origin.IsRead && ReleaseScope.IsReleasing)
            peer.Give(stanza, 0);
        else
            origin.Perform(stanza, Effect.InOrder(() => peer.Give(stanza, 0)));
    }

    /// <inheritdoc/>
    // The list here says so already: neither a full queue nor a server that was not there a moment ago keeps it from waiting.
    public override Action? Keep(Transaction transaction, Stanza stanza)
    {
        if (!_policy.Allows(stanza.To!.Domain))
            return null;
        var kept = new Kept(Server.Stores.Queue, PeerOf(stanza));
        kept.Store(transaction, stanza);
        return () => kept.Give(stanza);
    }

    /// <summary>Nothing waits for it, and nobody knows it: who floods with addresses leaves nothing behind.</summary>
    public void Forget(Peer peer) => _peers.TryRemove(new((peer.Local, peer.Remote), peer));

    /// <summary>Pairs of domains that something waits for, or did a while ago.</summary>
    public int Pairs => _peers.Count;

    private Peer PeerOf(Stanza stanza) => PeerOf(stanza.From!.Domain, stanza.To!.Domain);

    public Peer PeerOf(string local, string remote) =>
        _peers.GetOrAdd((local, remote), static (pair, others) => new Peer(others, pair.Local, pair.Remote), this);

    /// <summary>A stanza for the queue: its number is known once it is written.</summary>
    private sealed class Kept(IServerQueueStore queue, Peer peer)
    {
        private long _id;

        public void Store(Transaction transaction, Stanza stanza) =>
            _id = queue.Add(transaction, peer.Local, peer.Remote, stanza.ToArray());

        public void Give(Stanza stanza) => peer.Give(stanza, _id);
    }

    /// <summary>
    /// It did not arrive: its sender is told, unless it must not be (RFC 6120 §8.3.1) or does not wait for it. Who has gone
    /// meanwhile hears it from the box, once for each contact.
    /// </summary>
    /// <param name="told">Who was told so, of whom.</param>
    public void Return(Stanza stanza, StanzaError error, HashSet<(Jid, Jid)> told)
    {
        bool silent = stanza.Type is StanzaType.Error or StanzaType.Result or StanzaType.Headline;
        // Presence that was meant for one, and what our rooms say: the occupant is gone (XEP-0045 §18.3).
        if (stanza.Kind == StanzaKind.Presence)
            silent = stanza.Type is not (StanzaType.Available or StanzaType.Subscribe) || IsBroadcast(stanza);
        if (silent)
            return;
        Account? sender = Server.Dispatcher.LocalAccount(stanza.From!);
        bool isGone = sender is not null && sender.FindSession(stanza.From!.Resource ?? "") is null;
        if (isGone && stanza.Kind == StanzaKind.Message && Treatment.Of(stanza) is { Offline: true, IsForPeople: true })
        {
            if (told.Add((sender!.Jid, stanza.To!.Bare)))
                Server.Home.Box.Tell(sender, Server.Home.Box.Texts.NotArrived(stanza.To.Bare.ToString()));
            return;
        }
        Server.Dispatcher.Send(stanza.Bounce(error));
    }

    private bool IsBroadcast(Stanza presence)
    {
        Session? session = Server.Dispatcher.LocalAccount(presence.From!)?.FindSession(presence.From!.Resource ?? "");
        return presence.Type == StanzaType.Available
            && presence.From!.Domain == Server.Options.Domain
            && session?.Elsewhere.Contains(presence.To!) != true;
    }

    // ---- streams ----

    /// <summary>Serves a connection of another server until its end.</summary>
    public Task ServeAsync(Transport transport) => new IncomingStream(this, transport).ServeAsync();

    /// <summary>A stream on which we have proved who we are.</summary>
    /// <exception cref="PeerException">There is none to be had now.</exception>
    public async Task<OutgoingStream> ReachAsync(string local, string remote)
    {
        CancellationToken stopping = Server.Stopping;
        Reaching.Reached reached = await OpenAsync(local, remote, _connects, stopping);
        return await OutgoingStream.AuthenticateAsync(this, local, remote, reached, stopping);
    }

    /// <summary>A stream on which a key is asked about.</summary>
    /// <exception cref="PeerException">There is none to be had now.</exception>
    public Task<Reaching.Reached> OpenToVerifyAsync(string local, string remote, CancellationToken cancellation) =>
        OpenAsync(local, remote, _verifies, cancellation);

    // A stream on which nothing was said yet; only so many are opened at once, and none takes for ever.
    private async Task<Reaching.Reached> OpenAsync(
        string local,
        string remote,
        SemaphoreSlim slots,
        CancellationToken cancellation
    )
    {
        using var patience = new CancellationTokenSource(_longestReach, Server.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            await slots.WaitAsync(both.Token);
            try
            {
                return await new Reaching(this, local, remote).ReachAsync(both.Token);
            }
            finally
            {
                slots.Release();
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new PeerException(PeerFault.Unreachable, "it takes too long");
        }
    }

    public void Run(Func<Task> work) => _ = Server.CountedAsync(() => Task.Run(work), ofClient: false);

    public void Add(PeerStream stream)
    {
        if (_streams.TryAdd(stream, true))
            _timer.Change(_rounds, Timeout.InfiniteTimeSpan);
    }

    public void Remove(PeerStream stream) => _streams.TryRemove(stream, out _);

    /// <summary>A stream has come for the pair: beyond a few, the one that was used longest ago makes room.</summary>
    public void Replace(PeerStream stream, string remote, string local)
    {
        PeerStream[] others =
        [
            .. _streams.Keys.Where(each =>
                each is IncomingStream && each != stream && !each.IsClosing && each.HasProved(remote, local)
            ),
        ];
        if (others.Length >= MostStreamsOfPair)
            others.MaxBy(each => each.Unused)!.Close();
    }

    // No timer runs while there is no stream, and nobody who had one is remembered.
    private void Look()
    {
        foreach (PeerStream stream in _streams.Keys)
            stream.Look(Options.Idle);
        foreach (Peer peer in _peers.Values)
            peer.TryRetire();
        if (!_streams.IsEmpty || _peers.Values.Any(peer => peer.IsEmpty))
            _timer.Change(_rounds, Timeout.InfiniteTimeSpan);
    }

    // ---- what is known of servers ----

    /// <summary>There is nobody, for the time being.</summary>
    public void Absent(string domain, StanzaError error) => _restraint.Absent(domain, error);

    /// <summary>A server has come and proved who it is: what waits for it is worth an attempt.</summary>
    public void Came(string domain)
    {
        _restraint.Forget(domain);
        Doubts.Forget(domain);
        foreach (Peer peer in _peers.Values)
            if (peer.Remote == domain)
                peer.Seen();
    }

    /// <summary>It was reached once.</summary>
    public bool IsKnown(string domain)
    {
        using Access access = Server.Stores.Database.OpenRead();
        return Server.Stores.Queue.Seen(access, domain) is not null;
    }

    /// <summary>It is reached: written once a day.</summary>
    public void NoteSeen(string domain)
    {
        _restraint.Forget(domain);
        DateTimeOffset now = Server.Time.GetUtcNow();
        DateTimeOffset? seen;
        using (Access access = Server.Stores.Database.OpenRead())
            seen = Server.Stores.Queue.Seen(access, domain);
        if (seen is null || (now - seen.Value).Duration() >= TimeSpan.FromDays(1))
            Server.Stores.Database.Enqueue(new Sighting(Server, domain, now));
    }

    private sealed class Sighting(XmppServer server, string domain, DateTimeOffset time) : Commit
    {
        public override void Write(Transaction transaction) => server.Stores.Queue.NoteSeen(transaction, domain, time);

        public override void Failed(Exception error) => server.Log.QueueNotWritten(error, domain);
    }

    /// <summary>The process ends: what was acknowledged is written.</summary>
    public void Flush()
    {
        foreach (Peer peer in _peers.Values)
            peer.RemoveTaken();
    }

    public void Dispose()
    {
        _timer.Dispose();
        foreach (Peer peer in _peers.Values)
            peer.Dispose();
        _connects.Dispose();
        _verifies.Dispose();
    }
}
