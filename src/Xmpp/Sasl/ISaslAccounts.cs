namespace Xmpp.Sasl;

/// <summary>The accounts as the mechanisms see them. Called while a stream signs in, so an answer comes from memory
/// or from one indexed read.</summary>
public interface ISaslAccounts
{
    /// <summary>The name as accounts are stored under (RFC 7622 §3.3), or null when no account can have it.</summary>
    string? PrepareUser(string name);

    /// <summary>The password as keys were derived from (OpaqueString, RFC 8265 §4.2), or null when it cannot be
    /// one.</summary>
    string? PreparePassword(string password);

    /// <summary>The keys of an account, or null when there is no such account or it has none for that hash. Both look
    /// the same to the client.</summary>
    ScramKeys? Find(string user, ScramHash hash);
}
