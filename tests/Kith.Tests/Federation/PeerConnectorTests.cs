using Dns;
using Kith.Federation;
using Shouldly;
using Xmpp.Server.Federation;
using Xunit;

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
