using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Xmpp.Sasl;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Household;

/// <summary>A token as its client gets it, this once.</summary>
public sealed record IssuedToken(string Token, DateTimeOffset Expires);

/// <summary>What a client asked for beside proving a token (XEP-0484 §3.4 to §3.6).</summary>
/// <param name="Count">Its number of this use; null where it does not count.</param>
/// <param name="Invalidate">The token's last use.</param>
/// <param name="Request">The mechanism that it asks another token for; null for none.</param>
/// <param name="Alone">It asks for no session beside it.</param>
internal sealed record FastUse(long? Count, bool Invalidate, string? Request, bool Alone)
{
    /// <summary>No token is to be left: its person signs out of the device (§3.6).</summary>
    public bool SignsOut => Invalidate && Request is null;

    /// <summary>And nothing else of the device either.</summary>
    public bool Leaves => SignsOut && Alone;
}

/// <summary>
/// FAST tokens (XEP-0484): what a device signs in with instead of the password. Two slots for each device: the token in
/// use, and the one handed out to follow it, which takes its place when it is first used.
/// </summary>
public sealed class FastTokens
{
    private const int Current = 0;
    private const int Following = 1;
    private const int TokenLength = 32;

    // Clients may count from zero.
    private const long NeverCounted = -1;

    /// <summary>A device that is away for longer signs in with the password again.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(21);

    /// <summary>A token of this age is followed by another, so that a device in use never runs out; a write a week.</summary>
    public static readonly TimeSpan RenewedAfter = TimeSpan.FromDays(7);

    private readonly XmppServer _server;
    private readonly TokenVault? _vault;

    internal FastTokens(XmppServer server)
    {
        _server = server;
        _vault = server.Options.TokenKey.Length == 0 ? null : new TokenVault(server.Options.TokenKey);
    }

    /// <summary>There is a key to keep tokens under.</summary>
    internal bool IsOffered => _vault is not null;

    private IAccountStore Store => _server.Stores.Accounts;
    private DateTimeOffset Now => _server.Time.GetUtcNow();

    /// <summary>
    /// A new token for the device, which is known from now on; null without a user-agent id or a key. The token in use
    /// stays good until the new one is used.
    /// </summary>
    /// <param name="current">Asked while it is written: false where the sign-in that it follows no longer counts.</param>
    public async Task<IssuedToken?> IssueAsync(
        Account account,
        UserAgent agent,
        string mechanism,
        bool usedPassword,
        Func<bool>? current = null
    )
    {
        if (_vault is null || agent.Key is null)
            return null;
        long device = await _server.Devices.SeenAsync(account, agent.Key, agent, usedPassword);
        (IssuedToken token, FastTokenRecord record) = Make(account.Id, device, mechanism);
        bool saved = await _server.Stores.Database.WriteAsync(transaction =>
        {
            if (current?.Invoke() == false)
                return false;
            Store.SaveFastToken(transaction, record);
            return true;
        });
        return saved ? token : null;
    }

    private (IssuedToken, FastTokenRecord) Make(long account, long device, string mechanism)
    {
        string token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenLength));
        DateTimeOffset expires = Now + Lifetime;
        byte[] sealedToken = _vault!.Seal(Encoding.UTF8.GetBytes(token), new(account, device, mechanism));
        return (
            new IssuedToken(token, expires),
            new FastTokenRecord(device, Following, mechanism, sealedToken, expires, NeverCounted)
        );
    }

    /// <summary>
    /// The tokens that a name has for the agent and the mechanism, the following one first. Names and devices that do not
    /// exist cost the same reads.
    /// </summary>
    internal IReadOnlyList<(FastTokenRecord Record, byte[] Token)> Find(string name, UserAgent agent, string mechanism)
    {
        using Access access = _server.Stores.Database.OpenRead();
        long account = Store.Find(access, name)?.Id ?? 0;
        long device = Store.FindDevice(access, account, agent.Key ?? "")?.Id ?? 0;
        var found = new List<(FastTokenRecord, byte[])>(2);
        foreach (FastTokenRecord record in Store.FastTokens(access, device).OrderByDescending(token => token.Slot))
            if (
                record.Mechanism == mechanism
                && _vault!.TryOpen(record.Secret, new(account, device, mechanism), out byte[]? token)
            )
                found.Add((record, token));
        return found;
    }

    /// <summary>
    /// A token was proved: spends it as the specification says. The failure when it does not count after all, and the
    /// token that follows it, if there is one.
    /// </summary>
    internal async Task<(SaslFailure? Refusal, IssuedToken? Next)> UseAsync(
        Account account,
        FastTokenRecord used,
        FastUse use
    )
    {
        if (used.Expires <= Now)
            return (SaslFailure.CredentialsExpired, null);
        bool due = used.Expires - Now < Lifetime - RenewedAfter && !use.Invalidate;
        string? mechanism = use.Request ?? (due ? used.Mechanism : null);
        (IssuedToken Token, FastTokenRecord Record)? next = mechanism is null
            ? null
            : Make(account.Id, used.Device, mechanism);
        if (used.Slot == Current && use.Count is null && !use.Invalidate && next is null)
            return (null, null);
        Action? signedOut = null;
        bool spent = await _server.Stores.Database.WriteAsync(
            transaction =>
            {
                bool good = Spend(transaction, used, use, next?.Record);
                signedOut =
                    good && use.SignsOut
                        ? _server.Devices.SignOut(transaction, account, used.Device, use.Leaves)
                        : null;
                return good;
            },
            _ => signedOut?.Invoke()
        );
        return spent ? (null, next?.Token) : (SaslFailure.NotAuthorized, null);
    }

    // §3.4 and the algorithm of §5.1, on what is there now: another stream may have been quicker.
    private bool Spend(Transaction transaction, FastTokenRecord used, FastUse use, FastTokenRecord? next)
    {
        FastTokenRecord? stored = Store
            .FastTokens(transaction, used.Device)
            .FirstOrDefault(token => token.Secret.AsSpan().SequenceEqual(used.Secret));
        if (stored is null || use.Count <= stored.Count)
            return false;
        if (use.Invalidate || stored.Slot == Following)
            Store.RemoveFastTokens(transaction, used.Device);
        if (!use.Invalidate)
            Store.SaveFastToken(transaction, stored with { Slot = Current, Count = use.Count ?? stored.Count });
        if (next is not null)
            Store.SaveFastToken(transaction, next);
        return true;
    }

    /// <summary>Devices of the account with a token that is still good.</summary>
    internal bool HasTokens(Access access, long device) =>
        Store.FastTokens(access, device).Any(token => token.Expires > Now);
}
