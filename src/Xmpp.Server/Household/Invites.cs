using System.Security.Cryptography;
using Xmpp.Sasl;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>Invites and reset links (laws, "Invites"): one token, three forms.</summary>
public sealed class Invites
{
    /// <summary>Tokens that a client presents (XEP-0379, XEP-0445).</summary>
    public const string Namespace = "urn:xmpp:pars:0";

    /// <summary>What guesses at tokens are counted under; no account is called so.</summary>
    public const string Guessing = "/invite";

    private const int LongestNote = 200;
    private const int MostUses = 1000;
    private static readonly TimeSpan _longestLife = TimeSpan.FromDays(366);
    private static readonly TimeSpan _resetLife = TimeSpan.FromDays(7);

    /// <summary>Invites that nobody can use any more stay in the list for a while.</summary>
    private static readonly TimeSpan _memory = TimeSpan.FromDays(30);

    private readonly XmppServer _server;

    internal Invites(XmppServer server) => _server = server;

    /// <summary>All, reset links too, oldest first.</summary>
    public IReadOnlyList<Invite> List()
    {
        using Access access = _server.Stores.Database.OpenRead();
        return [.. _server.Stores.Household.Invites(access).Select(invite => Describe(access, invite))];
    }

    /// <summary>The invite or reset link of a token; null when there is none. Looking spends nothing.</summary>
    public Invite? Find(string token)
    {
        if (token.Length is 0 or > LinkToken.LongestText)
            return null;
        using Access access = _server.Stores.Database.OpenRead();
        return _server.Stores.Household.FindInvite(access, LinkToken.Hash(token)) is { } invite
            ? Describe(access, invite)
            : null;
    }

    private Invite Describe(Access access, InviteRecord invite)
    {
        string? circle = _server.Stores.Household.Circles(access).FirstOrDefault(c => c.Id == invite.Circle)?.Name;
        return new(
            invite,
            invite.From == 0 ? null : _server.Stores.Accounts.Find(access, invite.From)?.Name,
            circle,
            invite.Reset is { } account ? _server.Stores.Accounts.Find(access, account)?.Name : null,
            State(access, invite)
        );
    }

    internal InviteState State(Access access, InviteRecord invite)
    {
        if (invite.Used >= invite.Uses)
            return InviteState.Used;
        bool silenced = invite.From != 0 && _server.Stores.Accounts.Find(access, invite.From) is not { Locked: false };
        return silenced || invite.Expires <= _server.Time.GetUtcNow() ? InviteState.Over : InviteState.Good;
    }

    /// <summary>Makes an invite.</summary>
    public async Task<InviteLink> CreateAsync(NewInvite wanted)
    {
        Check(wanted);
        string? from = wanted.From is null ? null : People.PrepareName(_server, wanted.From);
        string? name = wanted.Name is null ? null : People.PrepareName(_server, wanted.Name);
        InviteLink link = NewLink(
            record =>
                record with
                {
                    Role = wanted.Role,
                    Uses = name is null ? wanted.Uses : 1,
                    Expires = record.Created + wanted.Lifetime,
                    AccountExpires = wanted.AccountExpires,
                    Note = string.IsNullOrWhiteSpace(wanted.Note) ? null : wanted.Note.Trim(),
                    Name = name,
                    ContactOnly = wanted.ContactOnly,
                },
            from
        );
        var change = new CreateChange(_server, link.Invite, from, wanted.ContactOnly ? null : wanted.Circle);
        await change.DoAsync();
        return link with { Invite = change.Invite! };
    }

    private static void Check(NewInvite wanted)
    {
        string? fault =
            wanted.Uses is < 1 or > MostUses ? $"An invite has 1 to {MostUses} uses."
            : wanted.Lifetime <= TimeSpan.Zero || wanted.Lifetime > _longestLife ? "An invite lives for up to a year."
            : wanted.Note?.Length > LongestNote ? $"A note has at most {LongestNote} characters."
            : wanted.Note is not null && !Circles.IsText(wanted.Note) ? "The note has characters that are no text."
            : wanted.ContactOnly && wanted.From is null ? "Only a person can invite somebody as a contact."
            : null;
        if (fault is not null)
            throw new RefusedException(Refusal.BadRequest, fault);
    }

    /// <summary>Revokes an invite or reset link by its id.</summary>
    public Task RevokeAsync(string id) => new RevokeChange(_server, id).DoAsync();

    /// <summary>A link to choose a password by; nothing is written yet.</summary>
    internal InviteLink NewResetLink(string name) =>
        NewLink(record => record with { Uses = 1, Expires = record.Created + _resetLife, Name = name }, null, "reset");

