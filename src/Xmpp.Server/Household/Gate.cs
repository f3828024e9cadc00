using Xmpp.Addresses;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Household;

/// <summary>
/// The one gate: may A reach B with this kind (laws, "Who may reach whom"). Where it refuses a stranger, the caller
/// answers as for an account that does not exist.
/// </summary>
public sealed class Gate
{
    private readonly XmppServer _server;

    internal Gate(XmppServer server) => _server = server;

    /// <summary>Between two local accounts, in this direction.</summary>
    public bool MayReach(Account from, Account to, StanzaKind kind)
    {
        if (from == to)
            return true;
        if (from.IsGone || to.IsGone)
            return false;
        if (!IsClosed(from.Record.Role) && !IsClosed(to.Record.Role))
            return true;
        return _server.Home.ShareCircle(from, to)
            || _server.Home.IsGuardianOf(from, to)
            || _server.Home.IsGuardianOf(to, from);
    }

    /// <summary>Between a local account and an address elsewhere, either way.</summary>
    public bool MayReach(Account local, Jid elsewhere, StanzaKind kind) =>
        !local.IsGone
        && (
            !IsClosed(local.Record.Role)
            || IsOwnRoom(local, elsewhere, kind)
            || _server.Home.IsApproved(local, elsewhere)
        );

    // Laws, "Limited accounts": the rooms of their circles; of the others not even their names are listed.
    private bool IsOwnRoom(Account local, Jid elsewhere, StanzaKind kind) =>
        elsewhere.Domain == _server.Options.RoomsDomain
        && (elsewhere.IsDomain ? kind == StanzaKind.Iq : _server.Rooms.IsOfCircleOf(local, elsewhere));

    // Who talks only with their circles.
    private static bool IsClosed(Role role) => role is Role.Limited or Role.Guest;
}
