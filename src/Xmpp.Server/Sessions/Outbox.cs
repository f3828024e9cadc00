using Xmpp.Server.Streams;
using Xmpp.Stanzas;

namespace Xmpp.Server.Sessions;

/// <summary>What became of a delivery.</summary>
public enum DeliveryResult
{
    Queued,

    /// <summary>Queued, and the client is so slow that its connection must go (laws, "What others send never waits").</summary>
    Full,

    /// <summary>The session has ended.</summary>
    Closed,
}

/// <summary>
/// What one client has still to get, in order; it never makes those wait who give. Empty, it holds nothing.
/// </summary>
internal sealed partial class Outbox
{
    /// <summary>About ten times what a phone misses in ten minutes of a lively group.</summary>
    public const int MaxStanzas = 10_000;
    public const int MaxBytes = 16 << 20;

    /// <summary>A session's own requests wait while more than this is unsent.</summary>
    public const int HighWater = 128 << 10;
    private const int PieceSize = 32 << 10;
    private const int RequestAfter = 8;
    private const int MostHeld = 200;

    private readonly Lock _lock = new();
    private readonly AsyncSignal _ready = new();
    private readonly SendChain _chain = new();
    private TaskCompletionSource? _drained;
    private List<Outgoing>? _held;
    private bool _requested;
    private bool _requestDue;
    private bool _acknowledgeDue;
    private bool _closed;

    public bool Inactive { get; private set; }

    /// <summary>True when something written is not acknowledged, and was not asked after either.</summary>
    public bool IsToBeAsked
    {
        get
        {
            lock (_lock)
                return _chain.Unacknowledged > 0 && !_requested;
        }
    }

    public ValueTask WaitAsync() => _ready.WaitAsync();

    public void Wake() => _ready.Set();

    /// <summary>Queues; never waits.</summary>
    public DeliveryResult Add(Outgoing item)
    {
        DeliveryResult result;
        lock (_lock)
        {
            if (_closed)
                return DeliveryResult.Closed;
            if (_behindCatchUp is not null)
            {
                _behindCatchUp.Add(item);
                _behindBytes += item.Size;
            }
            else if (Inactive && item.CanWait)
            {
                Hold(item);
            }
            else
            {
                ReleaseHeld();
                _chain.Append(item);
            }
            result = IsFull ? DeliveryResult.Full : DeliveryResult.Queued;
        }
        _ready.Set();
        return result;
    }

    private bool IsFull =>
        _chain.Count + (_behindCatchUp?.Count ?? 0) > MaxStanzas || _chain.Bytes + _behindBytes > MaxBytes;

