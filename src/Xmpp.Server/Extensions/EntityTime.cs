using System.Globalization;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>XEP-0202 Entity Time of the server.</summary>
internal sealed class EntityTime(XmppServer server) : Extension
{
    private const string Ns = "urn:xmpp:time";

    public override void Declare(Declarations declare)
    {
        declare.Implements("0202", "Entity Time", "2.0");
        declare.ServerFeature(Ns);
        declare.OnGet(Target.Server, Ns, "time", _ => new(Now()));
    }

    private Reply Now()
    {
        DateTimeOffset now = server.Time.GetUtcNow();
        TimeSpan offset = server.Time.LocalTimeZone.GetUtcOffset(now);
        string zone = (offset < TimeSpan.Zero ? "-" : "+") + offset.ToString(@"hh\:mm", CultureInfo.InvariantCulture);
        return Reply.Result(new XmlBuilder().Start("time", Ns).Element("tzo", zone).Element("utc", XmlText.Stamp(now)));
    }
}
