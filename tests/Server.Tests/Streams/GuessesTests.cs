using System.Net;
using Server.Tests.Plays.Stage;
using Shouldly;
using Xmpp.Server;
using Xmpp.Server.Streams;
using Xunit;

namespace Server.Tests.Streams;

/// <summary>Reach 6: guesses slow down for one account from one address.</summary>
public sealed class GuessesTests
{
    private static readonly IPAddress _here = IPAddress.Loopback;
    private static readonly IPAddress _elsewhere = IPAddress.Parse("192.0.2.1");
    private readonly PlayClock _clock = new();
    private readonly Guesses _guesses;

    public GuessesTests() =>
        _guesses = new Guesses(
            new ServerOptions
            {
                Domain = "kith.test",
                PublicUrl = "https://kith.test",
                Secret = new byte[32],
                SignInFailures = 3,
            },
            _clock
        );

    [Fact]
    public void After_the_allowed_failures_each_answer_waits_longer()
    {
        Fail(3);
        TimeSpan first = _guesses.Delay("romeo", _here);
        first.ShouldBeGreaterThan(TimeSpan.Zero);
        Fail(1);
        _guesses.Delay("romeo", _here).ShouldBeGreaterThan(first);
        Fail(100);
        _guesses.Delay("romeo", _here).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void The_owner_elsewhere_and_other_people_do_not_wait()
    {
        Fail(50);
        _guesses.Delay("romeo", _elsewhere).ShouldBe(TimeSpan.Zero);
        _guesses.Delay("juliet", _here).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_failure_that_names_nobody_counts_for_nobody()
    {
        for (int i = 0; i < 50; i++)
            _guesses.Failed("", _here);
        _guesses.Delay("", _here).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_success_or_ten_minutes_end_it()
    {
        Fail(5);
        _guesses.Succeeded("romeo", _here);
        _guesses.Delay("romeo", _here).ShouldBe(TimeSpan.Zero);
        Fail(5);
        _clock.Advance(TimeSpan.FromMinutes(11));
        _guesses.Delay("romeo", _here).ShouldBe(TimeSpan.Zero);
    }

    private void Fail(int times)
    {
        for (int i = 0; i < times; i++)
            _guesses.Failed("romeo", _here);
    }
}
