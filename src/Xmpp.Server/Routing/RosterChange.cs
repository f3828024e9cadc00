using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Routing;

/// <summary>
/// One contact's change in one account's list: written with a new version in the transaction, shown to memory and to the
/// account's interested clients after it (RFC 6121 §2.1.6).
/// </summary>
internal sealed class RosterChange(XmppServer server, Account account, Jid contact)
{
    private RosterItem? _item;
    private long _version;

    /// <summary>True when something was written.</summary>
    public bool Changed { get; private set; }

    /// <summary>The entry as stored, through the transaction; an empty one when there is none.</summary>
    public RosterItem Read(Transaction transaction)
    {
        (Changed, _item, _version) = (false, null, 0);
        return server.Stores.Rosters.Find(transaction, account.Id, contact) ?? Subscriptions.New(contact);
    }

    public void Write(Transaction transaction, RosterItem before, RosterItem after)
    {
        if (ReferenceEquals(before, after) || before == after)
            return;
        (Changed, _item) = (true, after);
        if (Subscriptions.IsEmpty(after))
            server.Stores.Rosters.Remove(transaction, account.Id, contact);
        else
            server.Stores.Rosters.Set(transaction, account.Id, after);
        if (!LooksSame(before, after))
            _version = server.Stores.Rosters.Bump(transaction, account.Id);
    }

    // A.1: what is asked of the account is in no list, so clients hear of it by presence alone.
    private static bool LooksSame(RosterItem before, RosterItem after) =>
        before with { PendingIn = null } == after with { PendingIn = null };

    /// <summary>After the commit: memory first, then the pushes.</summary>
    public void Released()
    {
        if (!Changed)
            return;
        account.Stored = Subscriptions.IsEmpty(_item!)
            ? account.Stored.Remove(contact)
            : account.Stored.SetItem(contact, _item!);
        if (_version == 0)
            return;
        account.RosterVersion = _version;
        Push(account, server.Home.Contact(account, contact) ?? _item!, _version);
    }

    /// <summary>
    /// Tells the account's clients of several entries that changed with one version. Only the last push carries it: a
    /// client that missed that one has an older version, and asks for the whole list when it comes back.
    /// </summary>
    public static void Push(Account account, IReadOnlyList<RosterItem> items, long version)
    {
        for (int i = 0; i < items.Count - 1; i++)
            Push(account, items[i], version - 1, $"push{version}.{i}");
        if (items.Count > 0)
            Push(account, items[^1], version);
    }

    /// <summary>Tells the account's clients that asked for the list; an entry that is not listed reads as removed.</summary>
    public static void Push(Account account, RosterItem item, long version, string? id = null)
    {
        byte[]? payload = null;
        foreach (Session session in account.Sessions)
        {
            if (!session.WantsRoster)
                continue;
            payload ??= WriteItem(new XmlBuilder().Start("query", Ns.Roster).Attribute("ver", version), item).ToArray();
            session.Deliver(
                new Stanza
                {
                    Kind = StanzaKind.Iq,
                    Type = StanzaType.Set,
                    Id = id ?? "push" + version,
                    From = account.Jid,
                    To = session.Jid,
                    Payload = payload,
                }
            );
        }
    }

    public static XmlBuilder WriteItem(XmlBuilder builder, RosterItem item)
    {
        builder.Start("item").Attribute("jid", item.Contact);
        if (!item.Listed)
            return builder.Attribute("subscription", "remove").End();
        builder
            .Attribute("name", item.Name)
            .Attribute("subscription", Name(item.Subscription))
            .Attribute("ask", item.Ask ? "subscribe" : null)
            .Attribute("approved", item.Approved ? "true" : null);
        foreach (string group in item.Groups)
            builder.Element("group", group);
        return builder.End();
    }

    private static string Name(Subscription subscription) =>
        subscription switch
        {
            Subscription.To => "to",
            Subscription.From => "from",
            Subscription.Both => "both",
            _ => "none",
        };
}
