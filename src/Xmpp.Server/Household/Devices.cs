using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Xmpp.Server.Household;

/// <summary>
/// Devices: one row for each account and SASL2 user agent, or resource for apps without (laws, "A device"). A row is
/// written when a device is new or was not seen for a day, so that signing in again writes nothing.
/// </summary>
internal sealed class Devices(XmppServer server)
{
    /// <summary>Begins the keys of devices whose apps have no user-agent id.</summary>
    public const string ResourcePrefix = "resource:";
    private const string Revoked = "access was revoked";
    private static readonly TimeSpan _granularity = TimeSpan.FromDays(1);

    /// <summary>So long a device without a token may stay away; after that it has ended, and would be a new one.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromDays(180);

    /// <summary>Gives the session its device.</summary>
    /// <exception cref="StreamErrorException">The device whose token it proved is no more.</exception>
    public async Task SeenAsync(Session session, SignIn signIn)
    {
        if (signIn.Device is { } proved && Find(proved) is null)
            throw new StreamErrorException(StreamErrorCondition.NotAuthorized, Revoked);
        string key = signIn.Agent.Key ?? ResourcePrefix + session.Jid.Resource;
        session.Device = await SeenAsync(session.Account, key, signIn.Agent, signIn.UsedPassword);
    }

    /// <summary>Nothing has ended the session's device.</summary>
    public bool IsKnown(Session session) => Find(session.Device) is not null;

    public bool IsKnown(Access access, Session session) =>
        server.Stores.Accounts.FindDevice(access, session.Device) is not null;

    private DeviceRecord? Find(long device)
    {
        using Access access = server.Stores.Database.OpenRead();
        return server.Stores.Accounts.FindDevice(access, device);
    }

    /// <summary>The device with the key, made when it is new.</summary>
    public async Task<long> SeenAsync(Account account, string key, UserAgent agent, bool usedPassword)
    {
        DateTimeOffset now = server.Time.GetUtcNow();
        using (Access access = server.Stores.Database.OpenRead())
        {
            DeviceRecord? known = server.Stores.Accounts.FindDevice(access, account.Id, key);
            if (known is not null && known == Seen(known, agent, usedPassword, now))
                return known.Id;
        }
        Action? ended = null;
        return await server.Stores.Database.WriteAsync(
            transaction =>
            {
                IAccountStore store = server.Stores.Accounts;
                DeviceRecord device =
                    store.FindDevice(transaction, account.Id, key)
                    ?? new DeviceRecord
                    {
                        Account = account.Id,
                        Key = key,
                        Created = now,
                    };
                long id = store.SaveDevice(transaction, Seen(device, agent, usedPassword, now));
                ended = EndForgotten(transaction, account, id);
                return id;
            },
            _ => ended?.Invoke()
        );
    }

    // The account's devices that went without a word, such as browsers that signed out where there was no network.
    private Action? EndForgotten(Transaction transaction, Account account, long except)
    {
        Action? ended = null;
        DateTimeOffset before = server.Time.GetUtcNow() - Forgotten;
        foreach (DeviceRecord device in server.Stores.Accounts.Devices(transaction, account.Id))
            if (device.Id != except && device.LastSeen < before && !IsInUse(transaction, account, device.Id))
                ended += End(transaction, account, device, Revoked);
        return ended;
    }

    private bool IsInUse(Access access, Account account, long device) =>
        account.Sessions.Any(session => session.Device == device) || server.FastTokens.HasTokens(access, device);

    /// <summary>
    /// In a transaction: the device is no more, nor anything that hangs on it (laws, "A device"). Returns what happens after the
    /// commit: others hear of it, its streams and calls end, and nobody wakes it.
    /// </summary>
    public Action End(Transaction transaction, Account account, DeviceRecord device, string reason = Revoked)
    {
        Action? told = null;
        foreach (Func<Transaction, DeviceRecord, Action?> ended in server.Dispatcher.Declared.DeviceEnded)
            told += ended(transaction, device);
        server.Stores.Accounts.RemoveFastTokens(transaction, device.Id);
        server.Stores.Accounts.RemoveDevice(transaction, device.Id);
        return () =>
        {
            told?.Invoke();
            SignedOut(account, device.Id);
            foreach (Session session in account.Sessions)
                if (session.Device == device.Id)
                    session.KickLater(StreamErrorCondition.NotAuthorized, reason);
        };
    }

    /// <summary>With a new password: what knew the old one knows nothing any more, but the device that chose it.</summary>
    public void ForgetPasswords(Transaction transaction, long account, long? except)
    {
        foreach (DeviceRecord device in server.Stores.Accounts.Devices(transaction, account))
            if (device.UsedPassword && device.Id != except)
                server.Stores.Accounts.SaveDevice(transaction, device with { UsedPassword = false });
    }

    /// <summary>
    /// In a transaction: a person signs out of the device, which is not to be woken any more, and is no more where it asked
    /// for no session beside. Returns what happens after the commit.
    /// </summary>
    public Action SignOut(Transaction transaction, Account account, long device, bool leaves)
    {
        if (leaves && server.Stores.Accounts.FindDevice(transaction, device) is { } left)
            return End(transaction, account, left, "signed out");
        server.Stores.Push.RemoveDevice(transaction, device);
        return () => SignedOut(account, device);
    }

    /// <summary>
    /// After a commit: nobody wakes the device, what it was given for the relay opens nothing, and its browser is signed out of
    /// the pages.
    /// </summary>
    private void SignedOut(Account account, long device)
    {
        account.PushTargets = account.PushTargets.RemoveAll(target => target.Device == device);
        server.Options.ExternalServices?.EndDevice(account.Name, device);
        server.WebSessions.End(device);
    }

    /// <summary>A session of the device is over: when it was last seen is noted, unless that is known well enough.</summary>
    public void Left(Session session)
    {
        DateTimeOffset now = server.Time.GetUtcNow();
        DeviceRecord? device = Find(session.Device);
        if (device is not null && now - device.LastSeen >= _granularity)
            server.Stores.Database.Enqueue(new SeenCommit(server.Stores.Accounts, device.Id, now));
    }

    private sealed class SeenCommit(IAccountStore store, long id, DateTimeOffset now) : Commit
    {
        public override void Write(Transaction transaction)
        {
            if (store.FindDevice(transaction, id) is { } device)
                store.SaveDevice(transaction, device with { LastSeen = now });
        }
    }

    private static DeviceRecord Seen(DeviceRecord device, UserAgent agent, bool usedPassword, DateTimeOffset now) =>
        device with
        {
            Software = agent.Software ?? device.Software,
            Name = agent.Device ?? device.Name,
            LastSeen = now - device.LastSeen < _granularity ? device.LastSeen : now,
            UsedPassword = device.UsedPassword || usedPassword,
        };
}
