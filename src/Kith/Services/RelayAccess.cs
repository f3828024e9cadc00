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

    // Accounts and devices whose credentials were ever ended in this process, and how often: an int for each, which a removed
    // account keeps, so that who gets its name does not inherit what was issued.
    private readonly ConcurrentDictionary<string, int> _endings = new(StringComparer.Ordinal);

    public IReadOnlyList<ExternalService> Services { get; } = [.. ServicesOf(options)];

    /// <summary>Hears whose calls are to end, by the name that <see cref="Find"/> gives.</summary>
    public Action<string>? Ended { get; set; }

    /// <summary>Hears which user names' calls are to end, by what is true of them.</summary>
    public Action<Func<string, bool>>? EndedNames { get; set; }

    public (string Username, string Password) Issue(string account, long device, DateTimeOffset expires)
    {
        string user = User(account);
        string own = Device(account, device);
        return _credentials.Issue(
            string.Create(CultureInfo.InvariantCulture, $"{user}.{Endings(user)}.{own}.{Endings(own)}"),
            expires
        );
    }

    public void Revoke(string account) => Outdate(User(account));

    public void End(string account)
    {
        string user = User(account);
        Outdate(user);
        Ended?.Invoke(user);
    }

    public void EndDevice(string account, long device)
    {
        string own = Device(account, device);
        Outdate(own);
        EndedNames?.Invoke(name => name.Contains($".{own}.", StringComparison.Ordinal));
    }

    private int Endings(string whose) => _endings.GetValueOrDefault(whose);

    private void Outdate(string user) => _endings.AddOrUpdate(user, 1, static (_, before) => before + 1);

    /// <summary>For the relay: what a user name may stand for.</summary>
    public IEnumerable<RelayCredential> Find(string username)
    {
        foreach (RelayCredential each in _credentials.Find(username))
        {
            string[] parts = each.User.Split('.', 5);
            if (parts.Length == 4 && IsOf(parts[0], parts[1]) && IsOf(parts[2], parts[3]))
                yield return each with
                {
                    User = parts[0],
                };
        }
    }

    // What was issued since theirs were ended last.
    private bool IsOf(string whose, string endings) =>
        int.TryParse(endings, NumberStyles.None, CultureInfo.InvariantCulture, out int before)
        && before == Endings(whose);

    private string User(string account) => Hash(account);

    // A slash is in no account's name.
    private string Device(string account, long device) =>
        Hash(string.Create(CultureInfo.InvariantCulture, $"{account}/{device}"));

    private string Hash(string whose) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(whose)).AsSpan(0, 12));

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
