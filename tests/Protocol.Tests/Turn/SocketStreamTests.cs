using System.Net;
using System.Net.Sockets;
using Shouldly;
using Turn.Sockets;
using Xunit;

namespace Protocol.Tests.Turn;

/// <summary>A TCP connection on the relay's loop, against a socket of the system's.</summary>
public sealed class SocketStreamTests : IAsyncLifetime
{
    private readonly EventLoop _loop = new(bug => throw bug);
    private readonly CancellationTokenSource _end = new();
    private Socket _peer = null!;
    private SocketStream _stream = null!;
    private Thread _thread = null!;

    public async ValueTask InitializeAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        _peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await _peer.ConnectAsync(listener.LocalEndPoint!);
        _stream = new SocketStream(await listener.AcceptAsync(), _loop, _end.Token);
        _thread = new Thread(_loop.Run);
        _thread.Start();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_comes_while_nobody_reads_is_read_later_and_its_end_too(bool onLoop)
    {
        _stream.OnLoop = onLoop;
        byte[] sent = Bytes(200_000);
        Task<int> sending = _peer.SendAsync(sent);
        var read = new MemoryStream();
        byte[] buffer = new byte[1000];
        while (read.Length < sent.Length)
            read.Write(buffer, 0, await _stream.ReadAsync(buffer));
        (await sending).ShouldBe(sent.Length);
        read.ToArray().ShouldBe(sent);
        _peer.Shutdown(SocketShutdown.Send);
        (await _stream.ReadAsync(buffer)).ShouldBe(0);
        (await _stream.ReadAsync(buffer)).ShouldBe(0);
    }

    [Fact]
    public async Task Bytes_and_their_end_that_come_together_are_both_read()
    {
        for (int i = 0; i < 3; i++)
            await _peer.SendAsync(Bytes(10));
        _peer.Shutdown(SocketShutdown.Send);
        byte[] buffer = new byte[100];
        int all = 0;
        int count;
        while ((count = await _stream.ReadAsync(buffer)) > 0)
            all += count;
        all.ShouldBe(30);
    }

    [Fact]
    public async Task A_read_of_nothing_waits_and_takes_nothing()
    {
        ValueTask<int> waiting = _stream.ReadAsync(Memory<byte>.Empty);
        waiting.IsCompleted.ShouldBeFalse();
        await _peer.SendAsync(Bytes(10));
        (await waiting).ShouldBe(0);
        (await _stream.ReadAsync(new byte[100])).ShouldBe(10);
    }

    [Fact]
    public async Task On_the_loop_a_reader_goes_on_on_its_thread_and_off_it_elsewhere()
    {
        byte[] buffer = new byte[100];
        foreach (bool onLoop in new[] { true, false })
        {
            _stream.OnLoop = onLoop;
            Task<bool> reading = ReadAsync();
            await _peer.SendAsync(Bytes(10));
            (await reading).ShouldBe(onLoop);
        }

        async Task<bool> ReadAsync()
        {
            (await _stream.ReadAsync(buffer).ConfigureAwait(false)).ShouldBe(10);
            return Thread.CurrentThread == _thread;
        }
    }

    [Fact]
    public async Task What_a_slow_reader_has_no_room_for_is_written_when_it_has()
    {
        byte[] sent = Bytes(20 << 20);
        ValueTask writing = _stream.WriteAsync(sent);
        writing.IsCompleted.ShouldBeFalse();
        byte[] got = new byte[sent.Length];
        int read = 0;
        while (read < got.Length)
            read += await _peer.ReceiveAsync(got.AsMemory(read));
        await writing;
        got.ShouldBe(sent);
    }

    [Fact]
    public async Task Its_end_ends_a_read_and_a_write_that_wait_and_all_that_come()
    {
        Task<int> reading = _stream.ReadAsync(new byte[10]).AsTask();
        Task writing = _stream.WriteAsync(Bytes(20 << 20)).AsTask();
        await _end.CancelAsync();
        await reading.ShouldThrowAsync<OperationCanceledException>();
        await writing.ShouldThrowAsync<OperationCanceledException>();
        await _stream.ReadAsync(new byte[10]).AsTask().ShouldThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Who_is_gone_is_an_end_or_a_fault_and_who_was_disposed_of_is_told_so()
    {
        Task<int> reading = _stream.ReadAsync(new byte[10]).AsTask();
        _peer.LingerState = new LingerOption(true, 0);
        _peer.Dispose();
        await reading.ShouldThrowAsync<IOException>();
        await _stream.DisposeAsync();
        await _stream.ReadAsync(new byte[10]).AsTask().ShouldThrowAsync<ObjectDisposedException>();
    }

    private static byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _loop.Stop();
        _thread.Join();
        _loop.Dispose();
        _peer.Dispose();
        _end.Dispose();
    }
}
