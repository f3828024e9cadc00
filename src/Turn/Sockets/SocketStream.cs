using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Turn.Sockets;

/// <summary>
/// A TCP connection on the loop: its thread reads what has come and goes on with who waited for it, so that a packet from a
/// client is on its way to the peer without a second thread, and what one turn brings leaves together. Cancelling ends it for
/// good.
/// </summary>
internal sealed unsafe class SocketStream : Stream, ILoopSocket
{
    private const int Ended = Libc.PollError | Libc.PollHangUp | Libc.PollReadHangUp;

    private readonly Lock _using = new();
    private readonly EventLoop _loop;
    private readonly Socket _socket;
    private readonly int _descriptor;
    private readonly CancellationToken _end;
    private readonly CancellationTokenRegistration _registration;
    private readonly Awaited _reading = new();
    private readonly Awaited _writing = new();
    private Memory<byte> _into;
    private ReadOnlyMemory<byte> _rest;
    private bool _arrived;
    private bool _halfClosed;
    private bool _closed;

    /// <param name="socket">Connected; the stream's from now on, and nobody else reads or writes it.</param>
    /// <param name="end">Ends it; nobody waits any more then.</param>
    public SocketStream(Socket socket, EventLoop loop, CancellationToken end)
    {
        (_socket, _loop, _end) = (socket, loop, end);
        _descriptor = (int)socket.SafeHandle.DangerousGetHandle();
        loop.Add(_descriptor, this);
        _registration = end.UnsafeRegister(static stream => ((SocketStream)stream!).Stop(), this);
    }

    /// <summary>
    /// Who waits to read goes on where the loop is, and not on a thread of the pool. For those whose work is that of a packet; a
    /// TLS handshake's is that of hundreds.
    /// </summary>
    public bool OnLoop { get; set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_using)
        {
            if (Refusal(cancellationToken) is { } refused)
                return ValueTask.FromException<int>(refused);
            if (_arrived && TryReceive(buffer.Span, out int count, out IOException? fault))
                return fault is null ? new(count) : ValueTask.FromException<int>(fault);
            _into = buffer;
            return new(_reading, _reading.Begin());
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_using)
        {
            if (Refusal(cancellationToken) is { } refused)
                return ValueTask.FromException(refused);
            _rest = buffer;
            if (TrySend(out IOException? fault))
                return fault is null ? default : ValueTask.FromException(fault);
            return new(_writing, _writing.Begin());
        }
    }

    private Exception? Refusal(CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested || _end.IsCancellationRequested)
            return new OperationCanceledException();
        return _closed ? new ObjectDisposedException(nameof(SocketStream)) : null;
    }

    bool ILoopSocket.Ready(int events, DatagramBatch batch, int most)
    {
        (bool read, bool wrote, bool over) = (false, false, false);
        int count = 0;
        (IOException? readFault, IOException? writeFault) = (null, null);
        lock (_using)
        {
            if (_closed)
                return false;
            _halfClosed |= (events & Ended) != 0;
            _arrived |= (events & (Libc.PollIn | Ended)) != 0;
            if (_reading.IsWaiting && _arrived)
            {
                read = TryReceive(_into.Span, out count, out readFault) && _reading.TryEnd();
                over = count == 0 && !_into.IsEmpty;
            }

            if (_writing.IsWaiting && (events & (Libc.PollOut | Ended)) != 0)
                wrote = TrySend(out writeFault) && _writing.TryEnd();
        }

        if (wrote)
            _writing.Complete(0, writeFault, here: false);
        // An end is not a packet, and who called for the connection may do anything then.
        if (read)
            _reading.Complete(count, readFault, here: OnLoop && !over);
        return false;
    }

    // False where there is nothing yet. What filled its room, or has an end behind it, is asked for again.
    private bool TryReceive(Span<byte> into, out int count, out IOException? fault)
    {
        (count, fault) = (0, null);
        // A read of nothing waits, and takes nothing.
        if (into.IsEmpty)
            return true;
        _arrived = false;
        nint received;
        fixed (byte* to = into)
            received = Libc.Receive(_descriptor, to, (nuint)into.Length, Libc.DontWait);
        count = (int)Math.Max(0, received);
        if (received < 0)
        {
            int why = Marshal.GetLastPInvokeError();
            if (why is Libc.Again or Libc.Interrupted)
                return false;
            fault = new IOException(Marshal.GetPInvokeErrorMessage(why));
        }

        if (received <= 0)
            _arrived = true;
        else if (received == into.Length || _halfClosed)
            _loop.AskAgain(_descriptor, this);
        return true;
    }

    // False where the system has no room for all of it yet.
    private bool TrySend(out IOException? fault)
    {
        fault = null;
        while (_rest.Length > 0)
        {
            nint sent;
            fixed (byte* from = _rest.Span)
                sent = Libc.Send(_descriptor, from, (nuint)_rest.Length, Libc.DontWait | Libc.NoSignal);
            if (sent >= 0)
            {
                _rest = _rest[(int)sent..];
                continue;
            }

            int why = Marshal.GetLastPInvokeError();
            if (why == Libc.Again)
                return false;
            if (why != Libc.Interrupted)
            {
                fault = new IOException(Marshal.GetPInvokeErrorMessage(why));
                break;
            }
        }

        _rest = default;
        return true;
    }

    private void Stop()
    {
        bool read;
        bool wrote;
        lock (_using)
        {
            (read, wrote) = (_reading.TryEnd(), _writing.TryEnd());
            (_into, _rest) = (default, default);
        }

        if (read)
            _reading.Complete(0, new OperationCanceledException(), here: false);
        if (wrote)
            _writing.Complete(0, new OperationCanceledException(), here: false);
    }

    protected override void Dispose(bool disposing)
    {
        lock (_using)
        {
            if (_closed)
                return;
            _closed = true;
            _loop.Remove(_descriptor, this);
            // It leaves the loop's epoll by itself.
            _socket.Dispose();
        }

        _registration.Unregister();
        Stop();
        base.Dispose(disposing);
    }

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
