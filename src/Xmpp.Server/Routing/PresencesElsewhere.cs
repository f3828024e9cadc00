using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>
/// Presence between local sessions and what is at other domains: to services, and for those who are subscribed
/// (RFC 6121 §3, §4). Who gets directed presence is known per session and hears its end.
/// </summary>
internal sealed class PresencesElsewhere(XmppServer server)
{
    public bool Is(Jid address) => address.Domain != server.Options.Domain;

    // ---- out ----

    /// <summary>Directed presence (§4.6), a probe or a fault that a client sends: in the order in which it is read.</summary>
    /// <exception cref="StanzaErrorException">Nobody answers there, or not to this account.</exception>
    public void FromClient(Session session, Stanza presence)
    {
        Jid to = presence.To!;
        Service service = server.Dispatcher.ServiceFor(session.Account, presence);
        bool available = presence.Type == StanzaType.Available;
        if (available && session.Elsewhere.Count >= Presences.MostDirected && !session.Elsewhere.Contains(to))
            throw new StanzaErrorException(StanzaError.ResourceConstraint("present in too many places"));
        // Noted before it is heard: who hears it may ask back at once.
        if (available)
            session.NoteElsewhere(to);
        else if (presence.Type == StanzaType.Unavailable)
            session.ForgetElsewhere(to);
        try
        {
            service.TakePresence(Origin.Read(session), presence);
        }
        catch (StanzaErrorException) when (available)
        {
            session.ForgetElsewhere(to);
            throw;
        }
    }

    /// <summary>The session goes: who got directed presence of it hears so, but for those who hear it as subscribers.</summary>
    public void Withdraw(Session session, Stanza unavailable)
    {
        foreach (Jid entity in session.TakeElsewhere())
            if (session.Presence is null || !server.Home.IsWatcher(session.Account, entity))
                Send(Origin.For(session), unavailable.With(session.Jid, entity));
    }

    /// <summary>The same for one entity.</summary>
    public void Withdraw(Session session, Jid entity)
    {
        if (session.ForgetElsewhere(entity))
            Send(Origin.For(session), Presences.Plain(StanzaType.Unavailable, session.Jid, entity), always: true);
    }

    /// <summary>In an effect: to the service, where the gate and the block list let it pass; a fault is nobody's.</summary>
    public void Send(Origin origin, Stanza presence, bool always = false)
    {
        Jid to = presence.To!;
        if (!(always || Passes(origin.Account!, to)) || server.Dispatcher.Services.Find(to.Domain) is not { } service)
            return;
        try
        {
            service.TakePresence(origin, presence);
        }
        catch (StanzaErrorException)
        {
            // What the server sends for a client that did not ask for it has no answer.
        }
    }

    /// <summary>
    /// What another server must hear is on its way once the list here says so: what is returned sends it, after the commit.
    /// Null: it is to be sent as any other.
    /// </summary>
    public Action? Keep(Transaction transaction, Account account, Stanza presence)
    {
        Jid to = presence.To!;
        return Is(to) && Passes(account, to)
            ? server.Dispatcher.Services.Find(to.Domain)?.Keep(transaction, presence)
            : null;
    }

    /// <summary>Neither the gate nor the account's block list stands between.</summary>
    public bool Passes(Account account, Jid to) =>
        !account.Blocks(to) && server.Gate.MayReach(account, to, StanzaKind.Presence);

    /// <summary>§4.3: on behalf of the session, which gets the answers.</summary>
    public void Probe(Session session, Jid contact) =>
        Send(Origin.For(session), Presences.Plain(StanzaType.Probe, session.Jid, contact.Bare));

    /// <summary>The account's sessions become visible to a contact elsewhere.</summary>
    public void Show(Account account, Jid contact)
    {
        foreach (Session session in account.Sessions)
            if (session.Presence is { } presence)
                Send(Origin.For(session), presence.With(session.Jid, contact.Bare));
    }

    /// <summary>They become invisible.</summary>
    public void Hide(Account account, Jid contact)
    {
        foreach (Session session in account.Sessions)
            if (session.Presence is not null)
                Send(
                    Origin.For(session),
                    Presences.Plain(StanzaType.Unavailable, session.Jid, contact.Bare),
                    always: true
                );
    }

    // ---- in ----

    /// <summary>§4.3.2: who is subscribed hears of each session, others that they are not.</summary>
    public void AnswerProbe(Origin origin, Account account, Stanza probe)
    {
        if (server.Home.QuietHours.AreNow(account))
            return;
        if (!MaySee(origin.Address, account))
        {
            origin.Send(Presences.Plain(StanzaType.Unsubscribed, account.Jid, origin.Address.Bare));
            return;
        }
        foreach (Session session in account.Sessions)
            if (session.Presence is { } presence && (probe.To!.IsBare || probe.To == session.Jid))
                origin.Send(presence.With(session.Jid, origin.Address));
    }

    /// <summary>True when the subject lets an address elsewhere see its presence.</summary>
    public bool MaySee(Jid asker, Account subject) =>
        server.Gate.MayReach(subject, asker, StanzaKind.Presence)
        && !subject.Blocks(asker)
        && server.Home.IsWatcher(subject, asker);
}
