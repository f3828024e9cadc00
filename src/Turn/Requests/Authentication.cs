using System.Buffers.Binary;
using System.Text;
using Turn.Allocations;
using Turn.Protocol;

namespace Turn.Requests;

/// <summary>The long-term credential mechanism, step by step (RFC 8489 §9.2.4).</summary>
internal sealed class Authentication(RelayOptions options, Nonces nonces, Strangers strangers)
{
    /// <summary>RFC 8489 §14.11: what PASSWORD-ALGORITHMS offers, the better one first; neither has parameters.</summary>
    public static ReadOnlySpan<byte> Algorithms =>
        [0, (byte)PasswordAlgorithm.Sha256, 0, 0, 0, (byte)PasswordAlgorithm.Md5, 0, 0];

    /// <summary>RFC 8489 §14.3.</summary>
    private const int LongestUsername = 508;

    private readonly byte[] _realm = Encoding.ASCII.GetBytes(options.Realm);

    public ReadOnlySpan<byte> Realm => _realm;

    /// <summary>
    /// Who asks, or why it is not known; nothing at all where one place has tried too often. The key of an allocation's owner is
    /// not made anew.
    /// </summary>
    /// <param name="sha256">The request's HMAC was the longer one, and so is the answer's.</param>
    public StunError? Check(ref Asked asked, out Identity? identity, out bool sha256)
    {
        StunMessage request = asked.Message;
        Client client = asked.Client;
        identity = null;
        sha256 = request.Has(StunAttribute.MessageIntegritySha256);
        // 1. Nothing is claimed.
        if (!sha256 && !request.Has(StunAttribute.MessageIntegrity))
            return StunError.Unauthorized;
        // 2. Something is, but not whole. A name that was hashed is nobody's here: it is not offered.
        bool hashed = request.Has(StunAttribute.UserHash);
        bool named = request.TryGet(StunAttribute.Username, out ReadOnlySpan<byte> username);
        if (
            (!named && !hashed)
            || !request.TryGet(StunAttribute.Realm, out ReadOnlySpan<byte> realm)
            || !request.TryGet(StunAttribute.Nonce, out ReadOnlySpan<byte> nonce)
        )
            return StunError.BadRequest;
        if (!named || username.Length is 0 or > LongestUsername || !realm.SequenceEqual(_realm))
            return StunError.Unauthorized;
        // Its nonce may be old, and is to be replaced however busy strangers are at its address.
        if (client.Allocation is not null)
            asked = asked.Seen();
        // 3. The nonce before the HMAC, because it is cheap and keeps others' packets from being sent again.
        if (!nonces.IsGood(nonce, client.Remote, client.IsStream))
            return StunError.StaleNonce;
        asked = asked.Seen();
        // 4. The algorithm, unless somebody between has changed what was offered.
        if (!TryReadAlgorithm(request, out PasswordAlgorithm algorithm))
            return StunError.BadRequest;
        // 5. Name, key and HMAC.
        string name = Encoding.UTF8.GetString(username);
        Identity? owner = client.Allocation?.Identity;
        if (owner is not null && owner.Username == name && owner.Algorithm == algorithm)
            identity = IsBy(request, owner) ? owner : null;
        else if (strangers.MayTry(client.Remote, asked.Now))
            identity = Find(request, name, algorithm);
        else
            return null;
        return identity is null ? StunError.Unauthorized : StunError.None;
    }

    /// <summary>The credential that proved it still counts.</summary>
    public bool Counts(Identity identity) =>
        options
            .Credentials(identity.Username)
            .Any(each =>
                each.User == identity.User
                && Integrity
                    .Key(identity.Username, options.Realm, each.Password, identity.Algorithm)
                    .AsSpan()
                    .SequenceEqual(identity.Key)
            );

    private bool IsBy(in StunMessage request, Identity known) =>
        known.Expires > options.Time.GetUtcNow() && Integrity.Verify(request, known.Key, out _);

    private Identity? Find(in StunMessage request, string name, PasswordAlgorithm algorithm)
    {
        DateTimeOffset now = options.Time.GetUtcNow();
        foreach (RelayCredential credential in options.Credentials(name))
        {
            byte[] key = Integrity.Key(name, options.Realm, credential.Password, algorithm);
            if (credential.Expires > now && Integrity.Verify(request, key, out _))
                return new Identity(name, credential.User, algorithm, key, credential.Expires);
        }

        return null;
    }

    private static bool TryReadAlgorithm(in StunMessage request, out PasswordAlgorithm algorithm)
    {
        algorithm = PasswordAlgorithm.Md5;
        bool offered = request.TryGet(StunAttribute.PasswordAlgorithms, out ReadOnlySpan<byte> all);
        bool chosen = request.TryGet(StunAttribute.PasswordAlgorithm, out ReadOnlySpan<byte> one);
        if (!offered && !chosen)
            return true;
        if (!offered || !chosen || !all.SequenceEqual(Algorithms) || one.Length < 4)
            return false;
        algorithm = (PasswordAlgorithm)BinaryPrimitives.ReadUInt16BigEndian(one);
        return algorithm is PasswordAlgorithm.Md5 or PasswordAlgorithm.Sha256;
    }
}
