using System.Net;
using System.Text;
using Dns;
using Dns.Protocol;
using Shouldly;
using Xunit;
using Record = Dns.Record;

namespace Protocol.Tests.Dns;

/// <summary>The resolver against a server on loopback that answers as a test says, rightly or not.</summary>
public sealed class ResolverTests : ResolverStage
{
    [Fact]
    public async Task A_question_is_answered()
    {
        await using ScriptedServer server = ScriptedServer.Start(asked =>
            asked.Reply(A("box.test", "192.0.2.1"), A("box.test", "192.0.2.2"))
        );

        Answer answer = await Asking(server).QueryAsync("Box.test", RecordType.A);

        Addresses(answer).ShouldBe("Found 192.0.2.1 192.0.2.2");
        answer.TimeToLive.ShouldBe(TimeSpan.FromSeconds(60));
        answer.Authenticated.ShouldBeFalse();
        Asked asked = server.All.ShouldHaveSingleItem();
        asked.Message.Has(MessageFlags.RecursionDesired).ShouldBeTrue();
        asked.Message.Edns.ShouldNotBeNull().PayloadSize.ShouldBe((ushort)1232);
    }

    [Fact]
    public async Task A_cut_answer_is_asked_for_again_over_TCP()
    {
        byte[] half = new byte[200];
        half.AsSpan().Fill((byte)'x');
        await using ScriptedServer server = ScriptedServer.Start(asked =>
            asked.Stream
                ? asked.Reply(
                    new Record(
                        DomainName.Parse("box.test"),
                        RecordType.TXT,
                        RecordClass.Internet,
                        1,
                        new TextData([.. Enumerable.Repeat((ReadOnlyMemory<byte>)half, 20)])
                    )
                )
                : asked.Reply() with
                {
                    Flags = MessageFlags.Response | MessageFlags.Truncated,
                }
        );

        Answer answer = await Asking(server).QueryAsync("box.test", RecordType.TXT);

        answer.Data<TextData>().ShouldHaveSingleItem().Text.Length.ShouldBe(4000);
        server.All.Select(asked => asked.Stream).ShouldBe([false, true]);
    }

    [Fact]
    public async Task What_was_not_asked_is_not_heard()
    {
        await using ScriptedServer server = ScriptedServer.Start(asked =>
        {
            Message good = asked.Reply(A("box.test", "192.0.2.1"));
            Message bad = asked.Reply(A("box.test", "192.0.2.66"));
            return new[]
            {
                bad with
                {
                    Id = (ushort)(bad.Id + 1),
                },
                bad with
                {
                    Questions = [new Question(DomainName.Parse("fox.test"), RecordType.A)],
                },
                bad with
                {
                    Questions = [new Question(DomainName.Parse("box.test"), RecordType.AAAA)],
                },
                bad with
                {
                    Questions = [],
                },
                bad with
                {
                    Questions = [.. bad.Questions, .. bad.Questions],
                },
                bad with
                {
                    Flags = MessageFlags.None,
                },
                bad with
                {
                    Opcode = Opcode.Update,
                },
            }
                .Select(ScriptedServer.Bytes)
                .Append(Encoding.ASCII.GetBytes("rubbish"))
                .Append([])
                .Append(ScriptedServer.Bytes(good));
        });

        Addresses(await Asking(server).QueryAsync("box.test", RecordType.A)).ShouldBe("Found 192.0.2.1");
    }

    // RFC 5452 §9: sixteen bits are soon guessed, and a header says of no name that it is not there.
    [Theory]
    [InlineData((int)ResponseCode.NoSuchName)]
    [InlineData((int)ResponseCode.ServerFailure)]
    public async Task A_header_alone_denies_no_name(int code)
    {
        await using ScriptedServer server = ScriptedServer.Start(asked =>
            new[]
            {
                asked.Reply() with
                {
                    Code = (ResponseCode)code,
                    Questions = [],
                },
                asked.Reply(A("box.test", "192.0.2.1")),
            }.Select(ScriptedServer.Bytes)
        );

        Addresses(await Asking(server).QueryAsync("box.test", RecordType.A)).ShouldBe("Found 192.0.2.1");
    }

    [Fact]
    public async Task Who_was_not_asked_is_not_heard()
    {
        using var stranger = new System.Net.Sockets.UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        ScriptedServer server = null!;
        server = ScriptedServer.Start(asked =>
        {
            // The right answer but for its sender, on its way before the real one.
            byte[] wrong = ScriptedServer.Bytes(asked.Reply(A("box.test", "192.0.2.66")));
            stranger.Send(wrong, server.Sources.Last());
            return asked.Reply(A("box.test", "192.0.2.1"));
        });
        await using ScriptedServer _ = server;

        Addresses(await Asking(server).QueryAsync("box.test", RecordType.A)).ShouldBe("Found 192.0.2.1");
    }

