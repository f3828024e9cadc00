using Xmpp.Server.Extensions;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Household;

/// <summary>
/// One change of the household, whichever door asks for it: all checks first, then what is written, in one transaction;
/// after the commit what is in memory, what clients are told, and whose sessions end.
/// </summary>
internal abstract class Change(XmppServer server)
{
    protected XmppServer Server { get; } = server;

    /// <summary>Sessions to end, once the change is committed.</summary>
    public List<Session> Ending { get; } = [];

    /// <summary>What the ending sessions' clients are told.</summary>
    public virtual string EndReason => "the account was changed";

    /// <summary>May run twice: touches the transaction and its own fields only, and refuses before it writes.</summary>
    /// <exception cref="RefusedException">Nothing was written.</exception>
    public abstract void Write(Transaction transaction);

    /// <summary>After the commit, in commit order, on the writer's thread.</summary>
    public virtual void Released() { }

    /// <summary>Does it; returns once it is on disk and the sessions that it ends are over.</summary>
    /// <exception cref="RefusedException">It is not possible; nothing was changed.</exception>
    /// <exception cref="StorageException">It could not be saved; nothing was changed.</exception>
    public async Task DoAsync()
    {
        var commit = new ChangeCommit(this);
        Server.Stores.Database.Enqueue(commit);
        await commit.Task;
        await Task.WhenAll(Ending.Select(session => session.KickAsync(StreamErrorCondition.NotAuthorized, EndReason)));
    }

    /// <summary>The same as a handler's reply.</summary>
    public Reply AsReply() =>
        Reply.After(
            transaction =>
            {
                try
                {
                    Write(transaction);
                    return Reply.Empty;
                }
                catch (RefusedException refused)
                {
                    return Reply.Error(StanzaErrors.From(refused));
                }
            },
            () =>
            {
                Released();
                foreach (Session session in Ending)
                    session.KickLater(StreamErrorCondition.NotAuthorized, EndReason);
            }
        );

    private sealed class ChangeCommit(Change change) : Commit
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private RefusedException? _refused;

        public Task Task => _done.Task;

        public override void Write(Transaction transaction)
        {
            _refused = null;
            try
            {
                change.Write(transaction);
            }
            catch (RefusedException refused)
            {
                _refused = refused;
            }
        }

        public override void Released()
        {
            if (_refused is not null)
            {
                _done.SetException(_refused);
                return;
            }
            try
            {
                change.Released();
            }
            finally
            {
                _done.SetResult();
            }
        }

        public override void Failed(Exception error) => _done.SetException(error);
    }
}

/// <summary>Refusals as stanza errors.</summary>
internal static class StanzaErrors
{
    public static StanzaError From(RefusedException refused) =>
        refused.Why switch
        {
            Refusal.NameTaken or Refusal.NameKept or Refusal.CircleTaken => StanzaError.Conflict(refused.Message),
            Refusal.NoPerson or Refusal.NoCircle or Refusal.NoRequest => StanzaError.ItemNotFound(refused.Message),
            Refusal.NoInvite or Refusal.InviteUsed or Refusal.InviteOver => StanzaError.ItemNotFound(refused.Message),
            Refusal.BadName => StanzaError.JidMalformed(refused.Message),
            Refusal.BadRequest => StanzaError.BadRequest(refused.Message),
            _ => StanzaError.NotAcceptable(refused.Message),
        };
}
