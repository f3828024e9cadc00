using System.Net;
using System.Text;
using Server.Tests.Plays.Stage;
using Turn;
using Turn.Requests;

namespace Protocol.Tests.Turn.Stage;

/// <summary>The server without sockets, on a clock that the test moves; it listens on 198.51.100.1, which is its own.</summary>
internal sealed class TestRelay : IDisposable
{
    public const string Own = "11.0.0.1";
    public const string OwnV6 = "2600::1";
    private int _nextPort = 40000;

    public TestRelay(Func<RelayOptions, RelayOptions>? with = null)
    {
        Credentials = new TimedCredentials(() => Secrets, Clock);
        var options = new RelayOptions
        {
            RelayPorts = (50000, 50015),
            Credentials = Credentials.Find,
            OwnAddresses = () => [OwnAt(Own, 32), OwnAt(OwnV6, 64), OwnAt("127.0.0.1", 8)],
            Time = Clock,
        };
        Server = new TurnServer(with?.Invoke(options) ?? options, Sockets);
    }

    public PlayClock Clock { get; } = new();
    public FakeSockets Sockets { get; } = new();
    public TurnServer Server { get; }
    public TimedCredentials Credentials { get; }

    /// <summary>The first is issued under.</summary>
    public List<byte[]> Secrets { get; } = [Encoding.ASCII.GetBytes("north")];

    public static IPEndPoint World => End("9.9.9.9", 4000);
    public static IPEndPoint WorldV6 => End("2620:fe::9", 4000);

    public static OwnAddress OwnAt(string address, int prefix) => new(IPAddress.Parse(address), prefix);

    public static IPEndPoint End(string address, int port) => new(IPAddress.Parse(address), port);

    /// <summary>A client with a credential for an hour, at a port of its own.</summary>
    public TestClient Client(string user = "ann", bool isStream = false, string address = "8.8.8.8", string local = Own)
    {
        (string username, string password) = Credentials.Issue(user, Clock.GetUtcNow().AddHours(1));
        return new TestClient(Server, End(address, _nextPort++), End(local, 3478), isStream)
        {
            Username = username,
            Password = password,
        };
    }

    public void Dispose() => Server.Dispose();
}