    [Fact]
    public async Task Each_question_has_its_own_id_port_and_case()
    {
        await using ScriptedServer server = ScriptedServer.Start(asked => asked.Reply(A(asked.Name, "192.0.2.1")));
        Resolver resolver = Asking(server);
        for (int i = 0; i < 20; i++)
            await resolver.QueryAsync($"abcdefghijklmnop{i}.test", RecordType.A);

        server.All.Select(asked => asked.Message.Id).Distinct().Count().ShouldBeGreaterThan(17);
        server.Sources.Select(source => source.Port).Distinct().Count().ShouldBeGreaterThan(10);
        server
            .All.Select(asked => asked.Message.Questions[0].Name.ToString()[..16])
            .Distinct()
            .Count()
            .ShouldBeGreaterThan(17);
    }

    [Fact]
    public async Task A_server_that_does_not_keep_the_case_is_asked_over_TCP()
    {
        await using ScriptedServer server = ScriptedServer.Start(asked =>
            asked.Reply(A("boxboxboxboxboxboxbox.test", "192.0.2.1")) with
            {
                Questions = [new Question(DomainName.Parse("boxboxboxboxboxboxbox.test"), RecordType.A)],
            }
        );

        Answer answer = await Asking(server).QueryAsync("boxboxboxboxboxboxbox.test", RecordType.A);

        Addresses(answer).ShouldBe("Found 192.0.2.1");
        server.All.Select(asked => asked.Stream).ShouldBe([false, true]);
    }

    [Fact]
    public async Task A_silent_server_is_given_itsTime_twice_and_then_it_failed()
    {
        await using ScriptedServer server = ScriptedServer.Start(_ => (Message?)null);
        Task<Answer> asking = Asking(server).QueryAsync("box.test", RecordType.A);

        (await server.NextAsync()).Message.Edns.ShouldNotBeNull();
        Time.Pass(TimeSpan.FromSeconds(4.9));
        asking.IsCompleted.ShouldBeFalse();
        Time.Pass(TimeSpan.FromSeconds(0.1));
        (await server.NextAsync()).Message.Edns.ShouldBeNull();
        Time.Pass(TimeSpan.FromSeconds(5));

        Answer answer = await asking;
        answer.Status.ShouldBe(AnswerStatus.Failed);
        answer.Why.ShouldBe($"{server.Address}: no answer in time");
    }

    [Fact]
    public async Task The_second_server_is_asked_when_the_first_is_silent_and_first_from_then_on()
    {
        await using ScriptedServer dead = ScriptedServer.Start(_ => (Message?)null);
        await using ScriptedServer alive = ScriptedServer.Start(asked => asked.Reply(A(asked.Name, "192.0.2.1")));
        Resolver resolver = Asking(dead, alive);

        Task<Answer> asking = resolver.QueryAsync("one.test", RecordType.A);
        await dead.NextAsync();
        Time.Pass(TimeSpan.FromSeconds(5));
        Addresses(await asking).ShouldBe("Found 192.0.2.1");
        await resolver.QueryAsync("two.test", RecordType.A);

        dead.All.Count.ShouldBe(1);
        alive.All.Select(asked => asked.Name).ShouldBe(["one.test", "two.test"]);
    }

    [Theory]
    [InlineData(ResponseCode.ServerFailure, "SERVFAIL")]
    [InlineData(ResponseCode.Refused, "REFUSED")]
    internal async Task A_server_that_fails_passes_the_question_on(ResponseCode code, string why)
    {
        await using ScriptedServer bad = ScriptedServer.Start(asked => asked.Reply() with { Code = code });
        await using ScriptedServer good = ScriptedServer.Start(asked => asked.Reply(A(asked.Name, "192.0.2.1")));

        Addresses(await Asking(bad, good).QueryAsync("box.test", RecordType.A)).ShouldBe("Found 192.0.2.1");
        Answer answer = await Asking(bad).QueryAsync("box.test", RecordType.A);

        answer.Status.ShouldBe(AnswerStatus.Failed);
        answer.Why.ShouldBe($"{bad.Address}: {why}");
    }

