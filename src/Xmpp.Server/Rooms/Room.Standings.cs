using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>Roles and affiliations are listed and changed (XEP-0045 §8.2 to §8.5, §9, §10.3 to §10.8).</summary>
internal sealed partial class Room
{
    private const int ToldApart = 20;
    private const int ToldTogether = 100;

    /// <summary>People that one room knows, those who are banned included.</summary>
    private const int MostAffiliated = 10_000;

    // ---- lists ----

    private Reply List(Origin origin, Element asked)
    {
        Element item = asked.Child("item", RoomNs.Admin);
        var query = new XmlBuilder().Start("query", RoomNs.Admin);
        if (item.Attribute("affiliation") is { } affiliation)
        {
            RoomAffiliation wanted = Standing.ParseAffiliation(affiliation);
            CheckLists(origin.Address, wanted);
            foreach (AffiliationRecord record in Affiliated(wanted))
                WriteItem(query, record);
            return Reply.Result(query);
        }
        if (item.Attribute("role") is not { } role)
            throw new StanzaErrorException(StanzaError.BadRequest("which list?"));
        RoomRole wantedRole = Standing.ParseRole(role);
        if (_seats.GetValueOrDefault(origin.Address)?.Occupant.Role != RoomRole.Moderator)
            MustBe(origin, RoomAffiliation.Admin);
        foreach (Occupant occupant in _occupants.Values)
            if (occupant.Role == wantedRole)
                query
                    .Start("item")
                    .Attribute("affiliation", Standing.Name(occupant.Affiliation))
                    .Attribute("role", role)
                    .Attribute("nick", occupant.Nick)
                    .Attribute("jid", occupant.Seats[^1].Jid)
                    .End();
        return Reply.Result(query);
    }

    // §9.5: where members know each other anyway, they may have the lists, which encryption needs; elsewhere who is in the
    // room, by role (muc#roomconfig_getmemberlist). Bans are for admins.
    private void CheckLists(Jid asker, RoomAffiliation wanted)
    {
        RoomAffiliation own = AffiliationOf(asker.Bare);
        RoomRole role = _seats.GetValueOrDefault(asker)?.Occupant.Role ?? RoomRole.None;
        bool may =
            (RoomConfiguration.IsOfKnown(Record) && own >= RoomAffiliation.Member)
            || role == RoomRole.Moderator
            || (role == RoomRole.Participant && Is(RoomFlags.ListsForParticipants))
            || (role == RoomRole.Visitor && Is(RoomFlags.ListsForVisitors));
        if (own < RoomAffiliation.Admin && !(may && wanted >= RoomAffiliation.Member))
            throw new StanzaErrorException(StanzaError.Forbidden());
    }

    private IEnumerable<AffiliationRecord> Affiliated(RoomAffiliation wanted) =>
        Record.Circle is { } circle
            ? _service.PeopleOf(circle).Where(record => record.Affiliation == wanted)
            : _affiliations.Values.Where(record => record.Affiliation == wanted && wanted != RoomAffiliation.None);

    private static void WriteItem(XmlBuilder query, AffiliationRecord record)
    {
        query
            .Start("item")
            .Attribute("affiliation", Standing.Name(record.Affiliation))
            .Attribute("jid", record.Who)
            .Attribute("nick", record.Nick);
        if (record.Reason is not null)
            query.Element("reason", record.Reason);
        query.End();
    }

    // ---- changes ----

    private readonly record struct Wish(
        Occupant? Occupant,
        Jid? Who,
        RoomRole? Role,
        RoomAffiliation? Affiliation,
        string? Reason,
        string? Nick
    );

    // All or none.
    private void ChangeStandings(Origin origin, Stanza iq, Element asked)
    {
        Jid actor = origin.Address.Bare;
        Occupant? here = _seats.GetValueOrDefault(origin.Address)?.Occupant;
        var wishes = new List<Wish>();
        foreach (Element item in asked.Children)
            if (item.Is("item", RoomNs.Admin))
                wishes.Add(ReadWish(item));
        if (wishes.Count == 0)
            throw new StanzaErrorException(StanzaError.BadRequest("whose?"));
        foreach (Wish wish in wishes)
            Check(actor, here, wish);
        CheckOwners(wishes);
        CheckSpace(wishes.Count);
        var post = new Post(_server);
        var change = new RoomChange(this, origin, iq, post);
        foreach (Wish wish in wishes)
            if (wish.Affiliation is { } affiliation)
                SetAffiliation(change, post, wish.Who!, affiliation, (here?.Nick, wish.Reason, wish.Nick));
            else
                SetRole(post, wish.Occupant!, wish.Role!.Value, here?.Nick, wish.Reason);
        origin.Perform(iq, change);
    }

