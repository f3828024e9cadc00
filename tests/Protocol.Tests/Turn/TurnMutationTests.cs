using System.Net;
using Protocol.Tests.Turn.Stage;
using Shouldly;
using Turn;
using Turn.Protocol;
using Xunit;

namespace Protocol.Tests.Turn;

/// <summary>
/// Any byte string as a packet (security.md, "Relay"): nothing is thrown, nothing forbidden is sent, no answer is longer than it
/// may be. <c>KITH_LONG=1</c> runs a million.
/// </summary>
public class TurnMutationTests
{
    private const int FirstSeed = 20_260_314;

    private static readonly int _rounds = Environment.GetEnvironmentVariable("KITH_LONG") == "1" ? 1_000_000 : 50_000;

    [Fact]
    public void Damaged_packets_of_a_client_with_an_allocation()
    {
        using var relay = new TestRelay(options => options with { Limits = Unlimited });
        TestClient ann = relay.Client();
        FakeSocket socket = relay.Sockets.At(ann.Allocate((StunAttribute.AdditionalAddressFamily, [2, 0, 0, 0])));
        ann.Permit(TestRelay.World).ShouldBe(StunError.None);
        byte[][] corpus = Corpus(ann);
        for (int seed = FirstSeed; seed < FirstSeed + _rounds; seed++)
        {
            var random = new Random(seed);
            byte[] packet = Mutate(corpus[random.Next(corpus.Length)], corpus, random);
            ann.Received.Clear();
            try
            {
                ann.Give(packet);
                socket.Receive(TestRelay.World, packet);
            }
            catch (Exception fault) when (fault is not ShouldAssertException)
            {
                throw new InvalidOperationException($"seed {seed}: {Convert.ToHexString(packet)}", fault);
            }

            foreach (byte[] answer in ann.Received)
                if (!ChannelData.IsAt(answer))
                    StunMessage.TryRead(answer, out _).ShouldBeTrue($"seed {seed}");
            ann.Received.Count.ShouldBeLessThanOrEqualTo(2, $"seed {seed}");
            if (ann.Allocation is null)
                socket = relay.Sockets.At(ann.Allocate((StunAttribute.AdditionalAddressFamily, [2, 0, 0, 0])));
        }

        relay.Sockets.Sent.ShouldAllBe(sent => IsAllowed(sent.To));
        relay.Sockets.Open.Count.ShouldBe(2);
    }

    [Fact]
    public void Damaged_packets_of_strangers()
    {
        using var relay = new TestRelay(options => options with { Limits = Unlimited });
        TestClient known = relay.Client().Challenged();
        byte[][] corpus = Corpus(known);
        TestClient stranger = relay.Client();
        for (int seed = FirstSeed; seed < FirstSeed + _rounds; seed++)
        {
            var random = new Random(seed);
            byte[] packet = Mutate(corpus[random.Next(corpus.Length)], corpus, random);
            stranger.Received.Clear();
            try
            {
                stranger.Give(packet);
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed}: {Convert.ToHexString(packet)}", fault);
            }

            stranger.Received.Sum(answer => answer.Length).ShouldBeLessThanOrEqualTo(3 * packet.Length, $"seed {seed}");
        }

        relay.Sockets.Open.ShouldBeEmpty();
        relay.Sockets.Sent.ShouldBeEmpty();
    }

    [Fact]
    public void The_length_of_a_message_on_a_stream_is_known_from_its_first_four_bytes()
    {
        for (int start = 0; start <= 0xFFFF; start++)
        {
            byte[] head = [(byte)(start >> 8), (byte)start, 0x12, 0x35];
            int length = StreamFrame.LengthOf(head);
            if (start >= 0x8000 || start < 0x4000)
                length.ShouldBe(-1); // 0x1235 is no length of STUN's
            else
                length.ShouldBe(4 + 0x1238);
            head[3] = 0x34;
            StreamFrame
                .LengthOf(head)
                .ShouldBe(
                    start < 0x400 ? 20 + 0x1234
                    : start is >= 0x4000 and < 0x8000 ? 4 + 0x1234
                    : -1
                );
        }
    }

    private static RelayLimits Unlimited =>
        new()
        {
            AnswersPerSecond = 1_000_000,
            AnswersAtOnce = 100_000_000,
            BytesPerSecond = 0,
        };

    private static bool IsAllowed(IPEndPoint to) => to.Port != 0 && PeerAddresses.Allow(TransportAddress.Of(to), false);

    private static byte[][] Corpus(TestClient client)
    {
        byte[] id = client.NewTransaction();
        (StunAttribute, byte[]) peer = TestClient.Peer(TestRelay.World, id);
        var send = new StunWriter(new byte[512], StunMethod.Send, StunClass.Indication, id);
        send.Bytes(StunAttribute.XorPeerAddress, peer.Item2);
        send.Bytes(StunAttribute.Data, [1, 2, 3, 4, 5, 6, 7]);
        return
        [
            client.Request(StunMethod.Binding, id),
            client.Request(StunMethod.Allocate, id, TestClient.Transport, (StunAttribute.EvenPort, [0x80])),
            client.Request(StunMethod.Allocate, id, TestClient.Transport, TestClient.Family(StunFamily.V6)),
            client.Request(StunMethod.Refresh, id, TestClient.Lifetime(700)),
            client.Request(StunMethod.CreatePermission, id, peer, peer),
            client.Request(StunMethod.ChannelBind, id, TestClient.Channel(0x4001), peer),
            send.Written.ToArray(),
            [0x40, 1, 0, 8, 1, 2, 3, 4, 5, 6, 7, 8],
        ];
    }

    private static byte[] Mutate(byte[] packet, byte[][] corpus, Random random)
    {
        var bytes = new List<byte>(packet);
        for (int count = random.Next(1, 5); count > 0; count--)
        {
            int at = random.Next(bytes.Count + 1);
            switch (random.Next(7))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at + 1));
                    break;
                case 3:
                    bytes.InsertRange(at, new byte[random.Next(64)]);
                    break;
                case 4:
                    byte[] other = corpus[random.Next(corpus.Length)];
                    int from = random.Next(other.Length);
                    bytes.InsertRange(at, other[from..random.Next(from, other.Length)]);
                    break;
                case 5 when bytes.Count >= 20:
                    // A length that is right, so that more is read.
                    int length = bytes.Count - 20;
                    (bytes[2], bytes[3]) = ((byte)(length >> 8), (byte)length);
                    break;
                default:
                    bytes.AddRange([.. Enumerable.Range(0, random.Next(40)).Select(_ => (byte)random.Next(256))]);
                    break;
            }
        }

        return [.. bytes];
    }
}
