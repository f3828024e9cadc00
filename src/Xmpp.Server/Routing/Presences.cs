using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Server.PubSub;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>
/// Presence (RFC 6121 §3, §4): who is there is told to who may know. All of it happens in the common order, so that a
/// session becomes available between two messages and misses none.
/// </summary>
internal sealed partial class Presences(XmppServer server)
{
    private readonly SubscriptionRequests _subscriptions = new(server);

    public PresencesElsewhere Elsewhere { get; } = new(server);

    public void FromClient(Session session, Stanza presence)
    {
        switch (presence.Type)
        {
            case StanzaType.Subscribe:
            case StanzaType.Subscribed:
            case StanzaType.Unsubscribe:
            case StanzaType.Unsubscribed:
                _subscriptions.FromClient(session, presence);
                return;
            case StanzaType.Available when presence.To is null:
                int priority = PresenceContent.Priority(presence);
                session.PartingStatus = null;
                Order(session, presence, () => Available(session, presence, priority));
                return;
            case StanzaType.Unavailable when presence.To is null:
                // Known before the session's end is written, which may be in the same batch.
                session.PartingStatus = PresenceContent.Status(presence);
                // Now, not in its effect: what is sent after it to the same places stays.
                Elsewhere.Withdraw(session, presence);
                Order(session, presence, () => Unavailable(session, presence));
                return;
            case not StanzaType.Invalid when presence.To is { } to && Elsewhere.Is(to):
                bool here = presence.Type == StanzaType.Available;
                Elsewhere.FromClient(session, here ? Stamped(session, presence) : presence);
                return;
            case StanzaType.Available:
            case StanzaType.Unavailable:
                Directed(session, presence);
                return;
            case StanzaType.Probe:
                Jid target = presence.To ?? session.Account.Jid;
                Order(session, presence, () => AnswerProbe(session, target));
                return;
            default:
                Order(session, presence, () => Fault(session, presence));
                return;
        }
    }

    /// <summary>Presence from elsewhere to an account or session (RFC 6121 §8.5): gate and block list first.</summary>
    public Effect Arriving(Origin origin, Stanza presence)
    {
        Account? account = server.Dispatcher.LocalAccount(presence.To!);
        if (account?.Blocks(origin.Address) == true)
            return Effect.None;
        if (account is null || !server.Gate.Knows(account, origin.Address, StanzaKind.Presence))
        {
            if (account is not null)
                server.Gate.Asked(account, presence);
            return presence.Type == StanzaType.Probe
                ? Effect.InOrder(() =>
                    origin.Send(Plain(StanzaType.Unsubscribed, presence.To!.Bare, origin.Address.Bare))
                )
                : Effect.None;
        }
        if (Dispatcher.IsSubscription(presence.Type))
            return new SubscriptionArrival(server, origin, account, presence.With(origin.Address.Bare, account.Jid));
        if (presence.Type == StanzaType.Probe)
            return Effect.InOrder(() => Elsewhere.AnswerProbe(origin, account, presence));
        // In quiet hours nobody comes, as when a room says that its occupant has left.
        return Effect.InOrder(() =>
        {
            if (presence.Type == StanzaType.Unavailable || !server.Home.QuietHours.AreNow(account))
                Deliver(presence, account);
            ViewersElsewhere.Note(server.Nodes, account, presence);
        });
    }

    internal static void Order(Session session, Stanza presence, Action effect) =>
        session.Perform(new EffectWork(session, presence, effect, ordered: true));

    // ---- broadcast (§4.2, §4.4, §4.5) ----

    private void Available(Session session, Stanza presence, int priority)
    {
        if (session.HasEnded)
            return;
        bool initial = session.Presence is null;
        bool couldTake = session.IsAvailable;
        session.SaidPresence = presence;
        (session.Presence, session.Priority) = (Stamped(session, presence), priority);
        Broadcast(session, session.Presence);
        foreach (Action<Session, Stanza> available in server.Dispatcher.Declared.Available)
            available(session, presence);
        if (initial)
        {
            CatchUpOnOthers(session);
            server.Nodes.LastItems.SendOfService(session);
        }
        if (couldTake)
            NoteAbsence(session);
        else if (session.IsAvailable)
            OfflineMessages.Begin(server, session);
    }

    // Laws, "Offline": what it got by itself before it went says nothing of what comes while it is away.
    private static void NoteAbsence(Session session)
    {
        if (!session.IsAvailable)
            (session.QueriedArchive, session.BoundBy2) = (false, false);
    }

