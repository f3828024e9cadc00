using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Federation;

/// <summary>What becomes of a pair whose server is not there: it is tried again, and what has waited too long goes back.</summary>
internal sealed partial class Peer
{
    private ITimer? _retry;
    private bool _isDark;
    private int _failures;
    private long? _downSince;
    private long _failedAt;

    private TimeSpan Down => _downSince is { } since ? Server.Time.GetElapsedTime(since) : TimeSpan.Zero;

    private void Failed(PeerException fault, int attempt)
    {
        // What waits stays on disk.
        if (Server.IsStopping)
            return;
        (bool isKnown, long oldest) = Ask();
        lock (_lock)
        {
            // A peer that has come meanwhile takes what waits.
            if (_attempt != attempt)
                return;
            _attempt = 0;
            Fail();
            // One false answer of a name server must not cost a known server what waits for it.
            bool gone = fault.Fault == PeerFault.NotFound && !isKnown;
            bool impatient = Down >= _others.Options.Patience;
            if (gone || (!isKnown && (impatient || fault.Fault == PeerFault.Refused)))
                GiveUp(gone ? StanzaError.RemoteServerNotFound() : Timeout(fault));
            else
                GiveUpOld(Timeout(fault), impatient, oldest);
        }
        RefreshIfStale();
        Server.Log.Unreachable(Remote, fault.Message, _queue.Load.Stanzas);
    }

    // It was reached once; and how far its queue on disk has waited too long.
    private (bool IsKnown, long Oldest) Ask()
    {
        try
        {
            DateTimeOffset old = Server.Time.GetUtcNow() - _others.Options.QueueTime;
            bool isKnown = _others.IsKnown(Remote);
            using Access access = Server.Stores.Database.OpenRead();
            return (isKnown, Server.Stores.Queue.NewestAt(access, Local, Remote, old));
        }
        catch (Exception fault) when (fault is StorageException or ObjectDisposedException)
        {
            Server.Log.QueueNotWritten(fault, Remote);
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
            _queue.NoteLate();
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
        _others.Absent(Remote, error);
        _queue.GiveBack(static _ => true, error);
        (_failures, _downSince) = (0, null);
        GoDark();
        Retire();
    }

    // Messages wait for as long as the settings say, the rest for minutes.
    private void GiveUpOld(StanzaError error, bool impatient, long oldest)
    {
        _queue.GiveBack(item => item.ArchiveId == 0 ? impatient : item.ArchiveId <= oldest, error);
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
            Retrying.After(_failures, _others.Options.QueueTime),
            System.Threading.Timeout.InfiniteTimeSpan
        );
    }

    private void Again()
    {
        lock (_lock)
            if (_stream is null && !IsConnecting)
                Connect();
    }

    private void GoDark()
    {
        if (_isDark)
            return;
        _isDark = true;
        _others.Contacts.Lost(this);
    }
}
