using System.Collections.Immutable;
using System.Security.Cryptography;
using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Sessions;

/// <summary>
/// One bound resource (RFC 6120 §7): an outbox and the order of what its client sends, while a connection is attached and
/// while none is and it waits for a resumption (XEP-0198 §5).
/// </summary>
public sealed partial class Session
{
    private readonly XmppServer _server;
    private readonly Outbox _outbox = new();
    private ImmutableHashSet<Jid> _elsewhere = [];
    private byte[]? _tokenHash;
    private long _received;
    private long _handled;
    private long _countedFrom;
    private long _acknowledgeAt;
    private bool _acknowledgeAsked;
    private bool _ticking;

    internal Session(XmppServer server, Account account, Jid jid)
    {
        (_server, Account, Jid) = (server, account, jid);
        CountHandled = () => Handled;
    }

    public Account Account { get; }
    public Jid Jid { get; }
    public XmppServer Server => _server;

    /// <summary>The device's row, 0 until it is known.</summary>
    public long Device { get; internal set; }

    /// <summary>The last available presence; null while the session is unavailable.</summary>
    public Stanza? Presence { get; internal set; }

    /// <summary>The same as its client said it, without what the server adds.</summary>
    internal Stanza? SaidPresence { get; set; }
    public int Priority { get; internal set; }

    /// <summary>Has asked for the roster, so it gets pushes (RFC 6121 §2.1.6).</summary>
    public bool WantsRoster { get; internal set; }

    /// <summary>Has asked for its block list, so it gets pushes (XEP-0191 §3.3).</summary>
    public bool WantsBlockList { get; internal set; }
    public bool CarbonsEnabled { get; internal set; }

    /// <summary>Has queried the archive, so it catches up by itself (laws, "Offline").</summary>
    public bool QueriedArchive { get; internal set; }

    /// <summary>Up to where it has read its archive by itself; 0 for nowhere.</summary>
    internal long CaughtUpTo { get; set; }

    /// <summary>Bound by Bind 2: catches up from the archive by itself.</summary>
    public bool BoundBy2 { get; internal set; }

    /// <summary>Entities that got directed presence and no <c>unavailable</c> yet (RFC 6121 §4.6).</summary>
    public ImmutableHashSet<Jid> Directed { get; internal set; } = [];

    /// <summary>The same for those at other domains, such as rooms: as its client's stanzas are read.</summary>
    public ImmutableHashSet<Jid> Elsewhere => _elsewhere;

    internal void NoteElsewhere(Jid entity) =>
        ImmutableInterlocked.Update(ref _elsewhere, static (set, one) => set.Add(one), entity);

    internal bool ForgetElsewhere(Jid entity) =>
        ImmutableInterlocked.Update(ref _elsewhere, static (set, one) => set.Remove(one), entity);

    internal ImmutableHashSet<Jid> TakeElsewhere() => Interlocked.Exchange(ref _elsewhere, []);

    /// <summary>What the server itself has asked this client.</summary>
    internal Questions Questions => field ??= new Questions(this);

    /// <summary>The verification string of its client's capabilities, as its presence has it (XEP-0115).</summary>
    internal string? Capabilities { get; set; }

    /// <summary>Its client's software, once it is verified; changes on the writer's thread.</summary>
    internal ClientSoftware? Software { get; set; }

    /// <summary>Nodes that its client wants to hear of (XEP-0163 §4.2).</summary>
    internal IReadOnlySet<string> Interests => Software?.Interests ?? ImmutableHashSet<string>.Empty;

    /// <summary>It is there and wants to hear of the node.</summary>
    internal bool Wants(string node) => Presence is not null && Software?.Interests.Contains(node) == true;

    /// <summary>The status of the client's last unavailable presence (XEP-0012 §3).</summary>
    internal string? PartingStatus { get; set; }

    /// <summary>What extensions keep for this session.</summary>
    public Dictionary<string, object> Items => field ??= [];

    /// <summary>The client's <c>xml:lang</c>, stamped on stanzas that have none.</summary>
    public string? Language { get; internal set; }
    public bool IsManaged { get; private set; }
    public bool IsResumable => _tokenHash is not null;
    public bool IsInactive => _outbox.Inactive;

    /// <summary>
    /// Available for messages to the bare JID (RFC 6121 §8.5.2.1). What had come before is given to it, or it gets that by
    /// itself; and it misses none: only what such a session takes moves the delivered mark.
    /// </summary>
    public bool IsAvailable => Presence is not null && Priority >= 0;

    /// <summary>Stanzas handled since stream management began, modulo 2^32: <c>h</c>.</summary>
    internal uint Handled => unchecked((uint)Math.Max(0, Volatile.Read(ref _handled) - _countedFrom));

    internal Func<uint> CountHandled { get; }

    internal ReadOnlyMemory<byte> TokenHash => _tokenHash;

    // ---- giving ----

    /// <summary>Queues for this client; never waits. False when the session has ended.</summary>
    public bool Deliver(Outgoing item)
    {
        DeliveryResult result = _outbox.Add(item);
        if (result == DeliveryResult.Full)
            Overflow();
        return result != DeliveryResult.Closed;
    }

    /// <summary>Queues a stanza addressed to this session.</summary>
    public bool Deliver(Stanza stanza) => Deliver(new Outgoing(stanza, Jid));

    /// <summary>Queues an element of the stream itself.</summary>
    public bool DeliverElement(byte[] element) => Deliver(new Outgoing(element));

