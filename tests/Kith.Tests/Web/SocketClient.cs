using System.Net.WebSockets;
using System.Text;
using System.Xml.Linq;

namespace Kith.Tests.Web;

/// <summary>A web client that is signed in over a WebSocket (RFC 7395, XEP-0388).</summary>
internal sealed class SocketClient : IDisposable
{
    private const string Ns = "urn:kith:session:0";
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(60));
    private int _ids;

    private SocketClient() { }

    public static async Task<SocketClient> SignInAsync(WebStage stage, string name, string password)
    {
        var client = new SocketClient();
        client._socket.Options.AddSubProtocol("xmpp");
        var address = new UriBuilder(stage.Address) { Scheme = "ws", Path = "/xmpp-websocket" };
        await client._socket.ConnectAsync(address.Uri, client._patience.Token);
        await client.SayAsync("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='kith.test' version='1.0'/>");
        string plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{name}\0{password}"));
        await client.SayAsync(
            $"<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>{plain}</initial-response>"
                + "<bind xmlns='urn:xmpp:bind:0'/></authenticate>"
        );
        await client.HearAsync(element => element.Name.LocalName == "success");
        return client;
    }

    /// <summary>What its browser may sign in with at <c>/api/session</c>.</summary>
    public async Task<string> CodeAsync()
    {
        string id = $"c{++_ids}";
        await SayAsync($"<iq xmlns='jabber:client' type='set' id='{id}'><code xmlns='{Ns}'/></iq>");
        XElement answer = await HearAsync(element => element.Attribute("id")?.Value == id);
        return answer.Element(XName.Get("code", Ns))!.Value;
    }

    private Task SayAsync(string xml) =>
        _socket.SendAsync(Encoding.UTF8.GetBytes(xml), WebSocketMessageType.Text, true, _patience.Token);

    private async Task<XElement> HearAsync(Func<XElement, bool> wanted)
    {
        var buffer = new byte[65536];
        while (true)
        {
            ValueWebSocketReceiveResult part = await _socket.ReceiveAsync(buffer.AsMemory(), _patience.Token);
            if (part.MessageType == WebSocketMessageType.Close || !part.EndOfMessage)
                throw new IOException("the stream ended");
            XElement element = XElement.Parse(Encoding.UTF8.GetString(buffer, 0, part.Count));
            if (wanted(element))
                return element;
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _patience.Dispose();
    }
}