    private Wish ReadWish(Element item)
    {
        string? nick = item.Attribute("nick");
        Occupant? occupant = nick is null ? null : FindOccupant(nick);
        Jid? who = occupant?.Person;
        if (item.Attribute("jid") is { } text)
            who = Jid.TryParse(text, out Jid? jid)
                ? jid.Bare
                : throw new StanzaErrorException(StanzaError.JidMalformed());
        Element reason = item.Child("reason", RoomNs.Admin);
        var wish = new Wish(occupant, who, null, null, reason.Exists ? reason.Text : null, nick);
        if (item.Attribute("affiliation") is { } affiliation)
            return who is null
                ? throw new StanzaErrorException(StanzaError.ItemNotFound())
                : wish with
                {
                    Affiliation = Standing.ParseAffiliation(affiliation),
                };
        if (item.Attribute("role") is not { } role)
            throw new StanzaErrorException(StanzaError.BadRequest("no role and no affiliation"));
        return wish with
        {
            Role = Standing.ParseRole(role),
            Occupant =
                occupant
                ?? _occupants.Values.FirstOrDefault(other => nick is null && other.Person == who)
                ?? throw new StanzaErrorException(StanzaError.ItemNotFound()),
        };
    }

    private void Check(Jid actor, Occupant? here, Wish wish)
    {
        RoomAffiliation own = AffiliationOf(actor);
        if (wish.Affiliation is { } wanted)
        {
            if (Standing.Refusal(own, AffiliationOf(wish.Who!), wanted) is { } refusal)
                throw new StanzaErrorException(refusal);
            if (Record.Circle is not null)
                throw new StanzaErrorException(StanzaError.NotAllowed("its circle decides who is in it"));
            // §9.1.
            if (wanted == RoomAffiliation.Outcast && wish.Who == actor)
                throw new StanzaErrorException(StanzaError.Conflict("banning oneself"));
            if (wish.Who!.IsDomain && wanted is not (RoomAffiliation.Outcast or RoomAffiliation.None))
                throw new StanzaErrorException(StanzaError.NotAcceptable("a domain can only be banned"));
            return;
        }
        RoomRole role = here?.Role ?? (own >= RoomAffiliation.Admin ? RoomRole.Moderator : RoomRole.None);
        if (Standing.Refusal((own, role), wish.Occupant!.Standing, wish.Role!.Value) is { } refused)
            throw new StanzaErrorException(refused);
    }

    private void CheckSpace(int more)
    {
        if (_affiliations.Count + more > MostAffiliated)
            throw new StanzaErrorException(StanzaError.ResourceConstraint("the room's lists are full"));
    }

    // §10.4: the last owner stays.
    private void CheckOwners(List<Wish> wishes)
    {
        if (!wishes.Exists(wish => wish.Affiliation is { } to && to != RoomAffiliation.Owner))
            return;
        HashSet<Jid> owners = [.. Affiliated(RoomAffiliation.Owner).Select(record => record.Who)];
        foreach (Wish wish in wishes)
            if (wish.Affiliation == RoomAffiliation.Owner)
                owners.Add(wish.Who!);
            else if (wish.Affiliation is not null)
                owners.Remove(wish.Who!);
        if (owners.Count == 0)
            throw new StanzaErrorException(StanzaError.Conflict("a room has an owner"));
    }

    // §8.2 kick, §8.3 and §8.4 voice, §9.6 and §9.7 moderators.
    private void SetRole(Post post, Occupant occupant, RoomRole role, string? actor, string? reason)
    {
        if (role == RoomRole.None)
        {
            Expel(post, occupant, [307], actor, reason);
            return;
        }
        if (occupant.Role == role)
            return;
        occupant.Role = role;
        AnnounceStanding(post, occupant, actor, reason);
    }

