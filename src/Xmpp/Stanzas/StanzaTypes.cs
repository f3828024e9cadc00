namespace Xmpp.Stanzas;

/// <summary>The three kinds of stanza (RFC 6120 §8.2).</summary>
public enum StanzaKind
{
    Message,
    Presence,
    Iq,
}

/// <summary>The values of <c>type</c> (RFC 6120 §8.2.3, RFC 6121 §4.7.1, §5.2.2). One that is not known reads as the kind's default.</summary>
public enum StanzaType
{
    Normal,
    Chat,
    Groupchat,
    Headline,
    Error,
    Available,
    Unavailable,
    Subscribe,
    Subscribed,
    Unsubscribe,
    Unsubscribed,
    Probe,
    Get,
    Set,
    Result,

    /// <summary>An IQ or presence whose type is not one of the RFC's: answered with <c>bad-request</c>.</summary>
    Invalid,
}

/// <summary>Names and types as they stand in start tags.</summary>
internal static class StanzaNames
{
    public static ReadOnlySpan<byte> Utf8(StanzaKind kind) =>
        kind switch
        {
            StanzaKind.Message => "message"u8,
            StanzaKind.Presence => "presence"u8,
            _ => "iq"u8,
        };

    /// <summary>Empty for the default, which is left out.</summary>
    public static ReadOnlySpan<byte> Utf8(StanzaType type) =>
        type switch
        {
            StanzaType.Chat => "chat"u8,
            StanzaType.Groupchat => "groupchat"u8,
            StanzaType.Headline => "headline"u8,
            StanzaType.Error => "error"u8,
            StanzaType.Unavailable => "unavailable"u8,
            StanzaType.Subscribe => "subscribe"u8,
            StanzaType.Subscribed => "subscribed"u8,
            StanzaType.Unsubscribe => "unsubscribe"u8,
            StanzaType.Unsubscribed => "unsubscribed"u8,
            StanzaType.Probe => "probe"u8,
            StanzaType.Get => "get"u8,
            StanzaType.Set => "set"u8,
            StanzaType.Result => "result"u8,
            _ => default,
        };

    public static StanzaType Parse(StanzaKind kind, string? type) =>
        (kind, type) switch
        {
            (_, "error") => StanzaType.Error,
            (StanzaKind.Message, "chat") => StanzaType.Chat,
            (StanzaKind.Message, "groupchat") => StanzaType.Groupchat,
            (StanzaKind.Message, "headline") => StanzaType.Headline,
            (StanzaKind.Message, _) => StanzaType.Normal,
            (StanzaKind.Presence, null) => StanzaType.Available,
            (StanzaKind.Presence, "unavailable") => StanzaType.Unavailable,
            (StanzaKind.Presence, "subscribe") => StanzaType.Subscribe,
            (StanzaKind.Presence, "subscribed") => StanzaType.Subscribed,
            (StanzaKind.Presence, "unsubscribe") => StanzaType.Unsubscribe,
            (StanzaKind.Presence, "unsubscribed") => StanzaType.Unsubscribed,
            (StanzaKind.Presence, "probe") => StanzaType.Probe,
            (StanzaKind.Iq, "get") => StanzaType.Get,
            (StanzaKind.Iq, "set") => StanzaType.Set,
            (StanzaKind.Iq, "result") => StanzaType.Result,
            _ => StanzaType.Invalid,
        };
}
