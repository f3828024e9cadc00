using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Xmpp.Server.Sessions;

/// <summary>Why a stream ended, what the peer is told, and whether the session stays for resumption.</summary>
internal sealed record StreamEnd(string Reason, StreamErrorException? Error, bool Resumable)
{
    /// <summary>The peer is not there to be told anything.</summary>
    public static readonly StreamEnd Lost = new("connection lost", null, Resumable: true);

    public static readonly StreamEnd ByClient = new("closed by the client", null, Resumable: false);

    /// <summary>The session goes on elsewhere (XEP-0198 §5). This peer is probably gone, and the other one waits.</summary>
    public static StreamEnd TakenOver =>
        new("taken over", new(StreamErrorCondition.Conflict, "resumed by a new connection"), Resumable: true)
        {
            Patience = TimeSpan.FromSeconds(1),
        };

    public static StreamEnd ShutDown => new("shut down", new(StreamErrorCondition.SystemShutdown), Resumable: true);

    /// <summary>How long the peer may take to hear it.</summary>
    public TimeSpan Patience { get; private init; } = TimeSpan.FromSeconds(5);

    public bool IsByClient => ReferenceEquals(this, ByClient);

    /// <summary>The peer hears how it ends.</summary>
    public bool IsOrderly => !ReferenceEquals(this, Lost);

    public static StreamEnd Fault(StreamErrorException error) =>
        new("stream error " + error.Message, error, Resumable: false);
}

/// <summary>
/// One connection under a session, from the moment at which the session is promised to it to its ordered end: a reader
/// and a writer. Whoever has one runs it or abandons it.
/// </summary>
internal sealed class Attachment(Session session, Outbox outbox, Transport transport, bool resumes)
{
    // Never disposed, since anybody may still cancel them; without a timer they hold nothing.
    private readonly CancellationTokenSource _cut = new();
    private readonly CancellationTokenSource _reading = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Throttle _throttle = new(session.Server.Options.StanzasPerSecond, session.Server.Time);
    private StreamEnd? _end;
    private volatile bool _finished;

    public Session Session => session;

    /// <summary>Completed when nothing uses the connection any more, and the session knows.</summary>
    public Task Done => _done.Task;

    /// <summary>Cuts the connection: both loops end. Never runs anything of theirs on the caller's thread.</summary>
    public void Cut()
    {
        _ = _cut.CancelAsync();
        _ = _reading.CancelAsync();
    }

    /// <summary>Ends the stream in order, for a reason of ours; the first reason counts.</summary>
    public void Stop(StreamEnd end)
    {
        Interlocked.CompareExchange(ref _end, end, null);
        _ = _reading.CancelAsync();
    }

    /// <summary>
    /// Serves the session over this connection until it ends: reads and dispatches, writes what is in the outbox, and at
    /// the end closes the session or keeps it for resumption.
    /// </summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        if (stopping.IsCancellationRequested)
            Stop(StreamEnd.ShutDown);
        Task writer = WriteAsync();
        StreamEnd end = await ReadAsync();
        if (end.IsOrderly)
            await session.SettleAsync();
        _finished = true;
        if (end.IsOrderly)
            _cut.CancelAfter(end.Patience);
        else
            Cut();
        outbox.Wake();
        await writer;
        // It may have ended on the database's thread, which the end of a connection must not hold up.
        await Task.Yield();
        try
        {
            await transport.DisposeAsync();
        }
        finally
        {
            Leave(end);
        }
    }

    /// <summary>Instead of running it: the connection ended before. What was resumed may be resumed again.</summary>
    public void Abandon(string reason) =>
        Leave(resumes ? StreamEnd.Lost : new StreamEnd(reason, null, Resumable: false));

    private void Leave(StreamEnd end)
    {
        try
        {
            session.Left(end);
        }
        finally
        {
            _cut.CancelAfter(Timeout.Infinite);
            _done.SetResult();
        }
    }

    private async Task<StreamEnd> ReadAsync()
    {
        CancellationToken cancellation = _reading.Token;
        StreamEnd end;
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                StreamInput input = await transport.ReadAsync(cancellation);
                if (input.Event != StreamEvent.Element)
                {
                    end = EndOf(input);
                    break;
                }
                await _throttle.WaitAsync(cancellation);
                await session.Server.Dispatcher.DispatchAsync(session, input.Element, cancellation);
            }
        }
        catch (StreamErrorException error)
        {
            end = StreamEnd.Fault(error);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            end = StreamEnd.Lost;
        }
        catch (Exception bug)
        {
            session.Server.Log.Bug(bug, session.Jid);
            end = StreamEnd.Fault(new(StreamErrorCondition.InternalServerError));
        }
        return Interlocked.CompareExchange(ref _end, end, null) ?? end;
    }

    private static StreamEnd EndOf(StreamInput input) =>
        input.Event switch
        {
            StreamEvent.Closed => StreamEnd.ByClient,
            StreamEvent.Lost => StreamEnd.Lost,
            _ => StreamEnd.Fault(new(StreamErrorCondition.BadFormat, "a second stream header")),
        };

    private async Task WriteAsync()
    {
        try
        {
            while (!_finished)
                if (!await TryWriteAsync(_cut.Token))
                    await outbox.WaitAsync();
            if (_end is { IsOrderly: true } end)
                await SayGoodbyeAsync(end);
        }
        catch (Exception lost) when (lost is IOException or ObjectDisposedException or OperationCanceledException)
        {
            Cut();
        }
        catch (Exception bug)
        {
            session.Server.Log.Bug(bug, session.Jid);
            Cut();
        }
    }

    private async ValueTask<bool> TryWriteAsync(CancellationToken cancellation)
    {
        if (!outbox.Fill(transport, session.CountHandled))
        {
            if (outbox.IsToBeAsked)
                session.TickSoon();
            return false;
        }
        await transport.FlushAsync(cancellation);
        session.Arrived(outbox.Flushed());
        return true;
    }

    // What is still in the outbox unless it is sent again after a resumption, the error if there is one, and the end.
    private async Task SayGoodbyeAsync(StreamEnd end)
    {
        using var patience = new CancellationTokenSource(end.Patience);
        while (!end.Resumable && await TryWriteAsync(patience.Token)) { }
        if (end.Error is { } error)
            transport.Write(StreamElements.Error(error));
        transport.WriteClose();
        await transport.FlushAsync(patience.Token);
    }
}
