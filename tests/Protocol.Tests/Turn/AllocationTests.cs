using System.Net;
using Protocol.Tests.Turn.Stage;
using Shouldly;
using Turn;
using Turn.Protocol;
using Xunit;

namespace Protocol.Tests.Turn;

/// <summary>Allocations, permissions and channels over time (RFC 8656 §7 to §12).</summary>
public sealed class AllocationTests : IDisposable
{
    private readonly TestRelay _relay = new();

    [Fact]
    public void An_allocation_names_its_relayed_address_the_client_s_own_and_its_time()
    {
        TestClient ann = _relay.Client().Challenged();
        Answer answer = ann.Ask(StunMethod.Allocate, TestClient.Transport).ShouldNotBeNull();
        answer.Class.ShouldBe(StunClass.Success);
        answer.Address(StunAttribute.XorRelayedAddress).Address.ShouldBe(IPAddress.Parse(TestRelay.Own));
        answer.Address(StunAttribute.XorMappedAddress).ShouldBe(ann.Remote.ToEndPoint());
        answer.Number(StunAttribute.Lifetime).ShouldBe(600u);
        answer.IsSignedBy(ann.Username, "turn", ann.Password, PasswordAlgorithm.Md5).ShouldBeTrue();
        answer.Has(StunAttribute.Software).ShouldBeFalse();
    }

    // RFC 8656 §7.2.
    [Theory]
    [InlineData(1u, 600u)]
    [InlineData(700u, 700u)]
    [InlineData(uint.MaxValue, 3600u)]
    public void The_time_is_between_the_default_and_the_longest(uint wished, uint granted)
    {
        TestClient ann = _relay.Client().Challenged();
        Answer answer = ann.Ask(StunMethod.Allocate, TestClient.Transport, TestClient.Lifetime(wished))
            .ShouldNotBeNull();
        answer.Number(StunAttribute.Lifetime).ShouldBe(granted);
    }

    [Fact]
    public void It_ends_with_its_time_unless_it_is_refreshed()
    {
        TestClient ann = _relay.Client();
        ann.Allocate();
        _relay.Clock.Advance(TimeSpan.FromSeconds(599));
        ann.Refresh(600).ShouldBe(StunError.None);
        _relay.Clock.Advance(TimeSpan.FromSeconds(599));
        _relay.Sockets.Open.Count.ShouldBe(1);
        _relay.Clock.Advance(TimeSpan.FromSeconds(1));
        _relay.Sockets.Open.ShouldBeEmpty();
        _relay.Server.Table.Count.ShouldBe(0);
        ann.Refresh(600).ShouldBe(StunError.AllocationMismatch);
    }

    [Fact]
    public void A_client_has_one_and_the_same_request_sent_again_is_answered_alike()
    {
        TestClient ann = _relay.Client().Challenged();
        byte[] request = ann.Request(StunMethod.Allocate, ann.NewTransaction(), TestClient.Transport);
        byte[] first = ann.Ask(request).ShouldNotBeNull().Raw;
        ann.Ask(request).ShouldNotBeNull().Raw.ShouldBe(first);
        ann.Ask(StunMethod.Allocate, TestClient.Transport)
            .ShouldNotBeNull()
            .Error.ShouldBe(StunError.AllocationMismatch);
        _relay.Sockets.Open.Count.ShouldBe(1);

        byte[] end = ann.Request(StunMethod.Refresh, ann.NewTransaction(), TestClient.Lifetime(0));
        first = ann.Ask(end).ShouldNotBeNull().Raw;
        _relay.Sockets.Open.ShouldBeEmpty();
        var again = new Answer(ann.Ask(end).ShouldNotBeNull().Raw);
        (again.Class, again.Number(StunAttribute.Lifetime)).ShouldBe((StunClass.Success, 0u));
        _relay.Clock.Advance(TimeSpan.FromSeconds(41));
        ann.Ask(end).ShouldNotBeNull().Error.ShouldBe(StunError.AllocationMismatch);
    }

