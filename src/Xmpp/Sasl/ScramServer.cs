using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Xmpp.Sasl;

/// <summary>SCRAM and its -PLUS variants, server side (RFC 5802, RFC 7677), with the downgrade hash of XEP-0474.
/// A few hashes a sign-in: the client alone pays for the iterations.</summary>
internal sealed class ScramServer : ServerMechanism
{
    private const int NonceOctets = 18;

    private readonly ScramHash _hash;
    private readonly bool _plus;
    private readonly SaslContext _context;

    private string? _user;
    private bool _known;
    private ScramKeys? _keys;
    private byte[] _binding = [];
    private byte[] _nonce = [];

    /// <summary>client-first-message-bare "," server-first-message ",", which both sides sign.</summary>
    private byte[] _signedSoFar = [];

    public ScramServer(string name, ScramHash hash, SaslContext context)
        : base(name)
    {
        _hash = hash;
        _context = context;
        _plus = name.EndsWith("-PLUS", StringComparison.Ordinal);
    }

    /// <summary>The server's part of the nonce, where a test has to know it.</summary>
    internal string? FixedNonce { get; init; }

    private protected override SaslStep Step(ReadOnlySpan<byte> input)
    {
        if (!ScramMessage.IsText(input))
            return SaslStep.Failure(SaslFailure.IncorrectEncoding);
        return _keys is null ? First(input) : Final(input, _keys);
    }

    /// <summary><c>gs2-cbind-flag "," [authzid] "," n=user,r=nonce</c> is answered with
    /// <c>r=nonce,s=salt,i=iterations,h=hash</c>.</summary>
    private SaslStep First(ReadOnlySpan<byte> input)
    {
        if (!TrySplitHeader(input, out var flag, out var authzid, out var bare))
            return SaslStep.Failure(SaslFailure.MalformedRequest);
        if (CheckFlag(flag, out var data) is { } refusal)
            return SaslStep.Failure(refusal);

        var message = new ScramMessage(bare);
        if (
            !message.TryRead('n', out var rawName)
            || !message.TryRead('r', out var clientNonce)
            || !message.TrySkipExtensions()
            || !ScramMessage.IsNonce(clientNonce)
            || ScramMessage.UnescapeName(rawName) is not { } name
        )
        {
            return SaslStep.Failure(SaslFailure.MalformedRequest);
        }

        _user = _context.Accounts.PrepareUser(name);
        if (_user is null)
            return SaslStep.Failure(SaslFailure.NotAuthorized);
        if (!authzid.IsEmpty && (ScramMessage.UnescapeName(authzid) is not { } other || !_context.IsSelf(_user, other)))
            return SaslStep.Failure(SaslFailure.InvalidAuthzid);

        // The fake is made in any case, so that it takes the same time.
        var fake = ScramKeys.Fake(_hash, _context.Secret, _user);
        var found = _context.Accounts.Find(_user, _hash);
        _known = found is not null;
        _keys = found ?? fake;
        _binding = [.. input[..^bare.Length], .. data];
        return SaslStep.Challenge(ServerFirst(bare, clientNonce, _keys));
    }

