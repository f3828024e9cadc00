using Xmpp.Addresses;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>A bookmarked room, as both specifications know it.</summary>
internal sealed record Bookmark(string Room, string? Name, bool AutoJoin, string? Nick, string? Password)
{
    /// <summary>Null when its payload is something else.</summary>
    public static Bookmark? OfItem(ItemRecord item)
    {
        Element conference = item.Payload.Length > 0 ? XmlFragment.Parse(item.Payload).Root : default;
        return conference.Is("conference", Bookmarks.Ns) ? Read(item.Name, conference) : null;
    }

    /// <summary>Null when it has no address.</summary>
    public static Bookmark? OfLegacy(Element conference) =>
        Jid.TryParse(conference.Attribute("jid"), out Jid? room) ? Read(room.ToString(), conference) : null;

    private static Bookmark Read(string room, Element conference) =>
        new(
            room,
            conference.Attribute("name"),
            conference.Attribute("autojoin") is "true" or "1",
            Text(conference.Child("nick")),
            Text(conference.Child("password"))
        );

    private static string? Text(Element element) => element.Exists ? element.Text : null;

    /// <summary>XEP-0048 §3.1.</summary>
    public void WriteLegacy(XmlBuilder storage)
    {
        storage.Start("conference").Attribute("jid", Room);
        WriteRest(storage);
        storage.End();
    }

    /// <summary>XEP-0402 §3, with the extensions that it had before (§4.4).</summary>
    public byte[] ToItem(Element before)
    {
        XmlBuilder item = new XmlBuilder(around: "").Start("conference", Bookmarks.Ns);
        WriteRest(item);
        foreach (Element child in before.Children)
            if (child.Is("extensions", Bookmarks.Ns))
                item.Copy(child.Bytes.Span);
        return item.ToArray();
    }

    private void WriteRest(XmlBuilder builder)
    {
        builder.Attribute("name", Name).Attribute("autojoin", AutoJoin ? "true" : null);
        if (Nick is not null)
            builder.Element("nick", Nick);
        if (Password is not null)
            builder.Element("password", Password);
    }
}
