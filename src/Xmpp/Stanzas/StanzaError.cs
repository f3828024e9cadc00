using Xmpp.Xml;

namespace Xmpp.Stanzas;

/// <summary>
/// A stanza error (RFC 6120 §8.3): type (<c>auth</c>, <c>cancel</c>, <c>continue</c>, <c>modify</c>, <c>wait</c>),
/// defined condition, and words or an application's own element where they help.
/// </summary>
public sealed record StanzaError(string Type, string Condition, string? Text = null)
{
    /// <summary>An application-specific condition, whole and with its own namespace; empty for none.</summary>
    public ReadOnlyMemory<byte> Extra { get; init; }

    /// <summary>The element inside the defined condition: the alternate address of <c>gone</c> and <c>redirect</c>.</summary>
    public string? Alternate { get; init; }

    public static StanzaError BadRequest(string? text = null) => new("modify", "bad-request", text);

    public static StanzaError Conflict(string? text = null) => new("cancel", "conflict", text);

    public static StanzaError FeatureNotImplemented(string? text = null) =>
        new("cancel", "feature-not-implemented", text);

    public static StanzaError Forbidden(string? text = null) => new("auth", "forbidden", text);

    public static StanzaError InternalServerError(string? text = null) => new("cancel", "internal-server-error", text);

    public static StanzaError ItemNotFound(string? text = null) => new("cancel", "item-not-found", text);

    public static StanzaError JidMalformed(string? text = null) => new("modify", "jid-malformed", text);

    public static StanzaError NotAcceptable(string? text = null) => new("modify", "not-acceptable", text);

    public static StanzaError NotAllowed(string? text = null) => new("cancel", "not-allowed", text);

    public static StanzaError NotAuthorized(string? text = null) => new("auth", "not-authorized", text);

    public static StanzaError PolicyViolation(string? text = null) => new("modify", "policy-violation", text);

    public static StanzaError RegistrationRequired(string? text = null) => new("auth", "registration-required", text);

    public static StanzaError RemoteServerNotFound(string? text = null) =>
        new("cancel", "remote-server-not-found", text);

    public static StanzaError ResourceConstraint(string? text = null) => new("wait", "resource-constraint", text);

    public static StanzaError ServiceUnavailable(string? text = null) => new("cancel", "service-unavailable", text);

    public static StanzaError UnexpectedRequest(string? text = null) => new("wait", "unexpected-request", text);

    // XEP-0086 §3: Profanity, to this day, sees by its code alone that a contact has no OMEMO devices yet.
    private string? LegacyCode =>
        Condition switch
        {
            "gone" or "redirect" => "302",
            "bad-request" or "jid-malformed" or "unexpected-request" => "400",
            "not-authorized" => "401",
            "payment-required" => "402",
            "forbidden" => "403",
            "item-not-found" or "recipient-unavailable" or "remote-server-not-found" => "404",
            "not-allowed" => "405",
            "not-acceptable" => "406",
            "registration-required" or "subscription-required" => "407",
            "conflict" => "409",
            "internal-server-error" or "resource-constraint" or "undefined-condition" => "500",
            "feature-not-implemented" => "501",
            "service-unavailable" => "503",
            "remote-server-timeout" => "504",
            _ => null,
        };

    /// <summary>The <c>&lt;error/&gt;</c> element, in the stanza's own namespace, with its older code (XEP-0086).</summary>
    public void Write(XmlBuilder builder)
    {
        builder.Start("error").Attribute("type", Type);
        if (LegacyCode is { } code)
            builder.Attribute("code", code);
        builder.Start(Condition, Ns.StanzaErrors);
        if (Alternate is not null)
            builder.Text(Alternate);
        builder.End();
        if (Text is not null)
            builder.Element("text", Text, Ns.StanzaErrors);
        builder.Copy(Extra.Span).End();
    }

    /// <summary>The same as bytes.</summary>
    public byte[] ToArray()
    {
        var builder = new XmlBuilder();
        Write(builder);
        return builder.ToArray();
    }
}

/// <summary>A peer's fault within one stanza: it is answered with this error and harms nothing else.</summary>
public sealed class StanzaErrorException(StanzaError error) : Exception(error.Condition)
{
    public StanzaError Error { get; } = error;
}
