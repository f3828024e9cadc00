using Xmpp.Addresses;
using Xmpp.Server.Stores;

namespace Storage;

/// <summary>App servers of devices (XEP-0357), and subscriptions of browsers.</summary>
public sealed class SqlitePushStore : IPushStore
{
    /// <inheritdoc/>
    public IReadOnlyList<PushRegistration> Registrations(Access access, long account) =>
        access
            .Sql("SELECT id, account, device, service, node, options FROM push WHERE account = ? ORDER BY id")
            .Bind(account)
            .All(static row => new PushRegistration(
                row.Int64(0),
                row.Int64(1),
                row.Int64(2),
                Jid.Parse(row.Text(3)),
                row.Text(4),
                row.Blob(5)
            ));

    /// <inheritdoc/>
    public long Add(Transaction transaction, PushRegistration registration)
    {
        transaction.Own().Adding();
        transaction
            .Sql("INSERT OR REPLACE INTO push (account, device, service, node, options) VALUES (?, ?, ?, ?, ?)")
            .Bind(registration.Account)
            .Bind(registration.Device)
            .Bind(registration.Service.ToString())
            .Bind(registration.Node)
            .Bind(registration.Options.Span)
            .Run();
        return transaction.Own().Connection.LastInsertedId();
    }

    /// <inheritdoc/>
    public void Remove(Transaction transaction, long registration) =>
        transaction.Sql("DELETE FROM push WHERE id = ?").Bind(registration).Run();

    /// <inheritdoc/>
    public void RemoveDevice(Transaction transaction, long device)
    {
        transaction.Sql("DELETE FROM push WHERE device = ?").Bind(device).Run();
        RemoveSubscription(transaction, device);
    }

    /// <inheritdoc/>
    public void RemoveAll(Transaction transaction, long account, long? exceptDevice)
    {
        // No device has this id.
        long except = exceptDevice ?? 0;
        transaction.Sql("DELETE FROM push WHERE account = ? AND device <> ?").Bind(account).Bind(except).Run();
        transaction
            .Sql("DELETE FROM web_push WHERE device IN (SELECT id FROM device WHERE account = ? AND id <> ?)")
            .Bind(account)
            .Bind(except)
            .Run();
    }

    /// <inheritdoc/>
    public WebSubscription? Subscription(Access access, long device) =>
        access
            .Sql("SELECT device, node, endpoint, key, auth FROM web_push WHERE device = ?")
            .Bind(device)
            .First(static row => new WebSubscription(row.Int64(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4)));

    /// <inheritdoc/>
    public void SetSubscription(Transaction transaction, WebSubscription subscription)
    {
        transaction.Own().Adding();
        transaction
            .Sql("INSERT OR REPLACE INTO web_push (device, node, endpoint, key, auth) VALUES (?, ?, ?, ?, ?)")
            .Bind(subscription.Device)
            .Bind(subscription.Node)
            .Bind(subscription.Endpoint)
            .Bind(subscription.Key)
            .Bind(subscription.Auth)
            .Run();
    }

    /// <inheritdoc/>
    public void RemoveSubscription(Transaction transaction, long device) =>
        transaction.Sql("DELETE FROM web_push WHERE device = ?").Bind(device).Run();
}
