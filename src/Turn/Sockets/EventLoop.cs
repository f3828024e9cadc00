using System.Runtime.InteropServices;
using Turn.Protocol;
using Turn.Streams;

namespace Turn.Sockets;

/// <summary>
/// One thread that receives for all sockets of the relay, and sleeps while nothing comes. What it wakes for is received by
/// one call for each socket; what goes to UDP clients leaves by one call for all, and to each connection by one.
/// </summary>
internal sealed unsafe class EventLoop : IRelaySockets, IDisposable
{
    private const int Events = 64;

    // Fair to the other sockets that are ready.
    private const int AtOnce = 32;

    /// <summary>A call's burst of video; what the system allows is what it gives.</summary>
    private const int RelayBuffer = 256 << 10;

    private const int Datagrams = Libc.PollIn | Libc.PollEdge;
    private const int Connection = Libc.PollIn | Libc.PollOut | Libc.PollReadHangUp | Libc.PollEdge;

    private readonly int _poll;
    private readonly int _stop;
    private readonly Lock _adding = new();
    private readonly DatagramBatch _batch = new();
    private readonly Outgoing _outgoing = new();
    private readonly Action<Exception> _fault;
    private volatile ILoopSocket?[] _sockets = new ILoopSocket?[64];
    private bool _over;

    /// <param name="fault">Hears of a bug in what was called; the loop goes on.</param>
    /// <exception cref="IOException">The system has no descriptors left.</exception>
    public EventLoop(Action<Exception> fault)
    {
        _fault = fault;
        _poll = Libc.PollCreate(Libc.CloseOnExec);
        _stop = Libc.Event(0, Libc.CloseOnExec | Libc.NonBlocking);
        if (_poll < 0 || _stop < 0)
            throw new IOException($"no event loop: {Marshal.GetLastPInvokeErrorMessage()}");
        Control(Libc.PollAdd, _stop, Libc.PollIn);
    }

    /// <summary>Where packets of this turn wait for its end.</summary>
    public Outgoing Outgoing => _outgoing;

    public RelaySocket? TryOpen(in TransportAddress local, FromPeer received)
    {
        if (LinuxSocket.TryBind(local, withLocal: false, RelayBuffer, out _) is not { } socket)
            return null;
        var relay = new LinuxRelaySocket(socket, _outgoing, received);
        Add(socket.Descriptor, relay, Datagrams);
        return relay;
    }

    /// <summary>Before it runs.</summary>
    public void Add(UdpListener listener) => Add(listener.Descriptor, listener, Datagrams);

    public void Add(int descriptor, SocketStream connection) => Add(descriptor, connection, Connection);

    /// <summary>
    /// What is there already is told once more: the system tells of what comes (EPOLLET, epoll(7)), not of what is there. It does
    /// so after all others that are ready, so that none keeps the loop from them.
    /// </summary>
    public void AskAgain(int descriptor, ILoopSocket socket)
    {
        lock (_adding)
        {
            if (!_over && _sockets[descriptor] == socket)
                Control(Libc.PollModify, descriptor, socket is SocketStream ? Connection : Datagrams);
        }
    }

    /// <summary>Before it is closed.</summary>
    public void Remove(int descriptor, SocketStream connection)
    {
        lock (_adding)
        {
            if (_sockets[descriptor] == connection)
                _sockets[descriptor] = null;
        }
    }

    /// <summary>Runs until it is told to stop.</summary>
    public void Run()
    {
        Flushes.Gather();
        byte* events = stackalloc byte[Events * sizeof(Libc.PollEventAligned)];
        while (true)
        {
            int count = Libc.PollWait(_poll, events, Events, -1);
            if (count < 0 && Marshal.GetLastPInvokeError() != Libc.Interrupted)
                throw new IOException($"the event loop ended: {Marshal.GetLastPInvokeErrorMessage()}");
            for (int i = 0; i < count; i++)
            {
                (int descriptor, int happened) = At(events, i);
                if (descriptor == _stop)
                    return;
                Tell(descriptor, happened);
                if (_batch.Free < AtOnce)
                    Flush();
            }

            Flush();
        }
    }

    public void Stop()
    {
        ulong one = 1;
        _ = Libc.Write(_stop, &one, sizeof(ulong));
    }

    private void Tell(int descriptor, int events)
    {
        ILoopSocket?[] sockets = _sockets;
        if (descriptor >= sockets.Length || sockets[descriptor] is not { } socket)
            return;
        try
        {
            if (socket.Ready(events, _batch, AtOnce))
                AskAgain(descriptor, socket);
        }
#pragma warning disable CA1031 // One packet's bug is not the end of everybody's calls.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            AskAgain(descriptor, socket);
            _fault(fault);
        }
    }

    private void Flush()
    {
        try
        {
            _outgoing.Flush();
            Flushes.Run(_fault);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _fault(fault);
        }

        _batch.Clear();
    }

    private void Add(int descriptor, ILoopSocket socket, int events)
    {
        lock (_adding)
        {
            if (descriptor >= _sockets.Length)
            {
                var more = new ILoopSocket?[Math.Max(descriptor + 1, 2 * _sockets.Length)];
                _sockets.CopyTo(more, 0);
                more[descriptor] = socket;
                _sockets = more;
            }
            else
            {
                _sockets[descriptor] = socket;
            }

            if (!_over)
                Control(Libc.PollAdd, descriptor, events);
        }
    }

    private void Control(int operation, int descriptor, int events)
    {
        var packed = new Libc.PollEvent { Events = events, Descriptor = descriptor };
        var aligned = new Libc.PollEventAligned { Events = events, Descriptor = descriptor };
        _ = Libc.PollControl(_poll, operation, descriptor, IsPacked ? &packed : &aligned);
    }

    private static bool IsPacked => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    private static (int Descriptor, int Events) At(byte* events, int index)
    {
        if (!IsPacked)
        {
            Libc.PollEventAligned aligned = ((Libc.PollEventAligned*)events)[index];
            return (aligned.Descriptor, aligned.Events);
        }

        Libc.PollEvent packed = ((Libc.PollEvent*)events)[index];
        return (packed.Descriptor, packed.Events);
    }

    public void Dispose()
    {
        lock (_adding)
        {
            _over = true;
            _ = Libc.Close(_poll);
        }

        _ = Libc.Close(_stop);
        _batch.Dispose();
        _outgoing.Dispose();
    }

    private sealed class LinuxRelaySocket(LinuxSocket socket, Outgoing outgoing, FromPeer received)
        : RelaySocket(socket.Local),
            ILoopSocket
    {
        public override void Send(in TransportAddress to, in Packet payload)
        {
            if (payload.Slot >= 0)
                outgoing.Add(socket, payload, to, default);
            else
                socket.Send(payload.Bytes, to);
        }

        public bool Ready(int events, DatagramBatch batch, int most)
        {
            (int first, int count) = socket.Receive(batch, most, withLocal: false, out bool more);
            for (int slot = first; slot < first + count; slot++)
                received(this, batch.From(slot), batch.At(slot));
            return more;
        }

        public override void Close() => socket.Close();
    }
}

/// <summary>A socket that the loop receives for.</summary>
internal interface ILoopSocket
{
    /// <summary>Takes what there is, at most so many packets, and does with them what is to be done.</summary>
    /// <param name="events">What epoll tells of it.</param>
    /// <returns>There may be more.</returns>
    bool Ready(int events, DatagramBatch batch, int most);
}
