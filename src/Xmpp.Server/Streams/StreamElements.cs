using Xmpp.Xml;

namespace Xmpp.Server.Streams;

/// <summary>Elements that streams themselves send.</summary>
internal static class StreamElements
{
    /// <summary>RFC 6120 §4.9.2. The prefix is declared here, so that it reads the same in every framing.</summary>
    public static byte[] Error(StreamErrorException error)
    {
        var builder = new XmlBuilder(around: "")
            .Start("stream:error")
            .Attribute("xmlns:stream", Ns.Streams)
            .Empty(StreamErrorException.ElementName(error.Condition), Ns.StreamErrors);
        if (error.Text is not null)
            builder.Element("text", error.Text, Ns.StreamErrors);
        return builder.Copy(error.Extra.Span).ToArray();
    }
}
