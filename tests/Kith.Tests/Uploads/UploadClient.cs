using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Kith.Tests.Client;
using Kith.Tests.Program;
using Xmpp.Xml;

namespace Kith.Tests.Uploads;

/// <summary>The two addresses of a slot.</summary>
internal sealed record Slot(Uri Put, Uri Get)
{
    /// <summary>The name of its file on disk.</summary>
    public string Id => Get.Segments[^2].TrimEnd('/');
}

/// <summary>An app that shares files: it asks for slots on its stream, and has one HTTPS connection to the same box.</summary>
internal sealed class UploadClient : IDisposable
{
    public const string Upload = "urn:xmpp:http:upload:0";
    private readonly KithHome _home;
    private readonly int _port = KithHome.FreePort();
    private Socket? _socket;

    public UploadClient(KithHome home)
    {
        _home = home;
        var handler = new SocketsHttpHandler
        {
            MaxConnectionsPerServer = 1,
            // No name service knows the home; any certificate will do.
            ConnectCallback = async (_, cancellation) =>
            {
                _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
                {
                    NoDelay = true,
                };
                await _socket.ConnectAsync(IPAddress.Loopback, _port, cancellation);
                return new NetworkStream(_socket, ownsSocket: true);
            },
        };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        Http = new HttpClient(handler) { Timeout = Signal.Patience };
    }

    public HttpClient Http { get; }

    public Device Device { get; } = new(KithHome.Domain, "ada", "phone") { CatchUp = CatchUp.None };

    /// <summary>What the program is started with.</summary>
    public string[] Settings(params string[] more) => [$"Listen:Https={_port}", .. more];

    /// <summary>This end's port, by which a trace knows the HTTPS connection.</summary>
    public int LocalPort => ((IPEndPoint)_socket!.LocalEndPoint!).Port;

    public string Folder => Path.Combine(_home.Data, "uploads");

    public Task SignInAsync() => Device.ConnectAsync(_home.DirectTls);

    /// <summary>Asks for a slot; the answer, whatever it is.</summary>
    public Task<Element> AskAsync(string name, long size) =>
        Device.AskAsync(
            "get",
            KithHome.Domain,
            string.Create(
                CultureInfo.InvariantCulture,
                $"<request xmlns='{Upload}' filename='{name}' size='{size}' content-type='video/mp4'/>"
            )
        );

    public async Task<Slot> SlotAsync(string name, long size)
    {
        Element slot = (await AskAsync(name, size)).Child("slot", Upload);
        return new Slot(new Uri(slot.Child("put").Attribute("url")!), new Uri(slot.Child("get").Attribute("url")!));
    }

    public async Task<HttpStatusCode> PutAsync(Slot slot, HttpContent content)
    {
        content.Headers.ContentType = new("video/mp4");
        using HttpResponseMessage answer = await Http.PutAsync(slot.Put, content);
        return answer.StatusCode;
    }

    /// <summary>Loses its connection in the middle of something, as phones do.</summary>
    public void Cut()
    {
        _socket!.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    public void Dispose() => Http.Dispose();
}
