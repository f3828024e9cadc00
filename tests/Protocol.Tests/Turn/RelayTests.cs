using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Protocol.Tests.Turn.Stage;
using Shouldly;
using Turn;
using Turn.Protocol;
using Xunit;

namespace Protocol.Tests.Turn;

/// <summary>The relay whole, on the system's sockets: what goes through it arrives, and leaves nothing behind to be collected.</summary>
public sealed class RelayTests : IAsyncLifetime
{
    private const string Probe = "probe";
    private const int Window = 20;
    private const int Payload = 101;
    private const ushort Number = 0x4001;

    private readonly CancellationTokenSource _stop = new();
    private readonly TimedCredentials _credentials = new(() => ["north"u8.ToArray()], TimeProvider.System);
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _peer = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly List<Exception?> _faults = [];
    private readonly Relay _relay;
    private Task _running = Task.CompletedTask;
    private long _allocated;

    public RelayTests() =>
        _relay = new Relay(
            new RelayOptions
            {
                Address = IPAddress.Loopback,
                Port = 0,
                AllowPrivatePeers = true,
                Limits = new RelayLimits { BytesPerSecond = 0 },
                Credentials = Find,
                Warn = (_, fault) => _faults.Add(fault),
            }
        );

    // The relay asks on its loop's thread, which is the one to be counted.
    private IEnumerable<RelayCredential> Find(string username)
    {
        if (username == Probe)
            Volatile.Write(ref _allocated, GC.GetAllocatedBytesForCurrentThread());
        return _credentials.Find(username);
    }

    public ValueTask InitializeAsync()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1);
        _peer.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _peer.ReceiveTimeout = 30_000;
        _relay.Bind();
        _running = _relay.RunAsync(_stop.Token);
        return default;
    }

    [Theory]
    [InlineData("UDP")]
    [InlineData("TCP")]
    [InlineData("TLS")]
    public async Task A_packet_that_is_relayed_arrives_and_nothing_is_allocated_for_it(string over)
    {
        Task serving = over == "UDP" ? Task.CompletedTask : Task.Run(() => ServeAsync(over == "TLS"));
        using (LineClient client = Open(over))
        {
            (client.Username, client.Password) = _credentials.Issue("ann", DateTimeOffset.UtcNow.AddHours(1));
            IPEndPoint relayed = client.Allocate();
            client.BindChannel(Number, (IPEndPoint)_peer.LocalEndPoint!).ShouldBe(StunError.None);
            using var probe = LineClient.Open(_relay.Addresses[0], isStream: false);
            probe.Challenged().Username = Probe;
            // What is made once is made, and kept: buffers, and code.
            Exchange(client, relayed, rounds: 100);
            long before = Allocated(probe);
            Exchange(client, relayed, rounds: 500);
            long during = Allocated(probe) - before;
#if !DEBUG // There asynchronous methods are objects.
            during.ShouldBeLessThan(2 * 500 * Window);
#endif
        }

        await serving;
        _faults.ShouldBeEmpty();
    }

    private LineClient Open(string over)
    {
        if (over == "UDP")
            return LineClient.Open(_relay.Addresses[0], isStream: false);
        return LineClient.Open((IPEndPoint)_listener.LocalEndPoint!, isStream: true, secure: over == "TLS");
    }

    // So many there, and the same back.
    private void Exchange(LineClient client, IPEndPoint relayed, int rounds)
    {
        byte[] message = new byte[4 + Payload + 3];
        ChannelData.WriteHeader(message, Number, Payload);
        byte[] buffer = new byte[2000];
        SocketAddress from = relayed.Serialize();
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < Window; i++)
            {
                message.AsSpan(4, Payload).Fill((byte)(round + i));
                client.Write(message.AsSpan(0, client.IsStream ? message.Length : 4 + Payload));
            }

            for (int i = 0; i < Window; i++)
            {
                int length = _peer.ReceiveFrom(buffer, SocketFlags.None, from);
                ShouldBeFilled(buffer.AsSpan(0, length), round + i);
                _peer.SendTo(buffer.AsSpan(0, length), SocketFlags.None, from);
            }

            for (int i = 0; i < Window; i++)
                ShouldBeFilled(client.Next()[ChannelData.HeaderLength..], round + i);
        }
    }

    private static void ShouldBeFilled(ReadOnlySpan<byte> payload, int with) =>
        (payload.Length, payload.ContainsAnyExcept((byte)with)).ShouldBe((Payload, false));

    private long Allocated(LineClient probe)
    {
        probe.Ask(StunMethod.Allocate, TestClient.Transport)!.Error.ShouldBe(StunError.Unauthorized);
        return Volatile.Read(ref _allocated);
    }

    private async Task ServeAsync(bool secure)
    {
        Socket socket = await _listener.AcceptAsync();
        await _relay.ServeAsync(socket, secure ? SecureAsync : null, _stop.Token);
    }

    private static async Task<Stream> SecureAsync(Stream plain, CancellationToken cancellation)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var stream = new SslStream(plain);
        await stream.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = certificate },
            cancellation
        );
        return stream;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _relay.DisposeAsync();
        _listener.Dispose();
        _peer.Dispose();
        _stop.Dispose();
    }
}
