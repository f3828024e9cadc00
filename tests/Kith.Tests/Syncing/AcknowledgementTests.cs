using Kith.Tests.Client;
using Kith.Tests.Program;
using Shouldly;
using Xunit;

namespace Kith.Tests.Syncing;

/// <summary>The published program, watched by strace: what a message shows of itself comes after its sync.</summary>
[Collection(nameof(PublishedProgram))]
public sealed class AcknowledgementTests(ITestOutputHelper output)
{
    private const int Messages = 50;

    [Fact]
    public async Task Acknowledgement_and_copy_leave_after_the_sync() // Life 2, 3
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed");
        (string[] lines, (int, int) ports) = await WatchAsync();
        Check(lines, ports).ShouldBeEmpty();

        // The same trace without its syncs must not pass.
        string[] unsynced = [.. lines.Where(line => !line.Contains("fdatasync"))];
        Check(unsynced, ports).Count.ShouldBe(2 * Messages);
        output.WriteLine($"{Messages} messages, {lines.Length} lines, {lines.Length - unsynced.Length} of them syncs");
    }

    /// <summary>A trace in which each message has one answer.</summary>
    private async Task<(string[] Lines, (int, int) Ports)> WatchAsync()
    {
        const int Attempts = 4;
        for (int i = 0; i < Attempts; i++)
        {
            (string[] lines, (int, int) ports, int answers) = await WatchOnceAsync();
            if (answers == Messages)
                return (lines, ports);
            // Where a sync takes over a second there is an answer before it, with the count that is (Life 3).
            answers.ShouldBeGreaterThan(Messages);
            output.WriteLine($"a slow disk: {answers} answers to {Messages} messages");
        }
        throw new TimeoutException($"a sync took over a second in each of {Attempts} attempts");
    }

    private static async Task<(string[] Lines, (int, int) Ports, int Answers)> WatchOnceAsync()
    {
        using KithHome home = await KithHome.CreateAsync(["ada", "ben"]);
        string trace = home.At("trace");
        string[] watched = ["/usr/bin/strace", "-D", "-f", "-yy", "-qq", "-e", "trace=" + Trace.Calls, "-o", trace];
        // The sender is not there for others, the recipient does not acknowledge: nothing else is sent to either.
        var sender = new Device(KithHome.Domain, "ada", "phone") { CatchUp = CatchUp.None };
        var recipient = new Device(KithHome.Domain, "ben", "phone") { CatchUp = CatchUp.Offline, Managed = false };
        (int From, int To) ports;
        await using (KithProcess kith = await KithProcess.StartAsync(home, [], watched))
        {
            await sender.ConnectAsync(home.DirectTls);
            await recipient.ConnectAsync(home.StartTls);
            await recipient.WhileOnline(() => recipient.IsAvailable, "its own presence");
            ports = (sender.Wire.LocalPort, recipient.Wire.LocalPort);
            await SendOneByOneAsync(sender, recipient);
            await Task.WhenAll(sender.CutAsync(), recipient.CutAsync());
            (await kith.StopAsync()).ExitCode.ShouldBe(0);
        }
        return (await File.ReadAllLinesAsync(trace), ports, sender.Answers);
    }

    private static async Task SendOneByOneAsync(Device sender, Device recipient)
    {
        for (int i = 0; i < Messages; i++)
        {
            string key = await sender.SendMessageAsync(recipient.Account, request: true);
            await sender.WhileOnline(() => sender.HasAcknowledged(key), "the acknowledgement");
            await recipient.WhileOnline(() => recipient.Ledger.Has(key), "the message");
        }
    }

    private static IReadOnlyList<string> Check(string[] lines, (int From, int To) ports) =>
        SyncOrder.Check(Trace.Read(lines), ports.From, ports.To, Messages);
}
