using System.Net.Security;
using Kith.Listeners.OnePort;
using Shouldly;
using Xunit;

namespace Kith.Tests.Listeners.OnePort;

/// <summary>RFC 8446 §4.1.2: hellos as this platform's TLS sends them, in pieces, in several records, and damaged.</summary>
public sealed class ClientHelloTests
{
    private const int FirstSeed = 20_260_301;
    private static readonly bool _long = Environment.GetEnvironmentVariable("KITH_LONG") == "1";

    /// <summary>What a client sends first.</summary>
    internal static byte[] Hello(string name, params string[] protocols)
    {
        using var first = new FirstFlight();
        using var tls = new SslStream(first);
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            ApplicationProtocols =
                protocols.Length == 0 ? null : [.. protocols.Select(each => new SslApplicationProtocol(each))],
        };
        Should.Throw<IOException>(() => tls.AuthenticateAsClient(options));
        return first.Sent.ToArray();
    }

    private sealed class FirstFlight : MemoryStream
    {
        public MemoryStream Sent { get; } = new();

        public override void Write(ReadOnlySpan<byte> buffer) => Sent.Write(buffer);

        public override void Write(byte[] buffer, int offset, int count) => Sent.Write(buffer, offset, count);
    }

    // The same message in records of so many bytes.
    private static byte[] Spread(byte[] hello, int size) =>
        [
            .. hello
                .Skip(5)
                .Chunk(size)
                .SelectMany(piece => (byte[])[22, 3, 1, (byte)(piece.Length >> 8), (byte)piece.Length, .. piece]),
        ];

    private static ClientHello Read(ReadOnlySpan<byte> bytes)
    {
        ClientHello.TryRead(bytes, out ClientHello hello).ShouldBe(HelloStatus.Whole);
        return hello;
    }

    [Theory]
    [InlineData("", Protocols.None)]
    [InlineData("h2 http/1.1", Protocols.Http2 | Protocols.Http11)]
    [InlineData("xmpp-client", Protocols.Client)]
    [InlineData("xmpp-server", Protocols.Server)]
    [InlineData("http/1.1 stun.turn", Protocols.Http11 | Protocols.Relay)]
    [InlineData("acme-tls/1", Protocols.Challenge)]
    [InlineData("http/1.0 h2", Protocols.Other | Protocols.Http2)]
    internal void Name_and_protocols_are_found(string offered, Protocols expected)
    {
        byte[] hello = Hello("home.example", offered.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Read(hello).ShouldBe(new ClientHello("home.example", expected));
        Read([.. hello, 20, 3, 3]).ShouldBe(new ClientHello("home.example", expected));
    }

    [Fact]
    public void However_it_is_spread_over_packets_and_records_it_is_the_same()
    {
        byte[] hello = Hello("home.example", "xmpp-client");
        foreach (byte[] form in new[] { hello, Spread(hello, 100), Spread(hello, 1), Spread(hello, 3) })
        {
            for (int length = 0; length < form.Length; length++)
                ClientHello.TryRead(form.AsSpan(0, length), out _).ShouldBe(HelloStatus.Incomplete);
            Read(form).ShouldBe(new ClientHello("home.example", Protocols.Client));
        }
    }

    [Fact]
    public void An_address_is_no_name() => Read(Hello("127.0.0.1")).ServerName.ShouldBeNull();

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("<?xml")]
    [InlineData("\u0016\u0002")]
    [InlineData("\u0080\u002e\u0001")]
    public void What_is_not_TLS_is_seen_at_once(string text) =>
        ClientHello.TryRead([.. text.Select(c => (byte)c)], out _).ShouldBe(HelloStatus.NotTls);

    [Fact]
    public void A_message_that_would_be_longer_than_any_is_malformed()
    {
        byte[] hello = [22, 3, 1, 0x40, 0, 1, 1, 0, 0];
        ClientHello.TryRead(hello, out _).ShouldBe(HelloStatus.Malformed);
        // Records of one byte each are as long as that in the end.
        byte[] pieces = Spread([0, 0, 0, 0, 0, 1, 0, 0x7F, 0xFC, .. new byte[0x7FFC]], 1);
        ClientHello.TryRead(pieces.AsSpan(0, ClientHello.Longest * 2), out _).ShouldNotBe(HelloStatus.Whole);
    }

    [Fact]
    public void Damaged_hellos_are_whole_or_not_and_never_throw()
    {
        byte[][] corpus =
        [
            Hello("home.example", "h2", "http/1.1"),
            Hello("home.example", "xmpp-client"),
            Hello("127.0.0.1"),
            Spread(Hello("home.example", "acme-tls/1"), 50),
        ];
        var seen = new HashSet<HelloStatus>();
        for (int seed = FirstSeed; seed < FirstSeed + (_long ? 1_000_000 : 50_000); seed++)
        {
            var random = new Random(seed);
            List<byte> bytes = [.. corpus[random.Next(corpus.Length)]];
            for (int changes = random.Next(1, 4); changes > 0 && bytes.Count > 0; changes--)
            {
                int at = random.Next(bytes.Count);
                switch (random.Next(4))
                {
                    case 0:
                        bytes[at] = (byte)random.Next(256);
                        break;
                    case 1:
                        bytes[at] ^= (byte)(1 << random.Next(8));
                        break;
                    case 2:
                        bytes.RemoveRange(at, random.Next(Math.Min(20, bytes.Count - at) + 1));
                        break;
                    default:
                        bytes.Insert(at, (byte)random.Next(256));
                        break;
                }
            }

            try
            {
                seen.Add(ClientHello.TryRead([.. bytes], out _));
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed}: {Convert.ToHexString([.. bytes])}", failure);
            }
        }

        seen.Count.ShouldBe(4);
    }
}
