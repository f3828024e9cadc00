using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Turn;

/// <summary>
/// Credentials that carry their own end, so that nobody keeps them ("A REST API For Access To TURN Services"): the name is
/// <c>UNIXTIME:USER</c>, the password its HMAC-SHA-1 under a secret, base64.
/// </summary>
/// <param name="secrets">
/// The secret that is issued under now, and those before it that still count; asked anew each time, so that they may change.
/// </param>
public sealed class TimedCredentials(Func<IReadOnlyList<byte[]>> secrets, TimeProvider time)
{
    /// <summary>No credential that says it lasts longer counts, however it was made.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(2);

    /// <summary>A credential for a user, good until <paramref name="expires"/> (whole seconds).</summary>
    /// <param name="user">Without control characters; stands in the clear in each request.</param>
    public (string Username, string Password) Issue(string user, DateTimeOffset expires)
    {
        string username = string.Create(CultureInfo.InvariantCulture, $"{expires.ToUnixTimeSeconds()}:{user}");
        return (username, Password(secrets()[0], username));
    }

    /// <summary>Every name that a client says has a password under each secret; which of them it knows shows whether it is real.</summary>
    /// <returns>One for each secret; none for a name without a time, or whose time is over.</returns>
    public IEnumerable<RelayCredential> Find(string username)
    {
        int colon = username.IndexOf(':', StringComparison.Ordinal);
        if (
            colon < 1
            || !long.TryParse(
                username.AsSpan(0, colon),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out long seconds
            )
        )
            yield break;
        DateTimeOffset now = time.GetUtcNow();
        if (seconds <= now.ToUnixTimeSeconds() || seconds > (now + Longest).ToUnixTimeSeconds())
            yield break;
        foreach (byte[] secret in secrets())
            yield return new(
                Password(secret, username),
                username[(colon + 1)..],
                DateTimeOffset.FromUnixTimeSeconds(seconds)
            );
    }

    private static string Password(byte[] secret, string username) =>
        Convert.ToBase64String(HMACSHA1.HashData(secret, Encoding.UTF8.GetBytes(username)));
}