    private Stanza Stamped(Session session, Stanza presence)
    {
        foreach (Func<Session, Stanza, Stanza> stamp in server.Dispatcher.Declared.Stamps)
            presence = stamp(session, presence);
        return presence;
    }

    /// <summary>What the server adds to presence is another now: the account's devices that are there are told of anew.</summary>
    public void Restamp(Account account)
    {
        foreach (Session session in account.Sessions)
        {
            if (session.Presence is null || session.SaidPresence is not { } said)
                continue;
            session.Presence = Stamped(session, said);
            Broadcast(session, session.Presence);
        }
    }

    private void Unavailable(Session session, Stanza presence)
    {
        bool was = session.Presence is not null;
        bool couldTake = session.IsAvailable;
        (session.Presence, session.SaidPresence) = (null, null);
        if (couldTake)
            NoteAbsence(session);
        (session.Capabilities, session.Software) = (null, null);
        // Who is subscribed and got directed presence too hears it once.
        HashSet<Session>? told = session.Directed.IsEmpty ? null : [];
        if (was)
            Broadcast(session, presence, told);
        foreach (Jid entity in session.Directed)
            DeliverTo(presence.With(session.Jid, entity), session.Account, told);
        session.Directed = [];
    }

    /// <summary>A session is over, or its account goes: whoever thought it there hears otherwise.</summary>
    public void Leave(Session session)
    {
        Stanza unavailable = Plain(StanzaType.Unavailable, session.Jid, session.Account.Jid);
        Elsewhere.Withdraw(session, unavailable);
        Unavailable(session, unavailable);
    }

    private void Broadcast(Session session, Stanza presence, HashSet<Session>? told = null)
    {
        Account account = session.Account;
        foreach (Session own in account.Sessions)
            if ((own.Presence is not null || own == session) && told?.Add(own) != false)
                Give(own, presence, own.Jid);
        foreach (Jid watcher in server.Home.Watchers(account))
            Tell(session, presence.With(session.Jid, watcher), told);
    }

    private void Tell(Session session, Stanza presence, HashSet<Session>? told)
    {
        if (Elsewhere.Is(presence.To!))
            Elsewhere.Send(Origin.For(session), presence);
        else
            DeliverTo(presence, session.Account, told);
    }

    // What a client is told as it becomes available: contacts and own devices that are there, requests that wait.
    private void CatchUpOnOthers(Session session)
    {
        Account account = session.Account;
        foreach (Session own in account.Sessions)
            if (own != session && own.Presence is { } presence)
                Give(session, presence, session.Jid);
        foreach (RosterItem item in server.Home.Roster(account).Values)
        {
            if (item.Subscription.HasFlag(Subscription.To))
                AnswerProbe(session, item.Contact, quiet: true);
        }
        RemindOfRequests(session);
    }

    /// <summary>Requests to become a contact that wait for an answer, once more.</summary>
    public void RemindOfRequests(Session session)
    {
        foreach (RosterItem item in server.Home.Roster(session.Account).Values)
            if (item.PendingIn is not null)
                _subscriptions.Remind(session, item);
    }

    // To a bare JID: every available session; to a full one: that one. False when nobody was there to hear it.
    private bool DeliverTo(Stanza presence, Account sender, HashSet<Session>? told = null)
    {
        Jid to = presence.To!;
        if (server.Dispatcher.LocalAccount(to.Bare) is not { } account)
            return false;
        bool refused =
            account.Blocks(presence.From!)
            || sender.Blocks(to)
            || !server.Gate.MayReach(sender, account, StanzaKind.Presence);
        return !refused && Deliver(presence, account, told);
    }

    private static bool Deliver(Stanza presence, Account account, HashSet<Session>? told = null)
    {
        Jid to = presence.To!;
        bool heard = false;
        foreach (Session session in account.Sessions)
        {
            if (to.IsFull ? session.Jid != to : session.Presence is null)
                continue;
            heard = true;
            if (told?.Add(session) != false)
                Give(session, presence, to);
        }
        return heard;
    }

    private static void Give(Session session, Stanza presence, Jid to) =>
        session.Deliver(new Outgoing(presence, to) { CanWait = true });

    internal static Stanza Plain(StanzaType type, Jid from, Jid to) =>
        new()
        {
            Kind = StanzaKind.Presence,
            Type = type,
            From = from,
            To = to,
        };
}
