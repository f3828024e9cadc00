using Shouldly;
using Xmpp.Server.Rooms;
using Xmpp.Server.Stores;
using Xunit;
using static Xmpp.Server.Stores.RoomAffiliation;

namespace Server.Tests.Rooms;

/// <summary>The tables of roles and affiliations, row by row (XEP-0045 §5.1, §5.2, §8.2 to §10.8).</summary>
public sealed class StandingTests
{
    // §5.1.2: the role on entering an unmoderated and a moderated room.
    [Theory]
    [InlineData(Owner, "Moderator", "Moderator")]
    [InlineData(Admin, "Moderator", "Moderator")]
    [InlineData(Member, "Participant", "Participant")]
    [InlineData(None, "Participant", "Visitor")]
    [InlineData(Outcast, "None", "None")]
    public void Who_enters_has_the_role_of_its_affiliation(RoomAffiliation affiliation, string open, string moderated)
    {
        Standing.Initial(affiliation, moderated: false).ToString().ShouldBe(open);
        Standing.Initial(affiliation, moderated: true).ToString().ShouldBe(moderated);
    }

    // §5.2.2: before, after, role before, role after (unmoderated, moderated).
    [Theory]
    [InlineData(None, Member, "Visitor", "Participant", "Participant")]
    [InlineData(None, Member, "Moderator", "Moderator", "Moderator")]
    [InlineData(None, Admin, "Visitor", "Moderator", "Moderator")]
    [InlineData(Member, Owner, "Participant", "Moderator", "Moderator")]
    [InlineData(Member, None, "Participant", "Participant", "Participant")]
    [InlineData(Admin, Member, "Moderator", "Participant", "Participant")]
    [InlineData(Owner, None, "Moderator", "Participant", "Visitor")]
    [InlineData(Owner, Admin, "Moderator", "Moderator", "Moderator")]
    [InlineData(None, Outcast, "Participant", "None", "None")]
    public void A_change_of_affiliation_changes_the_role(
        RoomAffiliation before,
        RoomAffiliation after,
        string role,
        string open,
        string moderated
    )
    {
        Standing.After(before, after, Role(role), moderated: false).ToString().ShouldBe(open);
        Standing.After(before, after, Role(role), moderated: true).ToString().ShouldBe(moderated);
    }

    // Who (affiliation, role) gives whom which role, and what comes of it: "" is done.
    [Theory]
    // §8.2 kicking.
    [InlineData(None, "Visitor", None, "Participant", "None", "forbidden")]
    [InlineData(Member, "Participant", None, "Visitor", "None", "forbidden")]
    [InlineData(None, "Moderator", None, "Participant", "None", "")]
    [InlineData(Member, "Moderator", Member, "Participant", "None", "")]
    [InlineData(None, "Moderator", Member, "Participant", "None", "not-allowed")]
    [InlineData(Member, "Moderator", Admin, "Moderator", "None", "not-allowed")]
    [InlineData(Admin, "Moderator", Owner, "Moderator", "None", "not-allowed")]
    [InlineData(Admin, "Moderator", Member, "Moderator", "None", "")]
    [InlineData(Owner, "Moderator", Admin, "Moderator", "None", "")]
    [InlineData(Owner, "Moderator", Owner, "Moderator", "None", "")]
    // §8.3 granting voice.
    [InlineData(None, "Moderator", None, "Visitor", "Participant", "")]
    [InlineData(Owner, "Moderator", None, "Visitor", "Participant", "")]
    [InlineData(None, "Participant", None, "Visitor", "Participant", "forbidden")]
    // §8.4 revoking voice.
    [InlineData(None, "Moderator", None, "Participant", "Visitor", "")]
    [InlineData(Member, "Moderator", Member, "Participant", "Visitor", "not-allowed")]
    [InlineData(Admin, "Moderator", Member, "Participant", "Visitor", "")]
    [InlineData(Admin, "Moderator", Admin, "Moderator", "Visitor", "not-allowed")]
    [InlineData(Owner, "Moderator", Admin, "Moderator", "Visitor", "not-allowed")]
    [InlineData(Owner, "Moderator", Owner, "Moderator", "Visitor", "not-allowed")]
    // §9.6 granting moderator status.
    [InlineData(Member, "Moderator", None, "Participant", "Moderator", "forbidden")]
    [InlineData(Admin, "Moderator", None, "Participant", "Moderator", "")]
    [InlineData(Owner, "Moderator", Member, "Visitor", "Moderator", "")]
    // §9.7 revoking moderator status.
    [InlineData(Member, "Moderator", None, "Moderator", "Participant", "not-allowed")]
    [InlineData(Admin, "Moderator", Member, "Moderator", "Participant", "")]
    [InlineData(Admin, "Moderator", Admin, "Moderator", "Participant", "not-allowed")]
    [InlineData(Admin, "Moderator", Owner, "Moderator", "Participant", "not-allowed")]
    [InlineData(Owner, "Moderator", Admin, "Moderator", "Participant", "not-allowed")]
    public void Roles(
        RoomAffiliation actor,
        string actorRole,
        RoomAffiliation target,
        string targetRole,
        string wanted,
        string refusal
    ) =>
        (
            Standing.Refusal((actor, Role(actorRole)), (target, Role(targetRole)), Role(wanted))?.Condition ?? ""
        ).ShouldBe(refusal);

    // Who gives whom which affiliation.
    [Theory]
    // §9.1, §9.2 bans.
    [InlineData(None, None, Outcast, "forbidden")]
    [InlineData(Member, None, Outcast, "forbidden")]
    [InlineData(Admin, None, Outcast, "")]
    [InlineData(Admin, Member, Outcast, "")]
    [InlineData(Admin, Admin, Outcast, "not-allowed")]
    [InlineData(Admin, Owner, Outcast, "not-allowed")]
    [InlineData(Owner, Admin, Outcast, "")]
    [InlineData(Admin, Outcast, None, "")]
    // §9.3, §9.4 membership.
    [InlineData(Member, None, Member, "forbidden")]
    [InlineData(Admin, None, Member, "")]
    [InlineData(Admin, Member, None, "")]
    [InlineData(Admin, Admin, Member, "not-allowed")]
    [InlineData(Admin, Owner, None, "not-allowed")]
    // §10.6, §10.7 admin status.
    [InlineData(Admin, Member, Admin, "forbidden")]
    [InlineData(Owner, Member, Admin, "")]
    [InlineData(Owner, Admin, Member, "")]
    // §10.3, §10.4 ownership.
    [InlineData(Admin, Member, Owner, "forbidden")]
    [InlineData(Owner, None, Owner, "")]
    [InlineData(Owner, Owner, Admin, "")]
    public void Affiliations(RoomAffiliation actor, RoomAffiliation target, RoomAffiliation wanted, string refusal) =>
        (Standing.Refusal(actor, target, wanted)?.Condition ?? "").ShouldBe(refusal);

    private static RoomRole Role(string name) => Enum.Parse<RoomRole>(name);
}
