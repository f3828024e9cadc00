using Shouldly;
using Xmpp.Sasl;
using Xmpp.Server.Stores;
using Xunit;

namespace Server.Tests.Stores;

/// <summary>Numbers that stand on disks: a new one may be added, an old one never changes its meaning.</summary>
public sealed class FrozenValuesTests
{
    [Fact]
    public void Roles() => Values<Role>().ShouldBe(["Member=0", "Admin=1", "Limited=2", "Guest=3"]);

    [Fact]
    public void Entry_flags() =>
        Values<EntryFlags>().ShouldBe(["None=0", "Incoming=1", "KeptOffline=2", "Hidden=4", "Waits=8"]);

    [Fact]
    public void Kinds_of_approval() => Values<ApprovalKind>().ShouldBe(["Outgoing=0", "Incoming=1", "Subscription=2"]);

    [Fact]
    public void Subscriptions() => Values<Subscription>().ShouldBe(["None=0", "To=1", "From=2", "Both=3"]);

    [Fact]
    public void Room_affiliations() =>
        Values<RoomAffiliation>().ShouldBe(["None=0", "Outcast=1", "Member=2", "Admin=3", "Owner=4"]);

    [Fact]
    public void Room_flags() =>
        Values<RoomFlags>()
            .ShouldBe([
                "None=0",
                "Persistent=1",
                "Public=2",
                "MembersOnly=4",
                "Moderated=8",
                "NonAnonymous=16",
                "OccupantsInvite=32",
                "OccupantsSetSubject=64",
                "Archive=128",
                "Registration=256",
                "HidesModerators=512",
                "HidesParticipants=1024",
                "HidesVisitors=2048",
                "ListsForParticipants=4096",
                "ListsForVisitors=8192",
            ]);

    [Fact]
    public void Private_messages() =>
        Values<PrivateMessages>().ShouldBe(["Anyone=0", "Participants=1", "Moderators=2", "Nobody=3"]);

    [Fact]
    public void Scram_hashes() => Values<ScramHash>().ShouldBe(["Sha1=1", "Sha256=2"]);

    [Fact]
    public void Upload_purposes() =>
        Values<UploadPurpose>().ShouldBe(["Message=0", "Profile=1", "Permanent=2", "Ephemeral=3"]);

    [Fact]
    public void Access_models() =>
        Values<AccessModel>().ShouldBe(["Open=0", "Presence=1", "Roster=2", "Authorize=3", "Whitelist=4"]);

    [Fact]
    public void Publish_models() => Values<PublishModel>().ShouldBe(["Publishers=0", "Subscribers=1", "Open=2"]);

    [Fact]
    public void Last_items() =>
        Values<SendLast>().ShouldBe(["Never=0", "OnSubscription=1", "OnSubscriptionAndPresence=2"]);

    [Fact]
    public void Node_flags() =>
        Values<NodeFlags>()
            .ShouldBe([
                "None=0",
                "PersistItems=1",
                "DeliverNotifications=2",
                "DeliverPayloads=4",
                "NotifyConfig=8",
                "NotifyDelete=16",
                "NotifyRetract=32",
                "Subscribe=64",
            ]);

    [Fact]
    public void Affiliations() =>
        Values<Affiliation>().ShouldBe(["None=0", "Owner=1", "Publisher=2", "PublishOnly=3", "Member=4", "Outcast=5"]);

    [Fact]
    public void Node_subscriptions() => Values<SubscriptionState>().ShouldBe(["Pending=1", "Subscribed=2"]);

    private static IEnumerable<string> Values<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(value => $"{value}={value:D}");
}
