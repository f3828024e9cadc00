using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Server.Push;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Rooms;

/// <summary>Whose devices are told of what is said while they sleep (README.md, "Waking devices").</summary>
internal sealed partial class Room
{
    /// <summary>Somebody whom the room knows: where it knows a nick, that; and whether they are in it.</summary>
    private readonly record struct Concerned(string? Nick, bool IsHere);

    /// <summary>Everybody but who spoke; after the commit, on the writer's thread.</summary>
    private void Wake(Stanza said, Occupant speaker, long archiveId)
    {
        Urgency urgency = Treatment.OfRoom(said).Push;
        // A reaction concerns one person, who sees it when they come.
        if (urgency < Urgency.Normal)
            return;
        Mentions? mentions = null;
        foreach (var (person, concerned) in AllConcerned(speaker.Person))
        {
            if (_server.Dispatcher.LocalAccount(person) is not { PushTargets.IsEmpty: false } account)
                continue;
            if (Is(RoomFlags.NonAnonymous) && account.Blocks(speaker.Person))
                continue;
            if (NoticeFor(account, concerned, new(said, urgency, archiveId), mentions ??= new(said)) is { } notice)
                _server.Wakeups.Tell(account, notice);
        }
    }

    private Dictionary<Jid, Concerned> AllConcerned(Jid butPerson)
    {
        lock (_lock)
        {
            var all = new Dictionary<Jid, Concerned>();
            foreach (Occupant occupant in _occupants.Values)
                all[occupant.Person] = new(occupant.Nick, IsHere: true);
            foreach (AffiliationRecord record in Record.Circle is { } circle ? _service.PeopleOf(circle) : Members)
                all.TryAdd(record.Who, new(_affiliations.GetValueOrDefault(record.Who)?.Nick, IsHere: false));
            all.Remove(butPerson);
            return all;
        }
    }

    private IEnumerable<AffiliationRecord> Members =>
        _affiliations.Values.Where(record => record.Affiliation >= RoomAffiliation.Member);

    // XEP-0492 §4. In a room that only members enter, words are for all who are in it, or mean to be.
    private Notice? NoticeFor(Account account, Concerned concerned, Notice news, Mentions mentions)
    {
        if (!_server.Gate.MayReach(account, Address, StanzaKind.Message) || account.Blocks(news.Message.From!))
            return null;
        RoomWish wish = RoomWish.Of(_server, account, Address);
        bool isTheirs = Is(RoomFlags.MembersOnly) && (concerned.IsHere || wish.AutoJoin);
        NotifyWhen when = wish.When ?? (isTheirs ? NotifyWhen.Always : NotifyWhen.OnMention);
        if (when == NotifyWhen.Never)
            return null;
        string nick = concerned.Nick ?? wish.Nick ?? account.Name;
        bool means = Address.TryWithResource(nick, out Jid? occupant) && mentions.Has(account.Jid, occupant);
        if (means && news.Urgency < Urgency.High)
            return news with { Urgency = Urgency.High, IsMention = true };
        return means || when == NotifyWhen.Always ? news : null;
    }

    /// <summary>
    /// The same for what a lost connection may have swallowed; null when it is nothing to be woken for. On the writer's
    /// thread.
    /// </summary>
    public Notice? Missed(Account account, Stanza said, long archiveId)
    {
        Urgency urgency = Treatment.OfRoom(said).Push;
        Occupant? own = null;
        lock (_lock)
            foreach (Occupant occupant in _occupants.Values)
                if (occupant.Person == account.Jid)
                    own = occupant;
        bool isOwn = own is not null && own.Address == said.From;
        return isOwn || urgency < Urgency.Normal
            ? null
            : NoticeFor(account, new(own?.Nick, IsHere: true), new(said, urgency, archiveId), new(said));
    }
}
