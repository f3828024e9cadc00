using Xmpp.Addresses;
using Xmpp.Server.Routing;
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

    /// <summary>Between two local accounts, in this direction, now.</summary>
    public bool MayReach(Account from, Account to, StanzaKind kind) => Knows(from, to) && !IsQuiet(from, to);

    /// <summary>The same at whatever hour; for what waits until it is no longer quiet.</summary>
    public bool Knows(Account from, Account to)
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

    /// <summary>Between a local account and an address elsewhere, either way, now.</summary>
    public bool MayReach(Account local, Jid elsewhere, StanzaKind kind) =>
        Knows(local, elsewhere, kind) && !_server.Home.QuietHours.AreNow(local);

    /// <summary>The same at whatever hour.</summary>
    public bool Knows(Account local, Jid elsewhere, StanzaKind kind) =>
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

    /// <summary>One of them has quiet hours now, and the other is no guardian of it.</summary>
    public bool IsQuiet(Account one, Account other) =>
        one != other && (IsQuietBut(one, other) || IsQuietBut(other, one));

    private bool IsQuietBut(Account account, Account other) =>
        _server.Home.QuietHours.AreNow(account) && !_server.Home.IsGuardianOf(other, account);

    /// <summary>
    /// During its quiet hours a limited account sends to itself, to the house, and to its guardians; whom else it means makes
    /// no difference to the answer. What ends something, or answers, passes.
    /// </summary>
    /// <exception cref="StanzaErrorException"><c>policy-violation</c>, to be tried again later.</exception>
    internal void CheckQuiet(Account sender, Stanza stanza)
    {
        if (!_server.Home.QuietHours.AreNow(sender) || stanza.To is not { } to || to == _server.Address)
            return;
        if (stanza.Type is StanzaType.Error or StanzaType.Result or StanzaType.Unavailable || to.Bare == sender.Jid)
            return;
        if (_server.Dispatcher.LocalAccount(to.Bare) is not { } other || IsQuietBut(sender, other))
            throw new StanzaErrorException(
                StanzaError.PolicyViolation(_server.Home.Box.Texts.Quiet) with
                {
                    Type = "wait",
                }
            );
    }

    /// <summary>
    /// A limited account's stanza to an address elsewhere that the gate refuses: its guardians are asked, where a person
    /// means to reach somebody, and its client gets this.
    /// </summary>
    internal StanzaError Refused(Account account, Stanza stanza)
    {
        bool meant = stanza.Kind switch
        {
            StanzaKind.Message => stanza.Type is StanzaType.Chat or StanzaType.Normal or StanzaType.Groupchat,
            StanzaKind.Presence => stanza.Type is StanzaType.Available or StanzaType.Subscribe,
            _ => false,
        };
        Jid to = stanza.To!;
        if (!meant || account.Oversight is null || to.Domain == _server.Options.RoomsDomain && to.IsDomain)
            return StanzaError.ServiceUnavailable();
        _server.Home.Approvals.Ask(account, to, ApprovalKind.Outgoing);
        return StanzaError.ServiceUnavailable(_server.Home.Box.Texts.NotApproved);
    }

    /// <summary>
    /// The same for a stanza from elsewhere to it: guardians are asked for words and for a wish to become a contact. Who sent
    /// it hears what everybody hears of an account that does not exist.
    /// </summary>
    internal void Asked(Account account, Stanza stanza)
    {
        if (stanza.Type == StanzaType.Subscribe)
            _server.Home.Approvals.Ask(account, stanza.From!, ApprovalKind.Subscription);
        else if (stanza.Type is StanzaType.Chat or StanzaType.Normal && Treatment.Of(stanza).IsForPeople)
            _server.Home.Approvals.Ask(account, stanza.From!, ApprovalKind.Incoming);
    }

    // Who talks only with their circles.
    private static bool IsClosed(Role role) => role is Role.Limited or Role.Guest;
}
