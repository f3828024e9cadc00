using Xmpp.Server.Streams;
using Xmpp.Stanzas;

namespace Xmpp.Server.Sessions;

/// <summary>
/// The chain from the oldest stanza that a client has not acknowledged (XEP-0198) over the last one written to the
/// newest. Without stream management what is flushed is forgotten. Its outbox locks it.
/// </summary>
/// <param name="counted">Where its count stands already.</param>
internal sealed class SendChain(uint counted = 0)
{
    private Outgoing? _head;
    private Outgoing? _sent;
    private Outgoing? _forget;
    private Outgoing? _tail;
    private uint _acknowledged = counted;
    private bool _counting;

    public int Count { get; private set; }
    public long Bytes { get; private set; }
    public long UnsentBytes { get; private set; }

    /// <summary>Stanzas written, counted and not acknowledged.</summary>
    public int Unacknowledged { get; private set; }

    /// <summary>Stanzas written and counted, modulo 2^32.</summary>
    public uint Sent => unchecked(_acknowledged + (uint)Unacknowledged);

    public void Append(Outgoing item)
    {
        if (_tail is null)
            _head = item;
        else
            _tail.Next = item;
        _tail = item;
        if (item.IsGap)
            return;
        Count++;
        Bytes += item.Size;
        UnsentBytes += item.Size;
    }

    /// <summary>Stream management began before anything was queued.</summary>
    public void BeginCounting() => _counting = true;

    /// <summary>Writes as much as goes into one piece of about the size.</summary>
    public void Write(Transport transport, int size)
    {
        for (Outgoing? next = Unsent; next is not null && transport.Unflushed < size; next = Unsent)
        {
            if (next.Stanza is null)
                transport.Write(next.Suffix.Span);
            else
                transport.Write(next.Stanza, next.To, next.Suffix.Span);
            MarkSent(next);
        }
    }

    private Outgoing? Unsent => _sent is null ? _head : _sent.Next;

    // Who counts has <enabled/>, and with it all that stood before it. An element that nothing unacknowledged stands
    // before would wait for an acknowledgement for ever.
    private void MarkSent(Outgoing item)
    {
        UnsentBytes -= item.Size;
        _sent = item;
        if (!_counting || (item.Stanza is null && Unacknowledged == 0))
            _forget = item;
        else if (item.Stanza is not null)
            Unacknowledged++;
        _counting |= item.BeginsCounting;
    }

    /// <summary>What was written is on its way; returns the newest archived message that needs no acknowledgement, 0 for none.</summary>
    public long Forget()
    {
        long newest = 0;
        while (_forget is not null)
            newest = Math.Max(newest, RemoveHead().Mark);
        return newest;
    }

    private Outgoing RemoveHead()
    {
        Outgoing first = _head!;
        if (_sent == first)
            _sent = null;
        if (_forget == first)
            _forget = null;
        _head = first.Next;
        if (_head is null)
            _tail = null;
        if (first.IsGap)
            return first;
        Count--;
        Bytes -= first.Size;
        first.Takers?.Take();
        return first;
    }

    /// <summary>
    /// The client has handled this many (modulo 2^32); returns the newest archived message among them, 0 for none, or
    /// null when it claims more than it was sent (XEP-0198 §4).
    /// </summary>
    public long? Acknowledge(uint handled)
    {
        uint fresh = handled - _acknowledged;
        if (fresh > Unacknowledged)
            return null;
        long newest = fresh > 0 ? Forget() : 0;
        while (fresh > 0)
        {
            Outgoing first = RemoveHead();
            newest = Math.Max(newest, first.Mark);
            if (first.Stanza is null && !first.IsGap)
                continue;
            fresh--;
            Unacknowledged--;
            _acknowledged++;
        }
        return newest;
    }

    /// <summary>Everything not acknowledged is to be sent again, but for what belonged to the old stream.</summary>
    public void Rewind()
    {
        _counting = true;
        foreach (Outgoing item in Take())
            if (item.Stanza is not null)
                Append(item);
    }

    /// <summary>The same on a new stream, where nothing has been counted yet.</summary>
    public void Restart(bool counting)
    {
        Rewind();
        (_acknowledged, _counting) = (0, counting);
    }

    /// <summary>
    /// Puts something else in the place of each, or null to take it out. What was sent stays sent: where that is taken out, a
    /// gap is acknowledged for it.
    /// </summary>
    public void Rebuild(Func<Outgoing, Outgoing?> make)
    {
        (Outgoing? sent, Outgoing? forget, int unacknowledged) = (_sent, _forget, Unacknowledged);
        bool wasSent = sent is not null;
        foreach (Outgoing item in Take())
        {
            Outgoing? next = item.IsGap ? item : make(item) ?? (wasSent ? Outgoing.Gap() : null);
            if (next is not null)
                Append(next);
            if (wasSent && next is { IsGap: false })
                UnsentBytes -= next.Size;
            if (item == forget)
                _forget = next;
            if (item == sent)
                (_sent, wasSent) = (next, false);
        }
        Unacknowledged = unacknowledged;
    }

    /// <summary>The oldest stanza that was written and is still here; null for none.</summary>
    public Stanza? OldestSent
    {
        get
        {
            for (Outgoing? item = _sent is null ? null : _head; item is not null; item = item.Next)
                if (item.Stanza is not null || item == _sent)
                    return item.Stanza;
            return null;
        }
    }

    /// <summary>All that is in it, oldest first.</summary>
    public IEnumerable<Outgoing> Items
    {
        get
        {
            for (Outgoing? item = _head; item is not null; item = item.Next)
                yield return item;
        }
    }

    /// <summary>Empties it; oldest first.</summary>
    public IReadOnlyList<Outgoing> Take()
    {
        List<Outgoing> all = [.. Items];
        foreach (Outgoing item in all)
            item.Next = null;
        (_head, _tail, _sent, _forget) = (null, null, null, null);
        (Count, Bytes, UnsentBytes, Unacknowledged) = (0, 0, 0, 0);
        return all;
    }
}
