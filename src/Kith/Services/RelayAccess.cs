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
/// is this process's, because who has been locked out is kept in memory: what was issued ends with it, as allocations and
/// streams do. They name accounts by a hash, because they travel in the clear, and how often the account's were ended before,
/// which no clock decides: that of a box without a battery jumps.
/// </summary>
internal sealed class RelayAccess(KithOptions options, TimeProvider time) : IExternalServices
{
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly TimedCredentials _credentials = Timed(time);

    // Accounts whose credentials were ever ended in this process, and how often: an int for each, which a removed account keeps,
    // so that who gets its name does not inherit what was issued.
    private readonly ConcurrentDictionary<string, int> _endings = new(StringComparer.Ordinal);

    public IReadOnlyList<ExternalService> Services { get; } = [.. ServicesOf(options)];

    /// <summary>Hears whose calls are to end, by the name that <see cref="Find"/> gives.</summary>
    public Action<string>? Ended { get; set; }

    public (string Username, string Password) Issue(string account, DateTimeOffset expires)
    {
        string user = User(account);
        string before = _endings.GetValueOrDefault(user).ToString(CultureInfo.InvariantCulture);
        return _credentials.Issue($"{user}.{before}", expires);
    }

    public void Revoke(string account) => Outdate(User(account));

    public void End(string account)
    {
        string user = User(account);
        Outdate(user);
        Ended?.Invoke(user);
    }

    private void Outdate(string user) => _endings.AddOrUpdate(user, 1, static (_, before) => before + 1);

    /// <summary>For the relay: what a user name may stand for.</summary>
    public IEnumerable<RelayCredential> Find(string username)
    {
        foreach (RelayCredential each in _credentials.Find(username))
        {
            int dot = each.User.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0 || !int.TryParse(each.User.AsSpan(dot + 1), CultureInfo.InvariantCulture, out int before))
                continue;
            string user = each.User[..dot];
            if (before == _endings.GetValueOrDefault(user))
                yield return each with
                {
                    User = user,
                };
        }
    }

    private string User(string account) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(account)).AsSpan(0, 12));

    private static TimedCredentials Timed(TimeProvider time)
    {
        byte[][] secrets = [RandomNumberGenerator.GetBytes(32)];
        return new(() => secrets, time);
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
