using System.Diagnostics;
using System.Globalization;
using Kith.Tests.Client;
using Kith.Tests.Program;
using Shouldly;
using Xunit;

namespace Kith.Tests.Crash;

/// <summary>
/// <c>kill -9</c> of the published program in the middle of everything (laws, "The life of a message"). What a person saw
/// acknowledged is in both archives once, and is shown once; nothing else is sent twice.
/// </summary>
[Collection(nameof(PublishedProgram))]
public sealed class CrashTests(ITestOutputHelper output)
{
    private static readonly int _rounds = KithProgram.Long ? 200 : 10;
    private static readonly int _seed = int.Parse(
        Environment.GetEnvironmentVariable("KITH_SEED") ?? "2026",
        CultureInfo.InvariantCulture
    );

    [Fact]
    public async Task What_was_acknowledged_survives_kill_9_and_is_shown_once() // Life 2, 3, 7, 8, 9
    {
        using KithHome home = await KithHome.CreateAsync(Crowd.Names);
        var crowd = new Crowd(home);
        KithProcess kith = await StartAsync(home);
        try
        {
            for (int round = 1; round <= _rounds; round++)
                kith = await RoundAsync(round, home, crowd, kith);
            (int code, _) = await kith.StopAsync();
            code.ShouldBe(0);
            DatabaseCopy.Check(home.Data).ShouldBe("ok");
        }
        finally
        {
            await kith.DisposeAsync();
        }
        output.WriteLine(
            $"{_rounds} rounds, {crowd.Messages} messages; {crowd.Resumed} resumptions, {crowd.Refused} refused after a crash"
        );
        crowd.Refused.ShouldBeGreaterThan(_rounds);
        crowd.Resumed.ShouldBeGreaterThan(_rounds);
    }

    private async Task<KithProcess> RoundAsync(int round, KithHome home, Crowd crowd, KithProcess kith)
    {
        var random = new Random(_seed + round);
        var took = Stopwatch.StartNew();
        long before = crowd.Traffic.Count;
        kith = await CrashAsync(home, crowd, kith, random, () => crowd.LiveAsync(random), random.Next(1, 1500));
        if (round % 3 == 0)
            kith = await CrashAsync(home, crowd, kith, random, () => BrokenOffAsync(crowd), random.Next(1, 80));
        await crowd.SettleAsync();
        IReadOnlyList<string> wrong = await crowd.AuditAsync();
        wrong.ShouldBeEmpty($"round {round} with KITH_SEED={_seed}");
        output.WriteLine($"round {round}: {crowd.Traffic.Count - before} events, {took.ElapsedMilliseconds} ms");
        return kith;
    }

    // The settling is broken off too: a second crash while everybody is coming back from the first.
    private static async Task BrokenOffAsync(Crowd crowd)
    {
        try
        {
            await crowd.SettleAsync();
        }
        catch (Exception lost) when (Lost.Is(lost) && crowd.Traffic.IsOver)
        {
            // As intended.
        }
        crowd.Traffic.End();
    }

    private static async Task<KithProcess> CrashAsync(
        KithHome home,
        Crowd crowd,
        KithProcess kith,
        Random random,
        Func<Task> live,
        int events
    )
    {
        crowd.Traffic.Begin();
        Task living = live();
        await Task.WhenAny(crowd.Traffic.AfterAsync(events), living);
        // Anywhere in what follows the event, not always at the same place behind it.
        Spin(TimeSpan.FromMicroseconds(random.Next(5000)));
        crowd.Traffic.End();
        await kith.KillAsync();
        await living;
        await crowd.AloneAsync();
        await kith.DisposeAsync();
        DatabaseCopy.Check(home.Data).ShouldBe("ok");
        return await StartAsync(home);
    }

    private static void Spin(TimeSpan time)
    {
        var spun = Stopwatch.StartNew();
        while (spun.Elapsed < time)
            Thread.SpinWait(10);
    }

    private static Task<KithProcess> StartAsync(KithHome home) =>
        KithProcess.StartAsync(home, "Limits:StanzasPerSecond=0", "Limits:SignInFailures=0");
}
