using System.Collections.Immutable;
using Xmpp.Addresses;

namespace Xmpp.Server.Household;

/// <summary>People who see each other at once (product.md, "Roles"): members' addresses by account id, and the other way.</summary>
public sealed class Circle
{
    private readonly ImmutableHashSet<Jid> _addresses;

    private Circle(long id, string name, ImmutableDictionary<long, Jid> members, ImmutableHashSet<Jid> addresses) =>
        (Id, Name, Members, _addresses) = (id, name, members, addresses);

    public Circle(long id, string name)
        : this(id, name, ImmutableDictionary<long, Jid>.Empty, []) { }

    public long Id { get; }
    public string Name { get; }
    public ImmutableDictionary<long, Jid> Members { get; }

    public bool Has(Account account) => Members.ContainsKey(account.Id);

    public bool Has(Jid bare) => _addresses.Contains(bare);

    internal Circle With(IEnumerable<KeyValuePair<long, Jid>> joined)
    {
        KeyValuePair<long, Jid>[] all = [.. joined];
        return new(Id, Name, Members.SetItems(all), _addresses.Union(all.Select(pair => pair.Value)));
    }

    internal Circle Without(IEnumerable<KeyValuePair<long, Jid>> left)
    {
        KeyValuePair<long, Jid>[] all = [.. left];
        return new(
            Id,
            Name,
            Members.RemoveRange(all.Select(pair => pair.Key)),
            _addresses.Except(all.Select(pair => pair.Value))
        );
    }
}
