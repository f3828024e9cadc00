using System.Collections.Concurrent;
using System.Collections.Immutable;
using Xmpp.Addresses;
using Xmpp.Sasl;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>
/// Local accounts by name, read from the store when somebody has to do with them. One object for each account, so that
/// what changes after a commit is seen by all.
/// </summary>
public sealed class Accounts : ISaslAccounts
{
    private const int Kept = 5_000;
    private readonly XmppServer _server;
    private readonly ConcurrentDictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _generations = new(StringComparer.Ordinal);
    private readonly Lock _loading = new();

    internal Accounts(XmppServer server) => _server = server;

    /// <summary>The account with the prepared localpart; null when there is none.</summary>
    public Account? Find(string name)
    {
        if (_accounts.TryGetValue(name, out Account? known))
            return known.IsGone ? null : known;
        lock (_loading)
            return _accounts.TryGetValue(name, out known) ? known : Load(name);
    }

    public Account? Find(long id)
    {
        using Access access = _server.Stores.Database.OpenRead();
        return _server.Stores.Accounts.Find(access, id) is { } record ? Find(record.Name) : null;
    }

    /// <summary>Names of the admins who can sign in.</summary>
    internal IReadOnlyList<string> AdminNames()
    {
        using Access access = _server.Stores.Database.OpenRead();
        return
        [
            .. _server
                .Stores.Accounts.List(access, Role.Admin)
                .Where(account => !account.Locked)
                .Select(account => account.Name),
        ];
    }

    /// <summary>The account when it is in memory; what nobody has to do with needs no news.</summary>
    internal Account? Loaded(string name) => _accounts.GetValueOrDefault(name);

    /// <summary>The account as the transaction knows it, which may have made it; one that nobody else holds when it is not in memory.</summary>
    internal Account In(Transaction transaction, long id)
    {
        AccountRecord record = _server.Stores.Accounts.Find(transaction, id)!;
        return Loaded(record.Name)
            ?? new Account(record, Jid.Parse($"{record.Name}@{_server.Options.Domain}"), delivered: 0);
    }

    private Account? Load(string name)
    {
        StoreSet stores = _server.Stores;
        using Access access = stores.Database.OpenRead();
        if (stores.Accounts.Find(access, name) is not { } record)
            return null;
        if (!Jid.TryCreate(name, _server.Options.Domain, null, out Jid? jid))
            return null;
        var account = new Account(record, jid, stores.Archive.DeliveredMark(access, record.Id))
        {
            Preferences = stores.Archive.Preferences(access, record.Id),
            Blocked = [.. stores.Rosters.Blocked(access, record.Id)],
            Stored = stores.Rosters.Items(access, record.Id).ToImmutableDictionary(item => item.Contact),
            RosterVersion = stores.Rosters.Version(access, record.Id),
            PushTargets = [.. stores.Push.Registrations(access, record.Id).Select(_server.Wakeups.Target)],
            Oversight = Oversight.Read(stores.Household, access, record),
        };
        Trim();
        _accounts[name] = account;
        return account;
    }

    // Accounts that nobody is signed in to can be read again.
    private void Trim()
    {
        if (_accounts.Count < Kept)
            return;
        foreach (var (name, account) in _accounts)
            if (account.Sessions.IsEmpty)
                _accounts.TryRemove(name, out _);
    }

    /// <summary>
    /// After a commit: what it changed, where the account is in memory. Who is loading it at this moment finishes first, so
    /// that nobody keeps what was true before.
    /// </summary>
    internal void Refresh(string name, Action<Account> change)
    {
        lock (_loading)
            if (_accounts.TryGetValue(name, out Account? account))
                change(account);
    }

    /// <summary>Grows when whoever has signed in so far must not bind or resume any more.</summary>
    internal int Generation(string name) => _generations.GetValueOrDefault(name);

    /// <summary>Who has signed in so far, or is about to, does not get any further; called while what ends them is written.</summary>
    internal void Outdate(string name) => _generations.AddOrUpdate(name, 1, static (_, old) => old + 1);

    /// <summary>
    /// After the commit that ends them: the account's sessions, but for one. Who is between signing in and binding
    /// notices the new generation. Calls through the box's relay end too, unless one session stays, whose call it may be: then
    /// what others know of the relay ends, and the call does not.
    /// </summary>
    internal IReadOnlyList<Session> EndSignIns(string name, Session? except = null)
    {
        Outdate(name);
        if (except is null)
            _server.Options.ExternalServices?.End(name);
        else
            _server.Options.ExternalServices?.Revoke(name);
        return _accounts.TryGetValue(name, out Account? account)
            ? [.. account.Sessions.Where(session => session != except)]
            : [];
    }

    /// <summary>After the removal's commit: nothing finds it any more.</summary>
    internal void Forget(string name) =>
        Refresh(
            name,
            account =>
            {
                account.IsGone = true;
                account.Stored = account.Stored.Clear();
                account.PushTargets = [];
                _accounts.TryRemove(name, out _);
            }
        );

    /// <summary>Every account in memory.</summary>
    internal IEnumerable<Account> Live => _accounts.Values;

    string? ISaslAccounts.PrepareUser(string name) =>
        Jid.TryCreate(name, _server.Options.Domain, null, out Jid? jid) ? jid.Local : null;

    string? ISaslAccounts.PreparePassword(string password) => Passwords.Prepare(password);

    ScramKeys? ISaslAccounts.Find(string user, ScramHash hash)
    {
        using Access access = _server.Stores.Database.OpenRead();
        return _server.Stores.Accounts.Keys(access, user, hash);
    }
}
