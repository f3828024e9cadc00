using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Shouldly;
using WebPush;
using Xunit;

namespace Protocol.Tests.WebPush;

/// <summary>RFC 8030 §5: the request, its answer, and when it is tried again.</summary>
public sealed class PushSenderTests : IDisposable
{
    private readonly Browser _browser = new();
    private readonly StepTime _time = new();
    private readonly PushService _service = new();
    private readonly PushSender _sender;

    public PushSenderTests() => _sender = new PushSender(Options, _service);

    private PushOptions Options =>
        new()
        {
            Key = PushSender.NewKey(),
            Contact = "https://home.example",
            Time = _time,
            // The clock of these tests ends shorter waits at once.
            Timeout = TimeSpan.FromHours(2),
        };

    public void Dispose() => _sender.Dispose();

    private PushSubscription Subscribe(string endpoint = "https://push.example.net/p/secret")
    {
        PushSubscription.TryCreate(endpoint, _browser.Key, _browser.Auth, out var read, out string? why);
        return read.ShouldNotBeNull(why);
    }

    private static PushMessage Message => new("hello"u8.ToArray());

    [Fact]
    public async Task A_push_is_a_POST_that_only_the_browser_can_read()
    {
        PushResult result = await _sender.SendAsync(
            Subscribe(),
            Message with
            {
                TimeToLive = TimeSpan.FromSeconds(90),
                Urgency = PushUrgency.High,
                Topic = "chat-7_A",
            }
        );

        result.Outcome.ShouldBe(PushOutcome.Accepted);
        Received request = _service.Requests.ShouldHaveSingleItem();
        request.Line.ShouldBe("POST https://push.example.net/p/secret");
        request["TTL"].ShouldBe("90");
        request["Urgency"].ShouldBe("high");
        request["Topic"].ShouldBe("chat-7_A");
        request["Content-Encoding"].ShouldBe("aes128gcm");
        request["Content-Type"].ShouldBe("application/octet-stream");
        request["Authorization"].ShouldStartWith("vapid t=");
        request["Authorization"].ShouldEndWith(", k=" + _sender.PublicKey);
        _browser.OpenText(request.Body).ShouldBe("hello");
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, PushOutcome.Accepted)]
    [InlineData(HttpStatusCode.Accepted, PushOutcome.Accepted)]
    [InlineData(HttpStatusCode.NotFound, PushOutcome.Gone)]
    [InlineData(HttpStatusCode.Gone, PushOutcome.Gone)]
    [InlineData(HttpStatusCode.BadRequest, PushOutcome.Rejected)]
    [InlineData(HttpStatusCode.Forbidden, PushOutcome.Rejected)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge, PushOutcome.Rejected)]
    [InlineData(HttpStatusCode.TemporaryRedirect, PushOutcome.Rejected)]
    public async Task A_final_answer_is_told_at_once(HttpStatusCode status, PushOutcome outcome)
    {
        _service.Answers.Enqueue(new HttpResponseMessage(status));
        PushResult result = await _sender.SendAsync(Subscribe(), Message);
        (result.Outcome, result.Status).ShouldBe((outcome, status));
        result.Reason.ShouldNotContain("secret");
        _service.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_may_pass_is_tried_again_with_longer_waits()
    {
        _service.Answers.Enqueue(new HttpResponseMessage(HttpStatusCode.InternalServerError));
        _service.Answers.Enqueue(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        _service.Faults = 1;

        (await _sender.SendAsync(Subscribe(), Message)).Outcome.ShouldBe(PushOutcome.Accepted);

        _service.Requests.Count.ShouldBe(4);
        _time.Waits.Count.ShouldBe(3);
        for (int i = 0; i < 3; i++)
            _time.Waits[i].TotalSeconds.ShouldBeInRange(2 << i, (2 << i) * 1.25);
        // What is left of the day, not the day anew.
        _service.Requests.Select(request => int.Parse(request["TTL"])).ShouldBeInOrder(SortDirection.Descending);
    }

    [Fact]
    public async Task It_is_given_up_after_so_many_attempts()
    {
        for (int i = 0; i < 9; i++)
            _service.Answers.Enqueue(new HttpResponseMessage(HttpStatusCode.BadGateway));
        PushResult result = await _sender.SendAsync(Subscribe(), Message);
        (result.Outcome, result.Status).ShouldBe((PushOutcome.Unavailable, HttpStatusCode.BadGateway));
        _service.Requests.Count.ShouldBe(5);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_push_service_that_asks_for_time_gets_it(bool date)
    {
        var busy = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        busy.Headers.RetryAfter = date
            ? new(_time.GetUtcNow() + TimeSpan.FromSeconds(40))
            : new(TimeSpan.FromSeconds(40));
        _service.Answers.Enqueue(busy);
        (await _sender.SendAsync(Subscribe(), Message)).Outcome.ShouldBe(PushOutcome.Accepted);
        _time.Waits.ShouldHaveSingleItem().TotalSeconds.ShouldBeInRange(40, 40.5);
    }

    [Fact]
    public async Task A_push_service_that_asks_for_too_much_time_is_left()
    {
        var busy = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        busy.Headers.RetryAfter = new(TimeSpan.FromHours(3));
        _service.Answers.Enqueue(busy);
        (await _sender.SendAsync(Subscribe(), Message)).Outcome.ShouldBe(PushOutcome.Unavailable);
        _time.Waits.ShouldBeEmpty();
    }

    // A call that rings an hour late is worse than none.
    [Fact]
    public async Task Nothing_is_tried_for_longer_than_it_lives()
    {
        for (int i = 0; i < 9; i++)
            _service.Answers.Enqueue(new HttpResponseMessage(HttpStatusCode.BadGateway));
        PushMessage call = Message with { TimeToLive = TimeSpan.FromSeconds(8) };
        (await _sender.SendAsync(Subscribe(), call)).Outcome.ShouldBe(PushOutcome.Unavailable);
        _service.Requests.Count.ShouldBe(3);

        _service.Requests.Clear();
        await _sender.SendAsync(Subscribe(), Message with { TimeToLive = TimeSpan.Zero });
        _service.Requests.ShouldHaveSingleItem()["TTL"].ShouldBe("0");
    }

    [Theory]
    [InlineData("https://127.0.0.1/x")]
    [InlineData("https://2130706433/x")]
    [InlineData("https://0x7f.1/x")]
    [InlineData("https://[::1]/x")]
    [InlineData("https://[::ffff:10.0.0.1]:8443/x")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    public async Task An_address_at_home_gets_no_push(string endpoint)
    {
        PushSubscription to = Subscribe(endpoint);
        _sender.MayReach(to).ShouldBeFalse();
        (await _sender.SendAsync(to, Message)).Outcome.ShouldBe(PushOutcome.Rejected);
        _service.Requests.ShouldBeEmpty();
    }

    // DNS rebinding: what the name leads to when it is connected to is what counts.
    [Fact]
    public async Task A_name_that_leads_home_is_not_connected_to()
    {
        string? asked = null;
        PushOptions options = Options with
        {
            Resolve = (host, _) =>
            {
                asked = host;
                return Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("fd00::1")]);
            },
        };
        using var sender = new PushSender(options);
        PushResult result = await sender.SendAsync(Subscribe("https://rebound.example/x"), Message);
        asked.ShouldBe("rebound.example");
        (result.Outcome, result.Status).ShouldBe((PushOutcome.Rejected, null));
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_tried_again()
    {
        PushOptions options = Options with
        {
            Resolve = (_, _) => throw new SocketException((int)SocketError.HostNotFound),
        };
        using var sender = new PushSender(options);
        (await sender.SendAsync(Subscribe("https://nowhere.example/x"), Message)).Outcome.ShouldBe(
            PushOutcome.Unavailable
        );
        _time.Waits.Count.ShouldBe(4);
    }

    [Fact]
    public async Task A_message_that_cannot_be_sent_is_the_caller_s_fault()
    {
        PushMessage[] bad =
        [
            new(new byte[PushMessage.LargestPayload + 1]),
            Message with
            {
                Topic = "",
            },
            Message with
            {
                Topic = "with space",
            },
            Message with
            {
                Topic = new string('a', 33),
            },
            Message with
            {
                TimeToLive = TimeSpan.FromSeconds(-1),
            },
        ];
        foreach (PushMessage message in bad)
            await Should.ThrowAsync<ArgumentException>(() => _sender.SendAsync(Subscribe(), message));
        (await _sender.SendAsync(Subscribe(), new(new byte[PushMessage.LargestPayload]))).Outcome.ShouldBe(
            PushOutcome.Accepted
        );
        _service.Requests.ShouldHaveSingleItem().Body.Length.ShouldBe(4096);
    }

    [Theory]
    [InlineData("")]
    [InlineData("admin@home.example")]
    [InlineData("http://home.example")]
    public void A_contact_is_one_that_push_services_take(string contact) =>
        Should.Throw<ArgumentException>(() => new PushSender(Options with { Contact = contact }));

    [Fact]
    public async Task Whoever_waits_may_give_up()
    {
        using var cancel = new CancellationTokenSource();
        _service.Hook = cancel.Cancel;
        await Should.ThrowAsync<OperationCanceledException>(() =>
            _sender.SendAsync(Subscribe(), Message, cancel.Token)
        );
    }

    /// <summary>One request as the push service got it.</summary>
    private sealed record Received(string Line, IReadOnlyDictionary<string, string> Headers, byte[] Body)
    {
        public string this[string header] => Headers[header];
    }

    /// <summary>Answers what it is told, then 201.</summary>
    private sealed class PushService : HttpMessageHandler
    {
        public List<Received> Requests { get; } = [];
        public ConcurrentQueue<HttpResponseMessage> Answers { get; } = new();

        /// <summary>So many requests are not answered, once the answers are used up.</summary>
        public int Faults { get; set; }
        public Action? Hook { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            var headers = request
                .Headers.Concat(request.Content!.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value));
            byte[] body = await request.Content.ReadAsByteArrayAsync(cancellationToken);
            Requests.Add(new Received($"{request.Method} {request.RequestUri}", headers, body));
            Hook?.Invoke();
            cancellationToken.ThrowIfCancellationRequested();
            if (Answers.TryDequeue(out HttpResponseMessage? answer))
                return answer;
            if (Faults-- > 0)
                throw new HttpRequestException("reset", new IOException("connection reset"));
            return new HttpResponseMessage(HttpStatusCode.Created);
        }
    }
}
