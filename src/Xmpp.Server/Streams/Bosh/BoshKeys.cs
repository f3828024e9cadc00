using System.Security.Cryptography;
using System.Text;

namespace Xmpp.Server.Streams.Bosh;

/// <summary>
/// Key sequencing (XEP-0124 §15): where a client uses it, each request shows the value whose SHA-1 the one before it
/// showed, so that nobody else can speak for it.
/// </summary>
internal sealed class BoshKeys
{
    private string? _expected;

    public bool Accepts(BoshRequest request)
    {
        if (_expected is not null && (request.Key is not { } key || !Matches(key)))
            return false;
        _expected = request.NewKey ?? (_expected is null ? null : request.Key);
        return true;
    }

    // SHA-1 is what the specification names.
#pragma warning disable CA5350
    private bool Matches(string key)
    {
        string hash = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(key)));
        return CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(hash),
            Encoding.UTF8.GetBytes(_expected!.ToLowerInvariant())
        );
    }
#pragma warning restore CA5350
}
