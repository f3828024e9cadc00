using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Kith.Network;
using Protocol.Tests.Dns;
using Shouldly;
using Xunit;

namespace Kith.Tests.Network;

/// <summary>RFC 8305 on a clock that stands still, with dialling that ends when the test says.</summary>
public sealed class RaceTests : IDisposable
{
    private static readonly string[] _both = ["2001:db8::1", "2001:db8::2", "2001:db8::3"];
    private readonly HeldTime _time = new();
    private readonly Channel<Dialling> _dialled = Channel.CreateUnbounded<Dialling>();
    private readonly List<Socket> _sockets = [];
    private readonly Race _race;

    public RaceTests() => _race = new Race(DialAsync, _time);

    public void Dispose() => _sockets.ForEach(socket => socket.Dispose());

    private sealed record Dialling(string Address, TaskCompletionSource<Socket> End, CancellationToken GivenUp);

    private Task<Socket> DialAsync(IPEndPoint address, CancellationToken cancellation)
    {
        var end = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellation.Register(() => end.TrySetCanceled(cancellation));
        _dialled.Writer.TryWrite(new(address.Address.ToString(), end, cancellation));
        return end.Task;
    }

    private async Task<Dialling> NextAsync(string address)
    {
        Dialling next = await _dialled.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        next.Address.ShouldBe(address);
        return next;
    }

    private Socket Answered(Dialling dialling)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _sockets.Add(socket);
        dialling.End.SetResult(socket);
        return socket;
    }

    private static void Refused(Dialling dialling) => dialling.End.SetException(new IOException("refused"));

    private static HostNames.Addresses Addresses(params string[] addresses) =>
        new([.. addresses.Select(IPAddress.Parse)], null);

    private static Task<HostNames.Addresses> Known(params string[] addresses) => Task.FromResult(Addresses(addresses));

    [Fact]
    public async Task Families_take_turns_a_quarter_of_a_second_apart_and_the_first_to_answer_wins()
    {
        Task<Socket?> running = _race.RunAsync([Known(_both), Known("192.0.2.1", "192.0.2.2")], 1, default);
        Dialling first = await NextAsync("2001:db8::1");
        _time.Pass(TimeSpan.FromMilliseconds(249));
        _dialled.Reader.TryPeek(out _).ShouldBeFalse();
        _time.Pass(TimeSpan.FromMilliseconds(1));
        Dialling second = await NextAsync("192.0.2.1");
        _time.Pass(TimeSpan.FromMilliseconds(250));
        Dialling third = await NextAsync("2001:db8::2");

        Socket socket = Answered(second);

        (await running).ShouldBe(socket);
        first.GivenUp.IsCancellationRequested.ShouldBeTrue();
        third.GivenUp.IsCancellationRequested.ShouldBeTrue();
        _race.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task After_a_failure_the_next_is_tried_at_once()
    {
        Task<Socket?> running = _race.RunAsync([Known("2001:db8::1"), Known("192.0.2.1")], 1, default);
        Refused(await NextAsync("2001:db8::1"));
        Socket socket = Answered(await NextAsync("192.0.2.1"));
        (await running).ShouldBe(socket);
        _race.Faults.ShouldBe(["2001:db8::1 refused"]);
    }

    [Fact]
    public async Task When_all_have_failed_it_says_why()
    {
        Task<Socket?> running = _race.RunAsync([Known("2001:db8::1"), Known("192.0.2.1")], 1, default);
        Refused(await NextAsync("2001:db8::1"));
        Refused(await NextAsync("192.0.2.1"));
        (await running).ShouldBeNull();
        _race.Faults.ShouldBe(["2001:db8::1 refused", "192.0.2.1 refused"]);
    }

    [Fact]
    public async Task Without_addresses_it_says_so()
    {
        (await _race.RunAsync([Known(), Known()], 1, default)).ShouldBeNull();
        _race.Faults.ShouldBe(["it has no address"]);
    }

    [Fact]
    public async Task IPv6_has_fifty_milliseconds_to_be_known_first_and_joins_later_otherwise()
    {
        var six = new TaskCompletionSource<HostNames.Addresses>();
        Task<Socket?> running = _race.RunAsync([six.Task, Known("192.0.2.1")], 1, default);
        _dialled.Reader.TryPeek(out _).ShouldBeFalse();
        _time.Pass(TimeSpan.FromMilliseconds(50));
        await NextAsync("192.0.2.1");
        six.SetResult(Addresses("2001:db8::1"));
        _time.Pass(TimeSpan.FromMilliseconds(250));
        Socket socket = Answered(await NextAsync("2001:db8::1"));
        (await running).ShouldBe(socket);
    }

    [Fact]
    public async Task Who_calls_it_off_waits_for_nobody()
    {
        using var cancellation = new CancellationTokenSource();
        Task<Socket?> running = _race.RunAsync([Known("192.0.2.1")], 1, cancellation.Token);
        await NextAsync("192.0.2.1");
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => running);
    }
}
