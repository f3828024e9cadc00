using System.Globalization;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// What a client asks of a page (XEP-0059 §2). <see cref="Before"/> is the empty text for the last page.
/// </summary>
internal sealed record ResultSetRequest(int? Max, string? After, string? Before, int? Index)
{
    private static readonly ResultSetRequest _none = new(null, null, null, null);

    /// <summary>Reads the <c>&lt;set/&gt;</c> inside a request; without one everything is left to the server.</summary>
    /// <exception cref="StanzaErrorException"><c>bad-request</c>: a number is none.</exception>
    public static ResultSetRequest Read(Element request)
    {
        Element set = request.Child("set", Ns.ResultSets);
        if (!set.Exists)
            return _none;
        Element after = set.Child("after");
        Element before = set.Child("before");
        return new(
            Number(set.Child("max")),
            after.Exists ? after.Text : null,
            before.Exists ? before.Text : null,
            Number(set.Child("index"))
        );
    }

    private static int? Number(Element element)
    {
        if (!element.Exists)
            return null;
        return int.TryParse(element.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new StanzaErrorException(StanzaError.BadRequest($"<{element.Name}/> is no number"));
    }
}

/// <summary>What a page says of itself.</summary>
internal sealed record ResultSetAnswer(string? First, string? Last, long? Index = null, long? Count = null)
{
    public void Write(XmlBuilder builder)
    {
        builder.Start("set", Ns.ResultSets);
        if (First is not null)
        {
            builder.Start("first");
            if (Index is { } index)
                builder.Attribute("index", index);
            builder.Text(First).End().Element("last", Last ?? First);
        }
        if (Count is { } count)
            builder.Start("count").Text(count).End();
        builder.End();
    }
}