    // RFC 8656 §7.2, step by step.
    [Fact]
    public void What_cannot_be_allocated_is_refused_with_its_own_error()
    {
        TestClient ann = _relay.Client().Challenged();
        StunError Ask(params (StunAttribute, byte[])[] attributes) =>
            ann.Ask(StunMethod.Allocate, attributes).ShouldNotBeNull().Error;
        (StunAttribute, byte[]) token = (StunAttribute.ReservationToken, new byte[8]);
        (StunAttribute, byte[]) even = (StunAttribute.EvenPort, [0x80]);
        (StunAttribute, byte[]) also = (StunAttribute.AdditionalAddressFamily, [2, 0, 0, 0]);

        Ask().ShouldBe(StunError.BadRequest);
        Ask((StunAttribute.RequestedTransport, [6, 0, 0, 0])).ShouldBe(StunError.UnsupportedTransport);
        Ask((StunAttribute.RequestedTransport, [Stun.Udp])).ShouldBe(StunError.BadRequest);
        Ask(TestClient.Transport, token, even).ShouldBe(StunError.BadRequest);
        Ask(TestClient.Transport, token, TestClient.Family(StunFamily.V4)).ShouldBe(StunError.BadRequest);
        Ask(TestClient.Transport, token).ShouldBe(StunError.InsufficientCapacity);
        Ask(TestClient.Transport, also, TestClient.Family(StunFamily.V6)).ShouldBe(StunError.BadRequest);
        Ask(TestClient.Transport, also, even).ShouldBe(StunError.BadRequest);
        Ask(TestClient.Transport, (StunAttribute.AdditionalAddressFamily, [1, 0, 0, 0])).ShouldBe(StunError.BadRequest);
        Ask(TestClient.Transport, TestClient.Family((StunFamily)3)).ShouldBe(StunError.AddressFamilyNotSupported);
        Answer answer = ann.Ask(StunMethod.Allocate, TestClient.Transport, (StunAttribute.DontFragment, []))
            .ShouldNotBeNull();
        answer.Error.ShouldBe(StunError.UnknownAttribute);
        answer.Bytes(StunAttribute.UnknownAttributes).ShouldBe([0, 0x1A]);
        _relay.Sockets.Open.ShouldBeEmpty();
        _relay.Server.Table.Users().ShouldBeEmpty();
    }

    [Fact]
    public void An_allocation_may_have_an_address_of_each_family()
    {
        TestClient ann = _relay.Client();
        ann.Allocate((StunAttribute.AdditionalAddressFamily, [2, 0, 0, 0]));
        _relay.Sockets.Open.Select(each => each.Local.IsV6).ShouldBe([false, true]);
        ann.Permit(TestRelay.World).ShouldBe(StunError.None);
        ann.Permit(TestRelay.WorldV6).ShouldBe(StunError.None);
        ann.SendTo(TestRelay.WorldV6, [1]);
        _relay.Sockets.Sent.Single().From.Address.ShouldBe(IPAddress.Parse(TestRelay.OwnV6));

        // One of them may go alone (§8.2).
        (StunAttribute, byte[]) v6 = TestClient.Family(StunFamily.V6);
        ann.Ask(StunMethod.Refresh, TestClient.Lifetime(0), v6).ShouldNotBeNull().Error.ShouldBe(StunError.None);
        _relay.Sockets.Open.Single().Local.IsV6.ShouldBeFalse();
        ann.Permit(TestRelay.WorldV6).ShouldBe(StunError.PeerAddressFamilyMismatch);
        ann.Ask(StunMethod.Refresh, TestClient.Lifetime(600), v6)
            .ShouldNotBeNull()
            .Error.ShouldBe(StunError.PeerAddressFamilyMismatch);
    }

    [Fact]
    public void Without_IPv6_the_additional_address_is_said_to_be_missing()
    {
        using var relay = new TestRelay(options =>
            options with
            {
                OwnAddresses = () => [TestRelay.OwnAt(TestRelay.Own, 32)],
            }
        );
        TestClient ann = relay.Client().Challenged();
        Answer answer = ann.Ask(
                StunMethod.Allocate,
                TestClient.Transport,
                (StunAttribute.AdditionalAddressFamily, [2, 0, 0, 0])
            )
            .ShouldNotBeNull();
        answer.Class.ShouldBe(StunClass.Success);
        answer.Bytes(StunAttribute.AddressErrorCode).ShouldBe([2, 0, 4, 40]);
        relay
            .Client()
            .Challenged()
            .Ask(StunMethod.Allocate, TestClient.Transport, TestClient.Family(StunFamily.V6))
            .ShouldNotBeNull()
            .Error.ShouldBe(StunError.AddressFamilyNotSupported);
    }

