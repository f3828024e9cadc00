namespace Xmpp.Sasl;

/// <summary>The client's side of one sign-in (RFC 4422): for tests and for streams to other servers.</summary>
public abstract class ClientMechanism
{
    private protected ClientMechanism(string name) => Name = name;

    /// <summary>The mechanism's registered name.</summary>
    public string Name { get; }

    /// <summary>The initial response.</summary>
    public abstract byte[] Start();

    /// <summary>The response to a challenge, or null when the server is not to be trusted or makes no sense.</summary>
    public virtual byte[]? Respond(ReadOnlySpan<byte> challenge) => null;

    /// <summary>Whether what came with the success proves that the server knows us.</summary>
    public virtual bool Accept(ReadOnlySpan<byte> data) => data.IsEmpty;
}