    /// <summary>Queues a part of the catch-up, before what others have sent since; false when the session has ended.</summary>
    internal bool DeliverAhead(Outgoing item) => _outbox.AddAhead(item);

    internal void BeginCatchUp() => _outbox.BeginCatchUp();

    internal void EndCatchUp() => _outbox.EndCatchUp();

    /// <summary>Who is to have the messages of these places in the archive that this client has not acknowledged.</summary>
    internal void CollectTakers(long first, long last, Dictionary<long, Takers> into) =>
        _outbox.CollectTakers(first, last, into);

    /// <summary>Waits until the client has taken most of what it asked for itself.</summary>
    public ValueTask DrainAsync(CancellationToken cancellation) => _outbox.DrainAsync(cancellation);

    public void SetInactive(bool inactive)
    {
        _outbox.SetInactive(inactive);
        if (!inactive)
            Push.Wakeups.CameBack(this);
    }

    /// <summary>What its client may not have, oldest first.</summary>
    internal IReadOnlyList<Outgoing> Unacknowledged() => _outbox.Unacknowledged();

    // ---- order ----

    /// <summary>
    /// Performs a stanza's effects: at once when nothing of this session waits for a commit and nothing is to be
    /// written, else in its place in the order (laws, "The life of a message", 1).
    /// </summary>
    internal void Perform(StanzaWork work)
    {
        bool direct = !work.Writes && !work.Ordered && Volatile.Read(ref _handled) == work.Number - 1;
        if (direct)
            work.Released();
        else
            _server.Stores.Database.Enqueue(work);
    }

    /// <summary>The number of the stanza that is being read.</summary>
    internal long NextNumber() => ++_received;

    /// <summary>Called in order: everything up to this stanza is on disk.</summary>
    internal void Complete(long number)
    {
        // A full fence, as where it is asked for: one of the two sees what the other wrote.
        Interlocked.Exchange(ref _handled, number);
        if (Volatile.Read(ref _acknowledgeAsked) && number >= Volatile.Read(ref _acknowledgeAt))
            AnswerRequest();
    }

    /// <summary>What the writer notes of this session beside the stanza with the number; nothing for one that is not counted.</summary>
    internal SessionMark? MarkAt(long number) =>
        Volatile.Read(ref _tokenHash) is { } hash && number > _countedFrom
            ? new SessionMark(hash, Account.Id, Jid.Resource!, unchecked((uint)(number - _countedFrom)))
            : null;

    /// <summary>What is noted as the session ends: all that it sent was queued before.</summary>
    internal SessionMark? FinalMark => MarkAt(_received);

    /// <summary>Waits until every stanza read so far is on disk and its effects have happened.</summary>
    internal async ValueTask SettleAsync()
    {
        if (Volatile.Read(ref _handled) != _received)
            await _server.Stores.Database.SettledAsync();
    }

    // ---- stream management ----

    /// <summary>
    /// Begins counting what the client sends; what it gets counts from <c>&lt;enabled/&gt;</c> on. Returns the resumption
    /// id, or null when the client does not want one.
    /// </summary>
    internal string? Manage(bool resumable)
    {
        _countedFrom = _received;
        IsManaged = true;
        if (!resumable)
            return null;
        byte[] token = RandomNumberGenerator.GetBytes(24);
        string id = Convert.ToBase64String(token);
        Volatile.Write(ref _tokenHash, Resumptions.Hash(id));
        _server.Resumptions.Add(this);
        return id;
    }

    /// <summary>Counts what the client gets from now on: <c>&lt;enabled/&gt;</c> is not in the outbox.</summary>
    internal void CountOutbox() => _outbox.Manage();

    /// <summary>
    /// <c>&lt;r/&gt;</c>: answered when everything before it is committed; if the next tick comes first, then too, and
    /// again once it is, since nobody asks twice.
    /// </summary>
    internal void RequestAcknowledgement()
    {
        Volatile.Write(ref _acknowledgeAt, _received);
        Interlocked.Exchange(ref _acknowledgeAsked, true);
        if (Volatile.Read(ref _handled) == _received)
            AnswerRequest();
        else
            TickSoon();
    }

    internal void TickSoon()
    {
        if (!Interlocked.Exchange(ref _ticking, true))
            _server.Ticker.Soon(this);
    }

    private void AnswerRequest()
    {
        Volatile.Write(ref _acknowledgeAsked, false);
        _outbox.AcknowledgementDue();
    }

    /// <summary><c>&lt;a/&gt;</c>.</summary>
    internal void Acknowledge(uint handled)
    {
        if (_outbox.Acknowledge(handled) is not { } newest)
            throw new StreamErrorException(StreamErrorCondition.UndefinedCondition, "handled more than was sent")
            {
                Extra = StreamManagement.TooHigh(handled, _outbox.SentCount),
            };
        Arrived(newest);
    }

    /// <summary>The client has everything up to this archived message; 0 for nothing new.</summary>
    internal void Arrived(long newest)
    {
        if (newest > 0)
            _server.Marks.Delivered(Account, newest);
    }

    /// <summary>A second has passed since something was left open.</summary>
    internal void Tick()
    {
        Volatile.Write(ref _ticking, false);
        if (Volatile.Read(ref _acknowledgeAsked))
            _outbox.AcknowledgementDue();
        if (_outbox.IsToBeAsked)
            _outbox.RequestDue();
    }
}
