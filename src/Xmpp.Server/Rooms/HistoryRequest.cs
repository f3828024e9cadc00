using System.Globalization;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>How much of what was said before somebody wants as they enter (XEP-0045 §7.2.14); null: not said.</summary>
internal sealed record HistoryRequest(int? MaxChars, int? MaxStanzas, int? Seconds, DateTimeOffset? Since)
{
    /// <exception cref="StanzaErrorException"><c>bad-request</c>: a number or time is none.</exception>
    public static HistoryRequest Read(Stanza presence)
    {
        Element history = presence.Child("x", RoomNs.Muc).Child("history", RoomNs.Muc);
        return new(
            Number(history, "maxchars"),
            Number(history, "maxstanzas"),
            Number(history, "seconds"),
            Time(history.Attribute("since"))
        );
    }

    public DateTimeOffset? SinceAt(DateTimeOffset now)
    {
        DateTimeOffset? recent = Seconds is { } seconds ? now - TimeSpan.FromSeconds(seconds) : null;
        return Since is { } since && recent is { } other ? (since > other ? since : other) : Since ?? recent;
    }

    private static int? Number(Element history, string name)
    {
        if (history.Attribute(name) is not { } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new StanzaErrorException(StanzaError.BadRequest(name + " is no number"));
    }

    private static DateTimeOffset? Time(string? text)
    {
        if (text is null)
            return null;
        return XmlText.TryStamp(text, out DateTimeOffset time)
            ? time
            : throw new StanzaErrorException(StanzaError.BadRequest("since is no time"));
    }
}
