using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>Who watches over limited accounts: those who are named, or else all admins (laws, "Who may reach whom").</summary>
public sealed class Guardians
{
    private readonly XmppServer _server;

    internal Guardians(XmppServer server) => _server = server;

    /// <summary>The guardians of a limited account, by name; none for others.</summary>
    public IReadOnlyList<Account> Of(Account limited)
    {
        if (limited.Oversight is not { } oversight)
            return [];
        if (oversight.Guardians.IsEmpty)
            return [.. _server.Accounts.AdminNames().Select(_server.Accounts.Find).OfType<Account>()];
        return
        [
            .. oversight
                .Guardians.Select(_server.Accounts.Find)
                .OfType<Account>()
                .Where(guardian => !guardian.Record.Locked)
                .OrderBy(guardian => guardian.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>True when there is a limited account over which this one watches.</summary>
    public bool IsGuardian(Account account)
    {
        if (account.Record.Role == Role.Admin)
            return true;
        using Access access = _server.Stores.Database.OpenRead();
        return _server.Stores.Household.Wards(access, account.Id).Count > 0;
    }

    /// <summary>Limited accounts over which this one watches, by name.</summary>
    public IReadOnlyList<string> Wards(Account guardian)
    {
        IHouseholdStore store = _server.Stores.Household;
        using Access access = _server.Stores.Database.OpenRead();
        IEnumerable<long> unnamed = guardian.Record.Role == Role.Admin ? store.Unnamed(access) : [];
        return
        [
            .. store
                .Wards(access, guardian.Id)
                .Concat(unnamed)
                .Select(id => _server.Stores.Accounts.Find(access, id))
                .OfType<AccountRecord>()
                .Where(account => account.Role == Role.Limited)
                .Select(account => account.Name)
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Names of those who are named for it; none: all admins are its guardians.</summary>
    /// <exception cref="RefusedException">There is nobody of that name.</exception>
    public IReadOnlyList<string> Named(string name)
    {
        using Access access = _server.Stores.Database.OpenRead();
        IReadOnlyList<long> named = _server.Stores.Household.Guardians(access, People.Get(_server, access, name).Id);
        return
        [
            .. named
                .Select(id => _server.Stores.Accounts.Find(access, id)?.Name)
                .OfType<string>()
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Names the guardians; none: all admins.</summary>
    /// <exception cref="RefusedException">Nobody of that name, no limited account, or somebody who cannot be a guardian.</exception>
    public Task NameAsync(string name, IReadOnlyList<string> guardians) =>
        new NamingChange(_server, name, guardians).DoAsync();

    /// <summary>As of now: the guardian watches over the account; null is the house itself.</summary>
    internal static bool Watches(XmppServer server, Access access, Account? guardian, AccountRecord limited) =>
        guardian is null
        || (
            server.Stores.Accounts.Find(access, guardian.Id) is { } record
            && Oversight.Read(server.Stores.Household, access, limited)?.IsGuardian(record) == true
        );

    /// <summary>The limited account of that name, where the guardian watches over it.</summary>
    /// <exception cref="RefusedException">It is not: to who is no guardian of it, it does not exist.</exception>
    internal static AccountRecord Ward(XmppServer server, Access access, string name, Account? guardian)
    {
        AccountRecord account = People.Get(server, access, name);
        if (account.Role != Role.Limited && guardian is null)
            throw new RefusedException(Refusal.BadRequest, $"{account.Name} is no limited account.");
        return Watches(server, access, guardian, account)
            ? account
            : throw new RefusedException(Refusal.NoPerson, $"There is no limited account “{name}” in your care.");
    }

    /// <summary>After a commit: what guardians decided for the account, where it is in memory.</summary>
    internal void Reread(Account limited)
    {
        using Access access = _server.Stores.Database.OpenRead();
        _server.Accounts.Refresh(
            limited.Name,
            account => account.Oversight = Oversight.Read(_server.Stores.Household, access, account.Record)
        );
    }

    /// <summary>After the removal's commit: it watches over nobody any more.</summary>
    internal void Removed(long guardian)
    {
        foreach (Account account in _server.Accounts.Live)
            if (account.Oversight?.Guardians.Contains(guardian) == true)
                Reread(account);
    }

    private sealed class NamingChange(XmppServer server, string name, IReadOnlyList<string> guardians) : Change(server)
    {
        private AccountRecord? _ward;

        public override void Write(Transaction transaction)
        {
            _ward = Ward(Server, transaction, name, null);
            var ids = new List<long>();
            foreach (string guardian in guardians)
            {
                AccountRecord account = People.Get(Server, transaction, guardian);
                if (account.Role is Role.Limited or Role.Guest)
                    throw new RefusedException(Refusal.BadRequest, $"{account.Name} cannot be a guardian.");
                ids.Add(account.Id);
            }
            Server.Stores.Household.SetGuardians(transaction, _ward.Id, ids);
        }

        public override void Released()
        {
            if (Server.Accounts.Loaded(_ward!.Name) is not { } limited)
                return;
            var sightings = new Sightings(Server);
            sightings.NoteAll(limited);
            Server.Home.Guardians.Reread(limited);
            sightings.Changed();
        }
    }
}
