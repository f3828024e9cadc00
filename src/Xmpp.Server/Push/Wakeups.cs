using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Push;

/// <summary>
/// Tells devices that sleep: those that registered (XEP-0357) and have no session with a connection over which somebody
/// looks. Nothing of it waits, and nothing is written.
/// </summary>
/// <remarks>
/// <code>
/// stage pushed, a lost connection, a room → Tell → which devices sleep, and were not told yet
///     → the box's own app server → browser's push service     (WebPushes: sender, and a text unless it is encrypted)
///     → an app server elsewhere                               (Publications: that there is something)
/// </code>
/// </remarks>
public sealed class Wakeups
{
    /// <summary>A call that was not delivered for so long is over.</summary>
    private static readonly TimeSpan _callLasts = TimeSpan.FromMinutes(1);
    private readonly XmppServer _server;
    private readonly Publications _publications;
    private readonly WebPushes? _web;

    internal Wakeups(XmppServer server)
    {
        _server = server;
        _publications = new Publications(server);
        _web = server.Options.WebPush is { } way ? new WebPushes(server, way) : null;
    }

    /// <summary>
    /// Tells those of the account's devices that sleep. A room calls it for those whom a message concerns. Quick; on the
    /// writer's thread.
    /// </summary>
    public void Tell(Account account, Notice notice)
    {
        foreach (PushTarget target in account.PushTargets)
            if (!IsAwake(account, target.Device))
                Tell(account, target, notice);
    }

    private void Tell(Account account, PushTarget target, Notice notice)
    {
        // Who goes down wakes nobody: there would be nothing to come back to.
        bool ends = account.IsGone || _server.Stopping.IsCancellationRequested;
        if (ends || !ChatWishes.Allow(_server, account, notice) || !target.Wants(notice))
            return;
        if (!target.IsOwn)
            _publications.Publish(account, target);
        else
            _web?.Send(account, target, notice);
    }

    /// <summary>Somebody looks, as far as its app says.</summary>
    internal static bool IsAwake(Account account, long device)
    {
        foreach (Session session in account.Sessions)
            if (session.Device == device && session.IsAttached && !session.IsInactive)
                return true;
        return false;
    }

    /// <summary>The session's device is there again.</summary>
    internal static void CameBack(Session session)
    {
        foreach (PushTarget target in session.Account.PushTargets)
            if (target.Device == session.Device)
                target.CameBack();
    }

    /// <summary>
    /// The session's connection is gone, and with it perhaps what its client did not acknowledge: unless it is back by
    /// then, its device is told in the common order of the newest of each conversation.
    /// </summary>
    internal void Lost(Session session, Func<IReadOnlyList<Outgoing>> unacknowledged)
    {
        if (!session.Account.PushTargets.Any(target => target.Device == session.Device))
            return;
        List<Outgoing> left = [.. unacknowledged().Reverse().Where(IsTold)];
        if (left.Count > 0)
            _server.Stores.Database.Enqueue(new Telling(this, session, left));
    }

    private bool IsTold(Outgoing item) =>
        item is { Stanza: { Kind: StanzaKind.Message } message, CanWait: false }
        && (item.ArchiveId > 0 || message.Type == StanzaType.Groupchat);

    private bool IsOfOwnRoom(Stanza message) =>
        message.Type == StanzaType.Groupchat && message.From?.Domain == _server.Options.RoomsDomain;

    private Notice? Missed(Account account, Outgoing item)
    {
        Stanza stanza = item.Stanza!;
        Notice? notice =
            IsOfOwnRoom(stanza) ? MissedInRoom(account, item)
            : stanza.Type == StanzaType.Groupchat ? RoomsElsewhere.NoticeFor(_server, account, stanza)
            : Notice.Of(stanza, item.ArchiveId);
        if (notice is null || notice.Conversation == account.Jid)
            return null;
        return notice.IsCall && IsOver(notice) ? notice with { Urgency = Urgency.Normal, IsLate = true } : notice;
    }

    // What came as history was told when it was said.
    private Notice? MissedInRoom(Account account, Outgoing item)
    {
        Element suffix = XmlFragment.Parse((byte[])[.. "<x>"u8, .. item.Suffix.Span, .. "</x>"u8]).Root;
        if (suffix.Has("delay", Ns.Delay))
            return null;
        StanzaIds.TryParse(suffix.Child("stanza-id", Ns.StanzaId).Attribute("id"), out long id);
        return _server.Rooms.Missed(account, item.Stanza!, id);
    }

    // Archive ids are microseconds.
    private bool IsOver(Notice notice) =>
        _server.Time.GetUtcNow() - DateTimeOffset.UnixEpoch.AddMicroseconds(notice.ArchiveId) > _callLasts;

    private sealed class Telling(Wakeups wakeups, Session session, List<Outgoing> left) : Commit
    {
        public override bool Writes => false;

        public override void Released()
        {
            try
            {
                Tell(session.Account);
            }
            catch (Exception bug)
            {
                wakeups._server.Log.Bug(bug, session.Jid);
            }
        }

        private void Tell(Account account)
        {
            if (IsAwake(account, session.Device))
                return;
            foreach (Outgoing item in left)
                if (wakeups.Missed(account, item) is { } notice)
                    foreach (PushTarget target in account.PushTargets)
                        if (target.Device == session.Device)
                            wakeups.Tell(account, target, notice);
        }
    }

    /// <summary>What an account's registrations are in memory.</summary>
    internal PushTarget Target(PushRegistration registration) =>
        new(registration, registration.Service == _server.Address, _server.Time);

    /// <summary>Returns when nothing is on its way to a browser any more; after the server's stop soon.</summary>
    internal Task QuietAsync() => _web?.QuietAsync() ?? Task.CompletedTask;
}
