using System.Collections.Immutable;
using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0191 Blocking Command: the list, its pushes, and what the blocked see of it; messages are refused here, IQs and
/// presence where they are routed. A block may carry a report (<see cref="Reports"/>).
/// </summary>
internal sealed class Blocking(XmppServer server) : Extension
{
    private const string Ns = "urn:xmpp:blocking";
    private const int MostEntries = 5000;

    public override void Declare(Declarations declare)
    {
        declare.Implements("0191", "Blocking Command", "1.3");
        declare.ServerFeature(Ns);
        declare.AccountFeature(Ns);
        declare.OnGet(Target.OwnAccount, Ns, "blocklist", Get);
        declare.OnSet(Target.OwnAccount, Ns, "block", Block);
        declare.OnSet(Target.OwnAccount, Ns, "unblock", Unblock);
        declare.At(Stage.Blocked, Refuse);
    }

    private static void Refuse(Passage passage)
    {
        if (passage.SenderAccount is { } sender && sender.Blocks(passage.To))
            passage.Refusal = Messages.BlockedByYou;
        else if (passage.Recipient is { } recipient && recipient.Blocks(passage.From))
            passage.Refusal = StanzaError.ServiceUnavailable();
    }

    // §3.2.
    private static ValueTask<Reply> Get(Request request)
    {
        Session session = request.Own;
        return new(
            Reply.InOrder(() =>
            {
                session.WantsBlockList = true;
                return Reply.Result(Write("blocklist", session.Account.Blocked));
            })
        );
    }

    private static XmlBuilder Write(string name, IEnumerable<Jid> entries)
    {
        var list = new XmlBuilder().Start(name, Ns);
        foreach (Jid entry in entries)
            list.Start("item").Attribute("jid", entry).End();
        return list;
    }

    // §3.3.
    private ValueTask<Reply> Block(Request request)
    {
        Account account = request.Own.Account;
        List<Jid> entries = Read(request.Payload);
        if (entries.Count == 0)
            throw new StanzaErrorException(StanzaError.BadRequest("whom?"));
        IReadOnlyList<ReportRecord> reports = Reports.Read(server, account, request.Payload);
        return new(Change(account, list => list.Union(entries), Write("block", entries).ToArray(), reports));
    }

    // §3.4, §3.5: without an item everybody.
    private ValueTask<Reply> Unblock(Request request)
    {
        Account account = request.Own.Account;
        List<Jid> entries = Read(request.Payload);
        return new(
            Change(
                account,
                list => entries.Count == 0 ? [] : list.Except(entries),
                Write("unblock", entries).ToArray(),
                []
            )
        );
    }

    private static List<Jid> Read(Element command)
    {
        var entries = new List<Jid>();
        foreach (Element item in command.Children)
            if (item.Is("item", Ns))
                entries.Add(
                    Jid.TryParse(item.Attribute("jid"), out Jid? jid)
                        ? jid
                        : throw new StanzaErrorException(StanzaError.JidMalformed())
                );
        return entries;
    }

    private Reply Change(
        Account account,
        Func<ImmutableHashSet<Jid>, ImmutableHashSet<Jid>> change,
        byte[] push,
        IReadOnlyList<ReportRecord> reports
    )
    {
        ImmutableHashSet<Jid> after = [];
        return Reply.After(
            transaction =>
            {
                after = change([.. server.Stores.Rosters.Blocked(transaction, account.Id)]);
                if (after.Count > MostEntries)
                    return Reply.Error(StanzaError.ResourceConstraint("the list is full"));
                server.Stores.Rosters.SetBlocked(transaction, account.Id, after);
                ReportInbox.Add(server, transaction, reports);
                return Reply.Empty;
            },
            () =>
            {
                Show(account, account.Blocked, after);
                Push(account, push);
                server.Home.Reports.Tell(account, reports);
            }
        );
    }

    private static void Push(Account account, byte[] payload)
    {
        foreach (Session session in account.Sessions)
            if (session.WantsBlockList)
                session.Deliver(
                    new Stanza
                    {
                        Kind = StanzaKind.Iq,
                        Type = StanzaType.Set,
                        Id = "block" + session.Server.Time.GetTimestamp(),
                        From = account.Jid,
                        To = session.Jid,
                        Payload = payload,
                    }
                );
    }

    // §3.3, §3.4: who is blocked sees the account go, who is no longer sees it come back; and is seen again.
    private void Show(Account account, ImmutableHashSet<Jid> before, ImmutableHashSet<Jid> after)
    {
        bool IsNew(Jid who) => !Account.Covers(before, who) && Account.Covers(after, who);
        bool IsFree(Jid who) => Account.Covers(before, who) && !Account.Covers(after, who);
        Presences presences = server.Dispatcher.Presences;
        foreach (Account contact in Contacts(account))
            if (presences.MaySee(contact, account))
                presences.Hide(account, contact, session => IsNew(session.Jid));
        foreach (Session session in account.Sessions)
        foreach (Jid entity in session.Directed.Union(session.Elsewhere).Where(IsNew))
            presences.Withdraw(session, entity);
        foreach (RosterItem contact in Elsewhere(account).Where(item => IsNew(item.Contact)))
            if (contact.Subscription.HasFlag(Subscription.From))
                presences.Elsewhere.Hide(account, contact.Contact);
        account.Blocked = after;
        foreach (RosterItem contact in Elsewhere(account).Where(item => IsFree(item.Contact)))
            ShowAgain(account, contact);
        foreach (Account contact in Contacts(account))
        {
            presences.Show(account, contact, session => IsFree(session.Jid));
            if (IsFree(contact.Jid))
                presences.Show(contact, account);
        }
    }

    private void ShowAgain(Account account, RosterItem contact)
    {
        PresencesElsewhere elsewhere = server.Dispatcher.Presences.Elsewhere;
        if (contact.Subscription.HasFlag(Subscription.From))
            elsewhere.Show(account, contact.Contact);
        foreach (Session session in account.Sessions)
            if (session.Presence is not null && contact.Subscription.HasFlag(Subscription.To))
                elsewhere.Probe(session, contact.Contact);
    }

    private IEnumerable<RosterItem> Elsewhere(Account account) =>
        account.Stored.Values.Where(item => server.Dispatcher.Presences.Elsewhere.Is(item.Contact));

    // The others here who are in the account's list.
    private IEnumerable<Account> Contacts(Account account)
    {
        foreach (Jid address in server.Home.Roster(account).Keys)
            if (server.Dispatcher.LocalAccount(address) is { } contact && contact != account)
                yield return contact;
    }
}
