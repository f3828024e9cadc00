using Dns;
using Dns.Protocol;
using Shouldly;
using Xunit;

namespace Protocol.Tests.Dns;

/// <summary>What the resolver keeps and for how long, and what it asks once for all.</summary>
public sealed class KeptAnswerTests : ResolverStage
{
    [Fact]
    public async Task An_answer_is_kept_for_as_long_as_it_says()
    {
        await using ScriptedServer server = ScriptedServer.Start(asked => asked.Reply(A("box.test", "192.0.2.1", 60)));
        Resolver resolver = Asking(server);

        await resolver.QueryAsync("box.test", RecordType.A);
        Time.Pass(TimeSpan.FromSeconds(59));
        Answer kept = await resolver.QueryAsync("BOX.test", RecordType.A);
        kept.TimeToLive.ShouldBe(TimeSpan.FromSeconds(1));
        server.All.Count.ShouldBe(1);
        Time.Pass(TimeSpan.FromSeconds(1));
        await resolver.QueryAsync("box.test", RecordType.A);
        server.All.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(ResponseCode.NoSuchName, AnswerStatus.NoSuchName)]
    [InlineData(ResponseCode.NoError, AnswerStatus.NoData)]
    internal async Task A_no_is_kept_for_as_long_as_the_zone_says(ResponseCode code, AnswerStatus status) // RFC 2308 §5
    {
        await using ScriptedServer server = ScriptedServer.Start(asked =>
            asked.Reply() with
            {
                Code = code,
                Authorities = [Authority("test", 300, 20)],
            }
        );
        Resolver resolver = Asking(server);

        Answer answer = await resolver.QueryAsync("box.test", RecordType.A);
        (answer.Status, answer.TimeToLive).ShouldBe((status, TimeSpan.FromSeconds(20)));
        await resolver.QueryAsync("box.test", RecordType.A);
        server.All.Count.ShouldBe(1);
        Time.Pass(TimeSpan.FromSeconds(20));
        await resolver.QueryAsync("box.test", RecordType.A);
        server.All.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_kept_has_its_limits()
    {
        await using ScriptedServer server = ScriptedServer.Start(asked =>
            asked.Name switch
            {
                "long.test" => asked.Reply(A("long.test", "192.0.2.1", int.MaxValue)),
                "negative.test" => asked.Reply(A("negative.test", "192.0.2.1", uint.MaxValue)),
                "no.test" => asked.Reply() with
                {
                    Code = ResponseCode.NoSuchName,
                    Authorities = [Authority("test", 1_000_000, 1_000_000)],
                },
                _ => asked.Reply() with { Code = ResponseCode.NoSuchName },
            }
        );
        Resolver resolver = Asking(server);
        async Task<TimeSpan> Kept(string name) => (await resolver.QueryAsync(name, RecordType.A)).TimeToLive;
        (await Kept("long.test")).ShouldBe(TimeSpan.FromDays(1));
        (await Kept("negative.test")).ShouldBe(TimeSpan.Zero);
        (await Kept("no.test")).ShouldBe(TimeSpan.FromMinutes(15));
        (await Kept("without.authority.test")).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void The_cache_never_holds_more_than_it_may_and_lets_the_nearly_over_go_first()
    {
        var cache = new AnswerCache(8, Time);
        for (int i = 1; i <= 100; i++)
        {
            DomainName name = DomainName.Parse($"n{i}.test");
            cache.Keep(
                (name, RecordType.A),
                new Answer(AnswerStatus.NoData, name) { TimeToLive = TimeSpan.FromSeconds(i) }
            );
            cache.Count.ShouldBeLessThanOrEqualTo(8);
        }

        cache.Find((DomainName.Parse("n100.test"), RecordType.A)).ShouldNotBeNull();
        cache.Find((DomainName.Parse("n1.test"), RecordType.A)).ShouldBeNull();
    }

    [Fact]
    public async Task A_failure_is_not_asked_for_again_at_once()
    {
        bool well = false;
        await using ScriptedServer server = ScriptedServer.Start(asked =>
            well ? asked.Reply(A("box.test", "192.0.2.1")) : asked.Reply() with { Code = ResponseCode.ServerFailure }
        );
        Resolver resolver = Asking(server);

        (await resolver.QueryAsync("box.test", RecordType.A)).Status.ShouldBe(AnswerStatus.Failed);
        well = true;
        (await resolver.QueryAsync("box.test", RecordType.A)).Status.ShouldBe(AnswerStatus.Failed);
        Time.Pass(TimeSpan.FromSeconds(5));
        (await resolver.QueryAsync("box.test", RecordType.A)).Status.ShouldBe(AnswerStatus.Found);
    }

    [Fact]
    public async Task Who_asks_the_same_at_the_sameTime_is_answered_by_one_question()
    {
        using var held = new SemaphoreSlim(0);
        await using ScriptedServer server = ScriptedServer.Start(asked =>
        {
            held.Wait();
            return asked.Reply(A("box.test", "192.0.2.1"));
        });
        Resolver resolver = Asking(server);
        using var impatient = new CancellationTokenSource();

        Task<Answer> left = resolver.QueryAsync("box.test", RecordType.A, impatient.Token);
        Task<Answer>[] asking = [.. Enumerable.Range(0, 50).Select(_ => resolver.QueryAsync("box.test", RecordType.A))];
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => left);
        held.Release();

        foreach (Answer answer in await Task.WhenAll(asking))
            Addresses(answer).ShouldBe("Found 192.0.2.1");
        server.All.Count.ShouldBe(1);
    }
}
