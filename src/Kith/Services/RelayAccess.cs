using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kith.Options;
using Turn;
using Xmpp.Server.Extensions;

namespace Kith.Services;

/// <summary>
/// Who may use the relay: credentials that carry their own end, issued over XMPP (XEP-0215), checked by the relay. Their secret
/// is the box's own and the day's; the day before's still counts. They name accounts by a hash, because they travel in the clear.
/// </summary>
/// <param name="secret">The box's own; never changes.</param>
internal sealed class RelayAccess(KithOptions options, byte[] secret, TimeProvider time) : IExternalServices
{
    private readonly TimedCredentials _credentials = new(() => Secrets(secret, time), time);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _ended = new(StringComparer.Ordinal);

    public IReadOnlyList<ExternalService> Services { get; } = [.. ServicesOf(options)];

    /// <summary>Hears whose calls are to end, by the name that <see cref="Find"/> gives.</summary>
    public Action<string>? Ended { get; set; }

    public (string Username, string Password) Issue(string account, DateTimeOffset expires)
    {
        // Whom it is issued to, and when: what was issued before an account's end is over.
        string issued = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return _credentials.Issue($"{User(account)}.{issued}", expires);
    }

    public void End(string account)
    {
        string user = User(account);
        DateTimeOffset now = time.GetUtcNow();
        _ended[user] = now;
        // After a day none is left that it could end.
        foreach ((string old, DateTimeOffset at) in _ended)
            if (now - at > TimedCredentials.Longest)
                _ended.TryRemove(old, out _);
        Ended?.Invoke(user);
    }

    /// <summary>For the relay: what a user name may stand for.</summary>
    public IEnumerable<RelayCredential> Find(string username)
    {
        foreach (RelayCredential each in _credentials.Find(username))
        {
            int dot = each.User.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0 || !long.TryParse(each.User.AsSpan(dot + 1), CultureInfo.InvariantCulture, out long issued))
                continue;
            string user = each.User[..dot];
            if (!_ended.TryGetValue(user, out DateTimeOffset end) || issued > end.ToUnixTimeSeconds())
                yield return each with
                {
                    User = user,
                };
        }
    }

    private string User(string account) =>
        Base64Url.EncodeToString(
            HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes("relay user " + account)).AsSpan(0, 12)
        );

    // A credential lasts a day, so that the secret of its day is never more than one before.
    private static byte[][] Secrets(byte[] secret, TimeProvider time)
    {
        long day = time.GetUtcNow().ToUnixTimeSeconds() / 86400;
        return [Of(day), Of(day - 1)];

        byte[] Of(long which) =>
            HMACSHA256.HashData(
                secret,
                Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"relay day {which}"))
            );
    }

    // Laws, "The world outside", 1: names come from Public:Url. UDP first, because it is what calls are best on.
    private static IEnumerable<ExternalService> ServicesOf(KithOptions options)
    {
        string host = new Uri(options.PublicUrl).IdnHost;
        if (options.Listen.Relay is not 0 and var plain)
        {
            yield return new("stun", host, plain, "udp", IsRestricted: false);
            yield return new("turn", host, plain, "udp", IsRestricted: true);
            yield return new("turn", host, plain, "tcp", IsRestricted: true);
        }

        if (options.Listen.RelayTls is not 0 and var tls)
            yield return new("turns", host, tls, "tcp", IsRestricted: true);
        // What gets through where nothing but the web does.
        if (options.Listen is { Https: not 0 } and not { Relay: 0, RelayTls: 0 })
            yield return new("turns", host, new Uri(options.PublicUrl).Port, "tcp", IsRestricted: true);
    }
}
