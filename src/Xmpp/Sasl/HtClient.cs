using System.Security.Cryptography;
using System.Text;

namespace Xmpp.Sasl;

/// <summary>The hashed-token mechanisms, client side (draft-schmaus-kitten-sasl-ht, XEP-0484).</summary>
/// <param name="user">The localpart.</param>
/// <param name="token">The token as the server gave it.</param>
/// <param name="binding">Chooses <c>HT-SHA-256-ENDP</c>; without it the token is not bound.</param>
public sealed class HtClient(string user, string token, ChannelBinding? binding = null)
    : ClientMechanism(binding is null ? HtServer.Unbound : HtServer.EndPoint)
{
    private readonly byte[] _key = Encoding.UTF8.GetBytes(token);

    public override byte[] Start() => [.. Encoding.UTF8.GetBytes(user), 0, .. Sign("Initiator"u8)];

    public override bool Accept(ReadOnlySpan<byte> data) =>
        CryptographicOperations.FixedTimeEquals(data, Sign("Responder"u8));

    private byte[] Sign(ReadOnlySpan<byte> side) => HtServer.Sign(_key, side, binding?.Data);
}
