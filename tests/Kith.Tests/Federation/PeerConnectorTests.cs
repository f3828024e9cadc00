using System.Net;
using System.Net.Sockets;
using Dns;
using Dns.Protocol;
using Kith.Federation;
using Kith.Options;
using Protocol.Tests.Dns;
using Shouldly;
using Xmpp.Server.Federation;
using Xunit;
using FederationOptions = Kith.Options.FederationOptions;
using Record = Dns.Record;

namespace Kith.Tests.Federation;

/// <summary>Where a server is looked for, by its records of both kinds (XEP-0368 §3, RFC 2782).</summary>
public sealed class PeerConnectorTests
{
    private static ServiceData Record(ushort priority, string target, ushort port) =>
        new(priority, 1, port, DomainName.Parse(target));

    [Fact]
    public void Both_kinds_are_one_list_by_priority() =>
        PeerConnector
            .Order([Record(10, "a.test", 5270), Record(30, "c.test", 5270)], [Record(20, "b.test", 5269)])
            .ShouldBe([
                new PeerRoute("a.test", 5270, DirectTls: true),
                new PeerRoute("b.test", 5269, DirectTls: false),
                new PeerRoute("c.test", 5270, DirectTls: true),
            ]);

    [Fact]
    public void The_same_host_may_be_both()
    {
        ServiceData record = Record(10, "a.test", 443);
        PeerConnector.Order([record], [record with { }]).Count(route => route.DirectTls).ShouldBe(1);
    }

    // A stranger's word leads to no machine of the house (Kith/README).
    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    public async Task Only_a_route_of_the_settings_leads_to_a_private_address(bool named, bool allowed, bool reached)
    {
        using var host = new TcpListener(IPAddress.Loopback, 0);
        host.Start();
        ushort port = (ushort)((IPEndPoint)host.LocalEndpoint).Port;
        await using ScriptedServer names = ScriptedServer.Start(asked =>
            (asked.Name, asked.Type) switch
            {
                ("_xmpp-server._tcp.away.test", RecordType.SRV) => Reply(asked, Record(0, "host.test", port)),
                ("host.test", RecordType.A) => Reply(asked, new AddressData(IPAddress.Loopback)),
                _ => asked.Reply(),
            }
        );
        using var resolver = new Resolver(new ResolverOptions { Servers = [names.Address] });
        var options = new FederationOptions { AllowPrivateAddresses = allowed };
        if (named)
            options = options with
            {
                Hosts = new Dictionary<string, HostPort> { ["away.test"] = new HostPort("127.0.0.1", port) },
            };
        PeerConnector connector = Connector(options, resolver);

        PeerRoute route = (await connector.FindAsync("away.test", default)).ShouldHaveSingleItem();

        if (reached)
            await (await connector.ConnectAsync("away.test", route, default)).DisposeAsync();
        else
            await Should.ThrowAsync<IOException>(() => connector.ConnectAsync("away.test", route, default));
        host.Pending().ShouldBe(reached);
    }

    // XEP-0368 §3, RFC 6120 §3.2.2: who has no service of one kind says nothing of the other.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_without_direct_TLS_is_still_one(bool exists)
    {
        await using ScriptedServer names = ScriptedServer.Start(asked =>
            (asked.Name, asked.Type) switch
            {
                ("_xmpps-server._tcp.away.test", RecordType.SRV) => Reply(asked, Record(0, ".", 0)),
                ("_xmpp-server._tcp.away.test", RecordType.SRV) => asked.Reply() with
                {
                    Code = exists ? ResponseCode.NoError : ResponseCode.NoSuchName,
                },
                ("away.test", RecordType.A) => Reply(asked, new AddressData(IPAddress.Loopback)),
                _ => asked.Reply(),
            }
        );
        using var resolver = new Resolver(new ResolverOptions { Servers = [names.Address] });
        (await Connector(new FederationOptions(), resolver).FindAsync("away.test", default))
            .ShouldHaveSingleItem()
            .ToString()
            .ShouldBe("away.test:5269");
    }

    // "." for streams that begin in the clear denies them and the domain itself; what could not be asked denies nothing.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_server_that_is_denied_is_none_once_both_kinds_were_asked(bool unknown)
    {
        await using ScriptedServer names = ScriptedServer.Start(asked =>
            (asked.Name, asked.Type) switch
            {
                ("_xmpps-server._tcp.away.test", RecordType.SRV) => asked.Reply() with
                {
                    Code = unknown ? ResponseCode.ServerFailure : ResponseCode.NoSuchName,
                },
                ("_xmpp-server._tcp.away.test", RecordType.SRV) => Reply(asked, Record(0, ".", 0)),
                ("away.test", RecordType.A) => Reply(asked, new AddressData(IPAddress.Loopback)),
                _ => asked.Reply(),
            }
        );
        using var resolver = new Resolver(new ResolverOptions { Servers = [names.Address] });
        Task<IReadOnlyList<PeerRoute>> found = Connector(new FederationOptions(), resolver)
            .FindAsync("away.test", default);
        if (unknown)
            await Should.ThrowAsync<IOException>(() => found);
        else
            (await found).ShouldBeEmpty();
    }

    // A domain may have 253 characters (RFC 1035 §2.3.4), of which its service's name leaves 234.
    [Fact]
    public async Task A_domain_too_long_for_its_services_name_has_none()
    {
        using var resolver = new Resolver(new ResolverOptions { Servers = [] });
        string domain = string.Join('.', Enumerable.Repeat(new string('a', 60), 4));
        (await Connector(new FederationOptions(), resolver).FindAsync(domain, default)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("[2001:db8::1]")]
    public async Task An_address_is_no_domain(string domain)
    {
        using var resolver = new Resolver(new ResolverOptions { Servers = [] });
        (await Connector(new FederationOptions(), resolver).FindAsync(domain, default)).ShouldBeEmpty();
    }

    private static PeerConnector Connector(FederationOptions federation, Resolver resolver) =>
        new(
            new KithOptions { Federation = federation },
            new PeerTls(static () => throw new InvalidOperationException(), new PeerTrust([], TimeProvider.System)),
            resolver,
            TimeProvider.System
        );

    private static Message Reply(Asked asked, RecordData data) =>
        asked.Reply(new Record(asked.Message.Questions[0].Name, asked.Type, RecordClass.Internet, 0, data));

    // RFC 2782, "Target".
    [Fact]
    public void A_target_of_the_root_is_no_service()
    {
        PeerConnector.Order([], [Record(0, ".", 0)]).ShouldBeEmpty();
        PeerConnector
            .Order([Record(0, ".", 0)], [Record(0, "a.test", 5269)])
            .ShouldBe([new PeerRoute("a.test", 5269, DirectTls: false)]);
    }
}
