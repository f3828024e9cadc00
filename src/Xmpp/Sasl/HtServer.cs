using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;

namespace Xmpp.Sasl;

/// <summary>The hashed-token mechanisms that FAST uses, server side (draft-schmaus-kitten-sasl-ht, XEP-0484).
/// </summary>
public sealed class HtServer : ServerMechanism
{
    /// <summary>Bound to the certificate.</summary>
    public const string EndPoint = "HT-SHA-256-ENDP";

    /// <summary>Not bound to the connection.</summary>
    public const string Unbound = "HT-SHA-256-NONE";

    /// <summary>XEP-0484 §4.1 keeps two tokens; as many are looked at for names without any.</summary>
    private const int Slots = 2;

    private readonly SaslContext _context;
    private readonly Func<string, IReadOnlyList<byte[]>> _tokens;
    private readonly byte[] _binding;

    private HtServer(string name, SaslContext context, Func<string, IReadOnlyList<byte[]>> tokens, byte[] binding)
        : base(name)
    {
        _context = context;
        _tokens = tokens;
        _binding = binding;
    }

    /// <summary>Which of the tokens was proved, counted from 0; -1 before success. Whether that one has expired is for
    /// the caller to say (<see cref="SaslFailure.CredentialsExpired"/>).</summary>
    public int Matched { get; private set; } = -1;

    /// <summary>The mechanism of that name, or null when this stream does not have it.</summary>
    /// <param name="tokens">The tokens of a prepared user name for this user agent and this mechanism, newest first, as
    /// the UTF-8 of the string that the client was given; empty for a name without any.</param>
    public static HtServer? Create(string name, SaslContext context, Func<string, IReadOnlyList<byte[]>> tokens) =>
        name switch
        {
            Unbound => new(name, context, tokens, []),
            EndPoint when context.Offered.Binding("tls-server-end-point"u8) is { } data => new(
                name,
                context,
                tokens,
                data
            ),
            _ => null,
        };

    /// <summary><c>authcid NUL HMAC(token, "Initiator" cb-data)</c> is answered with
    /// <c>HMAC(token, "Responder" cb-data)</c>.</summary>
    private protected override SaslStep Step(ReadOnlySpan<byte> input)
    {
        var end = input.IndexOf((byte)0);
        if (end <= 0 || input.Length - end - 1 != SHA256.HashSizeInBytes)
            return SaslStep.Failure(SaslFailure.MalformedRequest);
        if (!Utf8.IsValid(input[..end]))
            return SaslStep.Failure(SaslFailure.IncorrectEncoding);
        var user = _context.Accounts.PrepareUser(Encoding.UTF8.GetString(input[..end]));
        if (user is null)
            return SaslStep.Failure(SaslFailure.NotAuthorized);

        var candidates = _tokens(user);
        Matched = Find(candidates, input[(end + 1)..]);
        return Matched < 0
            ? SaslStep.Failure(SaslFailure.NotAuthorized)
            : SaslStep.Success(user, Sign(candidates[Matched], "Responder"u8, _binding));
    }

    internal static byte[] Sign(ReadOnlySpan<byte> token, ReadOnlySpan<byte> side, ReadOnlySpan<byte> binding) =>
        HMACSHA256.HashData(token, [.. side, .. binding]);

    private int Find(IReadOnlyList<byte[]> candidates, ReadOnlySpan<byte> proof)
    {
        var matched = -1;
        for (var i = 0; i < Math.Max(candidates.Count, Slots); i++)
        {
            var real = i < candidates.Count;
            var expected = Sign(real ? candidates[i] : _context.Secret, "Initiator"u8, _binding);
            if (CryptographicOperations.FixedTimeEquals(expected, proof) & real & matched < 0)
                matched = i;
        }

        return matched;
    }
}
