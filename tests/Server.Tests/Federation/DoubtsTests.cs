using System.Net;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server.Federation;
using Xunit;

namespace Server.Tests.Federation;

/// <summary>How often others are asked because of strangers (README, "Federation" 8).</summary>
public sealed class DoubtsTests
{
    private static readonly IPAddress _asker = IPAddress.Parse("192.0.2.1");
    private readonly PlayClock _clock = new();
    private readonly Doubts _doubts;

    public DoubtsTests() => _doubts = new Doubts(_clock);

    private bool Ask(string domain, IPAddress asker)
    {
        bool may = _doubts.TryBegin(domain, asker);
        if (may)
            _doubts.End(domain);
        return may;
    }

    [Fact]
    public void One_address_may_have_so_many_asked_in_a_minute()
    {
        for (int i = 0; i < Doubts.MostOfAddress; i++)
            Ask($"n{i}.test", _asker).ShouldBeTrue();
        Ask("last.test", _asker).ShouldBeFalse();
        Ask("last.test", IPAddress.Parse("192.0.2.2")).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromMinutes(1));
        Ask("last.test", _asker).ShouldBeTrue();
    }

    [Fact]
    public void What_shows_itself_is_believed_again()
    {
        _doubts.Failed("away.test", "remote-server-timeout");
        _doubts.WhyNot("away.test").ShouldBe("remote-server-timeout");
        _doubts.WhyNot("other.test").ShouldBeNull();
        _doubts.Forget("away.test");
        _doubts.WhyNot("away.test").ShouldBeNull();
    }
}
