using Xmpp.Addresses;
using Xmpp.Server.Stores;

namespace Storage;

/// <summary>Nodes and their items; who is what to them is in the other half.</summary>
public sealed partial class SqlitePubSubStore : IPubSubStore
{
    /// <inheritdoc/>
    public NodeRecord? Find(Access access, long? account, string name) =>
        access
            .Sql(
                """
                SELECT id, account, name, created, creator, access, publish, send_last, flags, max_items, max_payload,
                  title, description, type, groups
                FROM pubsub_node WHERE account IS ? AND name = ?
                """
            )
            .Bind(account)
            .Bind(name)
            .First(ReadNode);

    /// <inheritdoc/>
    public IReadOnlyList<NodeRecord> Nodes(Access access, long? account) =>
        access
            .Sql(
                """
                SELECT id, account, name, created, creator, access, publish, send_last, flags, max_items, max_payload,
                  title, description, type, groups
                FROM pubsub_node WHERE account IS ? ORDER BY name
                """
            )
            .Bind(account)
            .All(ReadNode);

    /// <inheritdoc/>
    public long Add(Transaction transaction, NodeRecord node)
    {
        WriteTransaction own = transaction.Own();
        own.Adding();
        transaction
            .Sql(
                """
                INSERT INTO pubsub_node (access, publish, send_last, flags, max_items, max_payload, title, description,
                  type, groups, account, name, created, creator)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
            )
            .Bind(node.Configuration)
            .Bind(node.Account)
            .Bind(node.Name)
            .Bind(node.Created)
            .BindText(node.Creator.Bare.Utf8.Span)
            .Run();
        return own.Connection.LastInsertedId();
    }

    /// <inheritdoc/>
    public void Configure(Transaction transaction, long node, NodeConfiguration configuration) =>
        transaction
            .Sql(
                """
                UPDATE pubsub_node SET access = ?, publish = ?, send_last = ?, flags = ?, max_items = ?,
                  max_payload = ?, title = ?, description = ?, type = ?, groups = ?
                WHERE id = ?
                """
            )
            .Bind(configuration)
            .Bind(node)
            .Run();

    /// <inheritdoc/>
    public void Remove(Transaction transaction, long node) =>
        transaction.Sql("DELETE FROM pubsub_node WHERE id = ?").Bind(node).Run();

    /// <inheritdoc/>
    public ItemRecord? Item(Access access, long node, string name) =>
        access
            .Sql("SELECT name, publisher, time, payload FROM pubsub_item WHERE node = ? AND name = ?")
            .Bind(node)
            .Bind(name)
            .First(ReadItem);

    /// <inheritdoc/>
    public ItemRecord? Last(Access access, long node) =>
        access
            .Sql("SELECT name, publisher, time, payload FROM pubsub_item WHERE node = ? ORDER BY id DESC LIMIT 1")
            .Bind(node)
            .First(ReadItem);

    /// <inheritdoc/>
    public ItemPage Items(Access access, long node, ItemQuery query)
    {
        long count = Count(access, node, 0);
        long after = query.After is null ? 0 : Place(access, node, query.After);
        long before = query.Before is null ? long.MaxValue : Place(access, node, query.Before);
        using Statement rows = query.Backwards
            ? access.Sql(
                """
                SELECT name, publisher, time, payload, id FROM pubsub_item
                WHERE node = ? AND id > ? AND id < ? ORDER BY id DESC LIMIT ? OFFSET ?
                """
            )
            : access.Sql(
                """
                SELECT name, publisher, time, payload, id FROM pubsub_item
                WHERE node = ? AND id > ? AND id < ? ORDER BY id LIMIT ? OFFSET ?
                """
            );
        rows.Bind(node).Bind(after).Bind(before).Bind((long)query.Max).Bind((long)(query.Index ?? 0));
        List<ItemRecord> items = [];
        long bytes = 0;
        long first = 0;
        while (rows.Step())
        {
            ItemRecord item = ReadItem(rows);
            bytes += item.Payload.Length;
            if (items.Count > 0 && bytes > query.MaxBytes)
                break;
            items.Add(item);
            if (items.Count == 1 || query.Backwards)
                first = rows.Int64(4);
        }
        rows.Dispose();
        if (query.Backwards)
            items.Reverse();
        return new ItemPage(items, count, items.Count == 0 ? 0 : count - Count(access, node, first - 1));
    }

    private static long Count(Access access, long node, long after)
    {
        using Statement count = access
            .Sql("SELECT count(*) FROM pubsub_item WHERE node = ? AND id > ?")
            .Bind(node)
            .Bind(after);
        count.Step();
        return count.Int64(0);
    }

    private static long Place(Access access, long node, string name)
    {
        using Statement find = access
            .Sql("SELECT id FROM pubsub_item WHERE node = ? AND name = ?")
            .Bind(node)
            .Bind(name);
        return find.Step() ? find.Int64(0) : throw new KeyNotFoundException("no such item");
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ItemNames(Access access, long node, int max) =>
        access
            .Sql("SELECT name FROM pubsub_item WHERE node = ? ORDER BY id LIMIT ?")
            .Bind(node)
            .Bind((long)max)
            .All(static row => row.Text(0));

    /// <inheritdoc/>
    public void Put(Transaction transaction, long node, ItemRecord item)
    {
        transaction.Own().Adding();
        transaction
            .Sql("INSERT OR REPLACE INTO pubsub_item (node, name, publisher, time, payload) VALUES (?, ?, ?, ?, ?)")
            .Bind(node)
            .Bind(item.Name)
            .BindText(item.Publisher.Utf8.Span)
            .Bind(item.Time)
            .Bind(item.Payload)
            .Run();
    }

    /// <inheritdoc/>
    public bool Retract(Transaction transaction, long node, string name) =>
        transaction.Sql("DELETE FROM pubsub_item WHERE node = ? AND name = ?").Bind(node).Bind(name).Run() > 0;

    /// <inheritdoc/>
    public void Purge(Transaction transaction, long node) =>
        transaction.Sql("DELETE FROM pubsub_item WHERE node = ?").Bind(node).Run();

    /// <inheritdoc/>
    public void Trim(Transaction transaction, long node, int max) =>
        transaction
            .Sql(
                """
                DELETE FROM pubsub_item WHERE node = ?1 AND id <=
                  (SELECT id FROM pubsub_item WHERE node = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)
                """
            )
            .Bind(node)
            .Bind((long)max)
            .Run();

    /// <inheritdoc/>
    public long Bytes(Access access, long? account)
    {
        using Statement sum = access
            .Sql(
                """
                SELECT ifnull(sum(length(payload)), 0) FROM pubsub_item
                WHERE node IN (SELECT id FROM pubsub_node WHERE account IS ?)
                """
            )
            .Bind(account);
        sum.Step();
        return sum.Int64(0);
    }

    private static ItemRecord ReadItem(Statement row) =>
        new(row.Text(0), Jid.Parse(row.Text(1)), row.Time(2), row.Blob(3));

    private static NodeRecord ReadNode(Statement row) =>
        new()
        {
            Id = row.Int64(0),
            Account = row.OptionalInt64(1),
            Name = row.Text(2),
            Created = row.Time(3),
            Creator = Jid.Parse(row.Text(4)),
            Configuration = new()
            {
                Access = (AccessModel)row.Int64(5),
                Publish = (PublishModel)row.Int64(6),
                SendLast = (SendLast)row.Int64(7),
                Flags = (NodeFlags)row.Int64(8),
                MaxItems = row.Int32(9),
                MaxPayload = row.Int32(10),
                Title = row.OptionalText(11),
                Description = row.OptionalText(12),
                Type = row.OptionalText(13),
                Groups = Lists.Split(row.OptionalText(14)),
            },
        };
}

file static class NodeBinding
{
    /// <summary>What may change of a node, in the order of the two statements that write one.</summary>
    public static Statement Bind(this Statement statement, NodeConfiguration node) =>
        statement
            .Bind((long)node.Access)
            .Bind((long)node.Publish)
            .Bind((long)node.SendLast)
            .Bind((long)node.Flags)
            .Bind((long)node.MaxItems)
            .Bind((long)node.MaxPayload)
            .Bind(node.Title)
            .Bind(node.Description)
            .Bind(node.Type)
            .Bind(Lists.Join(node.Groups));
}
