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
    /// Stanzas of the peer go over this stream, behind what <paramref name="first"/> says; false when it has one, or this
    /// stream has another, or ends.
    /// </summary>
    public bool TryFeed(Peer peer, bool counting, Action? first = null)
    {
        lock (_feeding)
        {
            bool attached = !_ends && _feed is null && peer.TryAttach(stream, counting);
            first?.Invoke();
            if (!attached)
                return false;
            Volatile.Write(ref _feed, peer);
        }
        _ready.Set();
        return true;
    }

    /// <summary>The feed's stanzas wait until <see cref="Release"/>.</summary>
    public void Withhold() => Volatile.Write(ref _withheld, 1);

    /// <summary>They go, unless they are about to be counted.</summary>
    public void Release()
    {
        if (Interlocked.CompareExchange(ref _withheld, 0, 1) == 1)
            _ready.Set();
    }

    /// <summary>Stanzas of the feed are counted from here: behind the word, or all of them where none went yet.</summary>
    public void BeginCounting(byte[] enabled)
    {
        Peer? feed = Feed;
        bool nothingWent = Interlocked.CompareExchange(ref _withheld, 2, 1) == 1;
        if (feed is not null && !nothingWent)
        {
            feed.BeginCounting(enabled);
            return;
        }
        Say(transport => transport.Write(enabled));
        feed?.CountFromStart();
        Volatile.Write(ref _withheld, 0);
        _ready.Set();
    }

    /// <summary>The stream is over: another may take what waits.</summary>
    public void LeaveFeed() => Interlocked.Exchange(ref _feed, null)?.Detach(stream);
}
