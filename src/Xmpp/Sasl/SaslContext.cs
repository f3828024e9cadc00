namespace Xmpp.Sasl;

/// <summary>What the mechanisms need to know about one stream.</summary>
/// <param name="Accounts">Where names, passwords and keys come from.</param>
/// <param name="Domain">The stream's prepared domain: an authzid may be <c>user</c> or <c>user@domain</c>.</param>
/// <param name="Secret">At least 32 random bytes that never change; the salts shown for accounts that do not exist
/// come from it.</param>
/// <param name="Offered">What this stream advertised to this client, in the profile (SASL or SASL2) it uses.</param>
public sealed record SaslContext(ISaslAccounts Accounts, string Domain, byte[] Secret, MechanismList Offered)
{
    /// <summary>Whether a client may name <paramref name="authzid"/> after it has proved to be
    /// <paramref name="user"/>: nobody but itself (RFC 6120 §6.3.8).</summary>
    internal bool IsSelf(string user, string authzid)
    {
        var at = authzid.IndexOf('@', StringComparison.Ordinal);
        var name = at < 0 ? authzid : authzid[..at];
        return (at < 0 || authzid.AsSpan(at + 1).Equals(Domain, StringComparison.OrdinalIgnoreCase))
            && string.Equals(Accounts.PrepareUser(name), user, StringComparison.Ordinal);
    }
}
