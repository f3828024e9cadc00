namespace Xmpp.Sasl;

/// <summary>What a <see cref="SaslStep"/> asks of the stream.</summary>
public enum SaslOutcome
{
    Failure,
    Challenge,
    Success,
}

/// <summary>A mechanism's answer to one message of the client (RFC 4422 §3).</summary>
public readonly record struct SaslStep
{
    private readonly byte[]? _data;

    private SaslStep(SaslOutcome outcome, byte[]? data, string? user, SaslFailure condition)
    {
        Outcome = outcome;
        _data = data;
        User = user;
        Condition = condition;
    }

    /// <summary>What happens next. The default value of the struct is a failure.</summary>
    public SaslOutcome Outcome { get; }

    /// <summary>The challenge, or what goes with the success; empty means that there is none.</summary>
    public byte[] Data => _data ?? [];

    /// <summary>The prepared localpart of who signed in; set on success alone.</summary>
    public string? User { get; }

    /// <summary>Why it failed; means nothing unless <see cref="Outcome"/> is a failure.</summary>
    public SaslFailure Condition { get; }

    public static SaslStep Challenge(byte[] data) => new(SaslOutcome.Challenge, data, null, default);

    public static SaslStep Success(string user, byte[]? data = null) => new(SaslOutcome.Success, data, user, default);

    public static SaslStep Failure(SaslFailure condition) => new(SaslOutcome.Failure, null, null, condition);
}
