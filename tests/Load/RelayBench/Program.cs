using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Turn;

// The relay alone, without limits that a load would meet, for coturn's own tools to be pointed at:
//   RelayBench PORT TLS-PORT SECRET [FIRST-LAST]    relayed ports; loopback peers are allowed
int port = int.Parse(args[0], CultureInfo.InvariantCulture);
int tlsPort = int.Parse(args[1], CultureInfo.InvariantCulture);
byte[] secret = Encoding.UTF8.GetBytes(args[2]);
string[] range = (args.Length > 3 ? args[3] : "49152-65535").Split('-');
var credentials = new TimedCredentials(() => [secret], TimeProvider.System);
await using var relay = new Relay(
    new RelayOptions
    {
        Address = IPAddress.Loopback,
        Port = port,
        RelayPorts = (
            int.Parse(range[0], CultureInfo.InvariantCulture),
            int.Parse(range[1], CultureInfo.InvariantCulture)
        ),
        AllowPrivatePeers = true,
        Credentials = credentials.Find,
        Limits = new RelayLimits
        {
            AllocationsPerUser = 10_000,
            BytesPerSecond = 0,
            AnswersPerSecond = 10_000,
            IdleConnections = 10_000,
            IdleConnectionsPerAddress = 10_000,
        },
        Warn = (what, fault) => Console.Error.WriteLine($"{what}: {fault}"),
    }
);
relay.Bind();
using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
using X509Certificate2 certificate = new CertificateRequest(
    "CN=localhost",
    key,
    HashAlgorithmName.SHA256
).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(2));
var tls = new SslServerAuthenticationOptions
{
    ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
    AllowRenegotiation = false,
};
Console.WriteLine($"ready {Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}");
await Task.WhenAll(
    relay.RunAsync(CancellationToken.None),
    AcceptAsync(port, secure: false),
    AcceptAsync(tlsPort, true)
);

async Task AcceptAsync(int at, bool secure)
{
    using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    listener.Bind(new IPEndPoint(IPAddress.Loopback, at));
    listener.Listen(512);
    while (true)
    {
        Socket socket = await listener.AcceptAsync();
        _ = relay.ServeAsync(socket, secure ? SecureAsync : null, CancellationToken.None);
    }
}

async Task<Stream> SecureAsync(Stream plain, CancellationToken cancellation)
{
    var stream = new SslStream(plain);
    await stream.AuthenticateAsServerAsync(tls, cancellation);
    return stream;
}
