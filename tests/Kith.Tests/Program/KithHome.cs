using System.Net;
using System.Net.Sockets;
using Kith.Tests.Client;

namespace Kith.Tests.Program;

/// <summary>A data directory with people in it, and the ports that its program listens on each time it starts.</summary>
internal sealed class KithHome : IDisposable
{
    public const string Domain = "home.localhost";
    public const string Password = "wherefore art thou";
    private static int _nextPort = Random.Shared.Next(20_000, 30_000);
    private readonly TemporaryFolder _folder = new();

    private KithHome(string? data) => Data = data ?? _folder.At("data");

    public string Data { get; }
    public Door StartTls { get; } = new(Domain, FreePort(), DirectTls: false);
    public Door DirectTls { get; } = new(Domain, FreePort(), DirectTls: true);

    /// <summary>Made while no program runs on it.</summary>
    /// <param name="data">Where, if not in a folder of its own.</param>
    public static async Task<KithHome> CreateAsync(IEnumerable<string> people, string? data = null)
    {
        var home = new KithHome(data);
        string file = home.At("people");
        await File.WriteAllLinesAsync(file, people.Select(name => $"{name}:{Password}"));
        Outcome done = await KithProgram.RunAsync("user", "import", file, "--data", home.Data);
        if (done.ExitCode != 0)
            throw new InvalidOperationException($"user import: {done}");
        return home;
    }

    /// <summary>A path beside the data directory.</summary>
    public string At(string name) => _folder.At(name);

    /// <summary>The arguments of <c>kith run</c>; later settings win.</summary>
    public string[] RunArguments(params string[] settings)
    {
        string[] all =
        [
            $"Domain={Domain}",
            "Tls:Mode=self-signed",
            "Listen:Address=127.0.0.1",
            $"Listen:Client={StartTls.Port}",
            $"Listen:ClientTls={DirectTls.Port}",
            .. ((string[])["Http", "Https", "Server", "ServerTls", "Relay", "RelayTls"]).Select(port =>
                $"Listen:{port}=0"
            ),
            .. settings,
        ];
        return ["run", "--data", Data, .. all.SelectMany(setting => (string[])["--set", setting])];
    }

    // Below the range that the system takes ports of clients from: nobody sits on one while the program restarts, and no
    // client that reconnects meets itself.
    public static int FreePort()
    {
        while (true)
        {
            int port = 20_000 + (Interlocked.Increment(ref _nextPort) % 12_000);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }
    }

    public void Dispose() => _folder.Dispose();
}
