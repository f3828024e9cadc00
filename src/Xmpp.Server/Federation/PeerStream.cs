using System.Collections.Concurrent;
using System.Security.Authentication;
using Xmpp.Addresses;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Server.Streams;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Federation;

/// <summary>
/// One connection with another server, whichever side began it: a reader, a writer beside it once TLS is on, and for whom
/// the peer has proved to speak. What goes out comes from one <see cref="Peer"/> at most, its feed.
/// </summary>
internal abstract class PeerStream
{
    /// <summary>Answers that may be on their way before the peer must take some.</summary>
    private const int MostAnswers = 64;
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(5);
    private readonly ConcurrentQueue<Action<Transport>> _said = new();
    private readonly AsyncSignal _ready = new();
    private readonly CancellationTokenSource _reading = new();
    private readonly CancellationTokenSource _cut = new();
    private readonly ConcurrentDictionary<(string From, string To), bool> _proved = [];
    private readonly Lock _feeding = new();
    private readonly Throttle _throttle;
    private Task _writer = Task.CompletedTask;
    private TaskCompletionSource? _room;
    private int _acknowledging;
    private Peer? _feed;
    private uint _handled;
    private long _used;
    private long _flushing;
    private bool _counts;
    private volatile bool _writes;
    private volatile bool _closing;
    private volatile bool _ends;
    private int _withheld;

    protected PeerStream(OtherServers others, Transport transport)
    {
        (Others, Transport) = (others, transport);
        _throttle = new Throttle(others.Server.Options.StanzasPerSecond, others.Server.Time);
        _used = others.Server.Time.GetTimestamp();
    }

    public Transport Transport { get; }
    protected OtherServers Others { get; }
    protected XmppServer Server => Others.Server;

    /// <summary>Cancelled when nothing more is to be read.</summary>
    protected CancellationToken Reading => _reading.Token;

    /// <summary>The language of the peer's stanzas that do not say one (RFC 6120 §4.7.4).</summary>
    protected string? Language { get; set; }

    /// <summary>Our header was written.</summary>
    protected virtual bool HasOpened => true;

    /// <summary>Writes our header where only an error follows (RFC 6120 §4.9.1.2).</summary>
    protected virtual void Open(Transport transport) { }

    /// <summary>It ended without an orderly farewell, or with the peer's process.</summary>
    public bool WasCut { get; private set; }

    /// <summary>The peer may send from the one domain to the other.</summary>
    public bool HasProved(string from, string to) => _proved.ContainsKey((from, to));

    protected int Proved => _proved.Count;

    protected bool HasProvedAny => !_proved.IsEmpty;

    protected void Prove(string from, string to) => _proved[(from, to)] = true;

    // ---- the whole life ----

    /// <summary>Serves it until its end. Never throws for what the peer does.</summary>
    protected async Task RunAsync(Func<Task> serve)
    {
        using CancellationTokenRegistration stop = Server.Stopping.Register(() => _ = _reading.CancelAsync());
        Others.Add(this);
        StreamErrorException? error = await GuardAsync(serve);
        await EndAsync(error);
        Others.Remove(this);
        Server.Log.StreamEnded(Transport.RemoteAddress.ToString(), error?.Message ?? (WasCut ? "cut" : "closed"));
    }

    // What the peer is told at the end; null for nothing.
    private async Task<StreamErrorException?> GuardAsync(Func<Task> serve)
    {
        try
        {
            await serve();
            return null;
        }
        catch (StreamErrorException error)
        {
            return error;
        }
        catch (OperationCanceledException)
        {
            if (_closing)
                return null;
            bool stops = Server.IsStopping;
            WasCut = !stops;
            return new(stops ? StreamErrorCondition.SystemShutdown : StreamErrorCondition.ConnectionTimeout);
        }
        catch (Exception lost) when (lost is IOException or AuthenticationException or ObjectDisposedException)
        {
            WasCut = true;
            return null;
        }
        catch (Exception bug)
        {
            Server.Log.Bug(bug, null);
            return new(StreamErrorCondition.InternalServerError);
        }
    }

