using Xmpp.Server.Sessions;
using Xmpp.Server.Streams;
using Xmpp.Stanzas;

namespace Xmpp.Server.Federation;

/// <summary>
/// One domain of ours and one of theirs: the one stream that takes what waits between them (<see cref="PeerQueue"/>), how it
/// comes about, and what becomes of all that while there is none.
/// </summary>
internal sealed partial class Peer : IDisposable
{
    private static readonly TimeSpan _settled = TimeSpan.FromMinutes(2);
    private readonly Lock _lock = new();
    private readonly OtherServers _others;
    private readonly PeerQueue _queue;
    private readonly Endings _endings = new();
    private PeerStream? _stream;

    // Which attempt is under way, or is being seen to; 0 for none. One that was overtaken has nothing to say any more.
    private int _attempt;
    private int _attempts;
    private bool _isRetired;
    private long _usedAt;
    private long _attachedAt;
    private bool _progressed;

    // What was sent is counted on it.
    private Resumable? _resumable;

    // Its server hears who is here, unless it goes on with the stream that was cut.
    private bool _isStale;

    public Peer(OtherServers others, string local, string remote)
    {
        (_others, Local, Remote) = (others, local, remote);
        _queue = new PeerQueue(others, local, remote, () => Volatile.Read(ref _stream)?.Wake());
        _usedAt = Server.Time.GetTimestamp();
    }

    public string Local { get; }
    public string Remote { get; }
    private XmppServer Server => _others.Server;

    /// <summary>Nothing waits, and nothing is unacknowledged.</summary>
    public bool IsEmpty => _queue.IsEmpty;

    /// <summary>Bytes that wait.</summary>
    public long Bytes => _queue.Load.Bytes;

    public bool IsFull => _queue.IsFull;
    public bool IsConnected => Volatile.Read(ref _stream) is not null;

    /// <summary>Was asked to acknowledge, and has not.</summary>
    public bool IsUnanswered => _queue.IsUnanswered;

    // ---- what waits ----

    /// <summary>In the common order; <paramref name="id"/> is its number in the queue on disk, 0 when it is not there.</summary>
    public void Give(Stanza stanza, long id, DateTimeOffset? since = null)
    {
        var item = new Outgoing(stanza, stanza.To, archiveId: id);
        _others.Waiting.Count(item);
        lock (_lock)
        {
            if (_stream?.MostBytes is { } most && StreamLimits.IsTooLarge(item, most))
            {
                _queue.GiveBack([item], StreamLimits.Error(Remote, most));
                return;
            }
            if (!_isRetired)
            {
                _queue.Add(item, since ?? (_downSince is null ? null : Server.Time.GetUtcNow()));
                Wake();
                return;
            }
        }
        _others.PeerOf(Local, Remote).Give(stanza, id, since);
    }

    /// <summary>It is not to go any more.</summary>
    public void GiveBack(Stanza stanza, long id, StanzaError error) =>
        _queue.GiveBack([new Outgoing(stanza, stanza.To, archiveId: id)], error);

    /// <summary>Writes what was acknowledged.</summary>
    public void RemoveTaken() => _queue.RemoveTaken();

    /// <summary>Forgotten when it has long had nothing to do: who waits for nobody costs nothing.</summary>
    public void TryRetire()
    {
        lock (_lock)
            if (IsIdle)
                Retire();
    }

    private bool IsIdle =>
        !_isDark
        && !_queue.IsRemoving
        && _retry is null
        && !IsRecent(_usedAt)
        && (_failures == 0 || !IsRecent(_failedAt));

    private bool IsRecent(long time) => Server.Time.GetElapsedTime(time) < _others.Options.Idle;

    // There is never more than one for a pair: what comes to this one from now on is for the next.
    private void Retire()
    {
        lock (_lock)
        {
            if (_stream is not null || IsConnecting || !IsEmpty)
                return;
            _isRetired = true;
            _others.Forget(this);
            if (_resumable is not null)
                _others.Resumables.Forget(_resumable);
        }
    }

