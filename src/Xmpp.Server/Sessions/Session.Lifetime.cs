using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Xmpp.Server.Sessions;

/// <summary>The connections of a session, one at a time, and its end. A connection is promised before it is served.</summary>
public sealed partial class Session
{
    private readonly Lock _lifetime = new();
    private Attachment? _attachment;
    private ITimer? _expiry;
    private bool _ended;
    private int _detachments;

    /// <summary>Has a connection, or is promised to one.</summary>
    public bool IsAttached => Volatile.Read(ref _attachment) is not null;
    public bool HasEnded => Volatile.Read(ref _ended);

    /// <summary>When the connection was cut; null while one is attached.</summary>
    public DateTimeOffset? DetachedAt { get; private set; }

    /// <summary>The connection that a new session begins with; before anybody can reach it.</summary>
    internal Attachment Attach(Transport transport) => _attachment = new Attachment(this, _outbox, transport, false);

    /// <summary>
    /// Takes the session over to a new connection: the old one, if it still stands, is ended first. Null when the
    /// session has ended, or the client claims to have more than it was sent.
    /// </summary>
    internal async Task<Attachment?> ResumeAsync(Transport transport, uint handledByClient)
    {
        var attachment = new Attachment(this, _outbox, transport, resumes: true);
        while (TakePlace(attachment) is { } old)
        {
            old.Stop(StreamEnd.TakenOver);
            await old.Done;
        }
        // What was read is counted before the client hears how much: it would send the rest a second time.
        await SettleAsync();
        if (_attachment != attachment)
            return null;
        if (_outbox.Acknowledge(handledByClient) is not { } newest)
        {
            attachment.Abandon("claims more than it was sent");
            return null;
        }
        Arrived(newest);
        _outbox.Rewind();
        SetInactive(false);
        return attachment;
    }

    // The connection that stands in the way; null when there is none any more, or the session has ended.
    private Attachment? TakePlace(Attachment attachment)
    {
        lock (_lifetime)
        {
            if (_ended)
                return null;
            if (_attachment is { } old)
                return old;
            _attachment = attachment;
            DetachedAt = null;
            StopWaiting();
            return null;
        }
    }

    private void StopWaiting()
    {
        _expiry?.Dispose();
        _expiry = null;
    }

    /// <summary>Its connection is gone: it waits for a resumption, or is over.</summary>
    internal void Left(StreamEnd end)
    {
        bool waits = end.Resumable && IsResumable;
        lock (_lifetime)
        {
            _attachment = null;
            if (waits)
                Wait();
            else
                _ended = true;
        }
        if (waits)
            _server.Cut(this);
        else
            Over(end.Reason, forget: end.IsByClient);
    }

    private void Wait()
    {
        int detachment = ++_detachments;
        DetachedAt = _server.Time.GetUtcNow();
        _expiry = _server.Time.CreateTimer(
            _ => Later(() => End("not resumed in time", detachment)),
            null,
            TimeSpan.FromSeconds(_server.Options.ResumeSeconds),
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>Ends the session's connection with a stream error and the session with it.</summary>
    public async Task KickAsync(StreamErrorCondition condition, string? text = null)
    {
        string reason = text ?? condition.ToString();
        while (!End(reason) && Volatile.Read(ref _attachment) is { } attachment)
        {
            attachment.Stop(new StreamEnd(reason, new(condition, text), Resumable: false));
            await attachment.Done;
        }
    }

    /// <summary>The same without waiting for its end, for where nothing may be awaited.</summary>
    public void KickLater(StreamErrorCondition condition, string? text = null) =>
        Later(() => KickAsync(condition, text));

    /// <summary>The process stops: the stream ends and clients may resume with the next one.</summary>
    internal async Task ShutDownAsync()
    {
        while (Volatile.Read(ref _attachment) is { } attachment)
        {
            attachment.Stop(StreamEnd.ShutDown);
            await attachment.Done;
        }
        lock (_lifetime)
            StopWaiting();
    }

    // A client that does not take its stanzas loses its connection, then its session; archived messages stay undelivered.
    private void Overflow()
    {
        if (Volatile.Read(ref _attachment) is { } attachment)
            attachment.Cut();
        else
            Later(() => End("outbox full"));
    }

    // The session is over unless it has a connection, or has had another since the detachment; true when it is over.
    private bool End(string reason, int detachment = 0)
    {
        lock (_lifetime)
        {
            if (_ended)
                return true;
            if (_attachment is not null || (detachment > 0 && detachment != _detachments))
                return false;
            _ended = true;
            StopWaiting();
        }
        Over(reason, forget: false);
        return true;
    }

    // Unavailable to everybody, its undelivered messages left to the archive or to other devices. What it handled stays
    // known for a client that asks later, unless it said goodbye.
    private void Over(string reason, bool forget)
    {
        _server.Resumptions.Remove(this);
        _server.Ended(this, reason, _outbox.Close(), forget);
    }

    private void Later(Action action) =>
        Later(() =>
        {
            action();
            return Task.CompletedTask;
        });

    private void Later(Func<Task> action) =>
        _ = Task.Run(async () =>
        {
            try
            {
                await action();
            }
            catch (Exception bug)
            {
                _server.Log.Bug(bug, Jid);
            }
        });
}
