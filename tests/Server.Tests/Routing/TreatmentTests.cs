using System.Text;
using Shouldly;
using Xmpp.Server.Routing;
using Xmpp.Stanzas;
using Xmpp.Xml;
using Xunit;

namespace Server.Tests.Routing;

/// <summary>The table of payloads, where one message carries several kinds.</summary>
public sealed class TreatmentTests
{
    [Theory]
    [InlineData("<body>x</body><active xmlns='http://jabber.org/protocol/chatstates'/>", "body")]
    [InlineData("<body>x</body><retract xmlns='urn:xmpp:message-retract:1' id='m'/>", "retraction")]
    [InlineData(
        "<body>x</body><apply-to xmlns='urn:xmpp:fasten:0' id='m'><retract xmlns='urn:xmpp:message-retract:0'/></apply-to>",
        "retraction"
    )]
    [InlineData(
        "<body>x</body><apply-to xmlns='urn:xmpp:fasten:0' id='m'><pin xmlns='urn:example'/></apply-to>",
        "body"
    )]
    public void Of_several_kinds_one_decides(string inside, string kind)
    {
        byte[] bytes = Encoding.UTF8.GetBytes($"<message xmlns='jabber:client' type='chat'>{inside}</message>");
        Stanza.TryRead(XmlFragment.Parse(bytes).Root, out Stanza? message, out _).ShouldBeTrue();
        Treatment.Of(message!).Kind.ShouldBe(kind);
    }
}
