using System.Net;

namespace WebPush;

/// <summary>What became of a push.</summary>
public enum PushOutcome
{
    /// <summary>The push service has it.</summary>
    Accepted,

    /// <summary>The subscription is no more (RFC 8030 §7.3): forget it.</summary>
    Gone,

    /// <summary>Not like this: a fault of the sender, or an address that pushes do not go to. Trying again changes nothing.</summary>
    Rejected,

    /// <summary>The push service could not be reached, or had no time, for as long as was tried.</summary>
    Unavailable,
}

/// <summary>What became of a push, and what the push service said last.</summary>
/// <param name="Status">Its HTTP status; null where there was no answer.</param>
/// <param name="Reason">For a log: never holds the endpoint's path, which is a secret.</param>
public sealed record PushResult(PushOutcome Outcome, HttpStatusCode? Status, string Reason)
{
    /// <summary>How long the push service asked to wait.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}
