using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Push;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Household;

/// <summary>An account's quiet hours.</summary>
internal sealed class Quiet
{
    private bool _now;

    /// <summary>Null where only what waited is left.</summary>
    public QuietSchedule? Schedule { get; set; }

    public bool Now
    {
        get => Volatile.Read(ref _now);
        set => Volatile.Write(ref _now, value);
    }

    /// <summary>Sessions that were present elsewhere, as in rooms, when it became quiet.</summary>
    public HashSet<Session> Displaced { get; } = [];
}

/// <summary>
/// Quiet hours begin: others see the account go, it sees them go, and it leaves its rooms. They end: all see each other
/// again, and what waited is given. The delivered mark goes back before it, so that nothing of it is lost.
/// </summary>
internal sealed class QuietTurn(XmppServer server, long id, Quiet quiet, bool begins) : Commit
{
    /// <summary>Messages of which sleeping devices are told.</summary>
    private const int MostTold = 50;
    private IReadOnlyList<long> _waited = [];
    private AccountRecord? _record;

    public override bool Writes => !begins;

    public override void Write(Transaction transaction)
    {
        _waited = server.Stores.Archive.EndWaiting(transaction, id);
        if (_waited is [var first, ..] && server.Stores.Archive.DeliveredMark(transaction, id) >= first)
            server.Stores.Archive.SetDeliveredMark(transaction, id, first - 1);
    }

    public override void Released()
    {
        using (Access access = server.Stores.Database.OpenRead())
            _record = server.Stores.Accounts.Find(access, id);
        Account? account = _record is null ? null : server.Accounts.Loaded(_record.Name);
        try
        {
            Turn(account);
        }
        catch (Exception bug)
        {
            server.Log.Bug(bug, account?.Jid);
        }
    }

    private void Turn(Account? account)
    {
        bool turns = quiet.Now != begins;
        if (account is null || (!turns && _waited.Count == 0))
        {
            quiet.Now = begins;
            return;
        }
        if (turns && begins)
            Leave(account);
        var sightings = new Sightings(server);
        sightings.NoteAll(account);
        quiet.Now = begins;
        sightings.Changed();
        if (turns && !begins)
            Return(account);
        if (_waited.Count > 0)
            Give(account);
    }

    private Presences Presences => server.Dispatcher.Presences;

    private IEnumerable<RosterItem> ContactsElsewhere(Account account) =>
        server.Home.Roster(account).Values.Where(item => Presences.Elsewhere.Is(item.Contact));

    private void Leave(Account account)
    {
        foreach (RosterItem item in ContactsElsewhere(account))
            if (item.Subscription.HasFlag(Subscription.From))
                Presences.Elsewhere.Hide(account, item.Contact);
        foreach (Session session in account.Sessions)
        {
            if (!session.Elsewhere.IsEmpty)
                quiet.Displaced.Add(session);
            foreach (Jid entity in session.Directed.Union(session.Elsewhere))
                if (
                    server.Dispatcher.LocalAccount(entity.Bare) is not { } other
                    || !server.Home.IsGuardianOf(other, account)
                )
                    Presences.Withdraw(session, entity);
        }
    }

    private void Return(Account account)
    {
        foreach (RosterItem item in ContactsElsewhere(account))
            new Meeting(server, account, item.Contact).Begin(subscribes: false);
        foreach (Session session in account.Sessions)
            if (session.Presence is not null)
                Presences.RemindOfRequests(session);
        // It has left its rooms, and its client enters them again as it does after any new stream.
        foreach (Session session in quiet.Displaced)
            if (!session.HasEnded)
                session.KickLater(StreamErrorCondition.Reset, server.Home.Box.Texts.QuietIsOver);
        quiet.Displaced.Clear();
    }

    private void Give(Account account)
    {
        server.Marks.Undelivered(account, _waited[0]);
        foreach (Session session in account.Sessions)
            if (session is { IsAvailable: true, HasEnded: false })
                OfflineMessages.BeginWaited(server, session, _waited);
        if (!account.PushTargets.IsEmpty)
            Wake(account);
    }

    // Devices that sleep are told of the newest of each conversation; a call of that time is over.
    private void Wake(Account account)
    {
        HashSet<long> newest = [.. _waited.TakeLast(MostTold)];
        IReadOnlyList<ArchiveRow> rows;
        using (Access access = server.Stores.Database.OpenRead())
            rows = server.Stores.Archive.Undelivered(access, id, newest.Min() - 1, _waited[^1], MostTold);
        foreach (ArchiveRow row in rows.Reverse())
            if (newest.Contains(row.Id) && NoticeOf(row) is { } notice)
                server.Wakeups.Tell(account, notice);
    }

    private static Notice? NoticeOf(ArchiveRow row)
    {
        if (!Stanza.TryRead(XmlFragment.Parse(row.Stanza).Root, out Stanza? message, out _))
            return null;
        Notice? notice = Notice.Of(message, row.Id);
        return notice is { IsCall: true } ? notice with { Urgency = Urgency.Normal, IsLate = true } : notice;
    }

    public override void Failed(Exception error) => server.Log.Bug(error, null);
}
