using Xmpp.Server.Stores;

namespace Storage;

public sealed partial class SqliteAccountStore
{
    /// <inheritdoc/>
    public IReadOnlyList<DeviceRecord> Devices(Access access, long account) =>
        access
            .Sql(
                """
                SELECT id, account, key, software, name, created, last_seen, used_password, omemo_axolotl, omemo
                FROM device WHERE account = ? ORDER BY id
                """
            )
            .Bind(account)
            .All(ReadDevice);

    /// <inheritdoc/>
    public DeviceRecord? FindDevice(Access access, long account, string key) =>
        access
            .Sql(
                """
                SELECT id, account, key, software, name, created, last_seen, used_password, omemo_axolotl, omemo
                FROM device WHERE account = ? AND key = ?
                """
            )
            .Bind(account)
            .Bind(key)
            .First(ReadDevice);

    /// <inheritdoc/>
    public DeviceRecord? FindDevice(Access access, long id) =>
        access
            .Sql(
                """
                SELECT id, account, key, software, name, created, last_seen, used_password, omemo_axolotl, omemo
                FROM device WHERE id = ?
                """
            )
            .Bind(id)
            .First(ReadDevice);

    /// <inheritdoc/>
    public long SaveDevice(Transaction transaction, DeviceRecord device)
    {
        if (device.Id == 0)
        {
            transaction
                .Sql(
                    """
                    INSERT INTO device (software, name, created, last_seen, used_password, omemo_axolotl, omemo, account, key)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """
                )
                .Bind(device)
                .Bind(device.Account)
                .Bind(device.Key)
                .Run();
            return transaction.Own().Connection.LastInsertedId();
        }
        transaction
            .Sql(
                """
                UPDATE device SET software = ?, name = ?, created = ?, last_seen = ?, used_password = ?,
                  omemo_axolotl = ?, omemo = ? WHERE id = ?
                """
            )
            .Bind(device)
            .Bind(device.Id)
            .Run();
        return device.Id;
    }

    /// <inheritdoc/>
    public void RemoveDevice(Transaction transaction, long device) =>
        transaction.Sql("DELETE FROM device WHERE id = ?").Bind(device).Run();

    /// <inheritdoc/>
    public IReadOnlyList<FastTokenRecord> FastTokens(Access access, long device) =>
        access
            .Sql(
                "SELECT device, slot, mechanism, secret, expires, count FROM fast_token WHERE device = ? ORDER BY slot"
            )
            .Bind(device)
            .All(static row => new FastTokenRecord(
                row.Int64(0),
                row.Int32(1),
                row.Text(2),
                row.Blob(3),
                row.Time(4),
                row.Int64(5)
            ));

    /// <inheritdoc/>
    public void SaveFastToken(Transaction transaction, FastTokenRecord token) =>
        transaction
            .Sql(
                """
                INSERT OR REPLACE INTO fast_token (device, slot, mechanism, secret, expires, count)
                VALUES (?, ?, ?, ?, ?, ?)
                """
            )
            .Bind(token.Device)
            .Bind(token.Slot)
            .Bind(token.Mechanism)
            .Bind(token.Secret)
            .Bind(token.Expires)
            .Bind(token.Count)
            .Run();

    /// <inheritdoc/>
    public void RemoveFastTokens(Transaction transaction, long device) =>
        transaction.Sql("DELETE FROM fast_token WHERE device = ?").Bind(device).Run();

    /// <inheritdoc/>
    public void RemoveAllFastTokens(Transaction transaction, long account) =>
        transaction
            .Sql("DELETE FROM fast_token WHERE device IN (SELECT id FROM device WHERE account = ?)")
            .Bind(account)
            .Run();

    private static DeviceRecord ReadDevice(Statement row) =>
        new()
        {
            Id = row.Int64(0),
            Account = row.Int64(1),
            Key = row.Text(2),
            Software = row.OptionalText(3),
            Name = row.OptionalText(4),
            Created = row.Time(5),
            LastSeen = row.Time(6),
            UsedPassword = row.Boolean(7),
            OmemoAxolotl = row.OptionalInt64(8),
            Omemo = row.OptionalInt64(9),
        };
}

file static class DeviceBinding
{
    /// <summary>What may change of a device, in the order of the two statements that write one.</summary>
    public static Statement Bind(this Statement statement, DeviceRecord device) =>
        statement
            .Bind(device.Software)
            .Bind(device.Name)
            .Bind(device.Created)
            .Bind(device.LastSeen)
            .Bind(device.UsedPassword)
            .Bind(device.OmemoAxolotl)
            .Bind(device.Omemo);
}
