using System.Collections.Concurrent;
using Xmpp.Server.Sessions;
using Xmpp.Server.Streams;

namespace Xmpp.Server.Federation;

/// <summary>
/// Writes one stream, beside its reader: what the stream itself says, and behind it the stanzas of one <see cref="Peer"/> at
/// most, its feed.
/// </summary>
internal sealed class PeerWriter(PeerStream stream, XmppServer server)
{
    private readonly ConcurrentQueue<Action<Transport>> _said = new();
    private readonly AsyncSignal _ready = new();
    private readonly CancellationTokenSource _cut = new();
    private readonly Lock _feeding = new();
    private Task _task = Task.CompletedTask;
    private TaskCompletionSource? _room;
    private Peer? _feed;
    private long _flushing;
    private int _withheld;
    private volatile bool _writes;
    private volatile bool _ends;

    private Transport Transport => stream.Transport;

    /// <summary>Whose stanzas go over the stream; null for nobody's.</summary>
    public Peer? Feed => Volatile.Read(ref _feed);

    /// <summary>Says its last.</summary>
    public bool IsEnding => _ends;

    /// <summary>Elements of the stream itself that wait.</summary>
    public int Waiting => _said.Count;

    /// <summary>How long the peer has not taken what is being written.</summary>
    public TimeSpan Stuck
    {
        get
        {
            long flushing = Volatile.Read(ref _flushing);
            return flushing == 0 ? TimeSpan.Zero : server.Time.GetElapsedTime(flushing);
        }
    }

    /// <summary>Queues what the stream itself says, before the stanzas that wait.</summary>
    public void Say(Action<Transport> what)
    {
        _said.Enqueue(what);
        _ready.Set();
    }

    /// <summary>There is something to write.</summary>
    public void Wake() => _ready.Set();

    /// <summary>From here on nobody else writes.</summary>
    public void Begin()
    {
        _writes = true;
        _task = WriteAsync();
    }

    /// <summary>Says what is still to be said, for so long, and no stanza more.</summary>
    public Task EndAsync(TimeSpan patience)
    {
        _cut.CancelAfter(patience);
        lock (_feeding)
            _ends = true;
        _ready.Set();
        if (!_writes)
            Begin();
        return _task;
    }

    /// <summary>Stanzas went, and nobody counted them.</summary>
    public bool HasFedUncounted => Feed is not null && Volatile.Read(ref _withheld) == 0;

    /// <summary>Writes nothing more, whatever waits.</summary>
    public void Cut() => _ = _cut.CancelAsync();

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                bool last = _ends;
                // Before what is said: that a feed began behind stays before its stanzas.
                Peer? feed = Volatile.Read(ref _withheld) != 0 ? null : Feed;
                while (_said.TryDequeue(out Action<Transport>? say))
                    say(Transport);
                Interlocked.Exchange(ref _room, null)?.TrySetResult();
                if (!last && !stream.IsClosing)
                    feed?.Fill(Transport);
                if (Transport.Unflushed > 0)
                    await FlushAsync();
                else if (last)
                    return;
                else
                    await _ready.WaitAsync();
            }
        }
        catch (Exception lost) when (lost is IOException or ObjectDisposedException or OperationCanceledException)
        {
            await stream.LostAsync();
        }
    }

    private async ValueTask FlushAsync()
    {
        Volatile.Write(ref _flushing, server.Time.GetTimestamp() | 1);
        await Transport.FlushAsync(_cut.Token);
        Volatile.Write(ref _flushing, 0);
        if (Volatile.Read(ref _withheld) == 0)
            Feed?.Flushed();
        stream.Used();
    }

    /// <summary>Returns once so little waits to be said; <paramref name="isFull"/> says whether.</summary>
    public async ValueTask HaveRoomAsync(Func<bool> isFull, CancellationToken cancellation)
    {
        while (isFull())
        {
            var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref _room, room);
            if (isFull())
                await room.Task.WaitAsync(cancellation);
        }
    }

    // ---- the feed ----

    /// <summary>
    /// Stanzas of the peer go over this stream, behind what <paramref name="first"/> says, once <paramref name="begin"/> is
    /// done or, where they are withheld, what takes its place; false when another stream has it, or this has another, or ends.
    /// </summary>
    public bool TryFeed(Peer peer, Action<Peer> begin, Resumable? resumable = null, Action? first = null)
    {
        lock (_feeding)
        {
            bool attached = !_ends && _feed is null && peer.TryAttach(stream, resumable);
            first?.Invoke();
            if (!attached)
                return false;
            if (_withheld == 0)
                begin(peer);
            Volatile.Write(ref _feed, peer);
        }
        _ready.Set();
        return true;
    }

    /// <summary>The feed's stanzas wait until <see cref="Release()"/>.</summary>
    public void Withhold()
    {
        lock (_feeding)
            _withheld = 1;
    }

    /// <summary>They go, uncounted.</summary>
    public void Release()
    {
        if (Volatile.Read(ref _withheld) == 0)
            return;
        lock (_feeding)
            Release(static peer => peer.Begin(counting: false));
    }

    // Under the lock.
    private bool Release(Action<Peer> begin)
    {
        if (_withheld == 0)
            return false;
        if (_feed is not null)
            begin(_feed);
        Volatile.Write(ref _withheld, 0);
        _ready.Set();
        return true;
    }

    /// <summary>Stanzas of the feed are counted: behind the word, or all of them where none went yet.</summary>
    public void BeginCounting(byte[] enabled, Resumable? resumable)
    {
        lock (_feeding)
        {
            if (_withheld == 0 && _feed is not null)
            {
                _feed.BeginCounting(enabled);
                return;
            }
            Say(transport => transport.Write(enabled));
            Release(peer => peer.Begin(counting: true, resumable));
        }
    }

    /// <summary>
    /// Behind the word, the stream goes on with another: what of the peer's was not taken there goes over this one, if it can.
    /// False when more was taken than was sent.
    /// </summary>
    /// <param name="mayFeed">The stream takes stanzas of the peer.</param>
    public bool TryResume(Peer peer, Resumable resumable, uint handled, byte[] resumed, bool mayFeed)
    {
        lock (_feeding)
        {
            bool feeds = _feed == peer || (_feed is null && mayFeed && !_ends && peer.TryAttach(stream, resumable));
            bool isRight = feeds ? peer.TryResume(resumable, handled) : peer.TryAcknowledge(resumable, handled);
            if (isRight)
                Say(transport => transport.Write(resumed));
            if (feeds)
                Volatile.Write(ref _feed, peer);
            Volatile.Write(ref _withheld, 0);
            _ready.Set();
            return isRight;
        }
    }

    /// <summary>The stream is over: another may take what waits.</summary>
    public void LeaveFeed() => Interlocked.Exchange(ref _feed, null)?.Detach(stream);
}
