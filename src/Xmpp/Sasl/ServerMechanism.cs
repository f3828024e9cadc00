namespace Xmpp.Sasl;

/// <summary>The server's side of one sign-in (RFC 4422). Made for one exchange and used by one caller; answers any
/// bytes with a step and never throws because of them.</summary>
public abstract class ServerMechanism
{
    /// <summary>More than any client needs, and little enough to hash without a thought.</summary>
    private const int LongestInput = 4096;

    private bool _started;
    private bool _ended;

    private protected ServerMechanism(string name) => Name = name;

    /// <summary>The mechanism's registered name.</summary>
    public string Name { get; }

    /// <summary>The mechanism of that name, or null when it was not offered on this stream.</summary>
    public static ServerMechanism? Create(string name, SaslContext context)
    {
        if (!context.Offered.Names.Contains(name, StringComparer.Ordinal))
            return null;
        return name switch
        {
            "SCRAM-SHA-1" or "SCRAM-SHA-1-PLUS" => new ScramServer(name, ScramHash.Sha1, context),
            "SCRAM-SHA-256" or "SCRAM-SHA-256-PLUS" => new ScramServer(name, ScramHash.Sha256, context),
            "PLAIN" => new PlainServer(context),
            _ => null,
        };
    }

    /// <summary>Takes the client's next message, already decoded from base64. Without an initial response it is called
    /// with nothing and answers with the empty challenge that asks for one (RFC 4422 §5, point 2a).</summary>
    public SaslStep Next(ReadOnlySpan<byte> input)
    {
        if (_ended || input.Length > LongestInput)
            return End(SaslFailure.MalformedRequest);
        if (!_started && input.IsEmpty)
        {
            _started = true;
            return SaslStep.Challenge([]);
        }

        _started = true;
        var step = Step(input);
        _ended = step.Outcome != SaslOutcome.Challenge;
        return step;
    }

    private protected abstract SaslStep Step(ReadOnlySpan<byte> input);

    private SaslStep End(SaslFailure condition)
    {
        _ended = true;
        return SaslStep.Failure(condition);
    }
}
