using Xmpp.Addresses;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Household;

/// <summary>What remains of a contact whose account is removed, in the list of one who had it.</summary>
internal sealed class Parting
{
    private readonly Account _holder;
    private readonly Jid _gone;
    private readonly RosterChange _change;
    private readonly RosterItem _before;

    private Parting(Account holder, Jid gone, RosterChange change, RosterItem before) =>
        (_holder, _gone, _change, _before) = (holder, gone, change, before);

    public static Parting Write(XmppServer server, Transaction transaction, Account holder, Jid gone)
    {
        var change = new RosterChange(server, holder, gone);
        RosterItem before = change.Read(transaction);
        change.Write(
            transaction,
            before,
            before with
            {
                Subscription = Subscription.None,
                Ask = false,
                Approved = false,
                PendingIn = null,
                // What was written over a circle's entry goes with it.
                Name = before.Listed ? before.Name : null,
                Groups = before.Listed ? before.Groups : [],
            }
        );
        return new Parting(holder, gone, change, before);
    }

    public void Released()
    {
        _change.Released();
        if (_before.Ask || _before.Subscription.HasFlag(Subscription.To))
            Tell(StanzaType.Unsubscribed);
        if (_before.PendingIn is not null || _before.Subscription.HasFlag(Subscription.From))
            Tell(StanzaType.Unsubscribe);
    }

    private void Tell(StanzaType type)
    {
        var presence = new Stanza
        {
            Kind = StanzaKind.Presence,
            Type = type,
            From = _gone,
            To = _holder.Jid,
        };
        foreach (Session session in _holder.Sessions)
            if (session.WantsRoster || session.Presence is not null)
                session.Deliver(new Outgoing(presence, _holder.Jid));
    }
}