    [Fact]
    public void An_even_port_comes_with_the_next_one_reserved_for_half_a_minute()
    {
        TestClient ann = _relay.Client().Challenged();
        byte[] request = ann.Request(
            StunMethod.Allocate,
            ann.NewTransaction(),
            TestClient.Transport,
            (StunAttribute.EvenPort, [0x80])
        );
        Answer answer = ann.Ask(request).ShouldNotBeNull();
        IPEndPoint even = answer.Address(StunAttribute.XorRelayedAddress);
        (even.Port % 2).ShouldBe(0);
        byte[] token = answer.Bytes(StunAttribute.ReservationToken);
        ann.Ask(request).ShouldNotBeNull().Bytes(StunAttribute.ReservationToken).ShouldBe(token);

        // Not for another user.
        _relay
            .Client("bob")
            .Challenged()
            .Ask(StunMethod.Allocate, TestClient.Transport, (StunAttribute.ReservationToken, token))
            .ShouldNotBeNull()
            .Error.ShouldBe(StunError.InsufficientCapacity);
        _relay.Client().Allocate((StunAttribute.ReservationToken, token)).Port.ShouldBe(even.Port + 1);

        _relay.Client().Allocate((StunAttribute.EvenPort, [0x80]));
        _relay.Sockets.Open.Count.ShouldBe(4);
        _relay.Clock.Advance(TimeSpan.FromSeconds(30));
        _relay.Sockets.Open.Count.ShouldBe(3);
        (_relay.Client().Allocate((StunAttribute.EvenPort, [0])).Port % 2).ShouldBe(0);
        _relay.Sockets.Open.Count.ShouldBe(4);
    }

    [Fact]
    public void A_port_in_use_is_skipped_and_when_all_are_there_is_no_room()
    {
        for (ushort port = 50000; port <= 50015; port++)
            if (port != 50007)
                _relay.Sockets.InUse.Add(port);
        _relay.Client().Allocate().Port.ShouldBe(50007);
        _relay
            .Client("bob")
            .Challenged()
            .Ask(StunMethod.Allocate, TestClient.Transport)
            .ShouldNotBeNull()
            .Error.ShouldBe(StunError.InsufficientCapacity);
    }

    [Fact]
    public void A_permission_lasts_five_minutes_and_lets_the_peer_in()
    {
        TestClient ann = _relay.Client();
        IPEndPoint relayed = ann.Allocate();
        FakeSocket socket = _relay.Sockets.At(relayed);
        socket.Receive(TestRelay.World, [1]);
        int before = ann.Received.Count;
        ann.Permit(TestRelay.World).ShouldBe(StunError.None);
        // Any port of that address.
        socket.Receive(TestRelay.End("9.9.9.9", 7), [1, 2, 3]);
        var indication = new Answer(ann.Received[^1]);
        (indication.Class, indication.Method).ShouldBe((StunClass.Indication, StunMethod.Data));
        indication.Bytes(StunAttribute.Data).ShouldBe([1, 2, 3]);
        indication.Address(StunAttribute.XorPeerAddress).ShouldBe(TestRelay.End("9.9.9.9", 7));
        // Nothing of what lay behind it in memory.
        indication.Raw[^1].ShouldBe((byte)0);
        socket.Receive(TestRelay.End("9.9.9.8", 7), [1]);
        ann.Received.Count.ShouldBe(before + 2);

        _relay.Clock.Advance(TimeSpan.FromSeconds(299));
        ann.SendTo(TestRelay.World, [1]);
        _relay.Sockets.Sent.Count.ShouldBe(1);
        _relay.Clock.Advance(TimeSpan.FromSeconds(1));
        ann.SendTo(TestRelay.World, [1]);
        socket.Receive(TestRelay.World, [1]);
        _relay.Sockets.Sent.Count.ShouldBe(1);
        ann.Received.Count.ShouldBe(before + 2);
    }

