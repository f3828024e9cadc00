using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Xmpp.Sasl;

/// <summary>SCRAM and its -PLUS variants, client side (RFC 5802, RFC 7677), which checks the downgrade hash of XEP-0474.
/// </summary>
/// <param name="hash">Which of the mechanisms.</param>
/// <param name="user">The localpart.</param>
/// <param name="password">Prepared by OpaqueString.</param>
/// <param name="binding">Chooses the -PLUS variant.</param>
/// <param name="seen">What the server advertised, for the downgrade hash.</param>
public sealed class ScramClient(
    ScramHash hash,
    string user,
    string password,
    ChannelBinding? binding = null,
    MechanismList? seen = null
) : ClientMechanism(hash.MechanismName() + (binding is null ? "" : "-PLUS"))
{
    /// <summary>A server may not keep a client busy for minutes.</summary>
    private const int MostIterations = 1_000_000;

    private string _clientNonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
    private byte[]? _signature;

    /// <summary>Who to act as; the server allows nobody but the user.</summary>
    public string? Authzid { get; init; }

    /// <summary>The flag without a binding: <c>n</c> says that we know none, <c>y</c> that the server seems to know
    /// none.</summary>
    public char Flag { get; init; } = 'n';

    internal string FixedNonce
    {
        init => _clientNonce = value;
    }

    /// <summary>Attributes that nobody knows, where a test sends some.</summary>
    internal string FinalExtensions { get; init; } = "";

    private string Header =>
        (binding is null ? Flag.ToString() : "p=" + binding.Type)
        + ","
        + (Authzid is null ? "" : "a=" + ScramMessage.EscapeName(Authzid))
        + ",";

    private string FirstBare => $"n={ScramMessage.EscapeName(user)},r={_clientNonce}";

    public override byte[] Start() => Encoding.UTF8.GetBytes(Header + FirstBare);

    public override byte[]? Respond(ReadOnlySpan<byte> challenge)
    {
        var message = new ScramMessage(challenge);
        if (
            !ScramMessage.IsText(challenge)
            || !message.TryRead('r', out var nonce)
            || !message.TryRead('s', out var saltText)
            || !message.TryRead('i', out var roundsText)
            || !int.TryParse(roundsText, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds)
            || rounds is < ScramKeys.FewestIterations or > MostIterations
            || !nonce.StartsWith(Encoding.ASCII.GetBytes(_clientNonce))
            || nonce.Length == _clientNonce.Length
            || Decode(saltText) is not { Length: > 0 } salt
            || !IsUntouched(message)
        )
        {
            return null;
        }

        byte[] bound = [.. Encoding.UTF8.GetBytes(Header), .. binding?.Data ?? []];
        var final = $"c={Convert.ToBase64String(bound)},r={Encoding.ASCII.GetString(nonce)}{FinalExtensions}";
        byte[] signed =
        [
            .. Encoding.UTF8.GetBytes(FirstBare + ","),
            .. challenge,
            .. Encoding.ASCII.GetBytes("," + final),
        ];
        return Encoding.ASCII.GetBytes($"{final},p={Convert.ToBase64String(Prove(salt, rounds, signed))}");
    }

    public override bool Accept(ReadOnlySpan<byte> data) =>
        _signature is not null
        && CryptographicOperations.FixedTimeEquals(
            data,
            Encoding.ASCII.GetBytes("v=" + Convert.ToBase64String(_signature))
        );

    private byte[] Prove(byte[] salt, int rounds, byte[] signed)
    {
        var length = hash.Length();
        Span<byte> salted = stackalloc byte[length];
        ScramKeys.SaltPassword(password, hash, salt, rounds, salted);
        var keys = ScramKeys.FromSaltedPassword(salted, hash, salt, rounds);
        var proof = new byte[length];
        Span<byte> clientSignature = stackalloc byte[length];
        hash.Hmac(salted, "Client Key"u8, proof);
        hash.Hmac(keys.StoredKey, signed, clientSignature);
        for (var i = 0; i < length; i++)
            proof[i] ^= clientSignature[i];
        _signature = new byte[length];
        hash.Hmac(keys.ServerKey, signed, _signature);
        return proof;
    }

    /// <summary>Whether the server signs the list that we saw, if it signs one (XEP-0474 §5.2).</summary>
    private bool IsUntouched(ScramMessage rest)
    {
        var expected = seen?.DowngradeHash(hash);
        while (!rest.AtEnd)
        {
            if (!rest.TryReadExtension(out var name, out var value))
                return false;
            if (name == 'h' && expected is not null && !Ascii.Equals(value, expected))
                return false;
        }

        return true;
    }

    private static byte[]? Decode(ReadOnlySpan<byte> text)
    {
        var data = new byte[text.Length];
        return Convert.TryFromBase64String(Encoding.ASCII.GetString(text), data, out var length)
            ? data[..length]
            : null;
    }
}
