using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Sessions;

/// <summary>
/// A session is over, in the common order: the account was last seen now; what the session handled stays known, unless
/// its client said goodbye; others hear that it is gone; and what it never took is handed on (XEP-0198 §4).
/// </summary>
internal sealed class Departure(XmppServer server, Session session, IReadOnlyList<Outgoing> left, bool forget) : Commit
{
    private readonly DateTimeOffset _now = server.Time.GetUtcNow();
    private AccountRecord? _record;

    public override void Write(Transaction transaction)
    {
        _record = server.Stores.Accounts.Find(transaction, session.Account.Id);
        if (_record is null)
            return;
        _record = _record with { LastSeen = _now, LastStatus = session.PartingStatus };
        server.Stores.Accounts.Update(transaction, _record);
        if (!session.IsResumable)
            return;
        if (forget)
            server.Stores.Sessions.Remove(transaction, session.TokenHash.Span);
        else if (session.FinalMark is { } mark)
            transaction.NoteInbound(mark);
    }

    public override void Released()
    {
        if (_record is not null)
            session.Account.Record = _record;
        session.Account.Left();
        server.Dispatcher.Presences.Leave(session);
        foreach (Outgoing item in left)
            HandOn(item);
    }

    // That it is gone is true whether or not the disk knows when.
    public override void Failed(Exception error)
    {
        _record = null;
        Released();
    }

    private void HandOn(Outgoing item)
    {
        switch (item.Stanza)
        {
            case { Kind: StanzaKind.Iq, Type: StanzaType.Get or StanzaType.Set } question:
                Bounce(question);
                break;
            case { Kind: StanzaKind.Message }
                when item.Takers is { } takers && takers.Leave() && !session.Account.IsGone:
                HandOn(takers);
                break;
        }
    }

    // A message that none of those has to whom it went: to the others that are there, or to whoever comes.
    private void HandOn(Takers lost)
    {
        bool taken = false;
        Takers next = lost.Next();
        foreach (Session other in session.Account.Sessions)
            if (lost.ArchiveId > 0 && lost.ArchiveId <= other.CaughtUpTo)
                taken = true;
            else if (other.IsAvailable)
                taken |= next.Give(other, next.Again());
        if (taken)
            return;
        if (lost.ArchiveId > 0)
            server.Marks.Undelivered(session.Account, lost.ArchiveId);
        else if (lost.Message.Type is StanzaType.Chat or StanzaType.Normal)
            Bounce(lost.Message);
    }

    // RFC 6120 §8.2.3: a request is answered, if not by whom it was for.
    private void Bounce(Stanza stanza)
    {
        if (stanza.From is not { IsFull: true } from || from == session.Jid)
            return;
        Stanza bounce = stanza.Bounce(StanzaError.ServiceUnavailable());
        if (from.Domain != server.Options.Domain)
            server.Dispatcher.Send(bounce);
        else
            server.Dispatcher.LocalAccount(from.Bare)?.FindSession(from.Resource!)?.Deliver(bounce);
    }
}
