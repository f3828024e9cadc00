using System.Globalization;
using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>The contact list over IQs, with versions (RFC 6121 §2) and what a removal means for subscriptions (§2.5).</summary>
internal sealed class Rosters(XmppServer server) : Extension
{
    private const int LongestName = 1023;

    public override void Declare(Declarations declare)
    {
        declare.StreamFeatures.Add(features => features.Empty("ver", "urn:xmpp:features:rosterver"));
        declare.StreamFeatures.Add(features => features.Empty("sub", "urn:xmpp:features:pre-approval"));
        declare.AccountFeature(Ns.Roster);
        declare.OnGet(Target.OwnAccount, Ns.Roster, "query", Get);
        declare.OnSet(Target.OwnAccount, Ns.Roster, "query", Set);
    }

    // In the common order, so that the list, its version and the pushes after it fit together.
    private ValueTask<Reply> Get(Request request)
    {
        Session session = request.Own;
        string? known = request.Payload.Attribute("ver");
        return new(Reply.InOrder(() => List(session, known)));
    }

    private Reply List(Session session, string? known)
    {
        session.WantsRoster = true;
        Account account = session.Account;
        if (known == account.RosterVersion.ToString(CultureInfo.InvariantCulture))
            return Reply.Empty;
        var query = new XmlBuilder().Start("query", Ns.Roster).Attribute("ver", account.RosterVersion);
        foreach (RosterItem item in server.Home.Roster(account).Values)
            if (item.Listed)
                RosterChange.WriteItem(query, item);
        return Reply.Result(query);
    }

    private ValueTask<Reply> Set(Request request)
    {
        Element item = request.Payload.FirstChild;
        if (!item.Is("item", Ns.Roster) || request.Payload.Children.Count != 1)
            return new(Reply.Error(StanzaError.BadRequest("one item")));
        if (item.Attribute("jid") is not { } address)
            return new(Reply.Error(StanzaError.BadRequest("whom?")));
        if (!Jid.TryParse(address, out Jid? contact))
            return new(Reply.Error(StanzaError.JidMalformed()));
        Account account = request.Own.Account;
        return new(
            item.Attribute("subscription") == "remove"
                ? Remove(account, contact.Bare)
                : Change(account, contact.Bare, item)
        );
    }

    private Reply Change(Account account, Jid contact, Element item)
    {
        string? name = item.Attribute("name");
        var groups = new List<string>();
        foreach (Element child in item.Children)
            if (child.Is("group", Ns.Roster))
                groups.Add(child.Text);
        // §2.3.3.
        if (groups.Distinct(StringComparer.Ordinal).Count() != groups.Count)
            return Reply.Error(StanzaError.BadRequest("a group twice"));
        if (groups.Any(group => group.Length is 0 or > LongestName) || name?.Length > LongestName)
            return Reply.Error(StanzaError.NotAcceptable("a name too long or empty"));
        // Laws, "Circles are computed": what the owner writes lies over the circle, and lists nobody by itself.
        string[] circles = [.. server.Home.CirclesWith(account, contact).Select(circle => circle.Name)];
        groups.RemoveAll(circles.Contains);
        var change = new RosterChange(server, account, contact);
        return Reply.After(
            transaction =>
            {
                RosterItem before = change.Read(transaction);
                change.Write(
                    transaction,
                    before,
                    before with
                    {
                        Name = string.IsNullOrEmpty(name) ? null : name,
                        Groups = groups,
                        Listed = before.Listed || circles.Length == 0,
                    }
                );
                return Reply.Empty;
            },
            change.Released
        );
    }

    private Reply Remove(Account account, Jid contact)
    {
        Account? local = server.Dispatcher.LocalAccount(contact);
        if (local is not null && local != account && server.Home.ShareCircle(account, local))
            return Reply.Error(StanzaError.NotAllowed("people of a circle stay in the list"));
        var cut = new SubscriptionCut(server, account, contact, local);
        return Reply.After(cut.Store, cut.Released);
    }
}
