using Xmpp.Addresses;
using Xmpp.Sasl;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>
/// Somebody comes by an invite: the use, the account, its circle and the inviter as a contact in one transaction (laws,
/// "Invites").
/// </summary>
internal sealed class RegistrationChange(
    XmppServer server,
    byte[] tokenHash,
    Invite shown,
    Newcomer newcomer,
    bool timely
)
    : AddChange(
        server,
        [newcomer],
        new NewPerson(newcomer.Name)
        {
            Role = shown.Record.Role,
            Circle = shown.Circle,
            Expires = shown.Record.AccountExpires,
        },
        null
    )
{
    private RosterChange? _inviters;

    protected override string InviteId => shown.Record.Id;

    public override void Write(Transaction transaction)
    {
        _inviters = null;
        InviteRecord invite = Server.Home.Invites.Take(transaction, tokenHash, timely);
        if (invite.Reset is not null || invite.ContactOnly)
            throw Invites.Unknown();
        if (invite.Name is { } name && name != newcomer.Name)
            throw new RefusedException(Refusal.BadName, $"This invite is for the name {name}.");
        base.Write(transaction);
        Server.Stores.Household.UpdateInvite(transaction, invite with { Used = invite.Used + 1 });
    }

    protected override void Added(Transaction transaction, KeyValuePair<long, Jid> account)
    {
        if (shown.Record.From == 0 || Server.Accounts.Find(shown.Record.From) is not { } inviter)
            return;
        // Guests see their circle only; a child's contacts are its circle's.
        bool closed =
            shown.Record.Role is Role.Guest or Role.Limited || inviter.Record.Role is Role.Guest or Role.Limited;
        if (closed)
            return;
        Server.Stores.Rosters.Set(transaction, account.Key, Contact(inviter.Jid));
        Server.Stores.Rosters.Bump(transaction, account.Key);
        _inviters = new RosterChange(Server, inviter, account.Value);
        RosterItem before = _inviters.Read(transaction);
        _inviters.Write(
            transaction,
            before,
            before with
            {
                Subscription = Subscription.Both,
                Ask = false,
                PendingIn = null,
                Listed = true,
            }
        );
    }

    private static RosterItem Contact(Jid who) => new(who) { Subscription = Subscription.Both, Listed = true };

    public override void Released()
    {
        base.Released();
        _inviters?.Released();
    }
}

/// <summary>A reset link is spent and the new password set.</summary>
internal sealed class ResetChange(
    XmppServer server,
    byte[] tokenHash,
    string name,
    IReadOnlyList<ScramKeys> keys,
    bool timely
) : PasswordChange(server, name, keys)
{
    public override void Write(Transaction transaction)
    {
        InviteRecord invite = Server.Home.Invites.Take(transaction, tokenHash, timely);
        if (invite.Reset is null)
            throw Invites.Unknown();
        Server.Stores.Household.UpdateInvite(transaction, invite with { Used = 1 });
        base.Write(transaction);
    }
}
