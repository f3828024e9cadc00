using System.Net;
using Kith.Administration;
using Kith.Options;
using Kith.Services;
using Shouldly;
using Turn;
using Xunit;
using TurnOptions = Turn.RelayOptions;

namespace Kith.Tests.Administration;

/// <summary>What <c>kith doctor</c> says of the relay, which stands on the system's sockets.</summary>
public sealed class RelayCheckTests
{
    private readonly List<IPAddress> _external = [];

    [Fact]
    public async Task A_relay_that_hands_out_an_address_of_the_world_s_is_well()
    {
        _external.Add(IPAddress.Parse("9.9.9.10"));
        FindingView finding = await Examine();
        (finding.Check, finding.State).ShouldBe(("relay", "ok"));
        finding.Message.ShouldEndWith("answers, and hands out 9.9.9.10");
    }

    [Fact]
    public async Task One_that_hands_out_an_address_of_the_home_s_is_warned_of()
    {
        FindingView finding = await Examine();
        finding.State.ShouldBe("warn");
        finding.Message.ShouldContain("127.0.0.1");
        finding.Advice.ShouldNotBeNull().ShouldContain("Relay:ExternalAddress");
    }

    [Fact]
    public async Task One_without_a_free_port_fails_and_what_was_asked_for_is_given_back()
    {
        // One port: the first look takes it, and gives it back to the second.
        (int, int) one = (49151, 49151);
        (await Examine(one, times: 2)).State.ShouldBe("warn");
        using var taken = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Loopback, 49150));
        FindingView finding = await Examine((49150, 49150));
        finding.State.ShouldBe("fail");
        finding.Message.ShouldEndWith("gives no address (error 508)");
    }

    [Fact]
    public async Task One_that_does_not_answer_fails()
    {
        int port;
        using (var gone = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Loopback, 0)))
            port = ((IPEndPoint)gone.Client.LocalEndPoint!).Port;
        KithOptions options = Options(port);
        FindingView finding = (await Check(options, Access(options))).ShouldNotBeNull();
        finding.State.ShouldBe("fail");
        finding.Message.ShouldEndWith("does not answer");
    }

    [Fact]
    public async Task Where_there_is_none_nothing_is_said()
    {
        KithOptions options = Options(0);
        (await Check(options, Access(options))).ShouldBeNull();
    }

    private async Task<FindingView> Examine((int First, int Last)? ports = null, int times = 1)
    {
        RelayAccess access = Access(Options(0));
        await using var relay = new Relay(
            new TurnOptions
            {
                Address = IPAddress.Loopback,
                Port = 0,
                RelayPorts = ports ?? (49152, 65535),
                ExternalAddresses = () => _external,
                Credentials = access.Find,
            }
        );
        relay.Bind();
        using var stop = new CancellationTokenSource();
        Task running = relay.RunAsync(stop.Token);
        FindingView? finding = null;
        for (int i = 0; i < times; i++)
            finding = await Check(Options(relay.Addresses[0].Port), access);
        await stop.CancelAsync();
        await running;
        return finding.ShouldNotBeNull();
    }

    private static Task<FindingView?> Check(KithOptions options, RelayAccess access) =>
        new RelayCheck(options, access, TimeProvider.System).ExamineAsync(TestContext.Current.CancellationToken);

    private static RelayAccess Access(KithOptions options) => new(options, TimeProvider.System);

    private static KithOptions Options(int port) =>
        new()
        {
            Domain = "home.example",
            Listen = new ListenOptions
            {
                Address = IPAddress.Loopback,
                Relay = port,
                RelayTls = 0,
            },
        };
}