    private async Task EndAsync(StreamErrorException? error)
    {
        try
        {
            await _reading.CancelAsync();
            await SayLastAsync(error);
            await OnEndedAsync();
        }
        catch (Exception bug)
        {
            Server.Log.Bug(bug, null);
        }
        finally
        {
            // The peer's next stream begins here: whatever went wrong, this one is over.
            await Transport.DisposeAsync();
            Interlocked.Exchange(ref _feed, null)?.Detach(this);
        }
    }

    private async Task SayLastAsync(StreamErrorException? error)
    {
        _cut.CancelAfter(_farewell);
        bool goodbye = !_closing && Transport.CanBeHeard;
        if (goodbye && error is not null && !HasOpened)
            Say(Open);
        if (goodbye && error is not null)
            Say(transport => transport.Write(StreamElements.Error(error)));
        if (goodbye && (HasOpened || error is not null))
            Say(static transport => transport.WriteClose());
        lock (_feeding)
            _ends = true;
        _ready.Set();
        if (!_writes)
            BeginWriting();
        await _writer;
    }

    /// <summary>What hangs on it ends, the writer having stopped.</summary>
    protected virtual Task OnEndedAsync() => Task.CompletedTask;

    // ---- writing ----

    /// <summary>Queues what the stream itself says, before the stanzas that wait.</summary>
    protected void Say(Action<Transport> what)
    {
        _said.Enqueue(what);
        _ready.Set();
    }

    protected void Say(byte[] element) => Say(transport => transport.Write(element));

    /// <summary>There is something to write.</summary>
    public void Wake() => _ready.Set();

