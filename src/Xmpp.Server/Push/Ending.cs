using Xmpp.Server.Household;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Push;

/// <summary>A registration ends that its app server, or the browser's push service, knows no more.</summary>
/// <param name="gone">The browser's subscription, which its device may have renewed meanwhile; null at others' app servers.</param>
internal sealed class Ending(XmppServer server, Account account, PushTarget target, WebSubscription? gone) : Commit
{
    private readonly IPushStore _store = server.Stores.Push;
    private bool _ends;

    public override void Write(Transaction transaction)
    {
        _ends = gone is null || _store.Subscription(transaction, target.Device)?.Endpoint == gone.Endpoint;
        if (!_ends)
            return;
        _store.Remove(transaction, target.Registration.Id);
        if (gone is not null)
            _store.RemoveSubscription(transaction, target.Device);
    }

    public override void Released()
    {
        long ended = target.Registration.Id;
        if (_ends)
            server.Accounts.Refresh(
                account.Name,
                live => live.PushTargets = live.PushTargets.RemoveAll(one => one.Registration.Id == ended)
            );
    }
}
