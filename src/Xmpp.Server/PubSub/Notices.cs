using System.Security.Cryptography;
using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.PubSub;

/// <summary>
/// Tells those who want to know of a change (XEP-0163 §4, XEP-0060 §7.1.2): headlines from the host's own address, made
/// once for all who get them. Used on the writer's thread.
/// </summary>
internal sealed class Notices(Nodes nodes)
{
    private readonly XmppServer _server = nodes.Server;

    /// <summary>What those who come are sent may be another from now on.</summary>
    public void Changed(NodeHost host, NodeConfiguration configuration)
    {
        if (configuration.SendLast == SendLast.OnSubscriptionAndPresence)
            host.LastItems = null;
    }

    /// <summary>
    /// Own devices and contacts that are interested, and subscribers. <paramref name="make"/> is asked for the event when
    /// there is somebody.
    /// </summary>
    /// <param name="publisher">Whose item it is about.</param>
    public void Tell(NodeHost host, NodeRecord node, Audience audience, Func<byte[]> make, Jid? publisher = null)
    {
        if (!node.Configuration.Has(NodeFlags.DeliverNotifications))
            return;
        Stanza? headline = null;
        HashSet<Session>? told = audience.Subscriptions.Count > 0 ? [] : null;
        if (host.Account is { } owner)
            foreach (Session session in Interested(owner, node, audience))
                if (told?.Add(session) != false)
                    Give(session, headline ??= Headline(host, make()), session.Jid);
        foreach (NodeSubscription subscription in audience.Subscriptions)
            if (MayHear(host, node, audience, subscription, publisher))
                foreach (Session session in Devices(subscription.Subscriber))
                    if (told!.Add(session))
                        Give(session, headline ??= Headline(host, make()), subscription.Subscriber);
        foreach (Jid elsewhere in Elsewhere(host, node, audience, publisher))
            _server.Dispatcher.Send((headline ??= Headline(host, make())).With(host.Jid, elsewhere));
    }

    // The same at other servers: clients of contacts, then subscribers that are none of them.
    private IEnumerable<Jid> Elsewhere(NodeHost host, NodeRecord node, Audience audience, Jid? publisher)
    {
        HashSet<Jid>? told = null;
        if (host.Account is { ViewersElsewhere: { } viewers } owner)
            foreach (Jid client in viewers.Interested(node.Name))
                if (MayHear(owner, client, node, audience) && (told ??= []).Add(client))
                    yield return client;
        foreach (NodeSubscription subscription in audience.Subscriptions)
            if (IsElsewhere(subscription.Subscriber) && told?.Contains(subscription.Subscriber) != true)
                if (MayHear(host, node, audience, subscription, publisher))
                    yield return subscription.Subscriber;
    }

    private bool IsElsewhere(Jid who) => who.Domain != _server.Options.Domain;

    /// <summary>True when a client elsewhere may see the account's presence and read the node, and neither gate nor list forbids it.</summary>
    public bool MayHear(Account owner, Jid client, NodeRecord node, Audience audience) =>
        _server.Home.IsWatcher(owner, client) && Reads(owner, client, node, audience);

    private bool Reads(Account owner, Jid elsewhere, NodeRecord node, Audience audience) =>
        _server.Gate.MayReach(owner, elsewhere, StanzaKind.Message)
        && !owner.Blocks(elsewhere)
        && nodes.Rights.WhyNotRead(owner.Nodes, node, new Asker(elsewhere, null), audience) is null;

    /// <summary>Tells one person with the devices that are there, unless something stands between.</summary>
    public void TellOne(NodeHost host, NodeRecord node, Jid to, byte[] payload)
    {
        if (IsElsewhere(to))
        {
            bool may =
                host.Account is not { } one || (!one.Blocks(to) && _server.Gate.MayReach(one, to, StanzaKind.Message));
            if (may && nodes.Rights.Reaches(host, node, new Asker(to, null)))
                _server.Dispatcher.Send(Headline(host, payload).With(host.Jid, to));
            return;
        }
        if (Here(to) is not { } reader || reader.Blocks(host.Jid) || host.Account?.Blocks(to) == true)
            return;
        bool reaches = host.Account is { } owner
            ? _server.Gate.MayReach(owner, reader, StanzaKind.Message)
            : nodes.Rights.Reaches(host, node, new Asker(to, reader));
        Stanza headline = Headline(host, payload);
        if (reaches)
            foreach (Session session in Devices(to))
                Give(session, headline, to);
    }

