namespace Xmpp.Server.Sessions;

/// <summary>What waited for the client comes before what others send meanwhile; and who answers for what is this client's alone.</summary>
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

    /// <summary>Which messages of these places in the archive no other device got.</summary>
    public void CollectAlone(long first, long last, HashSet<long> into)
    {
        lock (_lock)
            foreach (Outgoing item in Waiting())
                if (item.IsAlone && item.ArchiveId >= first && item.ArchiveId <= last)
                    into.Add(item.ArchiveId);
    }

    /// <summary>Another device has them too, and answers for them.</summary>
    public void Share(HashSet<long> archiveIds)
    {
        lock (_lock)
            foreach (Outgoing item in Waiting())
                item.IsAlone &= !archiveIds.Contains(item.ArchiveId);
    }

    private IEnumerable<Outgoing> Waiting() => _chain.Items.Concat(_behindCatchUp ?? []).Concat(_held ?? []);
}
