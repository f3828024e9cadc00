using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>What a browser signs in with after a hand-over.</summary>
/// <param name="Address">Bare.</param>
public sealed record HandedOver(string Address, string Mechanism, IssuedToken Token);

/// <summary>
/// From a page that made or recovered an account to the client in the same browser, so that no password is typed twice
/// (laws, "One sign-in"): the page leaves a code, the client trades it for the first FAST token of its device. A code is
/// good once, for ten minutes, and while nothing ended the account's sign-ins since. Kept in memory alone, hashed: after a
/// restart one types the password.
/// </summary>
public sealed class HandOvers
{
    /// <summary>A browser has no channel binding to offer.</summary>
    public const string Mechanism = "HT-SHA-256-NONE";

    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private const int Most = 1000;
    private readonly XmppServer _server;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);

    internal HandOvers(XmppServer server) => _server = server;

    private sealed record Waiting(string Name, int Generation, DateTimeOffset Until);

    /// <summary>A code for who has just chosen the account's password.</summary>
    /// <param name="name">Prepared.</param>
    public string Offer(string name)
    {
        string code = LinkToken.New();
        DateTimeOffset now = _server.Time.GetUtcNow();
        lock (_lock)
        {
            Trim(now);
            _waiting[KeyOf(code)] = new Waiting(name, _server.Accounts.Generation(name), now + Lifetime);
        }
        return code;
    }

    /// <summary>The first token of the device; null when the code is not good, or no longer.</summary>
    /// <param name="agent">With the id that the client keeps: the token is bound to it (XEP-0484 §3.1). Without one nothing is spent.</param>
    public async Task<HandedOver?> TakeAsync(string code, UserAgent agent)
    {
        if (agent.Id is null || Take(code) is not { } waiting)
            return null;
        if (_server.Accounts.Find(waiting.Name) is not { } account || !MaySignIn(account.Record))
            return null;
        IssuedToken? token = await _server.FastTokens.IssueAsync(
            account,
            agent,
            Mechanism,
            usedPassword: true,
            () => _server.Accounts.Generation(waiting.Name) == waiting.Generation
        );
        return token is null ? null : new HandedOver(account.Jid.ToString(), Mechanism, token);
    }

    private Waiting? Take(string code)
    {
        if (code.Length is 0 or > LinkToken.LongestText)
            return null;
        lock (_lock)
            return _waiting.Remove(KeyOf(code), out Waiting? waiting) && waiting.Until > _server.Time.GetUtcNow()
                ? waiting
                : null;
    }

    private bool MaySignIn(AccountRecord account) =>
        !account.Locked && (account.Expires is not { } end || end > _server.Time.GetUtcNow());

    private void Trim(DateTimeOffset now)
    {
        foreach ((string key, Waiting waiting) in _waiting)
            if (waiting.Until <= now)
                _waiting.Remove(key);
        if (_waiting.Count >= Most)
            _waiting.Remove(_waiting.MinBy(each => each.Value.Until).Key);
    }

    private static string KeyOf(string code) => Convert.ToHexString(LinkToken.Hash(code));
}
