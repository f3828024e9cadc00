using System.Buffers.Text;
using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Xmpp.Server.Sessions;

/// <summary>The elements of XEP-0198 that are written for every few stanzas.</summary>
internal static class StreamManagement
{
    public static void WriteRequest(Transport transport) => transport.Write("<r xmlns='urn:xmpp:sm:3'/>"u8);

    public static void WriteAcknowledgement(Transport transport, uint handled)
    {
        Span<byte> element = stackalloc byte[64];
        "<a xmlns='urn:xmpp:sm:3' h='"u8.CopyTo(element);
        Utf8Formatter.TryFormat(handled, element[28..], out int digits);
        "'/>"u8.CopyTo(element[(28 + digits)..]);
        transport.Write(element[..(31 + digits)]);
    }

    /// <summary>What goes with the error when more is acknowledged than was sent (XEP-0198 §6).</summary>
    public static byte[] TooHigh(uint handled, uint sent) =>
        new XmlBuilder(around: "")
            .Start("handled-count-too-high", Ns.StreamManagement)
            .Attribute("h", handled)
            .Attribute("send-count", sent)
            .ToArray();
}
