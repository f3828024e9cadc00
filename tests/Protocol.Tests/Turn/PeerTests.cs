using System.Net;
using System.Net.NetworkInformation;
using Protocol.Tests.Turn.Stage;
using Shouldly;
using Turn;
using Turn.Protocol;
using Xunit;

namespace Protocol.Tests.Turn;

/// <summary>
/// Who is no peer (security.md, "Relay"): every class of address in every disguise, with the same answer by permission, channel
/// and send; and the own relayed addresses, which are, inside the process.
/// </summary>
public sealed class PeerTests : IDisposable
{
    private readonly TestRelay _relay = new();

    /// <summary>IPv4 addresses that nobody is to be reached at.</summary>
    private static readonly string[] _forbiddenV4 =
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "192.168.255.255",
        "169.254.0.1",
        "169.254.169.254", // metadata
        "100.64.0.1", // CGNAT
        "100.127.255.255",
        "100.100.100.200", // metadata
        "192.0.0.8",
        "192.0.0.192", // metadata
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        TestRelay.Own,
    ];

    private static readonly string[] _forbiddenV6 =
    [
        "::",
        "::1",
        "fc00::1",
        "fdff:ffff::1",
        "fd00:ec2::254", // metadata
        "fe80::1",
        "febf::1",
        "fec0::1", // site-local
        "feff::1",
        "ff02::1",
        "ff0e::1",
        "100::1",
        "2001:db8::1",
        "2001:10::1",
        "3fff::1",
        "4000::1",
        "64:ff9b:1::1",
        TestRelay.OwnV6,
    ];

    private static readonly string[] _world = ["9.9.9.9", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1"];
    private static readonly string[] _worldV6 = ["2620:fe::9", "2a00::1", "2001:200::1", "2003::1"];

    // Mapped, compatible, NAT64, 6to4, Teredo (client and server).
    private static IEnumerable<string> Disguises(string v4)
    {
        byte[] a = IPAddress.Parse(v4).GetAddressBytes();
        string hex = Convert.ToHexString(a);
        string words = $"{hex[..4]}:{hex[4..]}";
        string hidden = Convert.ToHexString([.. a.Select(b => (byte)~b)]);
        yield return $"::ffff:{v4}";
        yield return $"::{words}";
        yield return $"64:ff9b::{words}";
        yield return $"2002:{words}::1";
        yield return $"2001:0:{words}::1";
        yield return $"2001:0:1234:5678:0:0:{hidden[..4]}:{hidden[4..]}";
    }

    public static TheoryData<string> Forbidden() =>
        [.. _forbiddenV4, .. _forbiddenV6, .. _forbiddenV4.SelectMany(Disguises), .. _world.SelectMany(Disguises)];

    public static TheoryData<string> World() => [.. _world, .. _worldV6];

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void A_peer_that_is_nobody_elses_is_refused_alike_in_every_form(string address)
    {
        TestClient ann = Ann(address);
        IPEndPoint peer = TestRelay.End(address, 5000);
        ann.Permit(peer).ShouldBe(StunError.Forbidden);
        ann.BindChannel(0x4000, peer).ShouldBe(StunError.Forbidden);
        ann.SendTo(peer, [1, 2, 3]);
        ann.SendOn(0x4000, [1, 2, 3]);
        _relay.Sockets.Sent.ShouldBeEmpty();
        // And nothing is heard from there.
        int before = ann.Received.Count;
        _relay.Sockets.Open.Single().Receive(peer, [4, 5, 6]);
        ann.Received.Count.ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(World))]
    public void A_peer_in_the_world_is_reached_in_every_form(string address)
    {
        TestClient ann = Ann(address);
        IPEndPoint peer = TestRelay.End(address, 5000);
        ann.Permit(peer).ShouldBe(StunError.None);
        ann.SendTo(peer, [1]);
        ann.BindChannel(0x4000, peer).ShouldBe(StunError.None);
        ann.SendOn(0x4000, [2]);
        _relay.Sockets.Sent.Select(each => (each.To, each.Payload[0])).ShouldBe([(peer, (byte)1), (peer, (byte)2)]);
    }

    [Fact]
    public void One_forbidden_peer_among_others_refuses_them_all()
    {
        TestClient ann = Ann("9.9.9.9");
        byte[] id = ann.NewTransaction();
        byte[] request = ann.Request(
            StunMethod.CreatePermission,
            id,
            TestClient.Peer(TestRelay.World, id),
            TestClient.Peer(TestRelay.End("127.0.0.1", 1), id)
        );
        ann.Ask(request).ShouldNotBeNull().Error.ShouldBe(StunError.Forbidden);
        ann.SendTo(TestRelay.World, [1]);
        _relay.Sockets.Sent.ShouldBeEmpty();
    }

    [Fact]
    public void The_external_address_is_the_box_s_own()
    {
        using var relay = new TestRelay(options =>
            options with
            {
                ExternalAddresses = () => [IPAddress.Parse("9.9.9.10")],
            }
        );
        TestClient ann = relay.Client();
        ann.Allocate().Address.ShouldBe(IPAddress.Parse("9.9.9.10"));
        ann.Permit(TestRelay.End("9.9.9.10", 443)).ShouldBe(StunError.Forbidden);
        ann.Permit(TestRelay.End("9.9.9.11", 443)).ShouldBe(StunError.None);
    }

    [Fact]
    public void An_external_address_that_changes_is_the_box_s_own_from_then_on()
    {
        List<IPAddress> external = [];
        using var relay = new TestRelay(options => options with { ExternalAddresses = () => external });
        TestClient ann = relay.Client();
        ann.Allocate().Address.ShouldBe(IPAddress.Parse(TestRelay.Own));
        ann.Permit(TestRelay.End("9.9.9.10", 443)).ShouldBe(StunError.None);
        external.Add(IPAddress.Parse("9.9.9.10"));
        relay.Clock.Advance(TimeSpan.FromSeconds(11));
        ann.SendTo(TestRelay.End("9.9.9.10", 443), [1]);
        relay.Sockets.Sent.ShouldBeEmpty();
        relay.Client("bob").Allocate().Address.ShouldBe(IPAddress.Parse("9.9.9.10"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_clients_of_the_relay_meet_inside_the_process(bool external)
    {
        using var relay = new TestRelay(options =>
            external ? options with { ExternalAddresses = () => [IPAddress.Parse("9.9.9.10")] } : options
        );
        TestClient ann = relay.Client();
        TestClient bob = relay.Client("bob", isStream: true);
        (IPEndPoint annAt, IPEndPoint bobAt) = (ann.Allocate(), bob.Allocate());
        ann.Permit(bobAt).ShouldBe(StunError.None);
        bob.BindChannel(0x4001, annAt).ShouldBe(StunError.None);
        ann.SendTo(bobAt, [1, 2, 3, 4, 5]);
        bob.Received[^1].ShouldBe([0x40, 1, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0]);
        bob.SendOn(0x4001, [6, 7]);
        var indication = new Answer(ann.Received[^1]);
        indication.Method.ShouldBe(StunMethod.Data);
        indication.Bytes(StunAttribute.Data).ShouldBe([6, 7]);
        indication.Address(StunAttribute.XorPeerAddress).ShouldBe(bobAt);
        relay.Sockets.Sent.ShouldBeEmpty();
    }

    [Fact]
    public void Inside_the_process_a_permission_is_needed_as_everywhere()
    {
        (TestClient ann, TestClient bob) = (_relay.Client(), _relay.Client("bob"));
        ann.Allocate();
        IPEndPoint bobAt = bob.Allocate();
        ann.Permit(bobAt).ShouldBe(StunError.None);
        int before = bob.Received.Count;
        ann.SendTo(bobAt, [1]);
        bob.Received.Count.ShouldBe(before);
    }

    [Fact]
    public void An_own_port_is_a_peer_only_while_it_is_a_relayed_address()
    {
        (TestClient ann, TestClient bob) = (_relay.Client(), _relay.Client("bob"));
        ann.Allocate();
        IPEndPoint bobAt = bob.Allocate();
        ann.Permit(bobAt).ShouldBe(StunError.None);
        // The permission is for the address; ports of other services stay out of reach all the same.
        ann.SendTo(TestRelay.End(TestRelay.Own, 5432), [1]);
        ann.BindChannel(0x4000, TestRelay.End(TestRelay.Own, 3478)).ShouldBe(StunError.Forbidden);
        bob.Refresh(0).ShouldBe(StunError.None);
        ann.SendTo(bobAt, [1]);
        ann.Permit(bobAt).ShouldBe(StunError.Forbidden);
        _relay.Sockets.Sent.ShouldBeEmpty();
    }

    // They are the world's addresses, and behind the same router as the box: its firewall does not stand between.
    [Theory]
    [InlineData("2600:0:0:1::10", 64, "2600:0:0:1::20", "2600:0:0:2::20")]
    [InlineData("2600:0:0:1::10", 64, "2600:0:0:1::", "2600::")] // the router's anycast address
    [InlineData("2600:0:0:1::10", 128, "2600:0:0:1:9::", "2600:0:0:2::20")]
    [InlineData("2600:0:0:1::10", 56, "2600:0:0:f::20", "2600:0:0:101::20")]
    [InlineData("9.9.8.10", 23, "9.9.9.255", "9.9.10.0")]
    [InlineData("9.9.8.10", 32, "9.9.8.10", "9.9.8.11")]
    [InlineData("9.9.8.10", 0, "9.9.8.10", "9.9.8.11")]
    public void The_box_s_neighbours_are_no_peers(string own, int prefix, string neighbour, string other)
    {
        using var relay = new TestRelay(options =>
            options with
            {
                OwnAddresses = () => [TestRelay.OwnAt(own, prefix)],
            }
        );
        TestClient ann = relay.Client();
        ann.Allocate(TestClient.Family(own.Contains(':', StringComparison.Ordinal) ? StunFamily.V6 : StunFamily.V4));
        ann.Permit(TestRelay.End(neighbour, 445)).ShouldBe(StunError.Forbidden);
        ann.BindChannel(0x4000, TestRelay.End(neighbour, 445)).ShouldBe(StunError.Forbidden);
        ann.Permit(TestRelay.End(other, 445)).ShouldBe(StunError.None);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void While_the_system_does_not_tell_the_addresses_of_before_are_own(bool throws)
    {
        Func<IReadOnlyCollection<OwnAddress>> own = () => [TestRelay.OwnAt("9.9.9.9", 32)];
        using var relay = new TestRelay(options => options with { OwnAddresses = () => own() });
        TestClient ann = relay.Client();
        ann.Allocate();
        ann.Permit(TestRelay.World).ShouldBe(StunError.Forbidden);
        own = () => throws ? throw new NetworkInformationException() : [];
        for (int i = 0; i < 3; i++)
        {
            relay.Clock.Advance(TimeSpan.FromSeconds(11));
            ann.Permit(TestRelay.World).ShouldBe(StunError.Forbidden);
            ann.Permit(TestRelay.End("9.9.9.8", 1)).ShouldBe(StunError.None);
        }
    }

    [Fact]
    public void Before_the_system_has_told_anything_only_relayed_addresses_are_peers()
    {
        using var relay = new TestRelay(options => options with { OwnAddresses = () => [] });
        (TestClient ann, TestClient bob) = (relay.Client(), relay.Client("bob"));
        ann.Allocate();
        ann.Permit(TestRelay.World).ShouldBe(StunError.Forbidden);
        ann.Permit(bob.Allocate()).ShouldBe(StunError.None);
    }

    [Fact]
    public void An_address_without_carrier_is_the_box_s_own_and_not_handed_out()
    {
        OwnAddress down = new(IPAddress.Parse("9.9.9.9"), 32, IsUp: false);
        using var relay = new TestRelay(options =>
            options with
            {
                OwnAddresses = () => [down, TestRelay.OwnAt("10.0.0.7", 8)],
            }
        );
        TestClient ann = relay.Client(local: "127.0.0.1");
        ann.Allocate().Address.ShouldBe(IPAddress.Parse("10.0.0.7"));
        ann.Permit(TestRelay.World).ShouldBe(StunError.Forbidden);
    }

    // A new lease, a new prefix: permissions and channels of before do not lead to the box itself.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_address_that_becomes_the_box_s_own_is_no_peer_from_then_on(bool renewed)
    {
        List<OwnAddress> own = [TestRelay.OwnAt(TestRelay.Own, 32)];
        using var relay = new TestRelay(options => options with { OwnAddresses = () => [.. own] });
        TestClient ann = relay.Client();
        ann.Allocate();
        ann.BindChannel(0x4000, TestRelay.World).ShouldBe(StunError.None);
        ann.SendOn(0x4000, [1]);
        relay.Sockets.Sent.Count.ShouldBe(1);
        own.Add(TestRelay.OwnAt("9.9.9.9", 32));
        relay.Clock.Advance(TimeSpan.FromSeconds(10));
        if (renewed)
            ann.Permit(TestRelay.World).ShouldBe(StunError.Forbidden);
        ann.SendOn(0x4000, [2]);
        ann.SendTo(TestRelay.World, [3]);
        ann.SendTo(TestRelay.End("9.9.9.9", 22), [4]);
        relay.Sockets.Sent.Count.ShouldBe(1);
        // And back.
        own.RemoveAt(1);
        relay.Clock.Advance(TimeSpan.FromSeconds(10));
        ann.SendOn(0x4000, [5]);
        relay.Sockets.Sent.Count.ShouldBe(2);
    }

    [Fact]
    public void Port_0_is_nobody()
    {
        TestClient ann = Ann("9.9.9.9");
        ann.BindChannel(0x4000, TestRelay.End("9.9.9.9", 0)).ShouldBe(StunError.Forbidden);
        // RFC 8656 §9.2: of a permission the port does not matter.
        ann.Permit(TestRelay.End("9.9.9.9", 0)).ShouldBe(StunError.None);
        ann.SendTo(TestRelay.End("9.9.9.9", 0), [1]);
        _relay.Sockets.Sent.ShouldBeEmpty();
    }

    [Fact]
    public void For_tests_private_peers_may_be_allowed_but_not_what_nobody_is()
    {
        using var relay = new TestRelay(options => options with { AllowPrivatePeers = true });
        TestClient ann = relay.Client();
        ann.Allocate();
        ann.Permit(TestRelay.End("127.0.0.1", 9)).ShouldBe(StunError.None);
        ann.Permit(TestRelay.End("192.168.1.1", 9)).ShouldBe(StunError.None);
        foreach (string nobody in (string[])["0.0.0.0", "224.0.0.1", "255.255.255.255"])
            ann.Permit(TestRelay.End(nobody, 9)).ShouldBe(StunError.Forbidden);
    }

    // An allocation of the peer's family, so that it is the address that decides.
    private TestClient Ann(string peer)
    {
        TestClient ann = _relay.Client();
        bool v6 = peer.Contains(':', StringComparison.Ordinal);
        ann.Allocate(v6 ? [TestClient.Family(StunFamily.V6)] : []);
        return ann;
    }

    public void Dispose() => _relay.Dispose();
}
