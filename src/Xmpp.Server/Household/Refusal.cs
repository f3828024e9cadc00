namespace Xmpp.Server.Household;

/// <summary>Why the household refuses something; pages say it in their reader's language.</summary>
public enum Refusal
{
    /// <summary>Cannot be the first half of an address.</summary>
    BadName,
    NameTaken,

    /// <summary>Was the name of an account that was removed lately, or is kept for an invite.</summary>
    NameKept,

    /// <summary>Cannot be a password at all.</summary>
    BadPassword,
    ShortPassword,
    NoPerson,
    NoCircle,
    BadCircle,
    CircleTaken,
    NoInvite,
    InviteUsed,
    InviteOver,

    /// <summary>No such request waits, or not for this guardian.</summary>
    NoRequest,

    /// <summary>Anything else that was asked wrongly; the message says what.</summary>
    BadRequest,
}

/// <summary>What was asked of the household is not possible, in words that a person understands. Nothing was changed.</summary>
public sealed class RefusedException(Refusal why, string message) : Exception(message)
{
    public Refusal Why { get; } = why;
}