    private InviteLink NewLink(Func<InviteRecord, InviteRecord> complete, string? from, string page = "invite")
    {
        string token = LinkToken.New();
        InviteRecord invite = complete(
            new InviteRecord
            {
                Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)),
                TokenHash = LinkToken.Hash(token),
                Created = _server.Time.GetUtcNow(),
            }
        );
        return new(invite, $"{_server.Options.PublicUrl}/{page}/{token}", Uri(invite, from, token));
    }

    /// <summary>The <c>xmpp:</c> form (XEP-0379 §3.2, XEP-0401 §6.1, XEP-0445 §2).</summary>
    public string Uri(InviteRecord invite, string? from, string token)
    {
        string domain = _server.Options.Domain;
        if (invite.Name is { } name)
            return $"xmpp:{System.Uri.EscapeDataString(name)}@{domain}?register;preauth={token}";
        if (from is null)
            return $"xmpp:{domain}?register;preauth={token}";
        string ibr = invite.ContactOnly ? "" : ";ibr=y";
        return $"xmpp:{System.Uri.EscapeDataString(from)}@{domain}?roster;preauth={token}{ibr}";
    }

    /// <summary>True while an invite keeps the name for whoever comes by it.</summary>
    internal bool IsKept(Access access, string name, string? except) =>
        _server
            .Stores.Household.Invites(access)
            .Any(invite =>
                invite.Name == name
                && invite.Reset is null
                && invite.Id != except
                && State(access, invite) == InviteState.Good
            );

    /// <summary>Makes the account of an invite: its use counts in the same transaction.</summary>
    /// <param name="timely">The invite was shown while it was good, so that its end no longer matters (XEP-0445 §4).</param>
    /// <returns>The prepared name.</returns>
    public async Task<string> RegisterAsync(string token, string name, string password, bool timely = false)
    {
        Invite invite = Find(token) ?? throw Unknown();
        string prepared = People.PrepareName(_server, name);
        Passwords.CheckChosen(password);
        CheckUsable(invite, timely);
        using (Access access = _server.Stores.Database.OpenRead())
            if (_server.Stores.Accounts.Find(access, prepared) is not null)
                throw People.Taken(prepared);
        IReadOnlyList<ScramKeys> keys = await _server.Home.People.DeriveAsync(password);
        await new RegistrationChange(
            _server,
            LinkToken.Hash(token),
            invite,
            new Newcomer(prepared, keys),
            timely
        ).DoAsync();
        return prepared;
    }

    // Before the keys are derived; the transaction looks again.
    private static void CheckUsable(Invite invite, bool timely)
    {
        if (invite.State == InviteState.Used)
            throw Used();
        if (invite.State == InviteState.Over && !timely)
            throw Over();
    }

    /// <summary>Sets a new password by a reset link, which is spent in the same transaction; sessions and tokens end.</summary>
    /// <returns>The prepared name.</returns>
    public async Task<string> ResetAsync(string token, string password, bool timely = false)
    {
        if (Find(token) is not { Person: { } name } link)
            throw Unknown();
        CheckUsable(link, timely);
        Passwords.CheckChosen(password);
        IReadOnlyList<ScramKeys> keys = await _server.Home.People.DeriveAsync(password);
        await new ResetChange(_server, LinkToken.Hash(token), name, keys, timely).DoAsync();
        return name;
    }

    /// <summary>The invite of a token, through the transaction, when it can be used now.</summary>
    internal InviteRecord Take(Transaction transaction, byte[] hash, bool timely)
    {
        InviteRecord invite = _server.Stores.Household.FindInvite(transaction, hash) ?? throw Unknown();
        return State(transaction, invite) switch
        {
            InviteState.Used => throw Used(),
            InviteState.Over when !timely => throw Over(),
            _ => invite,
        };
    }

    /// <summary>Counts a use by somebody who becomes a contact of the inviter; false when the token is not for that.</summary>
    internal bool TrySpend(Transaction transaction, string token, Account inviter)
    {
        InviteRecord? invite = token.Length is > 0 and <= LinkToken.LongestText
            ? _server.Stores.Household.FindInvite(transaction, LinkToken.Hash(token))
            : null;
        if (
            invite is not { Reset: null }
            || invite.From != inviter.Id
            || State(transaction, invite) != InviteState.Good
        )
            return false;
        _server.Stores.Household.UpdateInvite(transaction, invite with { Used = invite.Used + 1 });
        return true;
    }

    internal static RefusedException Unknown() => new(Refusal.NoInvite, "This invite is not known here.");

    internal static RefusedException Used() => new(Refusal.InviteUsed, "This invite has been used.");

    internal static RefusedException Over() => new(Refusal.InviteOver, "This invite is over.");

    private sealed class CreateChange(XmppServer server, InviteRecord invite, string? from, string? circle)
        : Change(server)
    {
        private readonly CircleChange _circles = new(server);

        /// <summary>As it was written.</summary>
        public InviteRecord? Invite { get; private set; }

        public override void Write(Transaction transaction)
        {
            _circles.Begin();
            AccountRecord? inviter = from is null ? null : People.Get(Server, transaction, from);
            if (inviter is { Locked: true })
                throw new RefusedException(Refusal.BadRequest, $"{inviter.Name} is locked and invites nobody.");
            if (circle is not null)
                Circles.Check(Server, transaction, circle);
            if (invite.Name is { } name && Server.Stores.Accounts.Find(transaction, name) is not null)
                throw People.Taken(name);
            if (invite.Name is { } kept && Server.Home.Invites.IsKept(transaction, kept, null))
                throw new RefusedException(Refusal.NameKept, $"The name {kept} is kept for somebody who is invited.");
            Forget(transaction);
            Invite = invite with
            {
                From = inviter?.Id ?? 0,
                Circle = circle is null ? null : Circles.Take(Server, transaction, circle, _circles).Id,
            };
            Server.Stores.Household.AddInvite(transaction, Invite);
        }

        private void Forget(Transaction transaction)
        {
            foreach (InviteRecord old in Server.Stores.Household.Invites(transaction))
                if (old.Expires + _memory < invite.Created)
                    Server.Stores.Household.RemoveInvite(transaction, old.Id);
        }

        public override void Released() => _circles.Released();
    }

    private sealed class RevokeChange(XmppServer server, string id) : Change(server)
    {
        public override void Write(Transaction transaction)
        {
            IHouseholdStore household = Server.Stores.Household;
            InviteRecord invite =
                household.Invites(transaction).FirstOrDefault(invite => invite.Id == id)
                ?? throw new RefusedException(Refusal.NoInvite, $"There is no invite {id}.");
            household.RemoveInvite(transaction, invite.Id);
        }
    }
}
