using System.Net;
using Shouldly;
using Turn;
using Turn.Protocol;
using Turn.Streams;
using Xunit;

namespace Protocol.Tests.Turn;

/// <summary>How many connections may be open that have proved nothing.</summary>
public sealed class NewcomersTests
{
    private readonly Newcomers _newcomers = new(new RelayLimits { IdleConnections = 5, IdleConnectionsPerAddress = 2 });

    // A household has 2^64 addresses.
    [Fact]
    public void A_household_s_are_counted_together()
    {
        Enter("2a00:0:0:1::1").ShouldBeTrue();
        Enter("2a00:0:0:1::2").ShouldBeTrue();
        Enter("2a00:0:0:1::3").ShouldBeFalse();
        Enter("2a00:0:0:2::3").ShouldBeTrue();
        Enter("9.9.9.8").ShouldBeTrue();
        _newcomers.Leave(At("2a00:0:0:1::2"));
        Enter("2a00:0:0:1::3").ShouldBeTrue();
    }

    [Fact]
    public void There_are_so_many_from_everywhere_and_no_more()
    {
        for (int i = 1; i <= 5; i++)
            Enter($"9.9.9.{i}").ShouldBeTrue();
        Enter("9.9.9.6").ShouldBeFalse();
        _newcomers.Leave(At("9.9.9.1"));
        Enter("9.9.9.6").ShouldBeTrue();
    }

    private bool Enter(string address) => _newcomers.TryEnter(At(address));

    private static TransportAddress At(string address) => TransportAddress.Of(IPAddress.Parse(address), 4000);
}
