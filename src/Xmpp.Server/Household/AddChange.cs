using Xmpp.Addresses;
using Xmpp.Sasl;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>A prepared name, and the keys of its password; null for none yet.</summary>
internal sealed record Newcomer(string Name, IReadOnlyList<ScramKeys>? Keys);

/// <summary>Accounts are made, and join their circle.</summary>
/// <param name="link">For one without a password: the link to choose it.</param>
internal class AddChange(XmppServer server, IReadOnlyList<Newcomer> newcomers, NewPerson like, InviteLink? link)
    : Change(server)
{
    private readonly CircleChange _circles = new(server);

    /// <summary>The id of the invite that the name may be kept for.</summary>
    protected virtual string? InviteId => null;

    public override void Write(Transaction transaction)
    {
        _circles.Begin();
        foreach (Newcomer newcomer in newcomers)
            CheckName(transaction, newcomer.Name);
        if (like.Circle is { } wanted)
            Circles.Check(Server, transaction, wanted);
        Add(transaction);
    }

    /// <summary>Each account is written; what belongs to it may follow.</summary>
    protected virtual void Added(Transaction transaction, KeyValuePair<long, Jid> account)
    {
        if (link is not null)
            Server.Stores.Household.AddInvite(transaction, link.Invite with { Reset = account.Key });
    }

    private void Add(Transaction transaction)
    {
        DateTimeOffset now = Server.Time.GetUtcNow();
        var added = new KeyValuePair<long, Jid>[newcomers.Count];
        for (int i = 0; i < added.Length; i++)
        {
            Newcomer newcomer = newcomers[i];
            long id = Server.Stores.Accounts.Add(transaction, Record(newcomer.Name, now));
            if (newcomer.Keys is not null)
                Server.Stores.Accounts.SetKeys(transaction, id, newcomer.Keys);
            added[i] = KeyValuePair.Create(id, People.Address(Server, newcomer.Name));
        }
        if (like.Circle is { } circle)
            _circles.Join(transaction, Circles.Take(Server, transaction, circle, _circles), added);
        foreach (KeyValuePair<long, Jid> account in added)
            Added(transaction, account);
    }

    private AccountRecord Record(string name, DateTimeOffset now) =>
        new()
        {
            Name = name,
            Role = like.Role,
            Created = now,
            Expires = like.Expires ?? (like.Role == Role.Guest ? now + People.GuestStay : null),
        };

    private void CheckName(Transaction transaction, string name)
    {
        if (Server.Stores.Accounts.Find(transaction, name) is not null)
            throw People.Taken(name);
        if (Server.Stores.Accounts.IsFormerName(transaction, name))
            throw new RefusedException(
                Refusal.NameKept,
                $"The name {name} belonged to an account that was removed lately, and rests for a while."
            );
        if (Server.Home.Invites.IsKept(transaction, name, InviteId))
            throw new RefusedException(Refusal.NameKept, $"The name {name} is kept for somebody who is invited.");
    }

    public override void Released()
    {
        _circles.Released();
        Server.Home.EndDatesChanged();
    }
}
