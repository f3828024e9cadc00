using System.Collections.Immutable;
using Xmpp.Addresses;
using Xmpp.Server.PubSub;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>
/// A local account while somebody has to do with it: what routing asks of it for each stanza, and its sessions. What is
/// read here was committed; changes come from <c>Released</c>, after their commit.
/// </summary>
public sealed class Account
{
    private readonly Lock _lock = new();
    private ImmutableArray<Session> _sessions = [];
    private long _delivered;
    private int _leaving;
    private NodeHost? _nodes;

    internal Account(AccountRecord record, Jid jid, long delivered)
    {
        (Record, Jid, _delivered) = (record, jid, delivered);
    }

    public long Id => Record.Id;
    public string Name => Record.Name;

    /// <summary>Its bare JID.</summary>
    public Jid Jid { get; }
    public AccountRecord Record { get; internal set; }
    public ArchivePreferences Preferences { get; internal set; } = ArchivePreferences.Everything;

    /// <summary>Addresses whose stanzas are refused (XEP-0191): bare, full, or a whole domain.</summary>
    public ImmutableHashSet<Jid> Blocked { get; internal set; } = [];

    /// <summary>The contact list as it was stored; <see cref="Home.Roster"/> adds the circles.</summary>
    public ImmutableDictionary<Jid, RosterItem> Stored { get; internal set; } =
        ImmutableDictionary<Jid, RosterItem>.Empty;

    /// <summary>The version of the list that <see cref="Stored"/> and the circles make (RFC 6121 §2.6).</summary>
    public long RosterVersion { get; internal set; }

    /// <summary>Its pubsub nodes (XEP-0163).</summary>
    internal NodeHost Nodes => LazyInitializer.EnsureInitialized(ref _nodes, () => NodeHost.Of(this));

    /// <summary>Clients of contacts elsewhere that see it; null while there was none. For the writer's thread.</summary>
    internal ViewersElsewhere? ViewersElsewhere { get; set; }

    /// <summary>How its devices are told while they sleep (XEP-0357); empty for most.</summary>
    internal ImmutableArray<Push.PushTarget> PushTargets { get; set; } = [];

    /// <summary>What its bookmarks say of its rooms; null while nobody asked. For the writer's thread.</summary>
    internal ImmutableDictionary<Jid, Extensions.RoomWish>? RoomWishes { get; set; }

    /// <summary>The chats with people of which it wants to be told less than all; null while nobody asked. For the writer's thread.</summary>
    internal ImmutableDictionary<Jid, Extensions.NotifyWhen>? ChatWishes { get; set; }

    /// <summary>What its guardians decided; null for whoever has none.</summary>
    internal Oversight? Oversight { get; set; }

    /// <summary>Removed: its sessions end, and nothing reaches it.</summary>
    public bool IsGone { get; internal set; }

    /// <summary>Bound sessions, the cut ones that can be resumed included; oldest first.</summary>
    public ImmutableArray<Session> Sessions => _sessions;

    /// <summary>The archive position up to which some device has everything (laws, "Offline").</summary>
    public long Delivered => Volatile.Read(ref _delivered);

    /// <summary>Moves the mark forward; false when it was there already.</summary>
    internal bool MarkDelivered(long id)
    {
        lock (_lock)
        {
            if (id <= _delivered)
                return false;
            _delivered = id;
            return true;
        }
    }

    /// <summary>Moves the mark back before a message that no device has after all; false when it was there already.</summary>
    internal bool MarkUndelivered(long id)
    {
        lock (_lock)
        {
            if (_delivered < id)
                return false;
            _delivered = id - 1;
            return true;
        }
    }

    /// <summary>Refuses the address; never the person's own devices (XEP-0191 §5).</summary>
    public bool Blocks(Jid who) => Covers(Blocked, who) && who.Bare != Jid;

    /// <summary>XEP-0191 §6: an address, a person with all devices, or a whole domain.</summary>
    internal static bool Covers(ImmutableHashSet<Jid> list, Jid who)
    {
        if (list.IsEmpty)
            return false;
        if (list.Contains(who) || list.Contains(who.Bare))
            return true;
        foreach (Jid entry in list)
            if (entry.IsDomain && entry.Domain == who.Domain)
                return true;
        return false;
    }

    public Session? FindSession(string resource)
    {
        foreach (Session session in _sessions)
            if (session.Jid.Resource == resource)
                return session;
        return null;
    }

    /// <summary>
    /// A session takes its place; or returns the one that has to go first: that of the same resource, or where there are
    /// as many as may be, the oldest without a connection.
    /// </summary>
    internal Session? Add(Session session, int most)
    {
        lock (_lock)
        {
            Session? other = FindSession(session.Jid.Resource!);
            if (other is null && _sessions.Length >= most)
                other = _sessions.FirstOrDefault(old => !old.IsAttached) ?? _sessions[0];
            if (other is null)
                _sessions = _sessions.Add(session);
            return other;
        }
    }

    /// <summary>The session is over; <see cref="Left"/> follows, when that is written down.</summary>
    internal void Remove(Session session)
    {
        Interlocked.Increment(ref _leaving);
        lock (_lock)
            _sessions = _sessions.Remove(session);
    }

    internal void Left() => Interlocked.Decrement(ref _leaving);

    /// <summary>A session of it is over, and when that was is not written down yet.</summary>
    internal bool IsLeaving => Volatile.Read(ref _leaving) > 0;
}
