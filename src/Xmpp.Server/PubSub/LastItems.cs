using System.Collections.Immutable;
using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.PubSub;

/// <summary>The last item of a node, as those who come get it; without <see cref="Notice"/> it is too large to be kept.</summary>
internal sealed record LastItem(NodeRecord Node, Audience Audience, Stanza? Notice);

/// <summary>
/// Sends the last items of nodes to whoever becomes available or comes to see an account (XEP-0163 §4.3.4). They are read
/// once for each account, and again after one of them changed. Used on the writer's thread.
/// </summary>
internal sealed class LastItems(Nodes nodes)
{
    private readonly XmppServer _server = nodes.Server;

    /// <summary>The session's client is known to be interested in more than before.</summary>
    public void Send(Session session, IReadOnlySet<string>? before)
    {
        if (session.Interests.Count == 0)
            return;
        bool IsNew(string node) => session.Interests.Contains(node) && before?.Contains(node) != true;
        Account account = session.Account;
        Send(account.Nodes, session, IsNew);
        foreach (RosterItem item in _server.Home.Roster(account).Values)
            if (item.Subscription.HasFlag(Subscription.To) && item.Contact != account.Jid)
                if (_server.Dispatcher.LocalAccount(item.Contact) is { } owner && IsSeen(owner, session))
                    Send(owner.Nodes, session, IsNew);
    }

    /// <summary>The session is there: what it is subscribed to on the service, and whatever its client is interested in.</summary>
    public void SendOfService(Session session)
    {
        NodeHost service = nodes.Service;
        foreach (LastItem last in Read(service))
        foreach (NodeSubscription subscription in last.Audience.Subscriptions)
        {
            Jid to = subscription.Subscriber;
            bool his = to == session.Jid || to == session.Account.Jid;
            if (!his || subscription.State != SubscriptionState.Subscribed)
                continue;
            var asker = new Asker(session.Jid, session.Account);
            if (nodes.Rights.WhyNotRead(service, last.Node, asker, last.Audience) is null)
                Give(service, session, last, to);
        }
    }

    /// <summary>The viewer sees the owner's presence from now on.</summary>
    public void Seen(Account owner, Account viewer)
    {
        foreach (Session session in viewer.Sessions)
            if (session.Interests.Count > 0 && session.Presence is not null && IsSeen(owner, session))
                Send(owner.Nodes, session, session.Interests.Contains);
    }

    /// <summary>A client elsewhere that sees the owner is known to be interested.</summary>
    public void Send(Account owner, Jid client, IReadOnlySet<string> interests)
    {
        foreach (LastItem last in Read(owner.Nodes))
            if (interests.Contains(last.Node.Name) && nodes.Notices.MayHear(owner, client, last.Node, last.Audience))
                if (NoticeOf(owner.Nodes, last) is { } notice)
                    _server.Dispatcher.Send(notice.With(owner.Jid, client));
    }

    private bool IsSeen(Account owner, Session session) =>
        !owner.Blocks(session.Jid) && _server.Dispatcher.Presences.MaySee(session.Account, owner);

    private void Send(NodeHost host, Session session, Func<string, bool> wants)
    {
        foreach (LastItem last in Read(host))
            if (wants(last.Node.Name))
                if (nodes.Notices.MayHear(host.Account!, session.Account, last.Node, last.Audience))
                    Give(host, session, last, session.Jid);
    }

    private void Give(NodeHost host, Session session, LastItem last, Jid to)
    {
        if (NoticeOf(host, last) is { } notice)
            Notices.Give(session, notice, to);
    }

    // Null where the item has gone meanwhile.
    private Stanza? NoticeOf(NodeHost host, LastItem last)
    {
        if (last.Notice is not null)
            return last.Notice;
        using Access access = _server.Stores.Database.OpenRead();
        return nodes.Store.Last(access, last.Node.Id) is { } item ? Delayed(host, last.Node, item) : null;
    }

    /// <summary>To a new subscriber (XEP-0060 §6.1.7).</summary>
    public void SendTo(NodeHost host, NodeRecord node, Jid subscriber)
    {
        using Access access = _server.Stores.Database.OpenRead();
        if (nodes.Store.Last(access, node.Id) is not { } item)
            return;
        var audience = Audience.Read(nodes.Store, access, node.Id);
        var subscription = new NodeSubscription(subscriber, SubscriptionState.Subscribed);
        if (nodes.Notices.MayHear(host, node, audience, subscription, item.Publisher))
            nodes.Notices.TellOne(host, node, subscriber, Delayed(host, node, item).Payload.ToArray());
    }

    private ImmutableArray<LastItem> Read(NodeHost host)
    {
        if (host.LastItems is { } known)
            return known;
        using Access access = _server.Stores.Database.OpenRead();
        var read = ImmutableArray.CreateBuilder<LastItem>();
        foreach (NodeRecord node in nodes.Store.Nodes(access, host.Id))
        {
            NodeConfiguration how = node.Configuration;
            bool sent = how.SendLast == SendLast.OnSubscriptionAndPresence && how.Has(NodeFlags.DeliverNotifications);
            if (!sent || nodes.Store.Last(access, node.Id) is not { } item)
                continue;
            Stanza? notice = item.Payload.Length > Limits.Cached ? null : Delayed(host, node, item);
            read.Add(new(node, Audience.Read(nodes.Store, access, node.Id), notice));
        }
        host.LastItems = read.ToImmutable();
        return host.LastItems.Value;
    }

    private static Stanza Delayed(NodeHost host, NodeRecord node, ItemRecord item)
    {
        byte[] payload = new XmlBuilder(capacity: 512 + item.Payload.Length)
            .Copy(Publication.Notice(node.Name, node.Configuration, item))
            .Start("delay", Ns.Delay)
            .Attribute("stamp", XmlText.Stamp(item.Time))
            .ToArray();
        return Notices.Headline(host, payload);
    }
}
