using Xmpp.Addresses;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Server.Streams;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Federation;

/// <summary>
/// What goes from one domain of ours to one of theirs: what waits, in order, and the stream that takes it. What is on disk
/// goes from there once the other server has acknowledged it; without acknowledgements, once it is written.
/// </summary>
internal sealed class Peer(OtherServers others, string local, string remote) : IDisposable
{
    /// <summary>So many streams in a row end over the same stanza before it is given up.</summary>
    private const int MostEndings = 5;
    private static readonly TimeSpan _settled = TimeSpan.FromMinutes(2);
    private readonly Lock _lock = new();
    private readonly Outbox _outbox = new();
    private PeerStream? _stream;
    private ITimer? _retry;
    private bool _connecting;
    private bool _counting;
    private bool _ticking;
    private bool _isDark;
    private int _failures;
    private long? _downSince;
    private long _failedAt;
    private long _taken;
    private bool _removing;
    private bool _isRetired;
    private long _usedAt = others.Server.Time.GetTimestamp();
    private long _attachedAt;
    private bool _progressed;
    private int _hasty;
    private Stanza? _suspect;
    private int _endings;

    public string Local => local;
    public string Remote => remote;
    private XmppServer Server => others.Server;
    private TimeSpan Down => _downSince is { } since ? Server.Time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Nothing waits, and nothing is unacknowledged.</summary>
    public bool IsEmpty => _outbox.Load.Stanzas == 0;

    /// <summary>Bytes that wait.</summary>
    public long Bytes => _outbox.Load.Bytes;

    public bool IsFull =>
        _outbox.Load is var (stanzas, bytes)
        && (stanzas >= others.Options.MostStanzas || bytes >= others.Options.MostBytes);

    public bool IsConnected => Volatile.Read(ref _stream) is not null;

    /// <summary>Was asked to acknowledge, and has not.</summary>
    public bool IsUnanswered => _counting && !IsEmpty && !_outbox.IsToBeAsked;

    // ---- what waits ----

    /// <summary>In the common order; <paramref name="id"/> is its number in the queue on disk, 0 when it is not there.</summary>
    public void Give(Stanza stanza, long id, DateTimeOffset? since = null)
    {
        var item = new Outgoing(stanza, stanza.To, archiveId: id);
        others.Count(item);
        lock (_lock)
        {
            if (!_isRetired)
            {
                bool isLate = since is not null || _downSince is not null;
                _outbox.Add(isLate ? Late(item, since ?? Server.Time.GetUtcNow()) : item);
                Wake();
                return;
            }
        }
        others.PeerOf(local, remote).Give(stanza, id, since);
    }

    /// <summary>Forgotten when it has long had nothing to do: who waits for nobody costs nothing.</summary>
    public void TryRetire()
    {
        lock (_lock)
            if (IsIdle)
                Retire();
    }

    private bool IsIdle =>
        !_isDark && !_removing && _retry is null && !IsRecent(_usedAt) && (_failures == 0 || !IsRecent(_failedAt));

    private bool IsRecent(long time) => Server.Time.GetElapsedTime(time) < others.Options.Idle;

    // There is never more than one for a pair: what comes to this one from now on is for the next.
    private void Retire()
    {
        lock (_lock)
        {
            if (_stream is not null || _connecting || !IsEmpty)
                return;
            _isRetired = true;
            others.Forget(this);
        }
    }

    /// <summary>It is not to go any more.</summary>
    public void GiveBack(Stanza stanza, long id, StanzaError error) =>
        Return([new Outgoing(stanza, stanza.To, archiveId: id)], error);

    // XEP-0203 §4: what arrives late says when it was sent.
    private Outgoing Late(Outgoing item, DateTimeOffset time)
    {
        bool fits = item is { ArchiveId: > 0, Stanza.Kind: StanzaKind.Message, Suffix.IsEmpty: true };
        if (!fits || item.Stanza!.Root.Has("delay", Ns.Delay))
            return item;
        byte[] delay = new XmlBuilder()
            .Start("delay", Ns.Delay)
            .Attribute("from", local)
            .Attribute("stamp", XmlText.Stamp(time))
            .ToArray();
        return new Outgoing(item.Stanza!, item.To, delay, item.ArchiveId);
    }

