using System.Diagnostics;
using System.Net;
using Kith.Tests.Program;

namespace Kith.Tests.Network;

/// <summary>
/// BIND's named with a signed zone, and unbound before it that validates, as processes on loopback with everything in a
/// folder of their own. They end with the test.
/// </summary>
internal sealed class NameServers : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private const string Zone = """
        $TTL 300
        @ IN SOA ns hostmaster 1 3600 600 86400 60
        @ IN NS ns
        ns IN A 127.0.0.1
        @ IN A 192.0.2.1
        @ IN AAAA 2001:db8::1
        @ IN MX 10 mail.elsewhere.test.
        www IN CNAME alias
        alias IN CNAME box
        box IN A 192.0.2.7
        away IN CNAME www.elsewhere.test.
        _xmpp-server._tcp IN SRV 10 60 5269 box
        _xmpp-server._tcp IN SRV 20 0 5270 spare
        _xmpp-client._tcp IN SRV 0 0 0 .
        _5269._tcp.box IN TLSA 3 1 1 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
        odd IN TYPE65400 \# 3 010203
        long IN TXT "{0}"
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _processes = [];

    /// <summary>Who has the zones home.test (signed) and bogus.test (signed with another key than is known).</summary>
    public IPEndPoint Named { get; } = new(IPAddress.Loopback, KithHome.FreePort());

    /// <summary>Who asks that one, and validates.</summary>
    public IPEndPoint Unbound { get; } = new(IPAddress.Loopback, KithHome.FreePort());

    public static async Task<NameServers> StartAsync()
    {
        var servers = new NameServers();
        await servers.SignAsync("home.test");
        await servers.SignAsync("bogus.test");
        await servers.SignAsync("other.test");
        await servers.StartNamedAsync();
        await servers.StartUnboundAsync();
        return servers;
    }

    private string At(string name) => _folder.At(name);

    // A TXT record of many strings is more than a datagram holds.
    private async Task SignAsync(string zone)
    {
        string many = string.Join("\" \"", Enumerable.Repeat(new string('k', 200), 20));
        await File.WriteAllTextAsync(At(zone), Zone.Replace("{0}", many) + "\n");
        await RunAsync("dnssec-keygen", "-q", "-K", _folder.Path, "-a", "ECDSAP256SHA256", "-f", "KSK", zone);
        string key = Directory.GetFiles(_folder.Path, $"K{zone}.*.key").Single();
        File.Copy(key, At(zone + ".anchor"));
        await RunAsync(
            "dnssec-signzone",
            "-q",
            "-S",
            "-z",
            "-K",
            _folder.Path,
            "-d",
            _folder.Path,
            "-o",
            zone,
            "-f",
            At(zone + ".signed"),
            At(zone)
        );
    }

    private async Task StartNamedAsync()
    {
        string zones = string.Concat(
            ((string[])["home.test", "bogus.test"]).Select(zone =>
                $"zone \"{zone}\" {{ type master; file \"{At(zone)}.signed\"; }};\n"
            )
        );
        await File.WriteAllTextAsync(
            At("named.conf"),
            $$"""
            options {
              directory "{{_folder.Path}}"; pid-file none; session-keyfile "{{At("session.key")}}";
              listen-on port {{Named.Port}} { 127.0.0.1; }; listen-on-v6 { none; };
              recursion no; dnssec-validation no; allow-transfer { none; };
            };
            controls { };
            {{zones}}
            """
        );
        await StartAsync("all zones loaded", "/usr/sbin/named", "-g", "-n", "1", "-c", At("named.conf"));
    }

    private async Task StartUnboundAsync()
    {
        // Another zone's key under this one's name.
        string wrong = await File.ReadAllTextAsync(At("other.test.anchor"));
        await File.WriteAllTextAsync(At("bogus.test.anchor"), wrong.Replace("other.test", "bogus.test"));
        string stubs = string.Concat(
            ((string[])["home.test", "bogus.test"]).Select(zone =>
                $"stub-zone:\n  name: \"{zone}\"\n  stub-addr: 127.0.0.1@{Named.Port}\n"
            )
        );
        await File.WriteAllTextAsync(
            At("unbound.conf"),
            $"""
            server:
              interface: 127.0.0.1@{Unbound.Port}
              directory: "{_folder.Path}"
              chroot: ""
              username: ""
              pidfile: ""
              use-syslog: no
              verbosity: 1
              num-threads: 1
              do-not-query-localhost: no
              module-config: "validator iterator"
              local-zone: "test." nodefault
              trust-anchor-file: "{At("home.test.anchor")}"
              trust-anchor-file: "{At("bogus.test.anchor")}"
            remote-control:
              control-enable: no
            {stubs}
            """
        );
        await StartAsync("start of service", "/usr/sbin/unbound", "-d", "-c", At("unbound.conf"));
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using Process process = Start(program, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(_patience);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program}: {errors}{await output}");
    }

    private static Process Start(string program, string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true }
        )!;

    // Its log goes on being read, so that it never waits for a reader.
    private async Task StartAsync(string ready, string program, params string[] arguments)
    {
        Process process = Start(program, arguments);
        _processes.Add(process);
        var running = new TaskCompletionSource();
        var log = new List<string>();
        process.ErrorDataReceived += (_, line) =>
        {
            log.Add(line.Data ?? "");
            if (line.Data is null)
                running.TrySetException(new InvalidOperationException(string.Join('\n', log)));
            else if (line.Data.Contains(ready, StringComparison.Ordinal))
                running.TrySetResult();
        };
        process.BeginErrorReadLine();
        await running.Task.WaitAsync(_patience);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process process in _processes)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _folder.Dispose();
    }
}
