using System.Collections.Concurrent;
using System.Security.Authentication;
using Xmpp.Addresses;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Streams;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Federation;

/// <summary>
/// One connection with another server, whichever side began it: its life, its reader, and for whom the peer has proved to
/// speak. Beside it are its <see cref="PeerWriter"/>, once TLS is on, and what is acknowledged (<see cref="PeerCounting"/>).
/// </summary>
internal abstract class PeerStream
{
    /// <summary>Answers that may be on their way before the peer must take some.</summary>
    private const int MostAnswers = 64;
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _reading = new();
    private readonly ConcurrentDictionary<(string From, string To), bool> _proved = [];
    private readonly Throttle _throttle;
    private long _used;
    private bool _isOver;
    private volatile bool _closing;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    protected PeerStream(OtherServers others, Transport transport)
    {
        (Others, Transport) = (others, transport);
        Writer = new PeerWriter(this, others.Server);
        Counting = new PeerCounting(this, Writer, others);
        _throttle = new Throttle(others.Server.Options.StanzasPerSecond, others.Server.Time);
        _used = others.Server.Time.GetTimestamp();
    }

    public Transport Transport { get; }
    protected OtherServers Others { get; }
    protected XmppServer Server => Others.Server;
    protected PeerWriter Writer { get; }
    protected PeerCounting Counting { get; }

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

    public bool HasProvedAny => !_proved.IsEmpty;

    /// <summary>The one pair that it is for, ours and theirs; null when nobody can say.</summary>
    public abstract (string Local, string Remote)? Pair { get; }

    /// <summary>The largest stanza that the peer takes, in bytes; null when it does not say.</summary>
    public int? MostBytes { get; protected set; }

    /// <summary>Stanzas of ours may go over it.</summary>
    public abstract bool MayFeed { get; }

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
            Counting.End(
                WasCut && !_isOver && (error is null || error.Condition == StreamErrorCondition.ConnectionTimeout)
            );
            Writer.LeaveFeed();
            _ended.SetResult();
        }
    }

    private async Task SayLastAsync(StreamErrorException? error)
    {
        bool goodbye = !_closing && Transport.CanBeHeard;
        if (goodbye && error is not null && !HasOpened)
            Say(Open);
        if (goodbye && error is not null)
            Say(transport => transport.Write(StreamElements.Error(error)));
        if (goodbye && (HasOpened || error is not null))
            Say(static transport => transport.WriteClose());
        await Writer.EndAsync(_farewell);
    }

    /// <summary>What hangs on it ends, the writer having stopped.</summary>
    protected virtual Task OnEndedAsync() => Task.CompletedTask;

    // ---- writing ----

    /// <summary>Queues what the stream itself says, before the stanzas that wait.</summary>
    protected void Say(Action<Transport> what) => Writer.Say(what);

    protected void Say(byte[] element) => Writer.Say(transport => transport.Write(element));

    /// <summary>There is something to write.</summary>
    public void Wake() => Writer.Wake();

    /// <summary>The connection does not take what is written.</summary>
    public Task LostAsync()
    {
        WasCut = true;
        return _reading.CancelAsync();
    }

    /// <summary>Nothing was sent or received for so long.</summary>
    public TimeSpan Unused => Server.Time.GetElapsedTime(Volatile.Read(ref _used));

    public void Used() => Volatile.Write(ref _used, Server.Time.GetTimestamp());

    /// <summary>Ends an idle stream in order, and one whose peer takes or says nothing; called now and then.</summary>
    public virtual void Look(TimeSpan idle)
    {
        bool stuck = Writer.Stuck > Others.Options.Patience;
        bool silent = Writer.Feed?.IsUnanswered == true && Unused > Others.Options.Patience;
        if (stuck || silent)
            Cut();
        else if (Unused > idle && Writer.Feed is not { IsEmpty: false })
            Close();
    }

    /// <summary>No more comes.</summary>
    public bool IsClosing => _closing || Writer.IsEnding;

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
    protected void Cut()
    {
        WasCut = true;
        Writer.Cut();
        _ = _reading.CancelAsync();
    }

    /// <summary>The same; returns once it is over.</summary>
    public Task CutAsync()
    {
        Cut();
        return _ended.Task;
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
                (WasCut, _isOver) = (true, true);
                return;
            }
            else
            {
                await _throttle.WaitAsync(_reading.Token);
                if (IsFull)
                    await Writer.HaveRoomAsync(() => IsFull, _reading.Token);
                await TakeAsync(input.Element);
            }
        }
    }

    // Who asks and does not take the answers is not heard any further.
    private bool IsFull => Writer.Waiting + Counting.Waiting >= MostAnswers;

    protected virtual void OnOpened(Element header) =>
        throw new StreamErrorException(StreamErrorCondition.BadFormat, "a second stream header");

    private ValueTask TakeAsync(Element element)
    {
        switch (element.Namespace)
        {
            case Ns.Client or Ns.Server:
                return TakeStanzaAsync(element);
            case Ns.StreamManagement:
                Used();
                return Counting.TakeAsync(element);
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
        Writer.Release();
        Used();
        if (badAddress)
            Malformed(raw);
        else
            await TakeStanzaAsync(raw);
        // What was not taken because the stream was cut comes again.
        Counting.Count();
    }

    private async ValueTask TakeStanzaAsync(Stanza raw)
    {
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

    /// <summary>The answer to what we have asked for (XEP-0198 §3, §5); false when nobody has asked.</summary>
    public virtual bool TryTakeAnswer(Element answer) => false;
}
