using System.Text;
using System.Text.Unicode;

namespace Xmpp.Sasl;

/// <summary>PLAIN, server side (RFC 4616). Each message costs one derivation of keys, so callers slow down who
/// guesses.</summary>
internal sealed class PlainServer(SaslContext context) : ServerMechanism("PLAIN")
{
    /// <summary><c>[authzid] NUL authcid NUL passwd</c>.</summary>
    private protected override SaslStep Step(ReadOnlySpan<byte> input)
    {
        if (!Utf8.IsValid(input))
            return SaslStep.Failure(SaslFailure.IncorrectEncoding);
        if (input.Count((byte)0) != 2)
            return SaslStep.Failure(SaslFailure.MalformedRequest);
        var first = input.IndexOf((byte)0);
        var last = input.LastIndexOf((byte)0);
        var authzid = Encoding.UTF8.GetString(input[..first]);
        var name = Encoding.UTF8.GetString(input[(first + 1)..last]);
        var password = Encoding.UTF8.GetString(input[(last + 1)..]);
        if (name.Length == 0 || password.Length == 0)
            return SaslStep.Failure(SaslFailure.MalformedRequest);

        var user = context.Accounts.PrepareUser(name);
        var prepared = context.Accounts.PreparePassword(password);
        if (user is null || prepared is null)
            return SaslStep.Failure(SaslFailure.NotAuthorized);
        // Nobody authenticates as one and acts as another.
        if (authzid.Length > 0 && !context.IsSelf(user, authzid))
            return SaslStep.Failure(SaslFailure.InvalidAuthzid);
        return Matches(user, prepared) ? SaslStep.Success(user) : SaslStep.Failure(SaslFailure.NotAuthorized);
    }

    private bool Matches(string user, string password)
    {
        var found = context.Accounts.Find(user, ScramHash.Sha256) ?? context.Accounts.Find(user, ScramHash.Sha1);
        var keys = found ?? ScramKeys.Fake(ScramHash.Sha256, context.Secret, user);
        // Derived for unknown names too, so that the time does not tell them.
        return keys.Matches(password) & found is not null;
    }
}
