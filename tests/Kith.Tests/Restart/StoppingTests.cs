using Kith.Tests.Client;
using Kith.Tests.Program;
using Shouldly;
using Xmpp.Xml;
using Xunit;

namespace Kith.Tests.Restart;

/// <summary>SIGTERM: everybody hears of it, nothing is lost, and it does not take long.</summary>
[Collection(nameof(PublishedProgram))]
public sealed class StoppingTests
{
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(10);

    private static Device Make(string name, bool managed = true) =>
        new(KithHome.Domain, name, "phone") { CatchUp = CatchUp.Offline, Managed = managed };

    [Fact]
    public async Task Streams_end_with_system_shutdown_and_the_log_is_moved()
    {
        using KithHome home = await KithHome.CreateAsync(["ada", "ben"]);
        await using KithProcess kith = await KithProcess.StartAsync(home);
        Device managed = Make("ada");
        Device plain = Make("ben", managed: false);
        await managed.ConnectAsync(home.DirectTls);
        await plain.ConnectAsync(home.StartTls);
        using Wire silent = await Wire.ConnectAsync(home.StartTls.Port);
        using Wire begun = await Wire.ConnectAsync(home.StartTls.Port);
        await begun.OpenAsync(KithHome.Domain);

        (int code, TimeSpan took) = await kith.StopAsync();

        code.ShouldBe(0);
        took.ShouldBeLessThan(_limit);
        foreach (Device device in (Device[])[managed, plain])
        {
            await device.Ended;
            device.Closed.ShouldBeTrue();
            device.StreamError.ShouldBe("system-shutdown");
        }
        (await begun.ReadAsync()).Has("system-shutdown", Ns.StreamErrors).ShouldBeTrue();
        File.Exists(Path.Combine(home.Data, "kith.db-wal")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_nobody_up()
    {
        using KithHome home = await KithHome.CreateAsync(["ada", "ben"]);
        await using KithProcess kith = await KithProcess.StartAsync(home, "Limits:StanzasPerSecond=0");
        Device sender = Make("ada");
        await sender.ConnectAsync(home.DirectTls);
        using Wire deaf = await SignIn.ConnectAsync(home.DirectTls, "ben", KithHome.Password);
        await deaf.SendAsync($"<iq type='set' id='b'><bind xmlns='{Ns.Bind}'><resource>x</resource></bind></iq>");
        await deaf.ReadAsync();
        // More than the buffers of both ends take, less than what ends a session.
        string body = new('x', 200_000);
        for (int i = 0; i < 60; i++)
            await sender.SendAsync(
                new Sent($"<message type='chat' to='ben@{KithHome.Domain}/x'><body>{body}</body></message>", null)
            );
        await sender.SettleAsync();

        (int code, TimeSpan took) = await kith.StopAsync();

        code.ShouldBe(0);
        took.ShouldBeLessThan(_limit);
        await sender.Ended;
        sender.StreamError.ShouldBe("system-shutdown");
    }

    [Fact]
    public async Task Of_five_hundred_messages_under_way_none_is_lost_or_comes_twice() // Life 3, 8, 9
    {
        const int messages = 500;
        using KithHome home = await KithHome.CreateAsync(["ada", "ben"]);
        string[] settings = ["Limits:StanzasPerSecond=0"];
        Device sender = Make("ada");
        Device recipient = Make("ben");
        await using (KithProcess kith = await KithProcess.StartAsync(home, settings))
        {
            await sender.ConnectAsync(home.DirectTls);
            await recipient.ConnectAsync(home.StartTls);
            for (int i = 0; i < messages; i++)
            {
                await sender.SendMessageAsync(recipient.Account);
                if (i == messages - 100)
                    kith.Signal();
            }
            (await kith.StopAsync()).ExitCode.ShouldBe(0);
            await Task.WhenAll(sender.Ended, recipient.Ended);
        }
        await using (KithProcess kith = await KithProcess.StartAsync(home, settings))
        {
            await Task.WhenAll(sender.ConnectAsync(home.DirectTls), recipient.ConnectAsync(home.StartTls));
            sender.Resumption.Attribute("h").ShouldNotBeNull();
            await sender.SettleAsync();
            await recipient.WhileOnline(() => sender.Keys.TrueForAll(recipient.Ledger.Has), "all messages");
            foreach (Device device in (Device[])[sender, recipient])
            {
                (await device.WalkAsync()).Select(seen => seen.Key).ShouldBe(sender.Keys);
                device.Faults.ShouldBeEmpty();
            }
        }
    }
}
