using System.Collections.Immutable;
using Xmpp.Addresses;
using Xmpp.Server.Rooms;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>
/// Circles change: memberships and the versions of every list that they touch in one transaction; then the circles in
/// memory, roster pushes, and the presence of those who see each other anew or no longer (laws, "Circles are computed").
/// </summary>
internal sealed class CircleChange(XmppServer server)
{
    private readonly List<Step> _steps = [];
    private readonly Dictionary<long, long> _versions = [];
    private readonly CircleRooms _rooms = new(server);

    private sealed record Step(
        CircleRecord Circle,
        KeyValuePair<long, Jid>[] Joined,
        KeyValuePair<long, Jid>[] Left,
        bool Gone = false
    );

    /// <summary>A write begins, perhaps again.</summary>
    public void Begin()
    {
        _steps.Clear();
        _versions.Clear();
        _rooms.Begin();
    }

    public CircleRecord Create(Transaction transaction, string name)
    {
        var circle = new CircleRecord(server.Stores.Household.AddCircle(transaction, name), name);
        _steps.Add(new Step(circle, [], []));
        _rooms.Create(transaction, circle);
        return circle;
    }

    public void Remove(Transaction transaction, CircleRecord circle)
    {
        Touch(transaction, circle);
        server.Stores.Household.RemoveCircle(transaction, circle.Id);
        _rooms.Remove(transaction, circle);
        _steps.Add(new Step(circle, [], [], Gone: true));
    }

    public void Join(Transaction transaction, CircleRecord circle, params KeyValuePair<long, Jid>[] people)
    {
        foreach (var (account, _) in people)
            server.Stores.Household.AddMember(transaction, circle.Id, account);
        Touch(transaction, circle);
        _steps.Add(new Step(circle, people, []));
        _rooms.Join(transaction, circle, people.Select(person => person.Key));
    }

    public void Leave(Transaction transaction, CircleRecord circle, KeyValuePair<long, Jid> person)
    {
        Touch(transaction, circle);
        server.Stores.Household.RemoveMember(transaction, circle.Id, person.Key);
        _steps.Add(new Step(circle, [], [person]));
    }

    // Once for each account and change, however many circles are in it.
    private void Touch(Transaction transaction, CircleRecord circle)
    {
        foreach (long member in server.Stores.Household.Members(transaction, circle.Id))
            if (!_versions.ContainsKey(member))
                _versions[member] = server.Stores.Rosters.Bump(transaction, member);
    }

    /// <summary>After the commit.</summary>
    public void Released()
    {
        var before = server.Home.Circles.All;
        var after = _steps.Aggregate(before, Apply);
        Dictionary<Account, HashSet<Jid>> changed = Changed(before);
        var sightings = new Sightings(server);
        foreach (var (account, contacts) in changed)
            sightings.Note(account, contacts);
        server.Home.Circles.All = after;
        foreach (var (account, contacts) in changed)
            Push(account, contacts);
        sightings.Changed();
        _rooms.Released(Moved());
    }

    private ILookup<long, Jid> Moved() =>
        _steps
            .SelectMany(step => step.Joined.Concat(step.Left), (step, person) => (step.Circle.Id, person.Value))
            .ToLookup(static move => move.Id, static move => move.Value);

    private static ImmutableDictionary<long, Circle> Apply(ImmutableDictionary<long, Circle> circles, Step step)
    {
        if (step.Gone)
            return circles.Remove(step.Circle.Id);
        Circle circle = circles.GetValueOrDefault(step.Circle.Id) ?? new Circle(step.Circle.Id, step.Circle.Name);
        return circles.SetItem(step.Circle.Id, circle.With(step.Joined).Without(step.Left));
    }

    // For everybody who is there: whose entries in the list are not what they were.
    private Dictionary<Account, HashSet<Jid>> Changed(ImmutableDictionary<long, Circle> before)
    {
        var changed = new Dictionary<Account, HashSet<Jid>>();
        foreach (Step step in _steps)
        {
            ImmutableDictionary<long, Jid> members =
                before.GetValueOrDefault(step.Circle.Id)?.Members ?? ImmutableDictionary<long, Jid>.Empty;
            Dictionary<long, Jid> moved = new(step.Gone ? members : step.Joined.Concat(step.Left));
            var all = members.SetItems(step.Joined);
            foreach (var (id, jid) in all)
            {
                if (_versions.TryGetValue(id, out long version))
                    server.Accounts.Refresh(jid.Local!, account => account.RosterVersion = version);
                if (server.Accounts.Loaded(jid.Local!) is not { Sessions.IsEmpty: false } account)
                    continue;
                if (!changed.TryGetValue(account, out HashSet<Jid>? contacts))
                    changed[account] = contacts = [];
                contacts.UnionWith(moved.ContainsKey(id) ? all.Values : moved.Values);
                contacts.Remove(jid);
            }
        }
        return changed;
    }

    private void Push(Account account, HashSet<Jid> contacts)
    {
        if (!_versions.TryGetValue(account.Id, out long version))
            return;
        IReadOnlyDictionary<Jid, RosterItem> roster = server.Home.Roster(account);
        RosterChange.Push(
            account,
            [.. contacts.Select(contact => roster.GetValueOrDefault(contact) ?? new RosterItem(contact))],
            version
        );
    }
}
