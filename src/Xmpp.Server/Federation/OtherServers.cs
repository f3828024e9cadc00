using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Routing;
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
    private static readonly TimeSpan _rounds = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<(string Local, string Remote), Peer> _peers = new();
    private readonly KnownServers _known;
    private readonly NotArrived _notArrived;
    private readonly Restraint _restraint;
    private readonly Policy _policy;
    private readonly ITimer _timer;

    public OtherServers(XmppServer server, FederationOptions options)
    {
        (Server, Options, Address) = (server, options, server.Address);
        _restraint = new Restraint(server, options);
        _policy = new Policy(options);
        _known = new KnownServers(server);
        _notArrived = new NotArrived(server);
        Streams = new PeerStreams(options);
        Resumables = new Resumables(options, server.Time);
        Outreach = new Outreach(this);
        Clock = new PlausibleClock(server, options.EarliestTime, WakeAll);
        Waiting = new WaitingBytes(this, () => _peers.Values.Sum(each => each.Bytes));
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

    public PeerStreams Streams { get; }
    public Resumables Resumables { get; }
    public Outreach Outreach { get; }
    public PlausibleClock Clock { get; }
    public WaitingBytes Waiting { get; }

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
        return peer?.IsConnected != true && Waiting.AreTooMany;
    }

    /// <inheritdoc/>
    public override void TakeMessage(Origin origin, Stanza message)
    {
        Check(message);
        Peer peer = PeerOf(message);
        var kept = new Kept(Server.Stores.Queue, peer);
        Treatment kind = Treatment.OfLeaving(message);
        if (origin.Account is not null)
            origin.Perform(
                message,
                Server.Dispatcher.Messages.Leaving(origin, message, kept.Give, kind.Offline ? kept.Store : null)
            );
        else if (kind.Offline && !ReleaseScope.IsReleasing)
            origin.Perform(message, new Letter(Server, message, kind));
        else
            Pass(origin, message, peer);
    }

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
    public override bool CanKeep(Stanza message) =>
        _policy.Allows(message.To!.Domain)
        && _restraint.WhyNot(message.To.Domain) is null
        && !IsFull(message.From!.Domain, message.To.Domain);

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

    /// <summary>What waits there, if anything does, needs a stream.</summary>
    public void Wake(string local, string remote)
    {
        if (_peers.TryGetValue((local, remote), out Peer? peer))
            peer.Wake();
    }

    private void WakeAll()
    {
        foreach (Peer peer in _peers.Values)
            if (!peer.IsEmpty)
                peer.Wake();
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

    /// <inheritdoc cref="NotArrived.Return"/>
    public void Return(Stanza stanza, StanzaError error, HashSet<(Jid, Jid)> told) =>
        _notArrived.Return(stanza, error, told);

    // ---- streams ----

    /// <summary>Serves a connection of another server until its end.</summary>
    public Task ServeAsync(Transport transport) => new IncomingStream(this, transport).ServeAsync();

    public void Run(Func<Task> work) => _ = Server.CountedAsync(() => Task.Run(work), ofClient: false);

    public void Add(PeerStream stream)
    {
        if (Streams.TryAdd(stream))
            _timer.Change(_rounds, Timeout.InfiniteTimeSpan);
    }

    public void Remove(PeerStream stream) => Streams.Remove(stream);

    // No timer runs while there is no stream, and nobody who had one is remembered.
    private void Look()
    {
        Streams.Look();
        Resumables.Look();
        foreach (Peer peer in _peers.Values)
            peer.TryRetire();
        if (!Streams.IsEmpty || !Resumables.IsEmpty || _peers.Values.Any(peer => peer.IsEmpty))
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
    public bool IsKnown(string domain) => _known.Contain(domain);

    /// <summary>It is reached.</summary>
    public void NoteSeen(string domain)
    {
        _restraint.Forget(domain);
        _known.Note(domain);
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
        Outreach.Dispose();
        Clock.Dispose();
    }
}
