using Xmpp.Server.Stores;

namespace Storage;

/// <summary>One page of one owner's archive (XEP-0313 §4, XEP-0059 §2).</summary>
internal sealed class ArchiveReader
{
    private readonly Access _access;
    private readonly long _account;
    private readonly ArchiveQuery _query;
    private readonly long _start;
    private readonly long _end;

    public ArchiveReader(Access access, long account, ArchiveQuery query)
    {
        (_access, _account, _query) = (access, account, query);
        _start = query.Start is { } start ? Micros.From(start) : long.MinValue;
        _end = query.End is { } end ? Micros.From(end) : long.MaxValue;
    }

    public ArchivePage Read()
    {
        MustExist(_query.AfterId);
        MustExist(_query.BeforeId);
        MustExist(_query.PageAfter);
        MustExist(_query.PageBefore);
        foreach (long id in _query.Ids ?? [])
            MustExist(id);

        long? peer = null;
        if (_query.With is { } with && (peer = WriteTransaction.FindPeer(_access, with.Bare)) is null)
            return new ArchivePage([], true, _query.WithCount ? 0 : null, null);

        long after = Math.Max(_query.AfterId ?? long.MinValue, _query.PageAfter ?? long.MinValue);
        long before = Math.Min(_query.BeforeId ?? long.MaxValue, _query.PageBefore ?? long.MaxValue);
        List<ArchiveRow> rows = _query.Ids is null
            ? Rows(peer, after, before, _query.Max + 1)
            : Listed(peer, after, before, _query.Max + 1);
        bool complete = rows.Count <= _query.Max;
        if (!complete)
            rows.RemoveAt(rows.Count - 1);
        if (_query.Backwards)
            rows.Reverse();

        if (!_query.WithCount)
            return new ArchivePage(rows, complete, null, null);
        (long count, long earlier) = Count(peer, rows.Count > 0 ? rows[0].Id : long.MinValue);
        return new ArchivePage(rows, complete, count, rows.Count > 0 ? earlier : null);
    }

    private void MustExist(long? id)
    {
        if (id is not { } some)
            return;
        bool found = _access
            .Sql("SELECT 1 FROM archive WHERE account = ? AND id = ? AND flags & 12 = 0")
            .Bind(_account)
            .Bind(some)
            .First(static _ => true);
        if (!found)
            throw new KeyNotFoundException("The archive has no message of this id.");
    }

    /// <summary>Rows in paging direction.</summary>
    private List<ArchiveRow> Rows(long? peer, long after, long before, int max)
    {
        Statement query = _query.Backwards
            ? _access.Sql(
                """
                SELECT archive.id, archive.time, archive.flags, message.stanza
                FROM archive CROSS JOIN message ON message.id = archive.id
                WHERE archive.account = ?1 AND archive.id > ?2 AND archive.id < ?3 AND archive.flags & 12 = 0
                  AND archive.time >= ?4 AND archive.time <= ?5
                  AND (?6 IS NULL OR archive.peer = ?6) AND (?7 IS NULL OR archive.resource = ?7)
                ORDER BY archive.id DESC LIMIT ?8
                """
            )
            : _access.Sql(
                """
                SELECT archive.id, archive.time, archive.flags, message.stanza
                FROM archive CROSS JOIN message ON message.id = archive.id
                WHERE archive.account = ?1 AND archive.id > ?2 AND archive.id < ?3 AND archive.flags & 12 = 0
                  AND archive.time >= ?4 AND archive.time <= ?5
                  AND (?6 IS NULL OR archive.peer = ?6) AND (?7 IS NULL OR archive.resource = ?7)
                ORDER BY archive.id LIMIT ?8
                """
            );
        return Filter(query, peer, after, before).Bind(max).All(SqliteArchiveStore.ReadRow);
    }

    /// <summary>Those of the listed ids that match, in paging direction: a page around each.</summary>
    private List<ArchiveRow> Listed(long? peer, long after, long before, int max)
    {
        List<ArchiveRow> rows = [];
        foreach (long id in Ids())
        {
            if (id > after && id < before && rows.Count < max)
                rows.AddRange(Rows(peer, id - 1, id + 1, 1));
        }
        return rows;
    }

    private IEnumerable<long> Ids()
    {
        IEnumerable<long> ids = _query.Ids!.Distinct();
        return _query.Backwards ? ids.OrderDescending() : ids.Order();
    }

    /// <summary>How many match the filter, paging bounds apart, and how many of them come before the id.</summary>
    private (long All, long Earlier) Count(long? peer, long id)
    {
        long after = _query.AfterId ?? long.MinValue;
        long before = _query.BeforeId ?? long.MaxValue;
        if (_query.Ids is null)
            return CountRange(peer, after, before, id);
        (long all, long earlier) = (0, 0);
        foreach (long listed in Ids())
        {
            if (listed <= after || listed >= before)
                continue;
            (long one, long less) = CountRange(peer, listed - 1, listed + 1, id);
            (all, earlier) = (all + one, earlier + less);
        }
        return (all, earlier);
    }

    private (long All, long Earlier) CountRange(long? peer, long after, long before, long id) =>
        Filter(
                _access.Sql(
                    """
                    SELECT count(*), count(CASE WHEN id < ?8 THEN 1 END) FROM archive
                    WHERE account = ?1 AND id > ?2 AND id < ?3 AND flags & 12 = 0
                      AND time >= ?4 AND time <= ?5 AND (?6 IS NULL OR peer = ?6) AND (?7 IS NULL OR resource = ?7)
                    """
                ),
                peer,
                after,
                before
            )
            .Bind(id)
            .First(static row => (row.Int64(0), row.Int64(1)));

    private Statement Filter(Statement statement, long? peer, long after, long before) =>
        statement
            .Bind(_account)
            .Bind(after)
            .Bind(before)
            .Bind(_start)
            .Bind(_end)
            .Bind(peer)
            .Bind(_query.With?.Resource);
}