    private byte[] ServerFirst(ReadOnlySpan<byte> bare, ReadOnlySpan<byte> clientNonce, ScramKeys with)
    {
        var own = FixedNonce ?? Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceOctets));
        _nonce = [.. clientNonce, .. Encoding.ASCII.GetBytes(own)];
        var downgrade = _context.Offered.DowngradeHash(_hash) is { } value ? ",h=" + value : "";
        var rest = $",s={Convert.ToBase64String(with.Salt)},i={with.Iterations}{downgrade}";
        byte[] challenge = [.. "r="u8, .. _nonce, .. Encoding.ASCII.GetBytes(rest)];
        _signedSoFar = [.. bare, (byte)',', .. challenge, (byte)','];
        return challenge;
    }

    /// <summary><c>c=binding,r=nonce,p=proof</c> is answered with <c>v=signature</c>.</summary>
    private SaslStep Final(ReadOnlySpan<byte> input, ScramKeys with)
    {
        var end = input.LastIndexOf(",p="u8);
        if (end < 0)
            return SaslStep.Failure(SaslFailure.MalformedRequest);
        var withoutProof = input[..end];
        var message = new ScramMessage(withoutProof);
        Span<byte> proof = stackalloc byte[_hash.Length()];
        if (
            !message.TryRead('c', out var itsBinding)
            || !message.TryRead('r', out var itsNonce)
            || !message.TrySkipExtensions()
            || !TryDecode(input[(end + 3)..], proof)
        )
        {
            return SaslStep.Failure(SaslFailure.MalformedRequest);
        }

        byte[] signed = [.. _signedSoFar, .. withoutProof];
        // All of it is looked at in any case, so that the time does not tell which part was wrong.
        var right =
            _known
            & CryptographicOperations.FixedTimeEquals(itsNonce, _nonce)
            & CryptographicOperations.FixedTimeEquals(itsBinding, Encode(_binding))
            & IsProof(proof, signed, with);
        return right ? SaslStep.Success(_user!, Signature(signed, with)) : SaslStep.Failure(SaslFailure.NotAuthorized);
    }

    /// <summary>ClientProof XOR HMAC(StoredKey, AuthMessage) is the ClientKey, whose hash we keep.</summary>
    private bool IsProof(ReadOnlySpan<byte> proof, ReadOnlySpan<byte> signed, ScramKeys with)
    {
        Span<byte> clientKey = stackalloc byte[proof.Length];
        Span<byte> digest = stackalloc byte[proof.Length];
        _hash.Hmac(with.StoredKey, signed, clientKey);
        for (var i = 0; i < clientKey.Length; i++)
            clientKey[i] ^= proof[i];
        _hash.Hash(clientKey, digest);
        return CryptographicOperations.FixedTimeEquals(digest, with.StoredKey);
    }

    private byte[] Signature(ReadOnlySpan<byte> signed, ScramKeys with)
    {
        Span<byte> signature = stackalloc byte[_hash.Length()];
        _hash.Hmac(with.ServerKey, signed, signature);
        return [.. "v="u8, .. Encode(signature)];
    }

    /// <summary>What the client says about channel binding has to fit what was offered and chosen (RFC 5802 §6).
    /// </summary>
    private SaslFailure? CheckFlag(ReadOnlySpan<byte> flag, out ReadOnlySpan<byte> data)
    {
        data = default;
        switch (flag)
        {
            case [(byte)'n'] when !_plus:
                return null;
            // The client saw no -PLUS. If we offered one, somebody between us took it away.
            case [(byte)'y'] when !_plus:
                return _context.Offered.OffersPlus ? SaslFailure.NotAuthorized : null;
            case [(byte)'p', (byte)'=', .. var type] when _plus:
                var bound = _context.Offered.Binding(type);
                data = bound;
                return bound is null ? SaslFailure.MalformedRequest : null;
            default:
                return SaslFailure.MalformedRequest;
        }
    }

    private static bool TrySplitHeader(
        ReadOnlySpan<byte> input,
        out ReadOnlySpan<byte> flag,
        out ReadOnlySpan<byte> authzid,
        out ReadOnlySpan<byte> bare
    )
    {
        flag = authzid = bare = default;
        var first = input.IndexOf((byte)',');
        if (first < 0)
            return false;
        var length = input[(first + 1)..].IndexOf((byte)',');
        if (length < 0)
            return false;
        flag = input[..first];
        authzid = input.Slice(first + 1, length);
        bare = input[(first + length + 2)..];
        if (authzid.IsEmpty)
            return true;
        if (authzid is not [(byte)'a', (byte)'=', _, ..])
            return false;
        authzid = authzid[2..];
        return true;
    }

    /// <summary>Takes the one encoding of so many octets and no other.</summary>
    private static bool TryDecode(ReadOnlySpan<byte> text, Span<byte> exactly) =>
        text.Length == Base64.GetMaxEncodedToUtf8Length(exactly.Length)
        && Base64.DecodeFromUtf8(text, exactly, out _, out var written) == OperationStatus.Done
        && written == exactly.Length
        && text.SequenceEqual(Encode(exactly));

    private static byte[] Encode(ReadOnlySpan<byte> data)
    {
        var text = new byte[Base64.GetMaxEncodedToUtf8Length(data.Length)];
        Base64.EncodeToUtf8(data, text, out _, out _);
        return text;
    }
}
