using Xmpp.Addresses;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Server.Streams;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Federation;

/// <summary>
/// What waits between one domain of ours and one of theirs, in order. What is on disk goes from there once the other server
/// has acknowledged it; without acknowledgements, once it is written.
/// </summary>
/// <param name="wake">Somebody is to write.</param>
internal sealed class PeerQueue(OtherServers others, string local, string remote, Action wake)
{
    private readonly Lock _lock = new();
    private readonly Outbox _outbox = new();
    private bool _counting;
    private bool _ticking;
    private long _taken;
    private bool _removing;

    private string Local => local;
    private string Remote => remote;
    private XmppServer Server => others.Server;
    private IServerQueueStore Store => Server.Stores.Queue;

    /// <summary>Nothing waits, and nothing is unacknowledged.</summary>
    public bool IsEmpty => _outbox.Load.Stanzas == 0;

    /// <summary>Stanzas that wait, and their bytes.</summary>
    public (int Stanzas, long Bytes) Load => _outbox.Load;

    public bool IsFull =>
        _outbox.Load is var (stanzas, bytes)
        && (stanzas >= others.Options.MostStanzas || bytes >= others.Options.MostBytes);

    /// <summary>Its peer was asked to acknowledge, and has not.</summary>
    public bool IsUnanswered => _counting && !IsEmpty && !_outbox.IsToBeAsked;

    /// <summary>What was acknowledged is about to leave the disk.</summary>
    public bool IsRemoving
    {
        get
        {
            lock (_lock)
                return _removing;
        }
    }

    /// <summary>The oldest that was sent and is not acknowledged; null for none.</summary>
    public Stanza? OldestSent => _outbox.OldestSent;

    // ---- what comes ----

    /// <summary>Behind what waits already; with the time at which it was sent when it is late.</summary>
    public void Add(Outgoing item, DateTimeOffset? since) => _outbox.Add(since is { } time ? Late(item, time) : item);

    /// <summary>What waits now will be late.</summary>
    public void NoteLate() => _outbox.Replace(item => Late(item, Server.Time.GetUtcNow()));

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

    // ---- what a stream takes ----

    /// <summary>What is not acknowledged goes over a new stream.</summary>
    public void Restart(bool counting)
    {
        _outbox.Restart(counting);
        _counting = counting;
    }

    /// <summary>What is not acknowledged goes again over a stream that goes on with the one before (XEP-0198 §5).</summary>
    public void Rewind()
    {
        _outbox.Rewind();
        _counting = true;
    }

    /// <summary>The stream is over.</summary>
    public void StopCounting() => _counting = false;

    public void Fill(Transport transport)
    {
        _outbox.Fill(transport, static () => 0);
        if (_counting)
            Tick();
    }

    public void Flushed() => Taken(_outbox.Flushed());

    /// <summary>The peer has handled so many; the number sent when it says more than that, and whether anything was new.</summary>
    public (uint? Sent, bool IsNew) Acknowledge(uint handled)
    {
        int before = _outbox.Load.Stanzas;
        if (_outbox.Acknowledge(handled) is not { } newest)
            return (_outbox.SentCount, false);
        bool isNew = _outbox.Load.Stanzas < before;
        Taken(newest);
        if (!IsEmpty)
            Tick();
        return (null, isNew);
    }

    /// <summary>Stanzas behind the element are counted.</summary>
    public void BeginCounting(byte[] enabled)
    {
        _outbox.Add(new Outgoing(enabled) { BeginsCounting = true });
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
                wake();
            }
        });
    }

    // ---- the disk ----

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

    // ---- what is not to go any more ----

    /// <summary>Goes back; only while no stream takes what waits.</summary>
    public void GiveBack(Predicate<Outgoing> which, StanzaError error) => GiveBack(_outbox.TakeOut(which), error);

    public void GiveBack(IReadOnlyList<Outgoing> items, StanzaError error)
    {
        if (items.Count == 0)
            return;
        Server.Stores.Database.Enqueue(new Removal(this, 0, items, error));
    }

    /// <summary>Takes off the queue on disk; who sent what did not arrive is told after it.</summary>
    private sealed class Removal(PeerQueue queue, long upTo, IReadOnlyList<Outgoing> lost, StanzaError? error) : Commit
    {
        public override bool Writes => upTo > 0 || lost.Any(static item => item.ArchiveId > 0);

        public override void Write(Transaction transaction)
        {
            if (upTo > 0)
                queue.Store.Remove(transaction, queue.Local, queue.Remote, upTo);
            foreach (Outgoing item in lost)
                if (item.ArchiveId > 0)
                    queue.Store.Remove(transaction, item.ArchiveId);
        }

        public override void Released()
        {
            HashSet<(Jid, Jid)> told = [];
            foreach (Outgoing item in lost)
                if (item.Stanza is { } stanza)
                    queue.Return(stanza, error!, told);
        }

        public override void Failed(Exception failure) => queue.NotWritten(failure);
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

    private void NotWritten(Exception failure) => Server.Log.QueueNotWritten(failure, remote);
}
