using System.Net;
using System.Net.Sockets;
using Dns;
using Dns.Protocol;
using Kith.Network;
using Protocol.Tests.Dns;
using Shouldly;
using Xunit;
using Record = Dns.Record;

namespace Kith.Tests.Network;

/// <summary>Candidates as federation has them, their names from a scripted server, their hosts on loopback.</summary>
public sealed class ConnectorTests : IAsyncLifetime
{
    private readonly TcpListener _host = new(IPAddress.Loopback, 0);
    private ScriptedServer _server = null!;
    private Resolver _resolver = null!;
    private Connector _connector = null!;

    private int Port => ((IPEndPoint)_host.LocalEndpoint).Port;

    public ValueTask InitializeAsync()
    {
        _host.Start();
        _server = ScriptedServer.Start(asked =>
            (asked.Name, asked.Type) switch
            {
                ("two.test", RecordType.AAAA) => asked.Reply(Address(asked, "::1")),
                ("two.test" or "one.test", RecordType.A) => asked.Reply(Address(asked, "127.0.0.1")),
                ("xn--bcher-kva.test", RecordType.A) => asked.Reply(Address(asked, "127.0.0.1")),
                ("broken.test", _) => asked.Reply() with { Code = ResponseCode.ServerFailure },
                _ => asked.Reply(),
            }
        );
        _resolver = new Resolver(new ResolverOptions { Servers = [_server.Address] });
        _connector = new Connector(new HostNames(_resolver), TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _resolver.Dispose();
        _host.Dispose();
        await _server.DisposeAsync();
    }

    private static Record Address(Asked asked, string address) =>
        new(
            asked.Message.Questions[0].Name,
            asked.Type,
            RecordClass.Internet,
            0,
            new AddressData(IPAddress.Parse(address))
        );

    private async Task<Connection> ConnectAsync(params Candidate[] candidates)
    {
        Connection connection = await _connector.ConnectAsync(candidates, default);
        using Socket? socket = connection.Socket;
        if (socket is not null)
        {
            using Socket accepted = await _host.AcceptSocketAsync();
            accepted.RemoteEndPoint.ShouldBe(socket.LocalEndPoint);
        }

        return connection;
    }

    [Fact]
    public async Task A_host_is_reached_over_the_family_that_answers() =>
        (await ConnectAsync(new Candidate("two.test", Port))).Faults.ShouldBeEmpty();

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("bücher.test")]
    public async Task An_address_or_an_international_name_is_a_host_too(string host) =>
        (await ConnectAsync(new Candidate(host, Port))).Socket.ShouldNotBeNull();

    [Fact]
    public async Task The_next_candidate_is_tried_when_one_cannot_be_reached_and_it_is_said_why()
    {
        int closed = Program.KithHome.FreePort();
        Connection connection = await ConnectAsync(
            new Candidate("nowhere.test", Port),
            new Candidate("broken.test", Port),
            new Candidate("one.test", closed),
            new Candidate("no..host", Port),
            new Candidate("one.test", Port),
            new Candidate("one.test", Port)
        );

        connection.Candidate.ShouldBe(4);
        connection.Faults.Count.ShouldBe(4);
        connection.Faults[0].ShouldBe("nowhere.test: it has no address");
        connection.Faults[1].ShouldContain("SERVFAIL");
        connection.Faults[2].ShouldBe("one.test: 127.0.0.1 Connection refused");
        connection.Faults[3].ShouldContain("no host name");
    }

    [Fact]
    public async Task Nobody_is_there_is_an_answer()
    {
        Connection connection = await ConnectAsync(new Candidate("nowhere.test", Port));
        (connection.Socket, connection.Candidate).ShouldBe((null, 1));
        (await ConnectAsync()).Socket.ShouldBeNull();
    }

    [Fact]
    public async Task Addresses_that_may_not_be_are_left_out()
    {
        var cautious = new Connector(new HostNames(_resolver), TimeProvider.System)
        {
            May = address => !IPAddress.IsLoopback(address),
        };
        Connection connection = await cautious.ConnectAsync([new Candidate("two.test", Port)], default);
        connection.Socket.ShouldBeNull();
        connection.Faults.ShouldHaveSingleItem().ShouldContain("such addresses are not connected to");
    }

    [Fact]
    public async Task A_candidate_that_does_not_answer_is_left_after_a_while()
    {
        var time = new HeldTime();
        await using ScriptedServer silent = ScriptedServer.Start(_ => (Message?)null);
        using var resolver = new Resolver(new ResolverOptions { Servers = [silent.Address] });
        var connector = new Connector(new HostNames(resolver), time);
        Task<Connection> connecting = connector.ConnectAsync(
            [new Candidate("slow.test", 1), new("127.0.0.1", Port)],
            default
        );
        await silent.NextAsync();
        time.Pass(connector.Patience);
        Connection connection = await connecting;
        using Socket socket = connection.Socket.ShouldNotBeNull();
        connection.Candidate.ShouldBe(1);
        connection.Faults.ShouldBe(["slow.test: nobody answered in time"]);
    }
}
