using System.Security.Cryptography;

namespace Xmpp.Sasl;

/// <summary>The task by which a client that has just signed in gives the server keys for another hash (XEP-0480 §3).
/// Made for one exchange.</summary>
public sealed class ScramUpgrade
{
    private const string Prefix = "UPGR-";

    public ScramUpgrade(ScramHash hash)
        : this(hash, RandomNumberGenerator.GetBytes(ScramKeys.SaltLength), ScramKeys.DefaultIterations) { }

    internal ScramUpgrade(ScramHash hash, byte[] salt, int iterations) =>
        (Hash, Salt, Iterations) = (hash, salt, iterations);

    public ScramHash Hash { get; }

    /// <summary>Goes base64 encoded into <c>salt</c>.</summary>
    public byte[] Salt { get; }

    /// <summary>Goes into <c>salt/@iterations</c>.</summary>
    public int Iterations { get; }

    /// <summary>The task's name on the wire, such as <c>UPGR-SCRAM-SHA-256</c>.</summary>
    public static string TaskName(ScramHash hash) => Prefix + hash.MechanismName();

    /// <summary>The hash that a task upgrades to, or null when we do not know the task.</summary>
    public static ScramHash? FromTaskName(string task) =>
        task switch
        {
            "UPGR-SCRAM-SHA-1" => ScramHash.Sha1,
            "UPGR-SCRAM-SHA-256" => ScramHash.Sha256,
            _ => null,
        };

    /// <summary>The keys from the client's <c>hash</c> (its SaltedPassword), or null when it is not one of this hash.
    /// </summary>
    public ScramKeys? Accept(ReadOnlySpan<byte> saltedPassword) =>
        saltedPassword.Length == Hash.Length()
            ? ScramKeys.FromSaltedPassword(saltedPassword, Hash, Salt, Iterations)
            : null;
}