    /// <summary>Somebody is to take what waits: the stream of now, or a new one.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            if (_stream is { } stream)
                stream.Wake();
            else if (!_connecting && IsDue)
                Connect();
        }
    }

    // A server that is down is tried at its intervals, and sooner where somebody waits, but not for each stanza.
    private bool IsDue => _failures == 0 || Server.Time.GetElapsedTime(_failedAt) >= Retrying.Soonest;

    /// <summary>Its server shows itself: it is worth another attempt.</summary>
    public void Seen()
    {
        lock (_lock)
            if (_stream is null && !_connecting && _failures > 0 && !IsLooping && !IsEmpty)
                Connect();
    }

    // Under the lock.
    private void Connect()
    {
        if (Server.IsStopping)
            return;
        _connecting = true;
        _retry?.Dispose();
        _retry = null;
        others.Run(ConnectAsync);
    }

    private async Task ConnectAsync()
    {
        try
        {
            OutgoingStream stream = await others.ReachAsync(local, remote);
            await stream.ServeAsync(this);
            if (!stream.WasReady)
                throw new PeerException(PeerFault.Unreachable, "the stream ended before it took anything");
        }
        catch (PeerException fault)
        {
            Failed(fault);
        }
        catch (OperationCanceledException) when (Server.IsStopping)
        {
            // What waits stays on disk.
        }
        catch (Exception bug)
        {
            Server.Log.Bug(bug, null);
            Failed(new PeerException(PeerFault.Unreachable, bug.Message));
        }
    }

    /// <summary>The stream takes what waits; false when another does already.</summary>
    public bool TryAttach(PeerStream stream, bool counting)
    {
        bool wasDark;
        lock (_lock)
        {
            if (_stream is not null || _isRetired)
            {
                _connecting = false;
                return false;
            }
            _outbox.Restart(counting);
            (wasDark, _isDark) = (_isDark || IsLooping, false);
            (_connecting, _counting, _progressed) = (false, counting, false);
            _attachedAt = Server.Time.GetTimestamp();
            if (!IsLooping)
                (_failures, _downSince) = (0, null);
            _retry?.Dispose();
            _retry = null;
            _stream = stream;
        }
        Note(wasDark);
        return true;
    }

    // The stream serves, whatever becomes of this.
    private void Note(bool wasDark)
    {
        try
        {
            others.NoteSeen(remote);
            if (wasDark)
                others.Contacts.Refresh(this);
        }
        catch (Exception fault)
        {
            Server.Log.QueueNotWritten(fault, remote);
        }
    }

    // Its streams end again and again before anything is acknowledged: each counts as a failure.
    private bool IsLooping => _hasty >= 2;

    /// <summary>The stream is over, and has written its last.</summary>
    public void Detach(PeerStream stream)
    {
        bool isLooping;
        lock (_lock)
        {
            (_stream, _counting, _usedAt) = (null, false, Server.Time.GetTimestamp());
            if (Server.IsStopping)
                return;
            bool served = _progressed || Server.Time.GetElapsedTime(_attachedAt) >= _settled;
            if (served || (IsEmpty && !stream.WasCut))
                Settle();
            else
                EndedSoon();
            isLooping = IsLooping;
        }
        if (isLooping)
        {
            Failed(new PeerException(PeerFault.Unreachable, "its streams end before they have served"));
            return;
        }
        if (stream.WasCut)
            others.Contacts.Refresh(this);
        if (!IsEmpty)
            Wake();
    }

    // Under the lock.
    private void Settle() => (_hasty, _failures, _downSince, _suspect, _endings) = (0, 0, null, null, 0);

    // Under the lock: the oldest of what was sent may be what the peer does not survive.
    private void EndedSoon()
    {
        _hasty++;
        Stanza? oldest = _outbox.OldestSent;
        (_suspect, _endings) = (oldest, oldest is not null && oldest == _suspect ? _endings + 1 : 1);
        if (oldest is null || _endings < MostEndings)
            return;
        StanzaError error = new("cancel", "undefined-condition", "that server ends the stream over it");
        Return(_outbox.TakeOut(item => item.Stanza == oldest), error);
        Settle();
    }

    // ---- the stream's writer ----

    public void Fill(Transport transport)
    {
        _outbox.Fill(transport, static () => 0);
        if (_counting)
            Tick();
    }

    public void Flushed() => Taken(_outbox.Flushed());

    /// <summary>The peer has handled so many; the number sent when it says more than that.</summary>
    public uint? Acknowledge(uint handled)
    {
        int before = _outbox.Load.Stanzas;
        if (_outbox.Acknowledge(handled) is not { } newest)
            return _outbox.SentCount;
        if (!_progressed && _outbox.Load.Stanzas < before)
            Progressed();
        Taken(newest);
        if (!IsEmpty)
            Tick();
        return null;
    }

    private void Progressed()
    {
        lock (_lock)
        {
            _progressed = true;
            Settle();
        }
    }

    /// <summary>Stanzas behind the element are counted.</summary>
    public void BeginCounting(byte[] enabled)
    {
        _outbox.Add(new Outgoing(enabled) { BeginsCounting = true });
        _counting = true;
        Wake();
    }

    /// <summary>The same while nothing was sent on its stream yet: all is counted.</summary>
    public void CountFromStart()
    {
        _outbox.Restart(counting: true);
        _counting = true;
    }

    // A second later what is unacknowledged is asked after.
    private void Tick()
    {
        if (Interlocked.Exchange(ref _ticking, true))
            return;
        Server.Ticker.Soon(() =>
        {
            Volatile.Write(ref _ticking, false);
            if (_outbox.IsToBeAsked)
            {
                _outbox.RequestDue();
                Volatile.Read(ref _stream)?.Wake();
            }
        });
    }

    // ---- the queue on disk ----

    private void Taken(long newest)
    {
        if (newest == 0)
            return;
        lock (_lock)
        {
            _taken = newest;
            if (_removing)
                return;
            _removing = true;
        }
        // Once a second at most: a crash before it sends something twice.
        Server.Ticker.Soon(RemoveTaken);
    }

    /// <summary>Writes what was acknowledged.</summary>
    public void RemoveTaken()
    {
        long taken;
        lock (_lock)
        {
            (taken, _taken, _removing) = (_taken, 0, false);
            if (taken == 0)
                return;
        }
        Server.Stores.Database.Enqueue(new Removal(this, taken, [], null));
    }

    // ---- failures ----

    private void Failed(PeerException fault)
    {
        // What waits stays on disk.
        if (Server.IsStopping)
            return;
        (bool isKnown, long oldest) = Ask();
        lock (_lock)
        {
            _connecting = false;
            // A peer that has come meanwhile takes what waits.
            if (_stream is not null)
                return;
            Fail();
            // One false answer of a name server must not cost a known server what waits for it.
            bool gone = fault.Fault == PeerFault.NotFound && !isKnown;
            bool impatient = Down >= others.Options.Patience;
            if (gone || (!isKnown && (impatient || fault.Fault == PeerFault.Refused)))
                GiveUp(gone ? StanzaError.RemoteServerNotFound() : Timeout(fault));
            else
                GiveUpOld(Timeout(fault), impatient, oldest);
        }
        Server.Log.Unreachable(remote, fault.Message, _outbox.Load.Stanzas);
    }

    // It was reached once; and how far its queue on disk has waited too long.
    private (bool IsKnown, long Oldest) Ask()
    {
        try
        {
            DateTimeOffset old = Server.Time.GetUtcNow() - others.Options.QueueTime;
            bool isKnown = others.IsKnown(remote);
            using Access access = Server.Stores.Database.OpenRead();
            return (isKnown, Server.Stores.Queue.NewestAt(access, local, remote, old));
        }
        catch (Exception fault) when (fault is StorageException or ObjectDisposedException)
        {
            Server.Log.QueueNotWritten(fault, remote);
            return (true, 0);
        }
    }

    // Under the lock.
    private void Fail()
    {
        _failures++;
        _failedAt = Server.Time.GetTimestamp();
        _downSince ??= _failedAt;
        if (_failures == 1)
            _outbox.Replace(item => Late(item, Server.Time.GetUtcNow()));
    }

    private static StanzaError Timeout(PeerException fault) =>
        new(
            "wait",
            "remote-server-timeout",
            fault.Fault == PeerFault.Refused ? "that server could not prove who it is" : null
        );

    // Under the lock, as what follows: no stream begins between.
    private void GiveUp(StanzaError error)
    {
        others.Absent(remote, error);
        Return(_outbox.TakeOut(static _ => true), error);
        (_failures, _downSince) = (0, null);
        GoDark();
        Retire();
    }

    // Messages wait for as long as the settings say, the rest for minutes.
    private void GiveUpOld(StanzaError error, bool impatient, long oldest)
    {
        Return(_outbox.TakeOut(item => item.ArchiveId == 0 ? impatient : item.ArchiveId <= oldest), error);
        if (impatient)
            GoDark();
        if (!IsEmpty)
            Retry();
    }

    private void Retry()
    {
        _retry?.Dispose();
        _retry = Server.Time.CreateTimer(
            _ => Again(),
            null,
            Retrying.After(_failures, others.Options.QueueTime),
            System.Threading.Timeout.InfiniteTimeSpan
        );
    }

    private void Again()
    {
        lock (_lock)
            if (_stream is null && !_connecting)
                Connect();
    }

    public void Dispose() => _retry?.Dispose();

    private void GoDark()
    {
        if (_isDark)
            return;
        _isDark = true;
        others.Contacts.Lost(this);
    }

    private void Return(IReadOnlyList<Outgoing> items, StanzaError error)
    {
        if (items.Count == 0)
            return;
        long last = items.Max(item => item.ArchiveId);
        Server.Stores.Database.Enqueue(new Removal(this, last, items, error));
    }

    /// <summary>Takes off the queue on disk; who sent what did not arrive is told after it.</summary>
    private sealed class Removal(Peer peer, long upTo, IReadOnlyList<Outgoing> lost, StanzaError? error) : Commit
    {
        public override bool Writes => upTo > 0;

        public override void Write(Transaction transaction)
        {
            if (upTo > 0)
                peer.Server.Stores.Queue.Remove(transaction, peer.Local, peer.Remote, upTo);
        }

        public override void Released()
        {
            HashSet<(Jid, Jid)> told = [];
            foreach (Outgoing item in lost)
                if (item.Stanza is { } stanza)
                    peer.Return(stanza, error!, told);
        }

        public override void Failed(Exception failure) => peer.Server.Log.QueueNotWritten(failure, peer.Remote);
    }

    private void Return(Stanza stanza, StanzaError error, HashSet<(Jid, Jid)> told)
    {
        try
        {
            others.Return(stanza, error, told);
        }
        catch (Exception bug)
        {
            Server.Log.Bug(bug, stanza.From);
        }
    }
}
