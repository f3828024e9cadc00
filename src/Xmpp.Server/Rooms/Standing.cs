using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Rooms;

/// <summary>What an occupant may do while it is in the room (XEP-0045 §5.1), least first.</summary>
internal enum RoomRole
{
    None,
    Visitor,
    Participant,
    Moderator,
}

/// <summary>Affiliations, roles, and who may change them: the tables of XEP-0045 §5, §8.2 to §10.8. Pure.</summary>
internal static class Standing
{
    /// <summary>The role with which somebody enters (§5.1.2).</summary>
    public static RoomRole Initial(RoomAffiliation affiliation, bool moderated) =>
        affiliation switch
        {
            RoomAffiliation.Owner or RoomAffiliation.Admin => RoomRole.Moderator,
            RoomAffiliation.Member => RoomRole.Participant,
            RoomAffiliation.None => moderated ? RoomRole.Visitor : RoomRole.Participant,
            _ => RoomRole.None,
        };

    /// <summary>The role after a change of affiliation while in the room (§5.2.2): what was granted by hand stays.</summary>
    public static RoomRole After(RoomAffiliation before, RoomAffiliation after, RoomRole role, bool moderated)
    {
        bool wasByRank = before >= RoomAffiliation.Admin;
        return after switch
        {
            RoomAffiliation.Owner or RoomAffiliation.Admin => RoomRole.Moderator,
            RoomAffiliation.Outcast => RoomRole.None,
            _ when wasByRank => Initial(after, moderated),
            RoomAffiliation.Member when role == RoomRole.Visitor => RoomRole.Participant,
            _ => role,
        };
    }

    /// <summary>
    /// Why the actor may not give the target the role; null when it may. Kick §8.2, voice §8.3 and §8.4, moderators §9.6
    /// and §9.7.
    /// </summary>
    public static StanzaError? Refusal(
        (RoomAffiliation Affiliation, RoomRole Role) actor,
        (RoomAffiliation Affiliation, RoomRole Role) target,
        RoomRole wanted
    )
    {
        if (actor.Role != RoomRole.Moderator)
            return StanzaError.Forbidden();
        if (wanted == RoomRole.None)
            return target.Affiliation > actor.Affiliation ? StanzaError.NotAllowed() : null;
        bool makesModerators = actor.Affiliation >= RoomAffiliation.Admin;
        if (wanted == RoomRole.Moderator)
            return makesModerators ? null : StanzaError.Forbidden();
        // Whoever is admin or owner is moderator, whoever asks (§5.1.2, §8.4, §9.7).
        if (target.Affiliation >= RoomAffiliation.Admin)
            return StanzaError.NotAllowed();
        if (target.Role == RoomRole.Moderator && !makesModerators)
            return StanzaError.NotAllowed();
        bool isPeer = target.Affiliation >= RoomAffiliation.Member && target.Affiliation >= actor.Affiliation;
        return wanted == RoomRole.Visitor && isPeer ? StanzaError.NotAllowed() : null;
    }

    /// <summary>
    /// Why the actor may not give the target the affiliation; null when it may. Ban §9.1, members §9.3 and §9.4, admins
    /// §10.6 and §10.7, owners §10.3 and §10.4.
    /// </summary>
    public static StanzaError? Refusal(RoomAffiliation actor, RoomAffiliation target, RoomAffiliation wanted)
    {
        if (actor < RoomAffiliation.Admin)
            return StanzaError.Forbidden();
        if (actor == RoomAffiliation.Owner)
            return null;
        if (wanted >= RoomAffiliation.Admin)
            return StanzaError.Forbidden();
        return target >= RoomAffiliation.Admin ? StanzaError.NotAllowed() : null;
    }

    public static string Name(RoomAffiliation affiliation) =>
        affiliation switch
        {
            RoomAffiliation.Owner => "owner",
            RoomAffiliation.Admin => "admin",
            RoomAffiliation.Member => "member",
            RoomAffiliation.Outcast => "outcast",
            _ => "none",
        };

    public static string Name(RoomRole role) =>
        role switch
        {
            RoomRole.Moderator => "moderator",
            RoomRole.Participant => "participant",
            RoomRole.Visitor => "visitor",
            _ => "none",
        };

    /// <exception cref="StanzaErrorException"><c>bad-request</c>: it is none.</exception>
    public static RoomAffiliation ParseAffiliation(string text) =>
        text switch
        {
            "owner" => RoomAffiliation.Owner,
            "admin" => RoomAffiliation.Admin,
            "member" => RoomAffiliation.Member,
            "outcast" => RoomAffiliation.Outcast,
            "none" => RoomAffiliation.None,
            _ => throw new StanzaErrorException(StanzaError.BadRequest("no affiliation: " + text)),
        };

    /// <inheritdoc cref="ParseAffiliation"/>
    public static RoomRole ParseRole(string text) =>
        text switch
        {
            "moderator" => RoomRole.Moderator,
            "participant" => RoomRole.Participant,
            "visitor" => RoomRole.Visitor,
            "none" => RoomRole.None,
            _ => throw new StanzaErrorException(StanzaError.BadRequest("no role: " + text)),
        };
}
