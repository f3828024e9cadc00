using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>
/// What one stanza of a session does: its writes, and its effects after their commit. Every stanza has one, so that the
/// session counts it once it is safe.
/// </summary>
public abstract class StanzaWork : Commit
{
    protected StanzaWork(Session session, Stanza stanza)
    {
        (Session, Stanza, Number) = (session, stanza, session.NextNumber());
    }

    protected Session Session { get; }
    protected Stanza Stanza { get; }
    internal long Number { get; }

    /// <summary>Must keep its place among all sessions' work even when it writes nothing (presence).</summary>
    internal virtual bool Ordered => false;

    public sealed override void Write(Transaction transaction)
    {
        if (!Writes)
            return;
        Store(transaction);
        if (Session.MarkAt(Number) is { } mark)
            transaction.NoteInbound(mark);
    }

    /// <summary>Writes; may run twice.</summary>
    protected virtual void Store(Transaction transaction) { }

    public sealed override void Released()
    {
        try
        {
            Take();
        }
        catch (Exception bug)
        {
            Session.Server.Log.Bug(bug, Session.Jid);
        }
        Session.Complete(Number);
    }

    /// <summary>What others see.</summary>
    protected abstract void Take();

    public sealed override void Failed(Exception error)
    {
        Session.Server.Log.WriteFailed(error, Session.Jid);
        Undo();
        if (Stanza.Type != StanzaType.Error && Stanza.Type != StanzaType.Result)
            Session.Deliver(Stanza.Bounce(NotSaved(error)).With(Stanza.To, Session.Jid));
        Session.Complete(Number);
    }

    /// <summary>What memory knew before the commit is taken back.</summary>
    protected virtual void Undo() { }

    /// <summary>What the sender of a stanza that could not be written is told.</summary>
    internal static StanzaError NotSaved(Exception error) =>
        error switch
        {
            StorageException { DiskFull: true } => StanzaError.ResourceConstraint("the disk is full"),
            StorageException { Damaged: true } => StanzaError.InternalServerError("the database is damaged"),
            _ => StanzaError.InternalServerError("not saved"),
        };
}

/// <summary>A stanza that is answered with an error, or that does nothing but count.</summary>
internal sealed class AnswerWork(Session session, Stanza stanza, Stanza? answer) : StanzaWork(session, stanza)
{
    public override bool Writes => false;

    protected override void Take()
    {
        if (answer is not null)
            Session.Deliver(answer);
    }
}

/// <summary>A stanza whose effects need no disk.</summary>
internal sealed class EffectWork(Session session, Stanza stanza, Action effect, bool ordered = false)
    : StanzaWork(session, stanza)
{
    public override bool Writes => false;
    internal override bool Ordered => ordered;

    protected override void Take() => effect();
}
