using Xmpp.Addresses;
using Xmpp.Sasl;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>Somebody with an account here, as lists show them.</summary>
/// <param name="HasPassword">False until the person has chosen one, or after a reset.</param>
public sealed record Person(AccountRecord Account, Jid Address, IReadOnlyList<string> Circles, bool HasPassword);

/// <summary>An account to be made.</summary>
public sealed record NewPerson(string Name)
{
    public Role Role { get; init; }

    /// <summary>The circle that it joins; null for none.</summary>
    public string? Circle { get; init; } = Household.Circles.Default;

    /// <summary>When the account ends; for a guest without one it is set.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>Null: a link lets the person choose one.</summary>
    public string? Password { get; init; }
}

/// <summary>The people who live here, and what can be done with their accounts.</summary>
public sealed class People
{
    /// <summary>How long a guest's account lives when nothing else is said.</summary>
    public static readonly TimeSpan GuestStay = TimeSpan.FromDays(30);

    private readonly XmppServer _server;

    internal People(XmppServer server) => _server = server;

    public IReadOnlyList<Person> List()
    {
        using Access access = _server.Stores.Database.OpenRead();
        return [.. _server.Stores.Accounts.List(access).Select(account => Describe(access, account))];
    }

    /// <exception cref="RefusedException">There is nobody of that name.</exception>
    public Person Get(string name)
    {
        using Access access = _server.Stores.Database.OpenRead();
        return Describe(access, Get(_server, access, name));
    }

    private Person Describe(Access access, AccountRecord account) =>
        new(
            account,
            Address(_server, account.Name),
            [.. _server.Stores.Household.CirclesOf(access, account.Id).Select(circle => circle.Name)],
            _server.Stores.Accounts.Keys(access, account.Name, ScramHash.Sha256) is not null
        );

    /// <summary>Makes an account; returns its name as it is kept and, without a password, the link to choose one.</summary>
    public async Task<(string Name, InviteLink? Link)> AddAsync(NewPerson person)
    {
        string name = PrepareName(_server, person.Name);
        IReadOnlyList<ScramKeys>? keys = person.Password is null ? null : await DeriveAsync(person.Password);
        InviteLink? link = keys is null ? _server.Home.Invites.NewResetLink(name) : null;
        await new AddChange(_server, [new Newcomer(name, keys)], person, link).DoAsync();
        return (name, link);
    }

