namespace Xmpp.Server.Sessions;

/// <summary>What waited for the client comes before what others send meanwhile; and with whom it shares that.</summary>
internal sealed partial class Outbox
{
    private List<Outgoing>? _behindCatchUp;
    private long _behindBytes;
    private int _catchUps;

    /// <summary>Queues before what waits for the end of the catch-up; false when the session has ended.</summary>
    public bool AddAhead(Outgoing item)
    {
        lock (_lock)
        {
            if (_closed)
                return false;
            _chain.Append(item);
        }
        _ready.Set();
        return true;
    }

    /// <summary>From now on what others send waits behind the session's catch-up; or behind all, where one follows another.</summary>
    public void BeginCatchUp()
    {
        lock (_lock)
        {
            _catchUps++;
            _behindCatchUp ??= [];
        }
    }

    public void EndCatchUp()
    {
        lock (_lock)
            if (--_catchUps == 0)
                ReleaseBehind();
        _ready.Set();
    }

    private void ReleaseBehind()
    {
        foreach (Outgoing item in _behindCatchUp ?? [])
            _chain.Append(item);
        (_behindCatchUp, _behindBytes) = (null, 0);
    }

    /// <summary>Who is to have the messages of these places in the archive, by place.</summary>
    public void CollectTakers(long first, long last, Dictionary<long, Takers> into)
    {
        lock (_lock)
            foreach (Outgoing item in Waiting())
                if (item.Takers is { } takers && item.ArchiveId >= first && item.ArchiveId <= last)
                    into[item.ArchiveId] = takers;
    }

    private IEnumerable<Outgoing> Waiting() => _chain.Items.Concat(_behindCatchUp ?? []).Concat(_held ?? []);
}