    public static Stanza Headline(NodeHost host, ReadOnlyMemory<byte> payload) =>
        new()
        {
            Kind = StanzaKind.Message,
            Type = StanzaType.Headline,
            Id = RandomNumberGenerator.GetHexString(16, lowercase: true),
            From = host.Jid,
            Payload = payload,
        };

    public static void Give(Session session, Stanza headline, Jid to) =>
        session.Deliver(new Outgoing(headline, to) { CanWait = Treatment.Headline.CanWait });

    // §4.3.1: the owner's devices and those of contacts, each where its client says that it is interested (§4.2).
    private IEnumerable<Session> Interested(Account owner, NodeRecord node, Audience audience)
    {
        foreach (Session session in owner.Sessions)
            if (session.Wants(node.Name))
                yield return session;
        bool closed = node.Configuration.Access is AccessModel.Whitelist or AccessModel.Authorize;
        if (closed && audience == Audience.Nobody)
            yield break;
        foreach (Jid watcher in _server.Home.Watchers(owner))
        {
            if (Here(watcher) is not { } contact || contact == owner)
                continue;
            bool? mayHear = null;
            foreach (Session session in contact.Sessions)
                if (session.Wants(node.Name) && (mayHear ??= MayHear(owner, contact, node, audience)))
                    if (!owner.Blocks(session.Jid))
                        yield return session;
        }
    }

    // Who is not in memory has no sessions.
    private Account? Here(Jid who) =>
        who.Local is not null && who.Domain == _server.Options.Domain
            ? _server.Accounts.Loaded(who.Local) is { Sessions.IsEmpty: false } account
                ? account
                : null
            : null;

    /// <summary>True when nothing stands between owner and reader, and the node is open to the reader.</summary>
    public bool MayHear(Account owner, Account reader, NodeRecord node, Audience audience) =>
        owner == reader
        || (
            _server.Gate.MayReach(owner, reader, StanzaKind.Message)
            && !owner.Blocks(reader.Jid)
            && !reader.Blocks(owner.Jid)
            && nodes.Rights.WhyNotRead(owner.Nodes, node, new Asker(reader.Jid, reader), audience) is null
        );

    /// <summary>The same for a subscriber, of a node of the service too.</summary>
    public bool MayHear(
        NodeHost host,
        NodeRecord node,
        Audience audience,
        NodeSubscription subscription,
        Jid? publisher
    )
    {
        if (subscription.State != SubscriptionState.Subscribed)
            return false;
        if (IsElsewhere(subscription.Subscriber))
            return host.Account is { } one
                ? Reads(one, subscription.Subscriber, node, audience)
                : nodes.Rights.WhyNotRead(host, node, new Asker(subscription.Subscriber, null), audience) is null;
        if (Here(subscription.Subscriber) is not { } reader)
            return false;
        if (host.Account is { } owner)
            return MayHear(owner, reader, node, audience);
        var asker = new Asker(subscription.Subscriber, reader);
        return !reader.Blocks(host.Jid)
            && nodes.Rights.WhyNotRead(host, node, asker, audience) is null
            && (publisher is null || nodes.Rights.Passes(host, publisher, asker));
    }

    // RFC 6121 §8.5.2: a headline is for all that are there.
    private IEnumerable<Session> Devices(Jid subscriber)
    {
        if (Here(subscriber) is not { } account)
            return [];
        return subscriber.Resource is { } resource
            ? account.FindSession(resource) is { } exact
                ? [exact]
                : []
            : account.Sessions.Where(session => session.IsAvailable);
    }
}
