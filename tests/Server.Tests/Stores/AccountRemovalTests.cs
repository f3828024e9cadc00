using Shouldly;
using Xmpp.Addresses;
using Xmpp.Sasl;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

public sealed class AccountRemovalTests : IDisposable
{
    private readonly Home _home = new();
    private readonly Conversation _talk;

    public AccountRemovalTests() => _talk = new Conversation(_home);

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_removed_account_leaves_nothing_in_any_table()
    {
        long anna = await _home.AddAccount("anna");
        long ben = await _home.AddAccount("ben");
        await FillEverything(anna, ben);
        string[] unfilled = [.. Tables.All(_home).Where(table => Tables.Count(_home, table) == 0)];
        // A name is put there by the removal, the position too; what is on its way to other servers is no account's.
        unfilled.ShouldBe(["former_name", "archive_position", "server_queue", "known_server"], ignoreOrder: true);

        await _home.Write(t => _home.Accounts.Remove(t, anna));

        foreach (string table in Tables.All(_home))
        {
            foreach (string column in Tables.AccountColumns(_home, table))
                Tables
                    .Number(_home, $"SELECT count(*) FROM \"{table}\" WHERE \"{column}\" = {anna}")
                    .ShouldBe(0, $"{table}.{column}");
        }
        foreach (
            string emptied in (string[])
                [
                    "device",
                    "fast_token",
                    "session_inbound",
                    "document",
                    "roster",
                    "report",
                    "upload",
                    "push",
                    "web_push",
                ]
        )
            Tables.Count(_home, emptied).ShouldBe(0, emptied);
        _home.Read(a => _home.Accounts.Find(a, "ben")).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_the_other_side_keeps_stays_with_its_content()
    {
        long anna = await _home.AddAccount("anna");
        long ben = await _home.AddAccount("ben");
        await _talk.Send(anna, ben, "shared");
        await _talk.Send(ben, anna, "shared too");
        await _talk.With(anna, "far@away.example", "anna's alone");
        await _home.Write(t => _home.Accounts.Remove(t, anna));

        _talk.Texts(ben).ShouldBe(["shared", "shared too"]);
        Tables.Count(_home, "message").ShouldBe(2);
        Tables.Number(_home, "SELECT count(*) FROM peer WHERE jid = 'far@away.example'").ShouldBe(0);

        await _home.Write(t => _home.Accounts.Remove(t, ben));
        Tables.Count(_home, "message").ShouldBe(0);
        Tables.Count(_home, "peer").ShouldBe(0);
    }

    [Fact]
    public async Task A_peer_that_went_with_an_account_can_be_met_again()
    {
        long anna = await _home.AddAccount("anna");
        await _talk.With(anna, "far@away.example", "before");
        await _home.Write(t => _home.Accounts.Remove(t, anna));
        long ben = await _home.AddAccount("ben");
        await _talk.With(ben, "new@away.example", "other");
        await _talk.With(ben, "far@away.example", "after");

        _talk.Texts(ben, new ArchiveQuery { With = Home.Jid("far@away.example") }).ShouldBe(["after"]);
    }

    private async Task FillEverything(long anna, long ben)
    {
        await _talk.Send(anna, ben, "hello");
        await _home.Write(t =>
        {
            DateTimeOffset now = _home.Clock.GetUtcNow();
            var device = new DeviceRecord
            {
                Account = anna,
                Key = "k",
                Created = now,
                LastSeen = now,
            };
            long deviceId = _home.Accounts.SaveDevice(t, device);
            _home.Accounts.SaveFastToken(t, new FastTokenRecord(deviceId, 0, "HT-SHA-256-NONE", [1], now, 1));
            _home.Accounts.SetKeys(t, anna, [new ScramKeys(ScramHash.Sha1, [1], 10_000, [1], [1])]);
            _home.Accounts.SetDocument(t, anna, "vcard", [1]);
            Jid address = Home.Jid("anna@home.example/phone");
            var node = new NodeRecord
            {
                Account = anna,
                Name = "n",
                Creator = address,
                Configuration = new(),
            };
            long nodeId = _home.PubSub.Add(t, node);
            _home.PubSub.Put(t, nodeId, new ItemRecord("i", address, now, [1]));
            _home.PubSub.SetAffiliation(t, nodeId, address, Affiliation.Owner);
            _home.PubSub.SetSubscription(t, nodeId, address, SubscriptionState.Subscribed);
            _home.Household.AddRequest(
                t,
                new ApprovalRequest
                {
                    Account = anna,
                    Jid = "x@far.example",
                    Time = now,
                }
            );
            _home.Household.SetQuietSpans(t, anna, [new(DayOfWeek.Monday, new(21, 0), new(7, 0))]);
            _home.Accounts.AddReport(t, new ReportRecord(anna, "x@far.example", "r", null, [1], now));
            _home.Rosters.Set(t, anna, new RosterItem(Home.Jid("ben@home.example")));
            _home.Rosters.Bump(t, anna);
            _home.Rosters.SetBlocked(t, anna, [Home.Jid("x@far.example")]);
            long circle = _home.Household.AddCircle(t, "Family");
            _home.Household.AddMember(t, circle, anna);
            _home.Household.AddMember(t, circle, ben);
            _home.Household.SetGuardians(t, anna, [ben]);
            _home.Household.SetGuardians(t, ben, [anna]);
            _home.Household.SetApproved(t, anna, "x@far.example", true);
            var invite = new InviteRecord
            {
                Id = "a",
                TokenHash = [1],
                From = anna,
                Created = now,
                Expires = now,
            };
            _home.Household.AddInvite(t, invite);
            _home.Household.AddInvite(t, invite with { Id = "b", TokenHash = [2], From = ben, Reset = anna });
            long room = _home.Rooms.Add(t, new RoomRecord { Name = "garden", Created = now });
            _home.Rooms.SetAffiliation(t, room, new(Home.Jid("x@far.example"), RoomAffiliation.Owner));
            _home.Rooms.SetCard(t, room, [1]);
            _home.Rooms.NoteBookmark(t, anna, room);
            _home.Archive.SetDeliveredMark(t, anna, 1);
            _home.Archive.SetPreferences(t, anna, ArchivePreferences.Everything);
            t.NoteInbound(new SessionMark([1, 2, 3, 4], anna, "phone", 1));
            var upload = new UploadRecord
            {
                Id = "a",
                Account = anna,
                Name = "tree.jpg",
                MediaType = "image/jpeg",
            };
            _home.Uploads.Add(t, upload).ShouldBeTrue();
            _home.Push.Add(t, new PushRegistration(0, anna, deviceId, Home.Jid("push.far.example"), "n", default));
            _home.Push.SetSubscription(t, new WebSubscription(deviceId, "n", "https://push.example", "k", "a"));
        });
    }
}
