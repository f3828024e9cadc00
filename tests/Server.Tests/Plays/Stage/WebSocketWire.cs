using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Xml.Linq;
using Xmpp.Server.Streams;
using Xmpp.Xml;

namespace Server.Tests.Plays.Stage;

/// <summary>RFC 7395 framing from the client's side, by the framework's own WebSocket.</summary>
internal sealed class WebSocketWire(Stream stream) : Wire
{
    private readonly WebSocket _socket = Create(stream, isServer: false);

    /// <summary>For plays about frames.</summary>
    public WebSocket Socket => _socket;

    private static WebSocket Create(Stream stream, bool isServer) =>
        WebSocket.CreateFromStream(
            stream,
            new WebSocketCreationOptions
            {
                IsServer = isServer,
                SubProtocol = "xmpp",
                KeepAliveInterval = Timeout.InfiniteTimeSpan,
            }
        );

    public static Transport ServerEnd(Stream stream) =>
        new WebSocketTransport(Create(stream, isServer: true), IPAddress.Loopback, secure: true, new XmlLimits());

    public override Task OpenAsync(string to) => RawAsync($"<open xmlns='{Ns.Framing}' to='{to}' version='1.0'/>");

    /// <summary>Each element must declare its own namespace (§3.3.3).</summary>
    public override Task SendAsync(string xml) => RawAsync(Pattern.Parse(xml).ToString(SaveOptions.DisableFormatting));

    /// <summary>One message exactly as it is written.</summary>
    public Task RawAsync(string xml) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(xml), WebSocketMessageType.Text, true, CancellationToken.None);

    public override Task CloseAsync() => RawAsync($"<close xmlns='{Ns.Framing}'/>");

    public override async Task<XElement?> ReadAsync(CancellationToken cancellation)
    {
        var message = new MemoryStream();
        var buffer = new byte[4096];
        WebSocketReceiveResult part;
        do
        {
            try
            {
                part = await _socket.ReceiveAsync(buffer, cancellation);
            }
            catch (WebSocketException lost)
            {
                throw new IOException(lost.Message, lost);
            }
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            message.Write(buffer, 0, part.Count);
        } while (!part.EndOfMessage);
        XElement element = XElement.Parse(Encoding.UTF8.GetString(message.ToArray()), LoadOptions.PreserveWhitespace);
        return element.Name == XName.Get("close", Ns.Framing) ? null : element;
    }
}
