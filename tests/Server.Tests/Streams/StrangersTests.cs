using System.Net;
using Shouldly;
using Xmpp.Server.Streams;
using Xunit;

namespace Server.Tests.Streams;

/// <summary>Connections that have not signed in, counted for each home.</summary>
public sealed class StrangersTests
{
    [Fact]
    public void So_many_come_in_and_the_next_when_one_has_left()
    {
        var strangers = new Strangers(2);
        IPAddress address = IPAddress.Parse("203.0.113.9");
        strangers.TryEnter(address).ShouldBeTrue();
        strangers.TryEnter(address).ShouldBeTrue();
        strangers.TryEnter(address).ShouldBeFalse();
        strangers.TryEnter(IPAddress.Parse("203.0.113.10")).ShouldBeTrue();
        strangers.Leave(address);
        strangers.TryEnter(IPAddress.Parse("::ffff:203.0.113.9")).ShouldBeTrue();
        strangers.TryEnter(address).ShouldBeFalse();
    }

    [Theory]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("192.0.2.7", "192.0.2.7")]
    public void A_home_is_one_network(string address, string network) =>
        Strangers.NetworkOf(IPAddress.Parse(address)).ShouldBe(IPAddress.Parse(network));
}