    [Fact]
    public void A_channel_stands_for_one_peer_and_lasts_ten_minutes()
    {
        TestClient ann = _relay.Client();
        FakeSocket socket = _relay.Sockets.At(ann.Allocate());
        ann.BindChannel(0x4000, TestRelay.World).ShouldBe(StunError.None);
        ann.BindChannel(0x4000, TestRelay.World).ShouldBe(StunError.None);
        ann.BindChannel(0x4000, TestRelay.End("9.9.9.9", 4001)).ShouldBe(StunError.BadRequest);
        ann.BindChannel(0x4001, TestRelay.World).ShouldBe(StunError.BadRequest);
        ann.SendOn(0x4000, [1, 2]);
        _relay.Sockets.Sent.Single().Payload.ShouldBe([1, 2]);
        socket.Receive(TestRelay.World, [3]);
        ann.Received[^1].ShouldBe([0x40, 0, 0, 1, 3]);
        ann.SendOn(0x4002, [1, 2]);
        _relay.Sockets.Sent.Count.ShouldBe(1);

        // Its permission ends sooner, and comes back with either request (§12.2).
        _relay.Clock.Advance(TimeSpan.FromMinutes(5));
        ann.SendOn(0x4000, [1, 2]);
        _relay.Sockets.Sent.Count.ShouldBe(1);
        ann.Permit(TestRelay.World).ShouldBe(StunError.None);
        ann.SendOn(0x4000, [1, 2]);
        _relay.Sockets.Sent.Count.ShouldBe(2);
        ann.Refresh(600).ShouldBe(StunError.None);
        _relay.Clock.Advance(TimeSpan.FromMinutes(5));
        ann.Permit(TestRelay.World).ShouldBe(StunError.None);
        ann.SendOn(0x4000, [1, 2]);
        _relay.Sockets.Sent.Count.ShouldBe(2);
        ann.BindChannel(0x4001, TestRelay.World).ShouldBe(StunError.None);
    }

    // platform.md: numbers outside of the range are where others' memory faults were; RFC 5766 §11 goes to 0x7FFF.
    [Theory]
    [InlineData(0x0000)]
    [InlineData(0x3FFF)]
    [InlineData(0x8000)]
    [InlineData(0xFFFF)]
    public void A_channel_s_number_lies_in_its_range(int number)
    {
        TestClient ann = _relay.Client();
        ann.Allocate();
        ann.BindChannel((ushort)number, TestRelay.World).ShouldBe(StunError.BadRequest);
    }

    [Theory]
    [InlineData(0x4000)]
    [InlineData(0x4FFF)]
    [InlineData(0x7FFF)]
    public void Older_clients_channels_are_served_too(int number)
    {
        TestClient ann = _relay.Client();
        ann.Allocate();
        ann.BindChannel((ushort)number, TestRelay.World).ShouldBe(StunError.None);
        ann.SendOn((ushort)number, [9]);
        _relay.Sockets.Sent.Single().Payload.ShouldBe([9]);
    }

    // On a stream each message ends at a multiple of four (§12.5).
    [Fact]
    public void ChannelData_is_padded_on_streams_and_not_over_UDP()
    {
        foreach (bool isStream in (bool[])[false, true])
        {
            TestClient ann = _relay.Client(isStream: isStream);
            FakeSocket socket = _relay.Sockets.At(ann.Allocate());
            ann.BindChannel(0x4000, TestRelay.World).ShouldBe(StunError.None);
            socket.Receive(TestRelay.World, [1, 2, 3, 4, 5]);
            ann.Received[^1].Length.ShouldBe(isStream ? 12 : 9);
            ann.Received[^1][3].ShouldBe((byte)5);
        }
    }

    [Fact]
    public void Indications_that_are_not_whole_are_nothing()
    {
        TestClient ann = _relay.Client();
        ann.Allocate();
        ann.Permit(TestRelay.World);
        ann.SendTo(TestRelay.World, [1], (StunAttribute.DontFragment, []));
        ann.SendTo(TestRelay.World, [1], ((StunAttribute)0x7ABC, [1]));
        _relay.Sockets.Sent.ShouldBeEmpty();
        // What need not be understood does not hinder; an empty datagram is one.
        ann.SendTo(TestRelay.World, [], (StunAttribute.Software, [1]));
        _relay.Sockets.Sent.Single().Payload.ShouldBeEmpty();
    }

    [Fact]
    public void Limits_hold_for_each_user_over_all_its_credentials()
    {
        using var relay = new TestRelay(options =>
            options with
            {
                Limits = new RelayLimits
                {
                    AllocationsPerUser = 2,
                    Permissions = 2,
                    Channels = 1,
                },
            }
        );
        TestClient first = relay.Client();
        relay.Clock.Advance(TimeSpan.FromSeconds(1)); // another credential
        TestClient second = relay.Client();
        second.Username.ShouldNotBe(first.Username);
        first.Allocate();
        second.Allocate();
        TestClient third = relay.Client().Challenged();
        Answer Ask() => third.Ask(StunMethod.Allocate, TestClient.Transport).ShouldNotBeNull();
        Ask().Error.ShouldBe(StunError.AllocationQuotaReached);
        relay.Client("bob").Allocate();
        first.Refresh(0);
        Ask().Error.ShouldBe(StunError.None);

        second.Permit(TestRelay.End("9.9.9.1", 1)).ShouldBe(StunError.None);
        second.BindChannel(0x4000, TestRelay.End("9.9.9.2", 1)).ShouldBe(StunError.None);
        second.BindChannel(0x4001, TestRelay.End("9.9.9.2", 2)).ShouldBe(StunError.InsufficientCapacity);
        second.Permit(TestRelay.End("9.9.9.3", 1)).ShouldBe(StunError.InsufficientCapacity);
        second.Permit(TestRelay.End("9.9.9.1", 1)).ShouldBe(StunError.None);
    }

