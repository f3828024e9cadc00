using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Kith.Listeners.Certificates;
using Shouldly;
using Xunit;

namespace Kith.Tests.Listeners.Certificates;

public sealed class HandshakeTests
{
    private static readonly DateTimeOffset _until = DateTimeOffset.UtcNow.AddDays(30);

    [Theory]
    [InlineData(TlsPurpose.StartTls, "xmpp-client", "")]
    [InlineData(TlsPurpose.Client, "xmpp-client", "xmpp-client")]
    [InlineData(TlsPurpose.Relay, "http/1.1 stun.turn", "stun.turn")]
    [InlineData(TlsPurpose.Https, "http/1.1 h2", "h2")]
    [InlineData(TlsPurpose.Https, "http/1.1", "http/1.1")]
    [InlineData(TlsPurpose.Https, "", "")]
    internal async Task The_listeners_kind_decides_about_the_protocol(TlsPurpose purpose, string offered, string chosen)
    {
        ServerCertificate certificate = Load(TestCertificate.Ecdsa("a.example", _until));

        await using Connection connection = await Connection.Open(certificate, purpose, offered);

        connection.Client.NegotiatedApplicationProtocol.ToString().ShouldBe(chosen);
    }

    // security.md, "Streams"; RFC 7590 §3.
    [Theory]
    [InlineData(TlsPurpose.StartTls)]
    [InlineData(TlsPurpose.Client)]
    [InlineData(TlsPurpose.Https)]
    internal void Renegotiation_and_old_versions_are_refused(TlsPurpose purpose)
    {
        SslServerAuthenticationOptions options = Load(TestCertificate.Ecdsa("a.example", _until))
            .Settings(purpose)
            .Options;

        options.AllowRenegotiation.ShouldBeFalse();
        options.EnabledSslProtocols.ShouldBe(SslProtocols.Tls12 | SslProtocols.Tls13);
    }

    [Fact]
    public async Task The_chain_up_to_the_root_is_sent()
    {
        ServerCertificate certificate = Load(TestCertificate.WithChain("a.example", _until));

        await using Connection connection = await Connection.Open(certificate, TlsPurpose.StartTls, "");

        connection.Sent.ShouldBe(["CN=a.example", "CN=Intermediate"]);
    }

    [Fact]
    public async Task A_connection_outlives_its_certificate()
    {
        await using Connection old = await Connection.Open(
            Load(TestCertificate.Ecdsa("old.example", _until)),
            TlsPurpose.StartTls,
            ""
        );
        await using Connection renewed = await Connection.Open(
            Load(TestCertificate.Ecdsa("new.example", _until)),
            TlsPurpose.StartTls,
            ""
        );

        renewed.Sent.ShouldBe(["CN=new.example"]);
        await old.Echoes();
    }

    // RFC 5929 §4.1: the certificate's own signature hash; MD5 and SHA-1 become SHA-256.
    [Theory]
    [InlineData("SHA256", 32)]
    [InlineData("SHA384", 48)]
    [InlineData("SHA512", 64)]
    public void The_channel_binding_is_the_certificates_hash(string hash, int length)
    {
        var name = new HashAlgorithmName(hash);
        ServerCertificate certificate = Load(TestCertificate.Rsa("a.example", _until, name, RSASignaturePadding.Pkcs1));

        byte[] data = certificate.ServerEndPoint!.Data;

        data.Length.ShouldBe(length);
        data.ShouldBe(CryptographicOperations.HashData(name, certificate.Leaf.RawData));
    }

    private static ServerCertificate Load(TestCertificate certificate) =>
        PemFiles.Load(
            System.Text.Encoding.ASCII.GetBytes(certificate.Certificate),
            System.Text.Encoding.ASCII.GetBytes(certificate.Key)
        );

    private sealed class Connection(SslStream client, SslStream server, List<string> sent) : IAsyncDisposable
    {
        public SslStream Client => client;

        /// <summary>Subjects of the certificates that the server sent.</summary>
        public List<string> Sent => sent;

        public static async Task<Connection> Open(ServerCertificate certificate, TlsPurpose purpose, string protocols)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var socket = new TcpClient();
            await socket.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
            TcpClient accepted = await listener.AcceptTcpClientAsync();
            var sent = new List<string>();
            var server = new SslStream(accepted.GetStream());
            var client = new SslStream(socket.GetStream());
            var offer = new SslClientAuthenticationOptions
            {
                TargetHost = "a.example",
                ApplicationProtocols =
                [
                    .. protocols
                        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                        .Select(protocol => new SslApplicationProtocol(protocol)),
                ],
                RemoteCertificateValidationCallback = (_, leaf, chain, _) =>
                {
                    sent.Add(leaf!.Subject);
                    sent.AddRange(chain!.ChainPolicy.ExtraStore.Select(certificate => certificate.Subject));
                    return true;
                },
            };
            await Task.WhenAll(
                server.AuthenticateAsServerAsync(certificate.Settings(purpose).Options),
                client.AuthenticateAsClientAsync(offer)
            );
            return new Connection(client, server, [.. sent.Distinct()]);
        }

        public async Task Echoes()
        {
            await client.WriteAsync(new byte[] { 42 });
            byte[] one = new byte[1];
            await server.ReadExactlyAsync(one);
            one[0].ShouldBe((byte)42);
        }

        public async ValueTask DisposeAsync()
        {
            await client.DisposeAsync();
            await server.DisposeAsync();
        }
    }
}