    private void AnnounceStanding(Post post, Occupant occupant, string? actor, string? reason) =>
        Announce(post, new Announcement(occupant.Seats[^1]) { ActorNick = actor, Reason = reason });

    /// <summary>All of somebody's sessions under a nick are put out.</summary>
    private void Expel(Post post, Occupant occupant, int[] codes, string? actor, string? reason)
    {
        foreach (Seat seat in occupant.Seats.ToArray())
        {
            bool last = occupant.Seats.Count == 1;
            var news = new Announcement(seat)
            {
                Said = Bare(seat.Presence),
                IsUnavailable = true,
                IsRemoved = true,
                Codes = codes,
                ActorNick = actor,
                Reason = reason,
            };
            Announce(post, news, viewer => last || viewer == seat);
            GiveUpSeat(seat);
        }
    }

    private void SetAffiliation(
        RoomChange change,
        Post post,
        Jid who,
        RoomAffiliation affiliation,
        (string? Actor, string? Reason, string? Nick) why
    )
    {
        AffiliationRecord? before = _affiliations.GetValueOrDefault(who);
        RoomAffiliation old = AffiliationOf(who);
        var after = new AffiliationRecord(
            who,
            affiliation,
            affiliation == RoomAffiliation.Outcast ? null : before?.Nick,
            why.Reason
        );
        if (after is { Affiliation: RoomAffiliation.None, Nick: null })
            after = after with { Reason = null };
        Keep(change, before, after);
        bool present = false;
        foreach (Occupant occupant in _occupants.Values.Where(occupant => Covers(who, occupant)).ToArray())
        {
            present = true;
            Regrade(post, occupant, AffiliationOf(occupant.Person), why.Actor, why.Reason);
        }
        if (!present && old != affiliation)
            TellOfAbsent(post, after);
    }

    private static bool Covers(Jid who, Occupant occupant) =>
        occupant.Person == who || (who.IsDomain && occupant.Person.Domain == who.Domain);

    private void Keep(RoomChange change, AffiliationRecord? before, AffiliationRecord after)
    {
        Put(after);
        change.Write(
            (transaction, rooms) => rooms.SetAffiliation(transaction, Id, after),
            () => Put(before ?? new AffiliationRecord(after.Who, RoomAffiliation.None))
        );
    }

    private void Put(AffiliationRecord record)
    {
        if (record is { Affiliation: RoomAffiliation.None, Nick: null })
            _affiliations.Remove(record.Who);
        else
            _affiliations[record.Who] = record;
    }

    // §9.1 to §9.4, §10.3 to §10.7.
    private void Regrade(Post post, Occupant occupant, RoomAffiliation affiliation, string? actor, string? reason)
    {
        RoomAffiliation before = occupant.Affiliation;
        occupant.Affiliation = affiliation;
        occupant.Role = Standing.After(before, affiliation, occupant.Role, IsModerated);
        if (affiliation == RoomAffiliation.Outcast)
            Expel(post, occupant, [301], actor, reason);
        else if (!MayEnter(affiliation))
            Expel(post, occupant, [321], actor, reason);
        else
            AnnounceStanding(post, occupant, actor, reason);
    }

    // §9.3, §9.4: who is not in the room has no presence to say it by. The schema knows one item, and some clients read no more; but
    // of a whole school nobody is told one by one.
    private void TellOfAbsent(Post post, params IReadOnlyCollection<AffiliationRecord> records)
    {
        Seat[] audience = [.. _audience.Where(seat => SeesAddresses(seat.Occupant))];
        if (audience.Length == 0)
            return;
        foreach (AffiliationRecord[] some in records.Chunk(records.Count > ToldApart ? ToldTogether : 1))
        {
            Stanza news = NewsOf(some);
            foreach (Seat seat in audience)
                post.Add(seat, news);
        }
    }

    private Stanza NewsOf(AffiliationRecord[] absent)
    {
        XmlBuilder payload = new XmlBuilder().Start("x", RoomNs.User);
        foreach (AffiliationRecord record in absent)
            payload
                .Start("item")
                .Attribute("affiliation", Standing.Name(record.Affiliation))
                .Attribute("role", "none")
                .Attribute("jid", record.Who)
                .End();
        return new Stanza
        {
            Kind = StanzaKind.Message,
            Type = StanzaType.Normal,
            From = Address,
            Payload = payload.ToArray(),
        };
    }
}