    /// <summary>
    /// Makes many accounts at once, all or none: the keys are derived on all cores, then written in one commit.
    /// </summary>
    /// <param name="people">Names and passwords.</param>
    /// <param name="circle">What they join; null for none.</param>
    /// <param name="derived">Hears how many keys are ready.</param>
    public async Task ImportAsync(
        IReadOnlyList<(string Name, string Password)> people,
        string? circle,
        Action<int> derived,
        CancellationToken cancellation
    )
    {
        string[] names = PrepareAll(people, circle);
        var keys = new IReadOnlyList<ScramKeys>[people.Count];
        int ready = 0;
        var cores = new ParallelOptions
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount,
            CancellationToken = cancellation,
        };
        await Task.Run(
            () =>
                Parallel.For(
                    0,
                    people.Count,
                    cores,
                    i =>
                    {
                        keys[i] = Passwords.Derive(people[i].Password)!;
                        derived(Interlocked.Increment(ref ready));
                    }
                ),
            cancellation
        );
        Newcomer[] newcomers = [.. names.Select((name, i) => new Newcomer(name, keys[i]))];
        await new AddChange(_server, newcomers, new NewPerson("") { Circle = circle }, null).DoAsync();
    }

    // What can be wrong is found before the long part.
    private string[] PrepareAll(IReadOnlyList<(string Name, string Password)> people, string? circle)
    {
        var names = new string[people.Count];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        using Access access = _server.Stores.Database.OpenRead();
        if (circle is not null)
            Circles.Check(_server, access, circle);
        for (int i = 0; i < people.Count; i++)
        {
            names[i] = PrepareName(_server, people[i].Name);
            if (!seen.Add(names[i]))
                throw new RefusedException(Refusal.NameTaken, $"The name {names[i]} stands there twice.");
            if (_server.Stores.Accounts.Find(access, names[i]) is not null)
                throw Taken(names[i]);
            if (Passwords.Prepare(people[i].Password) is null)
                throw new RefusedException(Refusal.BadPassword, $"The password of {names[i]} cannot be used.");
        }
        return names;
    }

    /// <summary>Removes the account and all that is its own; its contacts' subscriptions to it end.</summary>
    public Task RemoveAsync(string name) => new RemovalChange(_server, name).DoAsync();

    /// <summary>Sets the password; sessions and tokens end.</summary>
    public async Task SetPasswordAsync(string name, string password) =>
        await new PasswordChange(_server, Get(name).Account.Name, await DeriveAsync(password)).DoAsync();

    public Task SetRoleAsync(string name, Role role) =>
        new RecordChange(_server, name, account => WithRole(account, role)).DoAsync();

    private AccountRecord WithRole(AccountRecord account, Role role) =>
        account with
        {
            Role = role,
            Expires =
                role == Role.Guest ? account.Expires ?? _server.Time.GetUtcNow() + GuestStay
                : account.Role == Role.Guest ? null
                : account.Expires,
        };

    /// <summary>Nobody signs in to the account until it is unlocked; sessions and tokens end.</summary>
    public Task LockAsync(string name) =>
        new RecordChange(_server, name, account => account with { Locked = true }) { EndsSignIns = true }.DoAsync();

    public Task UnlockAsync(string name) =>
        new RecordChange(_server, name, account => account with { Locked = false }).DoAsync();

    /// <summary>
    /// Forgets the password, ends sessions and tokens, and returns a link to choose a new password. Links from before
    /// stop working.
    /// </summary>
    public async Task<InviteLink> ResetAsync(string name)
    {
        string prepared = Get(name).Account.Name;
        InviteLink link = _server.Home.Invites.NewResetLink(prepared);
        await new PasswordChange(_server, prepared, []) { Link = link.Invite }.DoAsync();
        return link;
    }

    internal async Task<IReadOnlyList<ScramKeys>> DeriveAsync(string password) =>
        await Task.Run(() => Passwords.Derive(password))
        ?? throw new RefusedException(Refusal.BadPassword, "This cannot be a password: it is empty or too long.");

    /// <summary>The localpart of a name as people write it: alone, or as the address of here.</summary>
    /// <exception cref="RefusedException">It cannot be one.</exception>
    internal static string PrepareName(XmppServer server, string name)
    {
        string domain = server.Options.Domain;
        if (domain.Length == 0)
            throw new RefusedException(Refusal.BadRequest, "This home has no address yet: set Domain first.");
        string trimmed = name.Trim();
        if (trimmed.EndsWith("@" + domain, StringComparison.OrdinalIgnoreCase))
            trimmed = trimmed[..^(domain.Length + 1)];
        // A dot alone would not survive being part of a link's path.
        return trimmed.AsSpan().ContainsAnyExcept('.') && Jid.TryCreate(trimmed, domain, null, out Jid? jid)
            ? jid.Local!
            : throw new RefusedException(
                Refusal.BadName,
                $"“{name}” cannot be a name here: letters and digits, dots and dashes, no spaces."
            );
    }

    internal static Jid Address(XmppServer server, string prepared) =>
        Jid.TryCreate(prepared, server.Options.Domain, null, out Jid? jid)
            ? jid
            : throw new InvalidOperationException($"{prepared} is no localpart");

    /// <exception cref="RefusedException">There is nobody of that name.</exception>
    internal static AccountRecord Get(XmppServer server, Access access, string name) =>
        server.Stores.Accounts.Find(access, PrepareName(server, name))
        ?? throw new RefusedException(Refusal.NoPerson, $"There is nobody called “{name}” here.");

    internal static RefusedException Taken(string name) => new(Refusal.NameTaken, $"The name {name} is taken.");
}
