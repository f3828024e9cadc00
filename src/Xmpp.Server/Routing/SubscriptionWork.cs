using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>
/// What a subscription stanza between two local accounts does to both (RFC 6121 §3). The sender's entry is its caller's
/// to write; both sides' states change in one transaction, then both hear of it. One that is to elsewhere goes there after
/// the commit.
/// </summary>
/// <param name="contact">Null when there is no such account, or it is elsewhere.</param>
/// <param name="reaches">
/// False where the gate or a block list is between the two: no request gets through and nobody hears a word, but what ends
/// or is granted holds for both, so that their lists agree when they can reach each other again. Elsewhere: only what changes
/// the list here goes there.
/// </param>
internal sealed class SubscriptionExchange(
    XmppServer server,
    Account sender,
    Account? contact,
    Stanza stanza,
    bool reaches
)
{
    private readonly RosterChange? _theirs = contact is null ? null : new RosterChange(server, contact, sender.Jid);
    private Action? _kept;
    private bool _delivered;
    private bool _approved;
    private bool _senderLost;
    private bool _contactLost;

    /// <summary>Writes the contact's side and returns the sender's entry afterwards.</summary>
    public RosterItem Store(Transaction transaction, RosterItem own)
    {
        (_delivered, _approved, _senderLost, _contactLost) = (false, false, false, false);
        SubscriptionStep outbound = Subscriptions.Outbound(own, stanza.Type);
        RosterItem after = outbound.Item;
        _senderLost = Lost(own, after);
        if (_theirs is null)
        {
            _delivered = outbound.Passes && (reaches || after != own);
            _kept = _delivered ? server.Dispatcher.Presences.Elsewhere.Keep(transaction, sender, stanza) : null;
            return after;
        }
        RosterItem theirs = _theirs.Read(transaction);
        if (!outbound.Passes || (stanza.Type == StanzaType.Subscribe && !reaches))
            return after;
        SubscriptionStep inbound = Subscriptions.Inbound(theirs, stanza.Type, stanza.ToArray());
        _theirs.Write(transaction, theirs, inbound.Item);
        _contactLost = Lost(theirs, inbound.Item);
        _delivered = inbound.Passes;
        if (!inbound.Approve)
            return after;
        SubscriptionStep answer = Subscriptions.Inbound(after, StanzaType.Subscribed, []);
        _approved = answer.Passes;
        return answer.Item;
    }

    private static bool Lost(RosterItem before, RosterItem after) =>
        before.Subscription.HasFlag(Subscription.From) && !after.Subscription.HasFlag(Subscription.From);

    /// <summary>After the commit, the sender's own clients having heard of its side.</summary>
    public void Released()
    {
        Presences presences = server.Dispatcher.Presences;
        if (contact is null)
        {
            ReleasedElsewhere(presences.Elsewhere, stanza.To!);
            return;
        }
        // §3.2.2: who loses sight is told so first.
        if (_senderLost)
            presences.Hide(sender, contact);
        _theirs!.Released();
        if (_delivered && reaches && !server.Gate.IsQuiet(sender, contact))
            Deliver(contact, stanza);
        if (_approved)
            Deliver(sender, Answer());
        if (_approved)
            presences.Show(contact, sender);
        if (_delivered && stanza.Type == StanzaType.Subscribed)
            presences.Show(sender, contact);
        if (_contactLost)
            presences.Hide(contact, sender);
    }

    // §3.2.2: as above, who loses sight is told so first.
    private void ReleasedElsewhere(PresencesElsewhere elsewhere, Jid to)
    {
        if (!elsewhere.Is(to))
            return;
        if (_senderLost)
            elsewhere.Hide(sender, to);
        if (_kept is not null)
            _kept();
        else if (_delivered)
            elsewhere.Send(Origin.For(server, sender), stanza);
        if (_delivered && stanza.Type == StanzaType.Subscribed)
            elsewhere.Show(sender, to);
    }

    private Stanza Answer() =>
        new()
        {
            Kind = StanzaKind.Presence,
            Type = StanzaType.Subscribed,
            From = contact!.Jid,
            To = sender.Jid,
        };

    // §3.1.3: requests are for clients that are there, and wait for the others; news are for all that follow the list.
    private static void Deliver(Account to, Stanza presence)
    {
        foreach (Session session in to.Sessions)
            if (session.Presence is not null || (session.WantsRoster && presence.Type != StanzaType.Subscribe))
                session.Deliver(new Outgoing(presence, to.Jid));
    }
}

/// <summary>The same as the work of the session that sends it.</summary>
internal sealed class SubscriptionWork(Session session, Stanza stanza, SubscriptionExchange exchange)
    : StanzaWork(session, stanza)
{
    private readonly RosterChange _own = new(session.Server, session.Account, stanza.To!.Bare);

    protected override void Store(Transaction transaction)
    {
        RosterItem own = _own.Read(transaction);
        _own.Write(transaction, own, exchange.Store(transaction, own));
    }

    protected override void Take()
    {
        _own.Released();
        exchange.Released();
    }
}
