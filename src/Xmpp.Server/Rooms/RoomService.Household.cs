using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Push;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Rooms;

/// <summary>What rooms have to do with the household: circles, roles, people who go.</summary>
internal sealed partial class RoomService
{
    /// <summary>A room of one of the account's circles.</summary>
    public bool IsOfCircleOf(Account account, Jid room) =>
        room.Local is { } name
        && Find(name)?.Record.Circle is { } circle
        && Server.Home.Circles.All.GetValueOrDefault(circle)?.Has(account) == true;

    /// <summary>After a change of circles or roles: who is in a room by it, or stands otherwise in it.</summary>
    /// <param name="moved">For each circle whose standing in its room is another one now.</param>
    public void Recheck(ILookup<long, Jid> moved)
    {
        foreach (Room room in _rooms.Values)
            if (room.Occupancy > 0)
                room.Recheck(room.Record.Circle is { } circle ? moved[circle] : []);
    }

    public void CloseWithCircle(string name)
    {
        if (_rooms.TryGetValue(name, out Room? room))
            room.CloseWithCircle();
    }

    /// <summary>After an account's removal.</summary>
    public void ForgetPerson(Jid person)
    {
        foreach (Room room in _rooms.Values)
            room.ForgetPerson(person);
    }

    /// <summary>What somebody is in the room of a circle: its admins run it (laws, "Circles are computed").</summary>
    public RoomAffiliation AffiliationIn(long circle, Jid person)
    {
        if (Server.Home.Circles.All.GetValueOrDefault(circle)?.Has(person) != true)
            return RoomAffiliation.None;
        return Server.Dispatcher.LocalAccount(person)?.Record.Role == Role.Admin
            ? RoomAffiliation.Owner
            : RoomAffiliation.Member;
    }

    /// <summary>What of a message that one of the account's sessions had in its outbox is worth waking it for.</summary>
    public Notice? Missed(Account account, Stanza said, long archiveId) =>
        said.From!.Local is { } name ? Find(name)?.Missed(account, said, archiveId) : null;

    public IEnumerable<AffiliationRecord> PeopleOf(long circle)
    {
        foreach (Jid person in Server.Home.Circles.All.GetValueOrDefault(circle)?.Members.Values ?? [])
            yield return new AffiliationRecord(person, AffiliationIn(circle, person));
    }
}
