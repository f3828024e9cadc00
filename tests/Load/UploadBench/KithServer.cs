using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Kith.Tests.Client;
using Xmpp.Xml;

namespace UploadBench;

/// <summary>The published program on a data directory of its own, and one account that asks it for slots.</summary>
internal sealed class KithServer : IAsyncDisposable
{
    private const string Domain = "bench.localhost";
    private const string Person = "ada";
    private const string Password = "wherefore art thou";
    private const string Upload = "urn:xmpp:http:upload:0";
    private readonly Process _process;
    private readonly Wire _wire;
    private int _asked;

    private KithServer(Process process, Wire wire) => (_process, _wire) = (process, wire);

    public static async Task<KithServer> StartAsync(string data, int https)
    {
        string program = Environment.GetEnvironmentVariable("KITH") ?? "artifacts/publish/kith";
        using (
            Process add = Process.Start(Start(program, ["user", "add", Person, "--password-stdin", "--data", data]))!
        )
        {
            await add.StandardInput.WriteLineAsync(Password);
            add.StandardInput.Close();
            await add.WaitForExitAsync();
        }
        int client = Ports.Free();
        string[] settings =
        [
            $"Domain={Domain}",
            "Tls:Mode=self-signed",
            "Listen:Address=127.0.0.1",
            $"Listen:Https={https}",
            $"Listen:ClientTls={client}",
            "Uploads:MaxBytes=0",
            "Uploads:DiskPercent=100",
            "Logging:Level=Warning",
            .. ((string[])["Http", "Client", "Server", "ServerTls", "Relay", "RelayTls"]).Select(port =>
                $"Listen:{port}=0"
            ),
        ];
        Process process = Process.Start(
            Start(program, ["run", "--data", data, .. settings.SelectMany(setting => (string[])["--set", setting])])
        )!;
        await Ports.OpenAsync(client, process);
        Wire wire = await SignIn.ConnectAsync(new Door(Domain, client, DirectTls: true), Person, Password);
        var server = new KithServer(process, wire);
        await server.AskAsync("set", "", $"<bind xmlns='{Ns.Bind}'/>");
        return server;
    }

    private static ProcessStartInfo Start(string program, string[] arguments) =>
        new(program, arguments) { RedirectStandardInput = true, UseShellExecute = false };

    public int Id => _process.Id;

    private async Task<Element> AskAsync(string type, string to, string payload)
    {
        string id = $"q{++_asked}";
        await _wire.SendAsync($"<iq type='{type}' id='{id}'{(to.Length > 0 ? $" to='{to}'" : "")}>{payload}</iq>");
        while (true)
        {
            Element answer = await _wire.ReadAsync();
            if (answer.Attribute("id") == id)
                return answer.Attribute("type") == "result" ? answer : throw new InvalidOperationException($"{answer}");
        }
    }

    /// <summary>Where to put a file of this size, and where it is to be had.</summary>
    public async Task<(Uri Put, Uri Get)> SlotAsync(long size)
    {
        Element answer = await AskAsync("get", Domain, $"<request xmlns='{Upload}' filename='a.mp4' size='{size}'/>");
        Element slot = answer.Child("slot", Upload);
        return (new(slot.Child("put").Attribute("url")!), new(slot.Child("get").Attribute("url")!));
    }

    public async ValueTask DisposeAsync()
    {
        _wire.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}

internal static class Ports
{
    public static int Free()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    /// <summary>Returns when something listens there.</summary>
    public static async Task OpenAsync(int port, Process process)
    {
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(20);
            }
        }
    }
}
