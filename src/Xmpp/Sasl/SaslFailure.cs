namespace Xmpp.Sasl;

/// <summary>Why a sign-in ended without success, named as on the wire (RFC 6120 §6.5).</summary>
public enum SaslFailure
{
    Aborted,
    AccountDisabled,
    CredentialsExpired,
    EncryptionRequired,
    IncorrectEncoding,
    InvalidAuthzid,
    InvalidMechanism,
    MalformedRequest,
    MechanismTooWeak,
    NotAuthorized,
    TemporaryAuthFailure,
}

/// <summary>The names of <see cref="SaslFailure"/> on the wire.</summary>
public static class SaslFailureNames
{
    /// <summary>The element's local name, such as <c>not-authorized</c>.</summary>
    public static string ElementName(this SaslFailure failure) =>
        failure switch
        {
            SaslFailure.Aborted => "aborted",
            SaslFailure.AccountDisabled => "account-disabled",
            SaslFailure.CredentialsExpired => "credentials-expired",
            SaslFailure.EncryptionRequired => "encryption-required",
            SaslFailure.IncorrectEncoding => "incorrect-encoding",
            SaslFailure.InvalidAuthzid => "invalid-authzid",
            SaslFailure.InvalidMechanism => "invalid-mechanism",
            SaslFailure.MalformedRequest => "malformed-request",
            SaslFailure.MechanismTooWeak => "mechanism-too-weak",
            SaslFailure.TemporaryAuthFailure => "temporary-auth-failure",
            _ => "not-authorized",
        };
}
