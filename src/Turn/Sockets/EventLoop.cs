using System.Runtime.InteropServices;
using Turn.Protocol;
using Turn.Streams;

namespace Turn.Sockets;

/// <summary>
/// One thread that receives for all UDP sockets of the relay, and sleeps while nothing comes. What it wakes for is received by
/// one call for each socket; what goes to clients leaves by one call for all.
/// </summary>
internal sealed unsafe class EventLoop : IRelaySockets, IDisposable
{
    private const int Events = 64;

    // Fair to the other sockets that are ready.
    private const int AtOnce = 32;

    /// <summary>A call's burst of video; what the system allows is what it gives.</summary>
    private const int RelayBuffer = 256 << 10;

    private readonly int _poll;
    private readonly int _stop;
    private readonly Lock _adding = new();
    private readonly DatagramBatch _batch = new();
    private readonly Outgoing _outgoing = new();
    private readonly Action<Exception> _fault;
    private volatile ILoopSocket?[] _sockets = new ILoopSocket?[64];

    /// <param name="fault">Hears of a bug in what was called; the loop goes on.</param>
    /// <exception cref="IOException">The system has no descriptors left.</exception>
    public EventLoop(Action<Exception> fault)
    {
        _fault = fault;
        _poll = Libc.PollCreate(Libc.CloseOnExec);
        _stop = Libc.Event(0, Libc.CloseOnExec | Libc.NonBlocking);
        if (_poll < 0 || _stop < 0)
            throw new IOException($"no event loop: {Marshal.GetLastPInvokeErrorMessage()}");
        Watch(_stop);
    }

    /// <summary>Where packets of this turn wait for its end.</summary>
    public Outgoing Outgoing => _outgoing;

    public RelaySocket? TryOpen(in TransportAddress local, FromPeer received)
    {
        if (LinuxSocket.TryBind(local, withLocal: false, RelayBuffer, out _) is not { } socket)
            return null;
        var relay = new LinuxRelaySocket(socket, _outgoing, received);
        Add(socket.Descriptor, relay);
        return relay;
    }

    /// <summary>Before it runs.</summary>
    public void Add(UdpListener listener) => Add(listener.Descriptor, listener);

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
                int descriptor = DescriptorOf(events, i);
                if (descriptor == _stop)
                    return;
                Receive(descriptor);
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

    private void Receive(int descriptor)
    {
        ILoopSocket?[] sockets = _sockets;
        if (descriptor >= sockets.Length || sockets[descriptor] is not { } socket)
            return;
        try
        {
            socket.Receive(_batch, AtOnce);
        }
#pragma warning disable CA1031 // One packet's bug is not the end of everybody's calls.
        catch (Exception fault)
#pragma warning restore CA1031
        {
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

    private void Add(int descriptor, ILoopSocket socket)
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
        }

        Watch(descriptor);
    }

    private void Watch(int descriptor)
    {
        var packed = new Libc.PollEvent { Events = Libc.PollIn, Descriptor = descriptor };
        var aligned = new Libc.PollEventAligned { Events = Libc.PollIn, Descriptor = descriptor };
        _ = Libc.PollControl(_poll, Libc.PollAdd, descriptor, IsPacked ? &packed : &aligned);
    }

    private static bool IsPacked => RuntimeInformation.ProcessArchitecture == Architecture.X64;

    private static int DescriptorOf(byte* events, int index) =>
        IsPacked ? ((Libc.PollEvent*)events)[index].Descriptor : ((Libc.PollEventAligned*)events)[index].Descriptor;

    public void Dispose()
    {
        _ = Libc.Close(_poll);
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

        public void Receive(DatagramBatch batch, int most)
        {
            (int first, int count) = socket.Receive(batch, most, withLocal: false);
            for (int slot = first; slot < first + count; slot++)
                received(this, batch.From(slot), batch.At(slot));
        }

        public override void Close() => socket.Close();
    }
}

/// <summary>A socket that the loop receives for.</summary>
internal interface ILoopSocket
{
    /// <summary>Takes what there is, at most so many packets, and does with them what is to be done.</summary>
    void Receive(DatagramBatch batch, int most);
}
