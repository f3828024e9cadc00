using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace WebPush.Protocol;

/// <summary>
/// Who sends (RFC 8292): a token signed with the application server's key for each push service, used again until it has
/// lived half its life (§4.2).
/// </summary>
internal sealed class Vapid : IDisposable
{
    /// <summary>A push service refuses more than 24 hours (§2); a clock may be wrong by some of it.</summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    /// <summary>Push services that tokens are kept for; there are a handful, but endpoints come from strangers.</summary>
    private const int MostKept = 64;
    private static readonly string _header = Base64Url.EncodeToString("{\"typ\":\"JWT\",\"alg\":\"ES256\"}"u8);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (string Token, DateTimeOffset Made)> _tokens = new(StringComparer.Ordinal);
    private readonly ECDsa _key = ECDsa.Create();
    private readonly string _contact;
    private readonly TimeProvider _time;

    /// <exception cref="ArgumentException">No private key on P-256.</exception>
    public Vapid(string key, string contact, TimeProvider time)
    {
        (_contact, _time) = (contact, time);
        try
        {
            _key.ImportFromPem(key);
            ECParameters parameters = _key.ExportParameters(includePrivateParameters: true);
            if (parameters.Curve.Oid.Value != ECCurve.NamedCurves.nistP256.Oid.Value)
                throw new CryptographicException("another curve");
            PublicKey = Base64Url.EncodeToString(Curve.Write(parameters.Q));
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            _key.Dispose();
            throw new ArgumentException("the key is no private key on P-256 in PEM", nameof(key), fault);
        }
    }

    /// <summary>The key's public half, base64url: what browsers subscribe with, and <c>k</c> (§3.2).</summary>
    public string PublicKey { get; }

    /// <summary>The <c>Authorization</c> header's value for a request to the endpoint (§3).</summary>
    public string Authorization(Uri endpoint) => $"t={Token(Origin(endpoint))}, k={PublicKey}";

    private string Token(string audience)
    {
        DateTimeOffset now = _time.GetUtcNow();
        lock (_lock)
        {
            // Also when the clock was set back since.
            if (_tokens.TryGetValue(audience, out var known) && (now - known.Made).Duration() < Lifetime / 2)
                return known.Token;
            if (_tokens.Count >= MostKept)
                _tokens.Clear();
            string token = Sign(audience, now + Lifetime);
            _tokens[audience] = (token, now);
            return token;
        }
    }

    private string Sign(string audience, DateTimeOffset expires)
    {
        using var claims = new MemoryStream();
        using (var json = new Utf8JsonWriter(claims))
        {
            json.WriteStartObject();
            json.WriteString("aud", audience);
            json.WriteNumber("exp", expires.ToUnixTimeSeconds());
            json.WriteString("sub", _contact);
            json.WriteEndObject();
        }
        string signed = $"{_header}.{Base64Url.EncodeToString(claims.ToArray())}";
        byte[] signature = _key.SignData(
            Encoding.ASCII.GetBytes(signed),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.IeeeP1363FixedFieldConcatenation
        );
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The push service as RFC 6454 §6.1 writes it: scheme, host, and the port when it is not the usual one.</summary>
    internal static string Origin(Uri endpoint)
    {
        string host = endpoint.HostNameType == UriHostNameType.IPv6 ? endpoint.Host : endpoint.IdnHost;
        return endpoint.IsDefaultPort ? $"https://{host}" : string.Create(null, $"https://{host}:{endpoint.Port}");
    }

    public void Dispose() => _key.Dispose();
}