    [Fact]
    public async Task A_damaged_answer_and_one_of_a_server_that_asks_nobody_are_none()
    {
        await using ScriptedServer damaged = ScriptedServer.Start(asked =>
            (IEnumerable<byte[]>)[ScriptedServer.Bytes(asked.Reply(A("box.test", "192.0.2.1")))[..^2]]
        );
        await using ScriptedServer lame = ScriptedServer.Start(asked =>
            asked.Reply() with
            {
                Flags = MessageFlags.Response,
            }
        );
        (await Asking(damaged).QueryAsync("box.test", RecordType.A)).Why.ShouldNotBeNull().ShouldContain("damaged");
        (await Asking(lame).QueryAsync("box.test", RecordType.A)).Why.ShouldNotBeNull().ShouldContain("neither");
    }

    [Fact]
    public async Task An_old_server_is_asked_without_EDNS() // RFC 6891 §6.2.2, §7
    {
        await using ScriptedServer server = ScriptedServer.Start(asked =>
            asked.Message.Edns is null
                ? asked.Reply(A(asked.Name, "192.0.2.1"))
                : asked.Reply() with
                {
                    Code = ResponseCode.FormatError,
                    Questions = [],
                }
        );

        Addresses(await Asking(server).QueryAsync("box.test", RecordType.A)).ShouldBe("Found 192.0.2.1");
    }

    [Fact]
    public async Task Aliases_are_followed_within_an_answer_and_by_asking_on()
    {
        await using ScriptedServer server = ScriptedServer.Start(asked =>
            asked.Name == "www.test"
                ? asked.Reply(Alias("www.test", "a.test", 50), Alias("A.test", "b.test", 40), A("evil.test", "6.6.6.6"))
                : asked.Reply(A("b.test", "192.0.2.1", 30))
        );

        Answer answer = await Asking(server).QueryAsync("www.test", RecordType.A);

        Addresses(answer).ShouldBe("Found 192.0.2.1");
        answer.Name.ShouldBe(DomainName.Parse("b.test"));
        answer.TimeToLive.ShouldBe(TimeSpan.FromSeconds(30));
        server.All.Select(asked => asked.Name).ShouldBe(["www.test", "b.test"]);
    }

    [Fact]
    public async Task Aliases_in_a_circle_end()
    {
        await using ScriptedServer within = ScriptedServer.Start(asked =>
            asked.Reply(Alias("a.test", "b.test"), Alias("b.test", "a.test"))
        );
        await using ScriptedServer across = ScriptedServer.Start(asked =>
            asked.Reply(Alias(asked.Name, asked.Name == "a.test" ? "b.test" : "a.test"))
        );

        foreach (ScriptedServer server in new[] { within, across })
        {
            Answer answer = await Asking(server).QueryAsync("a.test", RecordType.A);
            answer.Status.ShouldBe(AnswerStatus.Failed);
            answer.Why.ShouldBe("its aliases do not end");
            server.All.Count.ShouldBeLessThanOrEqualTo(17);
        }
    }

    [Fact]
    public async Task What_is_authentic_counts_from_loopback_and_over_all_aliases()
    {
        await using ScriptedServer server = ScriptedServer.Start(asked =>
        {
            Message reply =
                asked.Name == "www.test"
                    ? asked.Reply(Alias("www.test", "unsigned.test"))
                    : asked.Reply(A(asked.Name, "192.0.2.1"));
            bool signed = asked.Name != "unsigned.test";
            return signed ? reply with { Flags = reply.Flags | MessageFlags.AuthenticData } : reply;
        });
        Resolver resolver = Asking(server);
        (await resolver.QueryAsync("box.test", RecordType.A)).Authenticated.ShouldBeTrue();
        (await resolver.QueryAsync("www.test", RecordType.A)).Authenticated.ShouldBeFalse();
        server.All.ShouldAllBe(asked => asked.Message.Has(MessageFlags.AuthenticData));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Elsewhere_it_counts_when_the_server_is_called_validating(bool validating)
    {
        var upstream = new Upstream([new IPEndPoint(IPAddress.Parse("192.0.2.53"), 53)], default, 1, validating);
        Servers.Trusts(upstream, upstream.Servers[0]).ShouldBe(validating);
        Servers.Trusts(upstream, new IPEndPoint(IPAddress.IPv6Loopback, 53)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_resolver_that_is_disposed_of_lets_nobody_wait()
    {
        await using ScriptedServer server = ScriptedServer.Start(_ => (Message?)null);
        Resolver resolver = Asking(server);
        Task<Answer> asking = resolver.QueryAsync("box.test", RecordType.A);
        await server.NextAsync();
        resolver.Dispose();
        await Should.ThrowAsync<OperationCanceledException>(() => asking);
    }
}