    /// <summary>Waits until little is unsent, for what the session asked for itself; several may wait.</summary>
    public async ValueTask DrainAsync(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            Task drained;
            lock (_lock)
            {
                if (_chain.UnsentBytes <= HighWater || _closed)
                    return;
                _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                drained = _drained.Task;
            }
            await drained.WaitAsync(cancellation);
        }
    }

    // Under the lock.
    private void Drained()
    {
        _drained?.SetResult();
        _drained = null;
    }

    // XEP-0352 §5: of several presences of one sender the last is enough. Nothing large is held.
    private void Hold(Outgoing item)
    {
        _held ??= [];
        if (item.Stanza!.Kind == StanzaKind.Presence)
            _held.RemoveAll(held => held.Stanza!.Kind == StanzaKind.Presence && held.Stanza.From == item.Stanza.From);
        _held.Add(item);
        if (_held.Count >= MostHeld || item.Size > HighWater / MostHeld * 4)
            ReleaseHeld();
    }

    private void ReleaseHeld()
    {
        foreach (Outgoing item in _held ?? [])
            _chain.Append(item);
        _held = null;
    }

    /// <summary>The client is looking or not (XEP-0352).</summary>
    public void SetInactive(bool inactive)
    {
        lock (_lock)
        {
            Inactive = inactive;
            if (inactive)
                return;
            ReleaseHeld();
        }
        _ready.Set();
    }

    /// <summary>
    /// Writes what is ready, up to about 32 KiB; false when there was nothing. To be flushed, and then told by
    /// <see cref="Flushed"/>. <paramref name="handled"/> is what an <c>&lt;a/&gt;</c> says now.
    /// </summary>
    public bool Fill(Transport transport, Func<uint> handled)
    {
        bool acknowledge,
            request;
        lock (_lock)
        {
            _chain.Write(transport, PieceSize);
            (acknowledge, _acknowledgeDue) = (_acknowledgeDue, false);
            request =
                !_requested && (_chain.Unacknowledged >= RequestAfter || (_requestDue && _chain.Unacknowledged > 0));
            if (request)
                (_requested, _requestDue) = (true, false);
            if (_chain.UnsentBytes <= HighWater)
                Drained();
        }
        if (acknowledge)
            StreamManagement.WriteAcknowledgement(transport, handled());
        if (request)
            StreamManagement.WriteRequest(transport);
        return transport.Unflushed > 0;
    }

    /// <summary>What was written is on its way; returns the newest archived message that needs no acknowledgement, 0 for none.</summary>
    public long Flushed()
    {
        lock (_lock)
            return _chain.Forget();
    }

    /// <summary>Stream management began before anything was queued.</summary>
    public void Manage()
    {
        lock (_lock)
            _chain.BeginCounting();
    }

    /// <summary>
    /// The client has handled this many (modulo 2^32); returns the newest archived message among them, 0 for none, or
    /// null when it claims more than it was sent (XEP-0198 §4).
    /// </summary>
    public long? Acknowledge(uint handled)
    {
        long? newest;
        bool more;
        lock (_lock)
        {
            newest = _chain.Acknowledge(handled);
            if (newest is not null)
                _requested = false;
            more = _chain.Unacknowledged > 0;
        }
        // There is more to ask after.
        if (more)
            _ready.Set();
        return newest;
    }

    /// <summary>After a resumption everything not acknowledged is sent again, but for what belonged to the old stream.</summary>
    public void Rewind()
    {
        lock (_lock)
        {
            _chain.Rewind();
            (_requested, _requestDue, _acknowledgeDue) = (false, false, false);
        }
        _ready.Set();
    }

    /// <summary>Everything not acknowledged goes over a new stream, on which stanzas are counted from the first or not at all.</summary>
    public void Restart(bool counting)
    {
        lock (_lock)
        {
            _chain.Restart(counting);
            (_requested, _requestDue, _acknowledgeDue) = (false, false, false);
        }
    }

    /// <summary>Takes out what is no longer to be sent, oldest first; only while there is no stream.</summary>
    public IReadOnlyList<Outgoing> TakeOut(Predicate<Outgoing> unwanted)
    {
        List<Outgoing> taken = [];
        lock (_lock)
            _chain.Rebuild(item =>
            {
                if (!unwanted(item))
                    return item;
                taken.Add(item);
                return null;
            });
        return taken;
    }

    /// <summary>Puts something else in the place of each; only while there is no stream.</summary>
    public void Replace(Func<Outgoing, Outgoing> make)
    {
        lock (_lock)
            _chain.Rebuild(make);
    }

    /// <summary>The oldest stanza that was written and is not acknowledged; null for none.</summary>
    public Stanza? OldestSent
    {
        get
        {
            lock (_lock)
                return _chain.OldestSent;
        }
    }

    /// <summary>Stanzas in it, and their bytes.</summary>
    public (int Stanzas, long Bytes) Load
    {
        get
        {
            lock (_lock)
                return (_chain.Count, _chain.Bytes);
        }
    }

    /// <summary>Stanzas sent since counting began, modulo 2^32.</summary>
    public uint SentCount
    {
        get
        {
            lock (_lock)
                return _chain.Sent;
        }
    }

    public void AcknowledgementDue()
    {
        lock (_lock)
            _acknowledgeDue = true;
        _ready.Set();
    }

    /// <summary>A second has passed: what is unacknowledged is asked after.</summary>
    public void RequestDue()
    {
        lock (_lock)
            _requestDue = true;
        _ready.Set();
    }

    /// <summary>What was never acknowledged, or not even sent, oldest first.</summary>
    public IReadOnlyList<Outgoing> Unacknowledged()
    {
        lock (_lock)
            return [.. Waiting()];
    }

    /// <summary>Ends it and returns what was never acknowledged, oldest first.</summary>
    public IReadOnlyList<Outgoing> Close()
    {
        IReadOnlyList<Outgoing> left;
        lock (_lock)
        {
            _closed = true;
            ReleaseHeld();
            ReleaseBehind();
            left = _chain.Take();
            Drained();
        }
        _ready.Set();
        return left;
    }
}
