namespace Xmpp.Xml;

/// <summary>Why a stream ends (RFC 6120 §4.9.3).</summary>
public enum StreamErrorCondition
{
    BadFormat,
    BadNamespacePrefix,
    Conflict,
    ConnectionTimeout,
    HostGone,
    HostUnknown,
    ImproperAddressing,
    InternalServerError,
    InvalidFrom,
    InvalidNamespace,
    InvalidXml,
    NotAuthorized,
    NotWellFormed,
    PolicyViolation,
    RemoteConnectionFailed,
    Reset,
    ResourceConstraint,
    RestrictedXml,
    SeeOtherHost,
    SystemShutdown,
    UndefinedCondition,
    UnsupportedEncoding,
    UnsupportedFeature,
    UnsupportedStanzaType,
    UnsupportedVersion,
}

/// <summary>The peer's fault: its stream ends with this condition (RFC 6120 §4.9).</summary>
public sealed class StreamErrorException(StreamErrorCondition condition, string? text = null)
    : Exception(text ?? condition.ToString())
{
    public StreamErrorCondition Condition { get; } = condition;

    /// <summary>Words for the peer's developer; null for none.</summary>
    public string? Text { get; } = text;

    /// <summary>An application's own condition (RFC 6120 §4.9.4), whole and with its own namespace; empty for none.</summary>
    public ReadOnlyMemory<byte> Extra { get; init; }

    /// <summary>The condition's element name.</summary>
    public static string ElementName(StreamErrorCondition condition) =>
        condition switch
        {
            StreamErrorCondition.BadFormat => "bad-format",
            StreamErrorCondition.BadNamespacePrefix => "bad-namespace-prefix",
            StreamErrorCondition.Conflict => "conflict",
            StreamErrorCondition.ConnectionTimeout => "connection-timeout",
            StreamErrorCondition.HostGone => "host-gone",
            StreamErrorCondition.HostUnknown => "host-unknown",
            StreamErrorCondition.ImproperAddressing => "improper-addressing",
            StreamErrorCondition.InternalServerError => "internal-server-error",
            StreamErrorCondition.InvalidFrom => "invalid-from",
            StreamErrorCondition.InvalidNamespace => "invalid-namespace",
            StreamErrorCondition.InvalidXml => "invalid-xml",
            StreamErrorCondition.NotAuthorized => "not-authorized",
            StreamErrorCondition.NotWellFormed => "not-well-formed",
            StreamErrorCondition.PolicyViolation => "policy-violation",
            StreamErrorCondition.RemoteConnectionFailed => "remote-connection-failed",
            StreamErrorCondition.Reset => "reset",
            StreamErrorCondition.ResourceConstraint => "resource-constraint",
            StreamErrorCondition.RestrictedXml => "restricted-xml",
            StreamErrorCondition.SeeOtherHost => "see-other-host",
            StreamErrorCondition.SystemShutdown => "system-shutdown",
            StreamErrorCondition.UnsupportedEncoding => "unsupported-encoding",
            StreamErrorCondition.UnsupportedFeature => "unsupported-feature",
            StreamErrorCondition.UnsupportedStanzaType => "unsupported-stanza-type",
            StreamErrorCondition.UnsupportedVersion => "unsupported-version",
            _ => "undefined-condition",
        };
}
