using System.Text;
using Shouldly;
using Xmpp.Server.Stores;
using Xunit;
using static Server.Tests.Stores.Home;

namespace Server.Tests.Stores;

/// <summary>The contract of <see cref="IRoomStore"/>, and of a room as an owner of archive entries.</summary>
public sealed class RoomStoreTests : IDisposable
{
    private static readonly DateTimeOffset _created = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly Home _home = new();

    public void Dispose() => _home.Dispose();

    private Task<long> Add(string name, long? circle = null) =>
        _home.Write(t =>
            _home.Rooms.Add(
                t,
                new RoomRecord
                {
                    Name = name,
                    Circle = circle,
                    Created = _created,
                }
            )
        );

    private RoomRecord? Find(long id) => _home.Read(a => _home.Rooms.Find(a, id));

    [Fact]
    public async Task A_room_is_found_by_name_id_and_circle()
    {
        long id = await Add("garden", circle: 7);
        await Add("attic");
        Find(id)!.Name.ShouldBe("garden");
        _home.Read(a => _home.Rooms.Find(a, "garden"))!.Id.ShouldBe(id);
        _home.Read(a => _home.Rooms.FindOfCircle(a, 7))!.Id.ShouldBe(id);
        _home.Read(_home.Rooms.List).Select(room => room.Name).ShouldBe(["attic", "garden"]);
        _home.Read(a => _home.Rooms.Find(a, "cellar")).ShouldBeNull();
        _home.Read(a => _home.Rooms.FindOfCircle(a, 8)).ShouldBeNull();
    }

