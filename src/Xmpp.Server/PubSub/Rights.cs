using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.PubSub;

/// <summary>
/// Who may what with a node (XEP-0060 §4.1, §4.5). An account's nodes are behind the gate before they come here; those of
/// the service are as near to a closed account as whoever made them.
/// </summary>
internal sealed class Rights(XmppServer server)
{
    /// <summary>What the asker is to the node; every account owns its nodes, and admins own those of the service.</summary>
    public Affiliation Of(NodeHost host, Asker asker, Audience audience)
    {
        bool owns = host.Account is { } owner ? asker.Jid.Bare == owner.Jid : asker.Account?.Record.Role == Role.Admin;
        return owns ? Affiliation.Owner : audience.Affiliations.GetValueOrDefault(asker.Jid.Bare);
    }

    /// <summary>Why the asker may neither read nor subscribe; null when it may (§6.1.3, §6.5.9).</summary>
    public StanzaError? WhyNotRead(NodeHost host, NodeRecord node, Asker asker, Audience audience)
    {
        if (!Reaches(host, node, asker))
            return NodeErrors.NoNode;
        Affiliation affiliation = Of(host, asker, audience);
        if (affiliation is Affiliation.Owner or Affiliation.Publisher)
            return null;
        if (affiliation is Affiliation.Outcast or Affiliation.PublishOnly)
            return StanzaError.Forbidden();
        bool may = node.Configuration.Access switch
        {
            AccessModel.Open => true,
            AccessModel.Presence when host.Account is { } owner => server.Home.IsWatcher(owner, asker.Jid),
            AccessModel.Presence => Owners(host, audience).Any(owner => server.Home.IsWatcher(owner, asker.Jid)),
            AccessModel.Roster => IsInGroup(host, node, asker, audience),
            AccessModel.Authorize => affiliation == Affiliation.Member || audience.IsSubscribed(asker.Jid),
            _ => affiliation == Affiliation.Member,
        };
        return may ? null : NodeErrors.Closed(node.Configuration.Access);
    }

    /// <summary>Why the asker may not publish; null when it may (§7.1.3).</summary>
    public StanzaError? WhyNotPublish(NodeHost host, NodeRecord node, Asker asker, Audience audience)
    {
        if (!Reaches(host, node, asker))
            return NodeErrors.NoNode;
        Affiliation affiliation = Of(host, asker, audience);
        if (affiliation is Affiliation.Owner or Affiliation.Publisher or Affiliation.PublishOnly)
            return null;
        bool may = node.Configuration.Publish switch
        {
            _ when affiliation == Affiliation.Outcast || IsClosed(asker) => false,
            PublishModel.Open => WhyNotRead(host, node, asker, audience) is null,
            PublishModel.Subscribers => audience.IsSubscribed(asker.Jid),
            _ => false,
        };
        return may ? null : StanzaError.Forbidden();
    }

    /// <summary>True when the asker may make nodes here (§8.1).</summary>
    public bool MayCreate(NodeHost host, Asker asker) =>
        host.Account is { } owner ? asker.Jid.Bare == owner.Jid : asker.Account is not null && !IsClosed(asker);

    /// <summary>True when nothing of the node is hidden from the asker by who made it (laws, "Who may reach whom", 3 and 4).</summary>
    public bool Reaches(NodeHost host, NodeRecord node, Asker asker) =>
        host.Account is not null || !IsClosed(asker) || Passes(node.Creator, asker.Account);

    /// <summary>What somebody published on the service's nodes may be seen by the reader.</summary>
    public bool Passes(NodeHost host, Jid publisher, Asker reader) =>
        host.Account is not null || !IsClosed(reader) || Passes(publisher, reader.Account);

    private bool Passes(Jid from, Account? to) =>
        to is not null
        && server.Dispatcher.LocalAccount(from.Bare) is { } sender
        && server.Gate.MayReach(sender, to, StanzaKind.Message);

    // Whom the house keeps among people that it knows.
    private static bool IsClosed(Asker asker) => asker.Account?.Record.Role is Role.Limited or Role.Guest;

    private bool IsInGroup(NodeHost host, NodeRecord node, Asker asker, Audience audience)
    {
        foreach (Account owner in Owners(host, audience))
            if (SeenBy(owner, asker)?.Groups.Any(group => node.Configuration.Groups.Contains(group)) == true)
                return true;
        return false;
    }

    // The asker's entry in the list of somebody who lets it see the presence.
    private RosterItem? SeenBy(Account owner, Asker asker) =>
        server.Home.Contact(owner, asker.Jid) is { } item && item.Subscription.HasFlag(Subscription.From) ? item : null;

    private IEnumerable<Account> Owners(NodeHost host, Audience audience)
    {
        if (host.Account is { } account)
            return [account];
        return audience
            .Affiliations.Where(entry => entry.Value == Affiliation.Owner)
            .Select(entry => server.Dispatcher.LocalAccount(entry.Key))
            .OfType<Account>();
    }
}