    [Fact]
    public void A_user_s_bytes_are_bounded_each_way()
    {
        using var relay = new TestRelay(options =>
            options with
            {
                Limits = new RelayLimits { BytesPerSecond = 10_480 },
            }
        );
        TestClient ann = relay.Client();
        FakeSocket socket = relay.Sockets.At(ann.Allocate());
        ann.BindChannel(0x4000, TestRelay.World);
        int before = ann.Received.Count;
        for (int i = 0; i < 30; i++)
        {
            ann.SendOn(0x4000, new byte[1000]);
            socket.Receive(TestRelay.World, new byte[1000]);
        }

        relay.Sockets.Sent.Count.ShouldBe(10);
        (ann.Received.Count - before).ShouldBe(10);
        relay.Clock.Advance(TimeSpan.FromMilliseconds(500));
        for (int i = 0; i < 30; i++)
            ann.SendOn(0x4000, new byte[1000]);
        relay.Sockets.Sent.Count.ShouldBe(15);

        // Whoever leaves and comes again is the same.
        ann.Refresh(0).ShouldBe(StunError.None);
        TestClient again = relay.Client();
        again.Allocate();
        again.BindChannel(0x4000, TestRelay.World);
        again.SendOn(0x4000, new byte[1000]);
        relay.Sockets.Sent.Count.ShouldBe(15);
        // An empty packet is one all the same: 48 bytes of 10480 a second.
        relay.Clock.Advance(TimeSpan.FromSeconds(1));
        for (int i = 0; i < 1000; i++)
            again.SendOn(0x4000, []);
        relay.Sockets.Sent.Count.ShouldBe(15 + 218);
    }

