using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>Who may see whom, who asks (RFC 6121 §4.3), and what they see when that changes.</summary>
internal sealed partial class Presences
{
    // §4.3.2: answered from what the contact's sessions last said, when the contact lets the asker know.
    private void AnswerProbe(Session asker, Jid target, bool quiet = false)
    {
        // Nobody is subscribed to the house itself.
        if (target.Local is null)
            return;
        if (Elsewhere.Is(target))
        {
            Elsewhere.Probe(asker, target);
            return;
        }
        Account? contact = server.Dispatcher.LocalAccount(target.Bare);
        if (contact is not null && !server.Gate.Knows(asker.Account, contact))
            contact = null;
        // XEP-0191 §3.3: the blocked get no answer at all, and nothing comes from those whom one blocks oneself.
        if (contact?.Blocks(asker.Jid) == true || asker.Account.Blocks(target))
            return;
        if (contact is not null && server.Gate.IsQuiet(asker.Account, contact))
        {
            if (!quiet)
                asker.Deliver(Plain(StanzaType.Unavailable, target, asker.Jid));
            return;
        }
        if (contact is null || !MaySee(asker.Account, contact))
        {
            if (!quiet)
                asker.Deliver(Plain(StanzaType.Unsubscribed, target.Bare, asker.Jid));
            return;
        }
        bool any = false;
        foreach (Session session in contact.Sessions)
        {
            if (session.Presence is not { } presence || (target.IsFull && session.Jid != target))
                continue;
            if (asker.Account.Blocks(session.Jid))
                continue;
            Give(asker, presence, asker.Jid);
            any = true;
        }
        if (!any && !quiet)
            asker.Deliver(Plain(StanzaType.Unavailable, target, asker.Jid));
    }

    /// <summary>True when neither the gate nor a block list stands between the two, at whatever hour.</summary>
    public bool Reaches(Account sender, Account contact) =>
        server.Gate.Knows(sender, contact) && !contact.Blocks(sender.Jid) && !sender.Blocks(contact.Jid);

    /// <summary>True when the subject's presence is open to the asker: itself, or subscribed and past gate and block list.</summary>
    public bool MaySee(Account asker, Account subject)
    {
        if (asker == subject)
            return true;
        if (!server.Gate.MayReach(asker, subject, StanzaKind.Presence) || subject.Blocks(asker.Jid))
            return false;
        return server.Home.IsWatcher(subject, asker.Jid);
    }

    /// <summary>The same for whoever asks about an account.</summary>
    public bool MaySee(Extensions.Request request) =>
        request.Session is { } session
            ? MaySee(session.Account, request.Subject!)
            : Elsewhere.MaySee(request.From, request.Subject!);

    /// <summary>The subject's sessions become visible to the viewer's, or to those of them that <paramref name="only"/> names.</summary>
    public void Show(Account subject, Account viewer, Func<Session, bool>? only = null)
    {
        if (!MaySee(viewer, subject))
            return;
        Tell(subject, viewer, only, session => session.Presence);
        server.Nodes.LastItems.Seen(subject, viewer);
    }

    /// <summary>The subject's sessions become invisible to the viewer's.</summary>
    public void Hide(Account subject, Account viewer, Func<Session, bool>? only = null) =>
        Tell(subject, viewer, only, session => Plain(StanzaType.Unavailable, session.Jid, viewer.Jid));

    private static void Tell(Account subject, Account viewer, Func<Session, bool>? only, Func<Session, Stanza?> what)
    {
        foreach (Session session in subject.Sessions)
        {
            if (session.Presence is null || viewer.Blocks(session.Jid) || what(session) is not { } presence)
                continue;
            foreach (Session other in viewer.Sessions)
                if (other.Presence is not null && !subject.Blocks(other.Jid) && only?.Invoke(other) != false)
                    Give(other, presence, viewer.Jid);
        }
    }
}