    /// <summary>From here on the writer alone writes.</summary>
    protected void BeginWriting()
    {
        _writes = true;
        _writer = WriteAsync();
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                bool last = _ends;
                // Before what is said: that a feed began behind stays before its stanzas.
                Peer? feed = Volatile.Read(ref _withheld) != 0 ? null : Volatile.Read(ref _feed);
                while (_said.TryDequeue(out Action<Transport>? say))
                    say(Transport);
                Interlocked.Exchange(ref _room, null)?.TrySetResult();
                if (!last && !_closing)
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
            WasCut = true;
            await _reading.CancelAsync();
        }
    }

    private async ValueTask FlushAsync()
    {
        Volatile.Write(ref _flushing, Server.Time.GetTimestamp() | 1);
        await Transport.FlushAsync(_cut.Token);
        Volatile.Write(ref _flushing, 0);
        Volatile.Read(ref _feed)?.Flushed();
        Used();
    }

    /// <summary>
    /// Stanzas of the peer go over this stream, behind what <paramref name="first"/> says; false when it has one, or this
    /// stream has another, or ends.
    /// </summary>
    protected bool TryFeed(Peer peer, bool counting, Action? first = null)
    {
        lock (_feeding)
        {
            bool attached = !_ends && _feed is null && peer.TryAttach(this, counting);
            first?.Invoke();
            if (!attached)
                return false;
            Volatile.Write(ref _feed, peer);
        }
        _ready.Set();
        return true;
    }

    /// <summary>The feed's stanzas wait until <see cref="Release"/>.</summary>
    protected void Withhold() => Volatile.Write(ref _withheld, 1);

    /// <summary>They go, unless they are about to be counted.</summary>
    protected void Release()
    {
        if (Interlocked.CompareExchange(ref _withheld, 0, 1) == 1)
            _ready.Set();
    }

    /// <summary>Nothing was sent or received for so long.</summary>
    public TimeSpan Unused => Server.Time.GetElapsedTime(Volatile.Read(ref _used));

    protected void Used() => Volatile.Write(ref _used, Server.Time.GetTimestamp());

    /// <summary>Ends an idle stream in order, and one whose peer takes or says nothing; called now and then.</summary>
    public virtual void Look(TimeSpan idle)
    {
        long flushing = Volatile.Read(ref _flushing);
        bool stuck = flushing != 0 && Server.Time.GetElapsedTime(flushing) > Others.Options.Patience;
        bool silent = Volatile.Read(ref _feed)?.IsUnanswered == true && Unused > Others.Options.Patience;
        if (stuck || silent)
            Cut();
        else if (Unused > idle && Volatile.Read(ref _feed) is not { IsEmpty: false })
            Close();
    }

    /// <summary>No more comes.</summary>
    public bool IsClosing => _closing || _ends;

    /// <summary>Says that no more comes, and waits a little for the peer to say so too.</summary>
    public void Close()
    {
        if (_closing)
            return;
        _closing = true;
        Say(static transport => transport.WriteClose());
        _reading.CancelAfter(_farewell);
    }

    /// <summary>Reads no more: it took too long.</summary>
    protected void Expire() => _ = _reading.CancelAsync();

    /// <summary>At once; what was not acknowledged goes over another.</summary>
    private void Cut()
    {
        WasCut = true;
        _ = _cut.CancelAsync();
        _ = _reading.CancelAsync();
    }

    // ---- reading ----

    /// <summary>Takes elements until the peer has said its last.</summary>
    protected async Task ReadAsync()
    {
        while (true)
        {
            StreamInput input = await Transport.ReadAsync(_reading.Token);
            if (input.Event == StreamEvent.Opened)
                OnOpened(input.Element);
            else if (input.Event != StreamEvent.Element)
            {
                WasCut = input.Event == StreamEvent.Lost && !_closing;
                return;
            }
            else if (input.Element.Is("error", Ns.Streams))
            {
                WasCut = true;
                return;
            }
            else
            {
                await _throttle.WaitAsync(_reading.Token);
                await HaveRoomAsync();
                await TakeAsync(input.Element);
            }
        }
    }

    private bool IsFull => _said.Count + Volatile.Read(ref _acknowledging) >= MostAnswers;

    // Who asks and does not take the answers is not heard any further.
    private async ValueTask HaveRoomAsync()
    {
        while (IsFull)
        {
            var room = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref _room, room);
            if (IsFull)
                await room.Task.WaitAsync(_reading.Token);
        }
    }

    protected virtual void OnOpened(Element header) =>
        throw new StreamErrorException(StreamErrorCondition.BadFormat, "a second stream header");

    private ValueTask TakeAsync(Element element)
    {
        switch (element.Namespace)
        {
            case Ns.Client or Ns.Server:
                return TakeStanzaAsync(element);
            case Ns.StreamManagement:
                Manage(element);
                return ValueTask.CompletedTask;
            default:
                Negotiate(element);
                return ValueTask.CompletedTask;
        }
    }

    /// <summary>An element that is neither a stanza nor of stream management.</summary>
    protected virtual void Negotiate(Element element) =>
        throw new StreamErrorException(StreamErrorCondition.UnsupportedStanzaType, element.Name);

    // RFC 6120 §8.1: each stanza has both addresses, and comes from a domain that was proved for that one of ours.
    private async ValueTask TakeStanzaAsync(Element element)
    {
        if (!HasProvedAny)
            throw new StreamErrorException(StreamErrorCondition.NotAuthorized);
        if (!Stanza.TryRead(element, out Stanza? raw, out bool badAddress))
            throw new StreamErrorException(StreamErrorCondition.UnsupportedStanzaType, element.Name);
        Release();
        Used();
        _handled++;
        if (badAddress)
        {
            Malformed(raw);
            return;
        }
        if (raw.From is not { } from || raw.To is not { } to)
            throw new StreamErrorException(StreamErrorCondition.ImproperAddressing);
        CheckProved(from, to);
        if (!Others.Lets(raw))
            return;
        Stanza stanza = raw.With(from, to, Language);
        await Server.Dispatcher.TakeAsync(Origin.Elsewhere(Server, from), stanza, _reading.Token);
    }

    private void CheckProved(Jid from, Jid to)
    {
        if (HasProved(from.Domain, to.Domain))
            return;
        throw new StreamErrorException(
            !Others.IsOurs(to.Domain) ? StreamErrorCondition.HostUnknown : StreamErrorCondition.InvalidFrom,
            $"{from.Domain} has not proved itself to {to.Domain}"
        );
    }

    // RFC 6120 §8.3.3.8: one that cannot be read is its sender's fault, not its server's.
    private void Malformed(Stanza stanza)
    {
        bool known = stanza.From is { } from && _proved.Keys.Any(pair => pair.From == from.Domain);
        if (known && stanza.Type is not (StanzaType.Error or StanzaType.Result))
            Server.Dispatcher.Send(stanza.Bounce(StanzaError.JidMalformed()).With(Server.Address, stanza.From));
    }

    // ---- stream management (XEP-0198) ----

    /// <summary>What the peer sends is counted from now on.</summary>
    protected void BeginCounting() => (_handled, _counts) = (0, true);

    private void Manage(Element element)
    {
        Used();
        switch (element.Name)
        {
            case "r" when _counts:
                Interlocked.Increment(ref _acknowledging);
                Server.Stores.Database.Enqueue(new Acknowledgement(this, _handled));
                return;
            case "a" when uint.TryParse(element.Attribute("h"), out uint handled):
                if (Volatile.Read(ref _feed)?.Acknowledge(handled) is { } sent)
                    throw new StreamErrorException(StreamErrorCondition.UndefinedCondition)
                    {
                        Extra = StreamManagement.TooHigh(handled, sent),
                    };
                return;
            case "enable":
                Enable();
                return;
            case "enabled" or "failed" when TryEnable(element.Name == "enabled"):
                return;
            case "resume":
                Say(
                    new XmlBuilder(around: "")
                        .Start("failed", Ns.StreamManagement)
                        .Empty("item-not-found", Ns.StanzaErrors)
                        .ToArray()
                );
                return;
            default:
                throw new StreamErrorException(StreamErrorCondition.UnsupportedStanzaType, element.Name);
        }
    }

    /// <summary>The answer to <c>&lt;enable/&gt;</c>; false when nobody has asked.</summary>
    protected virtual bool TryEnable(bool enabled) => false;

    // The side that began asks for it (§3), once it is known; both sides count from then on.
    private void Enable()
    {
        if (!HasProvedAny || _counts)
        {
            Say(
                new XmlBuilder(around: "")
                    .Start("failed", Ns.StreamManagement)
                    .Empty("unexpected-request", Ns.StanzaErrors)
                    .ToArray()
            );
            return;
        }
        BeginCounting();
        byte[] enabled = new XmlBuilder(around: "").Empty("enabled", Ns.StreamManagement).ToArray();
        Peer? feed = Volatile.Read(ref _feed);
        bool nothingWent = Interlocked.CompareExchange(ref _withheld, 2, 1) == 1;
        if (feed is not null && !nothingWent)
        {
            feed.BeginCounting(enabled);
            return;
        }
        Say(enabled);
        feed?.CountFromStart();
        Volatile.Write(ref _withheld, 0);
        _ready.Set();
    }

    // Life 2: what is acknowledged is on disk.
    private sealed class Acknowledgement(PeerStream stream, uint handled) : Commit
    {
        public override bool Writes => false;

        public override void Released()
        {
            Interlocked.Decrement(ref stream._acknowledging);
            stream.Say(transport => StreamManagement.WriteAcknowledgement(transport, handled));
        }

        public override void Failed(Exception failure)
        {
            Interlocked.Decrement(ref stream._acknowledging);
            stream._ready.Set();
        }
    }
}
