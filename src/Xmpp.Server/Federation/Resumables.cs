namespace Xmpp.Server.Federation;

/// <summary>
/// The streams that may be resumed, whichever side began them: both sides know the name, so that whoever notices the cut
/// first goes on. In memory; a restart forgets them.
/// </summary>
internal sealed class Resumables(FederationOptions options, TimeProvider time)
{
    private const int Most = 1_000;
    private readonly Dictionary<(string Local, string Remote, string Id), Resumable> _all = [];
    private readonly Lock _lock = new();

    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _all.Count == 0;
        }
    }

    /// <summary>Both sides have agreed.</summary>
    public Resumable Begin(string local, string remote, string id, PeerStream stream)
    {
        var begun = new Resumable(local, remote, id) { Stream = stream };
        lock (_lock)
        {
            if (_all.Count >= Most)
                Shorten();
            _all[begun.Name] = begun;
        }
        return begun;
    }

    // Under the lock: who was cut longest ago is least likely to come back.
    private void Shorten()
    {
        if (_all.Values.Where(each => each.Stream is null).MinBy(each => each.CutAt) is { } oldest)
            _all.Remove(oldest.Name);
    }

    /// <summary>Its stream is over.</summary>
    /// <param name="mayResume">It was cut, and not closed.</param>
    public void Ended(Resumable resumable, bool mayResume)
    {
        lock (_lock)
        {
            (resumable.Stream, resumable.CutAt) = (null, time.GetTimestamp());
            if (!mayResume)
                Remove(resumable);
        }
    }

    public void Forget(Resumable resumable)
    {
        lock (_lock)
            Remove(resumable);
    }

    private void Remove(Resumable resumable)
    {
        if (_all.GetValueOrDefault(resumable.Name) == resumable)
            _all.Remove(resumable.Name);
    }

    /// <summary>It can still be gone on with.</summary>
    public bool Contain(Resumable resumable)
    {
        lock (_lock)
            return _all.GetValueOrDefault(resumable.Name) == resumable;
    }

    /// <summary>It is gone on with by a stream that the peer has begun.</summary>
    public bool IsAwaited(Resumable resumable)
    {
        lock (_lock)
            return resumable.Claimant is IncomingStream;
    }

    /// <summary>A stream that we began goes on with it; false when it is gone, or somebody else does.</summary>
    public bool TryClaim(Resumable resumable, OutgoingStream by)
    {
        lock (_lock)
        {
            bool isThere = _all.GetValueOrDefault(resumable.Name) == resumable && resumable.Stream is null;
            if (!isThere || resumable.Claimant is not null)
                return false;
            resumable.Claimant = by;
            return true;
        }
    }

    /// <summary>
    /// The same for a stream that the peer began; null when it is not known. Of two attempts at the same moment that of the
    /// domain with the lesser name succeeds.
    /// </summary>
    /// <param name="isLost">The other attempt is to succeed.</param>
    public Resumable? Claim((string Local, string Remote, string Id) name, IncomingStream by, out bool isLost)
    {
        isLost = false;
        lock (_lock)
        {
            if (!_all.TryGetValue(name, out Resumable? known))
                return null;
            isLost = known.Claimant is OutgoingStream && string.CompareOrdinal(name.Local, name.Remote) < 0;
            if (!isLost)
                known.Claimant = by;
            return known;
        }
    }

    /// <summary>It is gone on with; false when another has come before.</summary>
    public bool TryTake(Resumable resumable, PeerStream by)
    {
        lock (_lock)
        {
            if (resumable.Claimant != by)
                return false;
            (resumable.Claimant, resumable.Stream) = (null, by);
            return true;
        }
    }

    /// <summary>The attempt came to nothing.</summary>
    public void Release(Resumable resumable, PeerStream by)
    {
        lock (_lock)
            if (resumable.Claimant == by)
                resumable.Claimant = null;
    }

    /// <summary>Forgets those whose time is over; called now and then.</summary>
    public void Look()
    {
        lock (_lock)
            foreach (Resumable each in _all.Values.ToArray())
                if (each.Stream is null && time.GetElapsedTime(each.CutAt) >= options.ResumeTime)
                    _all.Remove(each.Name);
    }
}
