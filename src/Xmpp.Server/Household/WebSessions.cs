using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>Who is signed in on pages beside the stream.</summary>
/// <param name="Device">The number of the device that the stream is on.</param>
public sealed record WebSession(Account Account, long Device, DateTimeOffset Expires);

/// <summary>
/// From the stream of a web client to the pages of the same browser (laws, "One sign-in"): the client asks its own account
/// for a code, good once, for a minute and while its session stands; <c>/api/session</c> trades it for the token that the
/// browser keeps as a cookie, good for an hour. Both hang on the device and end with it, and with the account's other
/// sign-ins. In memory alone, hashed: after a restart the client, which signs in anyway, asks anew.
/// </summary>
public sealed class WebSessions
{
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromMinutes(1);
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);
    private const int Most = 10_000;
    private readonly XmppServer _server;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _codes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> _tokens = new(StringComparer.Ordinal);

    internal WebSessions(XmppServer server) => _server = server;

    /// <param name="Asker">Whose code it is; null for a token, which outlives its stream.</param>
    private sealed record Entry(string Name, long Device, int Generation, DateTimeOffset Until, Session? Asker);

    private DateTimeOffset Now => _server.Time.GetUtcNow();

    /// <summary>A code for the session's browser, in the place of the one before.</summary>
    internal (string Code, DateTimeOffset Expires) Offer(Session session)
    {
        string name = session.Account.Name;
        DateTimeOffset expires = Now + CodeLifetime;
        var entry = new Entry(name, session.Device, _server.Accounts.Generation(name), expires, session);
        return (Keep(_codes, entry), expires);
    }

    /// <summary>Spends the code; null when it is not good, or no longer.</summary>
    public (string Token, WebSession Session)? Open(string code)
    {
        if (Take(_codes, code) is not { Asker: { } asker } offered || SessionOf(offered) is not { } session)
            return null;
        if (!session.Account.Sessions.Contains(asker))
            return null;
        Entry entry = offered with { Until = Now + Lifetime, Asker = null };
        string token = Keep(_tokens, entry);
        // Looked at once whoever ends the device can see it.
        if (_server.Devices.IsKnown(asker))
            return (token, session with { Expires = entry.Until });
        Close(token);
        return null;
    }

    /// <summary>Who is signed in by the token; null for nobody, or nobody any more.</summary>
    public WebSession? Find(string token)
    {
        if (!IsShaped(token))
            return null;
        Entry? entry;
        lock (_lock)
            entry = _tokens.GetValueOrDefault(KeyOf(token));
        return entry is null ? null : SessionOf(entry);
    }

    /// <summary>Signs out.</summary>
    public void Close(string token) => Take(_tokens, token);

    /// <summary>The device has ended, or its person signed out of it.</summary>
    internal void End(long device)
    {
        lock (_lock)
            foreach (Dictionary<string, Entry> entries in (Dictionary<string, Entry>[])[_codes, _tokens])
                Remove(entries, entry => entry.Device == device);
    }

    private WebSession? SessionOf(Entry entry)
    {
        DateTimeOffset now = Now;
        bool isCurrent = entry.Until > now && entry.Generation == _server.Accounts.Generation(entry.Name);
        if (!isCurrent || _server.Accounts.Find(entry.Name) is not { } account)
            return null;
        AccountRecord record = account.Record;
        return record.Locked || record.Expires <= now ? null : new WebSession(account, entry.Device, entry.Until);
    }

    // One for each device.
    private string Keep(Dictionary<string, Entry> entries, Entry entry)
    {
        string token = LinkToken.New();
        DateTimeOffset now = Now;
        lock (_lock)
        {
            Remove(entries, other => other.Until <= now || other.Device == entry.Device);
            if (entries.Count >= Most)
                entries.Remove(entries.MinBy(each => each.Value.Until).Key);
            entries[KeyOf(token)] = entry;
        }
        return token;
    }

    private Entry? Take(Dictionary<string, Entry> entries, string token)
    {
        if (!IsShaped(token))
            return null;
        lock (_lock)
            return entries.Remove(KeyOf(token), out Entry? entry) ? entry : null;
    }

    private static void Remove(Dictionary<string, Entry> entries, Func<Entry, bool> ended)
    {
        foreach ((string key, Entry entry) in entries)
            if (ended(entry))
                entries.Remove(key);
    }

    private static bool IsShaped(string token) => token.Length is > 0 and <= LinkToken.LongestText;

    private static string KeyOf(string token) => Convert.ToHexString(LinkToken.Hash(token));
}
