namespace Kith.Tests.Client;

/// <summary>
/// What one device has shown, exactly: each stanza-id once (laws, "Exactly once"), over all its connections. What the
/// server must not do is noted as a fault.
/// </summary>
internal sealed class Ledger
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, string> _byId = [];
    private readonly Dictionary<string, long> _byKey = [];
    private readonly Dictionary<long, Way> _thisSession = [];
    private readonly List<string> _faults = [];
    private bool _caughtUp = true;
    private long _newest;

    /// <summary>All before it is here: where the next catch-up begins; 0 before the first message.</summary>
    public long Position { get; private set; }

    public int Count
    {
        get
        {
            lock (_lock)
                return _byKey.Count;
        }
    }

    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (_lock)
                return [.. _faults];
        }
    }

    /// <summary>A new session was bound; what was missed is still to be asked for.</summary>
    public void SessionBegins()
    {
        lock (_lock)
        {
            _thisSession.Clear();
            _caughtUp = false;
        }
    }

    /// <summary>
    /// The server has taken note that the device is there. What came before, to its full address or as a copy, may have
    /// waited for it too.
    /// </summary>
    public void BecameAvailable()
    {
        lock (_lock)
            _thisSession.Clear();
    }

    /// <summary>Nothing is missing any more behind the newest that came.</summary>
    public void CaughtUp()
    {
        lock (_lock)
            (_caughtUp, Position) = (true, Math.Max(Position, _newest));
    }

    /// <summary>An archive's page has come as far as this.</summary>
    public void PageEnded(long last)
    {
        lock (_lock)
            Position = Math.Max(Position, last);
    }

    public bool IsCaughtUp
    {
        get
        {
            lock (_lock)
                return _caughtUp;
        }
    }

    public bool Has(string key)
    {
        lock (_lock)
            return _byKey.ContainsKey(key);
    }

    public void Show(Seen seen)
    {
        lock (_lock)
        {
            if (seen.StanzaId == 0)
                _faults.Add($"no stanza-id: {seen}");
            if (seen.Body != seen.Key)
                _faults.Add($"another's words: {seen}");
            if (seen.Way != Way.Archive && !_thisSession.TryAdd(seen.StanzaId, seen.Way))
                _faults.Add($"sent twice in one session, before as {_thisSession[seen.StanzaId]}: {seen}");
            _newest = Math.Max(_newest, seen.StanzaId);
            if (_caughtUp)
                Position = _newest;
            if (_byId.TryAdd(seen.StanzaId, seen.Key) && !_byKey.TryAdd(seen.Key, seen.StanzaId))
                _faults.Add($"shown twice, before with stanza-id {_byKey[seen.Key]}: {seen}");
            if (_byId[seen.StanzaId] != seen.Key)
                _faults.Add($"one stanza-id for two messages, before {_byId[seen.StanzaId]}: {seen}");
        }
    }
}