    // RFC 8656 §2: the protocol is the fifth of the five.
    [Fact]
    public void The_end_of_a_connection_s_is_not_that_of_the_same_addresses_over_UDP()
    {
        TestClient udp = _relay.Client();
        TestClient tcp = new(_relay.Server, udp.Remote.ToEndPoint(), udp.Local.ToEndPoint(), isStream: true)
        {
            Username = udp.Username,
            Password = udp.Password,
        };
        udp.Allocate();
        tcp.Allocate();
        tcp.Refresh(0).ShouldBe(StunError.None);
        _relay.Server.Table.Find(udp.Remote, udp.Local).ShouldBe(udp.Allocation);
        udp.Refresh(0).ShouldBe(StunError.None);
        _relay.Server.Table.Find(udp.Remote, udp.Local).ShouldBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Behind_one_external_address_each_port_is_announced_once(bool moves)
    {
        string at = "11.0.0.2";
        using var relay = new TestRelay(options =>
            options with
            {
                RelayPorts = (50000, 50000),
                ExternalAddresses = () => [IPAddress.Parse("9.9.9.10")],
                OwnAddresses = () => [TestRelay.OwnAt(at, 32), TestRelay.OwnAt("11.0.0.3", 32)],
            }
        );
        TestClient ann = relay.Client(local: "11.0.0.2");
        TestClient bob = relay.Client("bob", local: "11.0.0.3").Challenged();
        IPEndPoint announced = ann.Allocate();
        if (moves)
        {
            at = "11.0.0.4";
            relay.Clock.Advance(TimeSpan.FromSeconds(11));
        }

        bob.Ask(StunMethod.Allocate, TestClient.Transport)
            .ShouldNotBeNull()
            .Error.ShouldBe(StunError.InsufficientCapacity);
        relay.Sockets.Open.Count.ShouldBe(1);
        relay.Server.Table.Users().ShouldBe([new("ann", 1)]);
        relay.Server.Table.TryFindLive(TransportAddress.Of(announced), out var owner, out _).ShouldBeTrue();
        owner.ShouldBe(ann.Allocation);
        ann.Refresh(0).ShouldBe(StunError.None);
        bob.Allocate().ShouldBe(announced);
    }

    [Fact]
    public void Nobody_takes_more_than_a_third_of_the_ports_and_what_is_reserved_counts()
    {
        TestClient[] all = [.. Enumerable.Range(0, 5).Select(_ => _relay.Client())];
        (StunAttribute, byte[]) reserve = (StunAttribute.EvenPort, [0x80]);
        all[0].Challenged();
        Answer first = all[0].Ask(StunMethod.Allocate, TestClient.Transport, reserve).ShouldNotBeNull();
        byte[] token = first.Bytes(StunAttribute.ReservationToken);
        all[1].Allocate(reserve);
        // 16 ports, of which two are taken and two reserved.
        StunError Ask(TestClient client, params (StunAttribute, byte[])[] more) =>
            client.Challenged().Ask(StunMethod.Allocate, [TestClient.Transport, .. more]).ShouldNotBeNull().Error;
        Ask(all[2], reserve).ShouldBe(StunError.InsufficientCapacity);
        all[2].Allocate();
        Ask(all[3]).ShouldBe(StunError.AllocationQuotaReached);
        _relay.Sockets.Open.Count.ShouldBe(5);
        _relay.Client("bob").Allocate();
        // Its place goes from the reservation to the allocation, and one that ends gives it back.
        all[3].Allocate((StunAttribute.ReservationToken, token));
        Ask(all[4]).ShouldBe(StunError.AllocationQuotaReached);
        _relay.Clock.Advance(TimeSpan.FromSeconds(30));
        all[4].Allocate();
        foreach (TestClient each in all)
            each.Refresh(0).ShouldBe(StunError.None);
        _relay.Server.Table.Users().ShouldBe([new("bob", 1)]);
    }

    // The search is on the thread of everybody's packets.
    [Fact]
    public void Where_no_port_is_free_the_system_is_not_asked_without_end()
    {
        foreach (string user in (string[])["ann", "bob", "cid", "dan"])
            for (int i = 0; i < 4; i++)
                _relay.Client(user).Allocate();
        int tries = _relay.Sockets.Tries;
        TestClient eve = _relay.Client("eve").Challenged();
        StunError Ask() => eve.Ask(StunMethod.Allocate, TestClient.Transport).ShouldNotBeNull().Error;
        Ask().ShouldBe(StunError.InsufficientCapacity);
        _relay.Sockets.Tries.ShouldBe(tries);

        // Ports that others have are asked for, but not for ever.
        _relay.Server.Table.RemoveAll();
        for (ushort port = 50000; port <= 50015; port++)
            _relay.Sockets.InUse.Add(port);
        for (int i = 0; i < 400; i++)
            Ask().ShouldBe(StunError.InsufficientCapacity);
        (_relay.Sockets.Tries - tries).ShouldBeInRange(16, 100 * 16);
        _relay.Sockets.InUse.Clear();
        _relay.Client("fay").Allocate();
        _relay.Clock.Advance(TimeSpan.FromSeconds(1));
        Ask().ShouldBe(StunError.None);
    }

    [Fact]
    public void Whoever_is_locked_out_loses_all_at_once()
    {
        (TestClient ann, TestClient bob) = (_relay.Client(), _relay.Client("bob"));
        ann.Allocate();
        bob.Allocate();
        _relay.Server.Table.RemoveAll("ann");
        _relay.Sockets.Open.Count.ShouldBe(1);
        ann.Permit(TestRelay.World).ShouldBe(StunError.AllocationMismatch);
        bob.Permit(TestRelay.World).ShouldBe(StunError.None);
    }

    [Fact]
    public void Of_one_user_what_was_allocated_under_a_name_ends_alone()
    {
        TestClient lost = _relay.Client();
        _relay.Clock.Advance(TimeSpan.FromSeconds(1));
        TestClient kept = _relay.Client();
        lost.Username.ShouldNotBe(kept.Username);
        lost.Allocate();
        kept.Allocate();
        _relay.Server.Table.RemoveAll(each => each.Identity.Username == lost.Username);
        _relay.Sockets.Open.Count.ShouldBe(1);
        lost.Permit(TestRelay.World).ShouldBe(StunError.AllocationMismatch);
        kept.Permit(TestRelay.World).ShouldBe(StunError.None);
    }

    public void Dispose() => _relay.Dispose();
}