    public void Dispose() => _retry?.Dispose();

    // ---- connecting ----

    private bool IsConnecting => _attempt != 0;

    /// <summary>Somebody is to take what waits: the stream of now, or a new one.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            if (_stream is { } stream)
                stream.Wake();
            else if (!IsConnecting && IsDue)
                Connect();
        }
    }

    // A server that is down is tried at its intervals, and sooner where somebody waits, but not for each stanza.
    private bool IsDue => _failures == 0 || Server.Time.GetElapsedTime(_failedAt) >= Retrying.Soonest;

    /// <summary>Its server shows itself: it is worth another attempt.</summary>
    public void Seen()
    {
        lock (_lock)
            if (_stream is null && !IsConnecting && _failures > 0 && !_endings.IsLooping && !IsEmpty)
                Connect();
    }

    // Under the lock.
    private void Connect()
    {
        if (Server.IsStopping || !_others.Clock.IsRight())
            return;
        int attempt = _attempt = ++_attempts;
        _retry?.Dispose();
        _retry = null;
        _others.Run(() => ConnectAsync(attempt));
    }

    private async Task ConnectAsync(int attempt)
    {
        try
        {
            OutgoingStream stream = await _others.Outreach.ReachAsync(Local, Remote);
            await stream.ServeAsync(this);
            if (!stream.WasReady)
                throw new PeerException(PeerFault.Unreachable, "the stream ended before it took anything");
        }
        catch (PeerException fault)
        {
            Failed(fault, attempt);
        }
        catch (OperationCanceledException) when (Server.IsStopping)
        {
            // What waits stays on disk.
        }
        catch (Exception bug)
        {
            Server.Log.Bug(bug, null);
            Failed(new PeerException(PeerFault.Unreachable, bug.Message), attempt);
        }
    }

    // ---- the stream ----

    /// <summary>What may be gone on with, where the last stream was cut.</summary>
    public Resumable? Resumable
    {
        get
        {
            lock (_lock)
                return _resumable;
        }
    }

    /// <summary>
    /// The stream is to take what waits, from <see cref="Begin"/> or <see cref="TryResume"/> on; false when another does already,
    /// or is to go on with the one that was cut.
    /// </summary>
    /// <param name="resumable">What it goes on with itself.</param>
    public bool TryAttach(PeerStream stream, Resumable? resumable)
    {
        bool wasDark;
        lock (_lock)
        {
            bool isHeld = _resumable is not null && _resumable != resumable && _others.Resumables.Contain(_resumable);
            if (_stream is not null || _isRetired || isHeld)
            {
                if (stream is OutgoingStream)
                    _attempt = 0;
                return false;
            }
            (wasDark, _isDark) = (_isDark || _endings.IsLooping, false);
            (_attempt, _progressed) = (0, false);
            _attachedAt = Server.Time.GetTimestamp();
            if (!_endings.IsLooping)
                (_failures, _downSince) = (0, null);
            _retry?.Dispose();
            _retry = null;
            _stream = stream;
        }
        Note(wasDark);
        return true;
    }

    /// <summary>All that waits goes over the stream, on which it is counted or not; perhaps so that it may be gone on with.</summary>
    public void Begin(bool counting, Resumable? resumable = null)
    {
        _queue.Restart(counting);
        GiveBackTooLarge();
        Hold(resumable, isStale: true);
    }

    /// <summary>
    /// The stream goes on with the one that was cut, of which the peer has taken so many stanzas; false when it says more than
    /// there were.
    /// </summary>
    public bool TryResume(Resumable resumable, uint handled)
    {
        if (Resumable != resumable)
        {
            // None of ours went over it.
            Begin(counting: true, resumable);
            return handled == 0;
        }
        if (Acknowledge(handled) is not null)
            return false;
        _queue.Rewind();
        GiveBackTooLarge();
        Hold(resumable, isStale: false);
        return true;
    }

    // What the server of this stream does not take (XEP-0478 §4) goes back, and nothing goes with it.
    private void GiveBackTooLarge()
    {
        if (Volatile.Read(ref _stream)?.MostBytes is { } most)
            _queue.GiveBack(item => StreamLimits.IsTooLarge(item, most), StreamLimits.Error(Remote, most));
    }

    /// <summary>The same where ours go over another stream.</summary>
    public bool TryAcknowledge(Resumable resumable, uint handled) =>
        Resumable != resumable || Acknowledge(handled) is null;

    // What the stream is for the counts, and what its server knows.
    private void Hold(Resumable? resumable, bool isStale)
    {
        Resumable? before;
        lock (_lock)
        {
            (before, _resumable) = (_resumable, resumable);
            _isStale &= isStale;
        }
        if (before is not null && before != resumable)
            _others.Resumables.Forget(before);
        RefreshIfStale();
    }

    // The stream serves, whatever becomes of this.
    private void Note(bool wasDark)
    {
        try
        {
            _others.NoteSeen(Remote);
            if (wasDark)
                _others.Contacts.Refresh(this);
        }
        catch (Exception fault)
        {
            Server.Log.QueueNotWritten(fault, Remote);
        }
    }

    public void Fill(Transport transport) => _queue.Fill(transport);

    public void Flushed() => _queue.Flushed();

    /// <summary>The peer has handled so many; the number sent when it says more than that.</summary>
    public uint? Acknowledge(uint handled)
    {
        (uint? sent, bool isNew) = _queue.Acknowledge(handled);
        if (isNew && !_progressed)
            lock (_lock)
            {
                _progressed = true;
                Settle();
            }
        return sent;
    }

    /// <summary>Stanzas behind the element are counted.</summary>
    public void BeginCounting(byte[] enabled)
    {
        _queue.BeginCounting(enabled);
        Wake();
    }

    /// <summary>The stream is over, and has written its last.</summary>
    public void Detach(PeerStream stream)
    {
        bool isAwaited;
        int looping;
        lock (_lock)
        {
            (_stream, _usedAt) = (null, Server.Time.GetTimestamp());
            _queue.StopCounting();
            if (Server.IsStopping)
                return;
            bool served = _progressed || Server.Time.GetElapsedTime(_attachedAt) >= _settled;
            if (served || (IsEmpty && !stream.WasCut))
                Settle();
            else
                EndedSoon();
            bool goesOn = _resumable is not null && _others.Resumables.Contain(_resumable);
            if (!goesOn)
                _resumable = null;
            _isStale |= stream.WasCut && !_endings.IsLooping;
            isAwaited = goesOn && _others.Resumables.IsAwaited(_resumable!);
            // Nobody connects before the failure is noted.
            looping = _attempt = _endings.IsLooping ? ++_attempts : 0;
        }
        if (looping != 0)
        {
            Failed(new PeerException(PeerFault.Unreachable, "its streams end before they have served"), looping);
            return;
        }
        if (isAwaited)
            return;
        // Whether its server was started anew shows as the next stream goes on with this one or not.
        if (Resumable is null)
            RefreshIfStale();
        if (!IsEmpty || Resumable is not null)
            Wake();
    }

    private void RefreshIfStale()
    {
        bool isStale;
        lock (_lock)
            (isStale, _isStale) = (_isStale, false);
        if (isStale)
            _others.Contacts.Refresh(this);
    }

    // Under the lock.
    private void Settle()
    {
        _endings.Forget();
        (_failures, _downSince) = (0, null);
    }

    // Under the lock.
    private void EndedSoon()
    {
        if (_endings.Note(_queue.OldestSent) is not { } fatal)
            return;
        StanzaError error = new("cancel", "undefined-condition", "that server ends the stream over it");
        _queue.GiveBack(item => item.Stanza == fatal, error);
        Settle();
    }
}