    [Fact]
    public async Task Temporary_rooms_and_circles_that_lack_something_are_known()
    {
        long id = await Add("garden");
        _home.Read(_home.Rooms.AnyTemporary).ShouldBeTrue();
        await _home.Write(t => _home.Rooms.Update(t, Find(id)! with { Flags = RoomFlags.Persistent }));
        _home.Read(_home.Rooms.AnyTemporary).ShouldBeFalse();

        long anna = await _home.AddAccount("anna");
        long ben = await _home.AddAccount("ben");
        long circle = await _home.Write(t => _home.Household.AddCircle(t, "Family"));
        IReadOnlyList<long> Unfinished() => _home.Read(_home.Rooms.UnfinishedCircles);
        Unfinished().ShouldBe([circle]);
        long room = await Add("family", circle);
        Unfinished().ShouldBeEmpty();
        foreach (long member in (long[])[anna, ben])
            await _home.Write(t => _home.Household.AddMember(t, circle, member));
        await _home.Write(t => _home.Rooms.NoteBookmark(t, anna, room));
        Unfinished().ShouldBe([circle]);
        await _home.Write(t => _home.Rooms.NoteBookmark(t, ben, room));
        Unfinished().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_is_taken_once()
    {
        await Add("garden");
        await Should.ThrowAsync<InvalidOperationException>(() => Add("garden"));
    }

    [Fact]
    public async Task Everything_that_can_change_is_kept_over_a_restart()
    {
        long id = await Add("garden", circle: 7);
        RoomRecord before = Find(id)!;
        (before.Created, before.Subject, before.Password, before.SubjectTime).ShouldBe((_created, null, null, null));
        before.Avatar.ShouldBeEmpty();
        RoomRecord room = before with
        {
            Title = "The Garden",
            Description = "Behind the house",
            Language = "de",
            Flags = RoomFlags.Persistent | RoomFlags.Registration,
            PrivateMessages = PrivateMessages.Moderators,
            MostOccupants = 12,
            SlowMode = 3,
            History = 7,
            Password = "rose",
            Subject = "",
            SubjectFrom = "Anna",
            SubjectTime = _created.AddSeconds(5),
            Avatar = ["a31c", "b9b2"],
        };
        await _home.Write(t => _home.Rooms.Update(t, room));
        _home.Reopen();
        RoomRecord kept = Find(id)!;
        kept.Avatar.ShouldBe(room.Avatar);
        (kept with { Avatar = room.Avatar }).ShouldBe(room);
    }

    [Fact]
    public async Task Affiliations_are_set_replaced_and_removed()
    {
        long id = await Add("garden");
        long other = await Add("attic");
        var anna = new AffiliationRecord(Jid("anna@a.test"), RoomAffiliation.Owner);
        var bob = new AffiliationRecord(Jid("bob@b.test"), RoomAffiliation.Outcast, null, "rude");
        var eve = new AffiliationRecord(Jid("eve@b.test"), RoomAffiliation.None, "Eve");
        await _home.Write(t =>
        {
            foreach (AffiliationRecord record in (AffiliationRecord[])[anna, bob, eve])
                _home.Rooms.SetAffiliation(t, id, record);
            _home.Rooms.SetAffiliation(t, other, anna);
        });
        _home.Read(a => _home.Rooms.Affiliations(a, id)).ShouldBe([anna, bob, eve]);
        bob = bob with { Affiliation = RoomAffiliation.Member, Reason = null };
        await _home.Write(t =>
        {
            _home.Rooms.SetAffiliation(t, id, bob);
            _home.Rooms.SetAffiliation(t, id, eve with { Nick = null });
        });
        _home.Read(a => _home.Rooms.Affiliations(a, id)).ShouldBe([anna, bob]);
        (await _home.Write(t => _home.Rooms.RemovePerson(t, anna.Who))).ShouldBe([id, other]);
        _home.Read(a => _home.Rooms.Affiliations(a, id)).ShouldBe([bob]);
        _home.Read(a => _home.Rooms.Affiliations(a, other)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bookmark_is_noted_once_for_an_account_and_a_room()
    {
        long anna = await _home.AddAccount("anna");
        long id = await Add("garden");
        _home.Read(a => _home.Rooms.IsBookmarked(a, anna, id)).ShouldBeFalse();
        await _home.Write(t => _home.Rooms.NoteBookmark(t, anna, id));
        await _home.Write(t => _home.Rooms.NoteBookmark(t, anna, id));
        _home.Read(a => _home.Rooms.IsBookmarked(a, anna, id)).ShouldBeTrue();
        await _home.Write(t => _home.Accounts.Remove(t, anna));
        _home.Read(a => _home.Rooms.IsBookmarked(a, anna, id)).ShouldBeFalse();
    }

    // The same message may be in the archive of an account with the same number.
    [Fact]
    public async Task A_room_has_an_archive_of_its_own_that_goes_with_it()
    {
        long anna = await _home.AddAccount("anna");
        long id = await Add("garden");
        id.ShouldBe(anna);
        RoomRecord room = Find(id)!;
        await Append(room.ArchiveOwner, "to the room");
        await Append(anna, "to anna");
        Texts(room.ArchiveOwner).ShouldBe(["to the room"]);
        Texts(anna).ShouldBe(["to anna"]);
        _home
            .Read(a => _home.Archive.Query(a, room.ArchiveOwner, new ArchiveQuery { With = Jid("anna@a.test") }))
            .Rows.ShouldHaveSingleItem();
        await _home.Write(t => _home.Rooms.SetCard(t, id, [1, 2]));
        _home.Read(a => _home.Rooms.Card(a, id)).ShouldBe([1, 2]);
        await _home.Write(t =>
        {
            _home.Rooms.SetAffiliation(t, id, new(Jid("anna@a.test"), RoomAffiliation.Owner));
            _home.Rooms.NoteBookmark(t, anna, id);
            _home.Rooms.Remove(t, id);
        });
        Find(id).ShouldBeNull();
        Texts(room.ArchiveOwner).ShouldBeEmpty();
        Texts(anna).ShouldBe(["to anna"]);
        _home.Read(a => _home.Rooms.Card(a, id)).ShouldBeNull();
        _home.Read(a => _home.Rooms.Affiliations(a, id)).ShouldBeEmpty();
        _home.Read(a => _home.Rooms.IsBookmarked(a, anna, id)).ShouldBeFalse();
        (await Add("garden")).ShouldBeGreaterThan(id);
    }

    [Fact]
    public async Task A_card_is_taken_back()
    {
        long id = await Add("garden");
        await _home.Write(t => _home.Rooms.SetCard(t, id, [1]));
        await _home.Write(t => _home.Rooms.SetCard(t, id, null));
        _home.Read(a => _home.Rooms.Card(a, id)).ShouldBeNull();
    }

    private Task Append(long owner, string text) =>
        _home.Write(t =>
            _home.Archive.Append(
                t,
                new ArchivedMessage(
                    t.NextArchiveId(),
                    _created,
                    Encoding.UTF8.GetBytes(text),
                    new ArchiveOwner(owner, Jid("anna@a.test/x"), EntryFlags.Incoming),
                    null
                )
            )
        );

    private IEnumerable<string> Texts(long owner) =>
        _home
            .Read(a => _home.Archive.Query(a, owner, new ArchiveQuery()))
            .Rows.Select(row => Encoding.UTF8.GetString(row.Stanza));
}
