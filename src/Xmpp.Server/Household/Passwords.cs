using System.Security.Cryptography;
using Xmpp.Addresses.Precis;
using Xmpp.Sasl;

namespace Xmpp.Server.Household;

/// <summary>Passwords as they are prepared and kept: as SCRAM keys of both hashes only.</summary>
public static class Passwords
{
    /// <summary>Characters that a password has at least when its person chooses it here.</summary>
    public const int ShortestChosen = 8;

    private const int Longest = 1023;

    /// <summary>OpaqueString (RFC 8265 §4.2); null when it cannot be a password.</summary>
    public static string? Prepare(string password) =>
        password.Length <= Longest && OpaqueString.TryPrepare(password, out string? prepared) ? prepared : null;

    /// <summary>Refuses what a person should not choose.</summary>
    /// <exception cref="RefusedException">Too short, or no password at all.</exception>
    public static void CheckChosen(string password)
    {
        if (password.EnumerateRunes().Count() < ShortestChosen)
            throw new RefusedException(
                Refusal.ShortPassword,
                $"The password is too short: it needs at least {ShortestChosen} characters."
            );
        if (Prepare(password) is null)
            throw new RefusedException(Refusal.BadPassword, "This cannot be a password.");
    }

    /// <summary>Keys for both hashes; null when it cannot be a password. Takes milliseconds: never call it on the writer.</summary>
    public static IReadOnlyList<ScramKeys>? Derive(string password)
    {
        if (Prepare(password) is not { } prepared)
            return null;
        return [Keys(prepared, ScramHash.Sha256), Keys(prepared, ScramHash.Sha1)];
    }

    private static ScramKeys Keys(string prepared, ScramHash hash) =>
        ScramKeys.Derive(
            prepared,
            hash,
            RandomNumberGenerator.GetBytes(ScramKeys.SaltLength),
            ScramKeys.DefaultIterations
        );
}
