using System.Collections.Immutable;
using System.Text;
using Xmpp.Addresses;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>The circles as they are, and what can be done with them. Their names are told apart without regard to case.</summary>
public sealed class Circles
{
    /// <summary>The circle that a new home starts with; it is made when somebody first joins it.</summary>
    public const string Default = "Family";

    private const int LongestName = 60;
    private readonly XmppServer _server;
    private volatile ImmutableDictionary<long, Circle> _all;

    internal Circles(XmppServer server) => (_server, _all) = (server, Read(server));

    /// <summary>By id, as committed.</summary>
    public ImmutableDictionary<long, Circle> All
    {
        get => _all;
        internal set => _all = value;
    }

    internal static ImmutableDictionary<long, Circle> Read(XmppServer server)
    {
        StoreSet stores = server.Stores;
        using Access access = stores.Database.OpenRead();
        var people = new Dictionary<long, Jid>();
        foreach (AccountRecord account in stores.Accounts.List(access))
            if (Jid.TryCreate(account.Name, server.Options.Domain, null, out Jid? jid))
                people[account.Id] = jid;
        return stores
            .Household.Circles(access)
            .Select(circle =>
                new Circle(circle.Id, circle.Name).With(
                    stores
                        .Household.Members(access, circle.Id)
                        .Where(people.ContainsKey)
                        .Select(id => KeyValuePair.Create(id, people[id]))
                )
            )
            .ToImmutableDictionary(circle => circle.Id);
    }

    public Task CreateAsync(string name) => new CreateChange(_server, Prepare(name)).DoAsync();

    /// <summary>Its people stay; they are no longer each other's contacts by it. Its invites end.</summary>
    public Task RemoveAsync(string name) => new RemoveChange(_server, name).DoAsync();

    public Task AddAsync(string circle, string person) => new MemberChange(_server, circle, person, true).DoAsync();

    public Task DropAsync(string circle, string person) => new MemberChange(_server, circle, person, false).DoAsync();

    /// <summary>The name as it is kept.</summary>
    /// <exception cref="RefusedException">It cannot be a circle's name.</exception>
    internal static string Prepare(string name)
    {
        string trimmed = name.Trim();
        if (trimmed.Length > LongestName || !trimmed.AsSpan().ContainsAnyExcept('.') || !IsText(trimmed))
            throw new RefusedException(
                Refusal.BadCircle,
                $"A circle's name has 1 to {LongestName} characters, without line breaks."
            );
        return trimmed;
    }

    /// <summary>True for text that XML and people can read: no control characters, nothing broken.</summary>
    internal static bool IsText(string text) =>
        text.EnumerateRunes().All(static rune => !Rune.IsControl(rune) && rune != Rune.ReplacementChar);

    /// <summary>The circle with the name, through the transaction.</summary>
    internal static CircleRecord? Find(XmppServer server, Access access, string name)
    {
        IReadOnlyList<CircleRecord> all = server.Stores.Household.Circles(access);
        string wanted = name.Trim();
        return all.FirstOrDefault(circle => circle.Name == wanted)
            ?? all.FirstOrDefault(circle => circle.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase));
    }

    /// <exception cref="RefusedException">There is none of that name.</exception>
    internal static CircleRecord Get(XmppServer server, Access access, string name)
    {
        if (Find(server, access, name) is { } circle)
            return circle;
        string others = string.Join(", ", server.Stores.Household.Circles(access).Select(other => other.Name));
        throw new RefusedException(
            Refusal.NoCircle,
            $"There is no circle “{name}”. " + (others.Length == 0 ? "There is no circle yet." : $"Circles: {others}.")
        );
    }

    /// <summary>Refuses a circle that does not exist, unless it is the one that is made when it is needed.</summary>
    internal static void Check(XmppServer server, Access access, string name)
    {
        if (!IsDefault(name))
            Get(server, access, name);
    }

    /// <summary>The circle, made now when it is the default one. To be called after all checks.</summary>
    internal static CircleRecord Take(XmppServer server, Transaction transaction, string name, CircleChange change) =>
        Find(server, transaction, name)
        ?? (IsDefault(name) ? change.Create(transaction, Default) : Get(server, transaction, name));

    private static bool IsDefault(string name) => name.Trim().Equals(Default, StringComparison.OrdinalIgnoreCase);

    private sealed class CreateChange(XmppServer server, string name) : Change(server)
    {
        private readonly CircleChange _circles = new(server);

        public override void Write(Transaction transaction)
        {
            _circles.Begin();
            if (Find(Server, transaction, name) is { } same)
                throw new RefusedException(Refusal.CircleTaken, $"There is a circle “{same.Name}” already.");
            _circles.Create(transaction, name);
        }

        public override void Released() => _circles.Released();
    }

    private sealed class RemoveChange(XmppServer server, string name) : Change(server)
    {
        private readonly CircleChange _circles = new(server);

        public override void Write(Transaction transaction)
        {
            _circles.Begin();
            _circles.Remove(transaction, Get(Server, transaction, name));
        }

        public override void Released() => _circles.Released();
    }

    private sealed class MemberChange(XmppServer server, string circle, string person, bool joins) : Change(server)
    {
        private readonly CircleChange _circles = new(server);

        public override void Write(Transaction transaction)
        {
            _circles.Begin();
            AccountRecord account = People.Get(Server, transaction, person);
            if (joins)
                Check(Server, transaction, circle);
            CircleRecord found = joins ? Take(Server, transaction, circle, _circles) : Get(Server, transaction, circle);
            bool member = Server.Stores.Household.Members(transaction, found.Id).Contains(account.Id);
            if (member == joins)
                throw new RefusedException(
                    Refusal.BadRequest,
                    $"{account.Name} is {(joins ? "already" : "not")} in the circle “{found.Name}”."
                );
            var who = KeyValuePair.Create(account.Id, People.Address(Server, account.Name));
            if (joins)
                _circles.Join(transaction, found, who);
            else
                _circles.Leave(transaction, found, who);
        }

        public override void Released() => _circles.Released();
    }
}
