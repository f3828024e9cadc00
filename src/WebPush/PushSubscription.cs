using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using WebPush.Protocol;

namespace WebPush;

/// <summary>A browser that asked to be woken, as its <c>PushSubscription.toJSON()</c> tells it (W3C Push API).</summary>
public sealed class PushSubscription
{
    /// <summary>Longer addresses are nobody's.</summary>
    public const int LongestEndpoint = 2048;
    private const int AuthLength = 16;

    private PushSubscription(Uri endpoint, byte[] key, byte[] auth) => (Endpoint, Key, Auth) = (endpoint, key, auth);

    /// <summary>Where pushes for it go; who knows it can push, so it is never logged.</summary>
    public Uri Endpoint { get; }

    /// <summary>Its public key on P-256: an uncompressed point, 65 bytes.</summary>
    public ReadOnlyMemory<byte> Key { get; }

    /// <summary>Its secret of 16 bytes (RFC 8291 §3.2).</summary>
    public ReadOnlyMemory<byte> Auth { get; }

    /// <summary>Reads what a stranger says that its subscription is; when it is none, <paramref name="why"/> says so.</summary>
    /// <param name="endpoint">An absolute https URL of printable ASCII.</param>
    /// <param name="key"><c>p256dh</c>, base64url.</param>
    /// <param name="auth">base64url.</param>
    public static bool TryCreate(
        string endpoint,
        string key,
        string auth,
        [NotNullWhen(true)] out PushSubscription? subscription,
        [NotNullWhen(false)] out string? why
    )
    {
        subscription = null;
        byte[]? point = Decode(key);
        byte[]? secret = Decode(auth);
        if (!TryReadEndpoint(endpoint, out Uri? url))
            why = "the endpoint is no https URL";
        else if (point is null || !Curve.IsPoint(point))
            why = "p256dh is no point on P-256";
        else if (secret is not { Length: AuthLength })
            why = $"auth has not {AuthLength} bytes";
        else
            (subscription, why) = (new PushSubscription(url, point, secret), null);
        return subscription is not null;
    }

    // RFC 8030 §8.3 asks for https; a name and password, or a fragment, have no place in it.
    private static bool TryReadEndpoint(string endpoint, [NotNullWhen(true)] out Uri? url)
    {
        url = null;
        bool plain = endpoint.Length is > 0 and <= LongestEndpoint && endpoint.All(c => c is > ' ' and < '\x7f');
        if (!plain || !Uri.TryCreate(endpoint, UriKind.Absolute, out Uri? read))
            return false;
        bool fits =
            read.Scheme == Uri.UriSchemeHttps
            && read.Host.Length > 0
            && read.UserInfo.Length == 0
            && read.Fragment.Length == 0;
        url = fits ? read : null;
        return fits;
    }

    private static byte[]? Decode(string text)
    {
        if (text.Length > 128 || !Base64Url.IsValid(text))
            return null;
        return Base64Url.DecodeFromChars(text);
    }
}
