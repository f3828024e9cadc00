using Kith.Tests.Client;
using Shouldly;
using Xunit;

namespace Kith.Tests.Program;

/// <summary>What the program tells systemd (sd_notify(3)).</summary>
[Collection(nameof(PublishedProgram))]
public sealed class NotifyTests
{
    [Fact]
    public async Task It_is_ready_once_its_ports_are_open_and_says_that_it_stops()
    {
        using KithHome home = await KithHome.CreateAsync(["ada"]);
        // Connects to both ports at once when it hears READY=1.
        await using KithProcess kith = await KithProcess.StartAsync(home);
        kith.Signal();
        await kith.Notify.HearAsync("STOPPING=1").WaitAsync(Signal.Patience);
        (await kith.StopAsync()).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task A_manager_that_is_gone_does_not_disturb_it()
    {
        using KithHome home = await KithHome.CreateAsync(["ada"]);
        await using KithProcess kith = await KithProcess.StartAsync(home);
        kith.Notify.Dispose();
        (await kith.StopAsync()).ExitCode.ShouldBe(0);
        kith.Log.ShouldContain(line => line.Contains("WRN systemd could not be told STOPPING=1"));
    }
}
