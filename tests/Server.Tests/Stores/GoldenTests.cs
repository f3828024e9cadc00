using System.Text;
using Shouldly;
using Storage;
using Xmpp.Sasl;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

/// <summary>
/// Databases as each released version left them are opened by this one and are whole. <c>Golden/NNNN.sql</c> is the
/// <c>.dump</c> of such a file; a version that adds a migration adds the dump of the version before it, and never
/// changes an older one.
/// </summary>
public sealed class GoldenTests
{
    private const long Anna = 1;
    private const long Ben = 2;

    public static TheoryData<string> Versions =>
        [
            .. typeof(GoldenTests)
                .Assembly.GetManifestResourceNames()
                .Where(n => n.StartsWith("Golden.", StringComparison.Ordinal)),
        ];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_database_of_an_older_version_is_brought_forward_whole(string golden)
    {
        using var home = new Home();
        home.Database.Dispose();
        File.Delete(home.Options.Path);
        using (var connection = Connection.Open(home.Options.Path, write: true))
            connection.Execute(Script(golden));

        home.Reopen();

        People(home);
        Contacts(home);
        Messages(home);
        if (string.CompareOrdinal(golden, "Golden.0003") >= 0)
            Files(home);
        if (string.CompareOrdinal(golden, "Golden.0004") >= 0)
            Nodes(home);
        if (string.CompareOrdinal(golden, "Golden.0005") >= 0)
            Wakeups(home);
        if (string.CompareOrdinal(golden, "Golden.0006") >= 0)
            home.Read(a => home.Rooms.Find(a, "family")).ShouldNotBeNull().Subject.ShouldNotBeNull();
        if (string.CompareOrdinal(golden, "Golden.0008") >= 0)
            home.Read(home.Queue.Waiting).ShouldHaveSingleItem().To.ShouldBe("far.example");
        home.Database.Check().ShouldBeNull();
        using var fresh = new Home();
        Tables.Schema(home).ShouldBe(Tables.Schema(fresh));
    }

    [Fact]
    public void There_is_one_for_every_version_but_those_to_come() => Versions.Count.ShouldBe(Migrator.Current);

    private static void People(Home home)
    {
        home.Read(home.Accounts.List)
            .Select(a => (a.Id, a.Name, a.Role))
            .ShouldBe([(Anna, "anna", Role.Admin), (Ben, "ben", Role.Limited)]);
        ScramKeys keys = home.Read(a => home.Accounts.Keys(a, "anna", ScramHash.Sha256)).ShouldNotBeNull();
        (keys.Iterations, keys.StoredKey[0]).ShouldBe((10_000, (byte)3));
        DeviceRecord device = home.Read(a => home.Accounts.FindDevice(a, Anna, "k")).ShouldNotBeNull();
        (device.Software, device.UsedPassword).ShouldBe(("Gajim", true));
        home.Read(a => home.Accounts.FastTokens(a, device.Id)).ShouldHaveSingleItem().Secret.ShouldBe([7]);
        home.Read(a => home.Accounts.Document(a, Anna, "vcard")).ShouldBe("<vCard/>"u8.ToArray());
        home.Read(home.Accounts.Reports).ShouldHaveSingleItem().Contact.ShouldBe("spam@far.example");
        home.Read(a => home.Household.CirclesOf(a, Ben)).ShouldHaveSingleItem().Name.ShouldBe("Family");
        home.Read(a => home.Household.Guardians(a, Ben)).ShouldBe([Anna]);
        home.Read(a => home.Household.Approved(a, Ben)).ShouldBe(["aunt@far.example"]);
        InviteRecord invite = home.Read(home.Household.Invites).ShouldHaveSingleItem();
        (invite.From, invite.Role, invite.Uses, invite.Used).ShouldBe((Anna, Role.Guest, 3, 1));
    }

    private static void Contacts(Home home)
    {
        RosterItem contact = home.Read(a => home.Rosters.Items(a, Anna)).ShouldHaveSingleItem();
        contact.Contact.ToString().ShouldBe("aunt@far.example");
        contact.Groups.ShouldBe(["Family", "Far"]);
        (contact.Subscription, contact.Listed).ShouldBe((Subscription.Both, true));
        home.Read(a => home.Rosters.Version(a, Anna)).ShouldBe(2);
        home.Read(a => home.Rosters.Blocked(a, Anna)).ShouldHaveSingleItem().ToString().ShouldBe("spam@far.example");
    }

    private static void Messages(Home home)
    {
        ArchiveRow row = home.Read(a => home.Archive.Query(a, Anna, new ArchiveQuery())).Rows.ShouldHaveSingleItem();
        Encoding.UTF8.GetString(row.Stanza).ShouldBe("hello");
        row.Time.ShouldBe(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        home.Read(a => home.Archive.DeliveredMark(a, Ben)).ShouldBe(row.Id);
        home.Read(a => home.Archive.Undelivered(a, Ben, row.Id, long.MaxValue, 10)).ShouldHaveSingleItem();
        home.Read(a => home.Archive.Preferences(a, Ben)).Default.ShouldBe("never");
        SessionMark mark = home.Read(a => home.Sessions.Find(a, [1, 2, 3, 4])).ShouldNotBeNull();
        (mark.Account, mark.Resource, mark.Inbound).ShouldBe((Anna, "phone", 5u));
    }

    private static void Files(Home home)
    {
        UploadRecord file = home.Read(a => home.Uploads.List(a, Anna)).ShouldHaveSingleItem();
        (file.Name, file.MediaType, file.Size, file.Purpose).ShouldBe(
            ("tree.jpg", "image/jpeg", 23456, UploadPurpose.Profile)
        );
    }

    private static void Nodes(Home home)
    {
        DeviceRecord device = home.Read(a => home.Accounts.FindDevice(a, Anna, "k")).ShouldNotBeNull();
        (device.OmemoAxolotl, device.Omemo).ShouldBe((31415L, 27183L));
        NodeRecord bookmarks = home.Read(a => home.PubSub.Find(a, Anna, "urn:xmpp:bookmarks:1")).ShouldNotBeNull();
        bookmarks.Configuration.Access.ShouldBe(AccessModel.Whitelist);
        bookmarks.Configuration.Groups.ShouldBe(["Family", "Far"]);
        ItemRecord item = home.Read(a => home.PubSub.Last(a, bookmarks.Id)).ShouldNotBeNull();
        (item.Name, item.Publisher.Resource).ShouldBe(("room@groups.home.example", "phone"));
        NodeRecord blog = home.Read(a => home.PubSub.Nodes(a, null)).ShouldHaveSingleItem();
        home.Read(a => home.PubSub.AffiliationOf(a, blog.Id, blog.Creator)).ShouldBe(Affiliation.Owner);
        home.Read(a => home.PubSub.Subscriptions(a, blog.Id))
            .ShouldBe([new(Home.Jid("ben@home.example/tablet"), SubscriptionState.Subscribed)]);
    }

    private static void Wakeups(Home home)
    {
        home.Read(a => home.Push.Registrations(a, Anna)).ShouldHaveSingleItem().Node.ShouldBe("node");
        home.Read(a => home.Push.Subscription(a, 1)).ShouldNotBeNull().Endpoint.ShouldBe("https://push.far.example/1");
    }

    private static string Script(string name)
    {
        using var reader = new StreamReader(typeof(GoldenTests).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
