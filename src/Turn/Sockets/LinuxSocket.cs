using System.Runtime.InteropServices;
using Turn.Protocol;

namespace Turn.Sockets;

/// <summary>
/// A bound UDP socket of Linux. Its descriptor is used under a lock, so that none is used that is closed and by then somebody
/// else's.
/// </summary>
internal sealed unsafe class LinuxSocket
{
    private readonly Lock _using = new();
    private readonly int _descriptor;
    private bool _closed;
    private bool _segments = true;

    private LinuxSocket(int descriptor, TransportAddress local) => (_descriptor, Local) = (descriptor, local);

    public TransportAddress Local { get; }

    public int Descriptor => _descriptor;

    /// <summary>Null when the port is in use, or the address none of this machine's.</summary>
    /// <param name="withLocal">Datagrams come with the address that they were sent to, for sockets that have several.</param>
    /// <param name="why">The system's number of the fault.</param>
    public static LinuxSocket? TryBind(in TransportAddress local, bool withLocal, int bufferBytes, out int why)
    {
        int descriptor = Libc.Socket(local.IsV6 ? Libc.Inet6 : Libc.Inet, Libc.Datagram, 0);
        why = Marshal.GetLastPInvokeError();
        if (descriptor < 0)
            return null;
        Set(descriptor, Libc.LevelSocket, Libc.ReceiveBuffer, bufferBytes);
        Set(descriptor, Libc.LevelSocket, Libc.SendBuffer, bufferBytes);
        if (local.IsV6)
            Set(descriptor, Libc.LevelIpv6, Libc.V6Only, 1);
        if (withLocal)
            Set(
                descriptor,
                local.IsV6 ? Libc.LevelIpv6 : Libc.LevelIp,
                local.IsV6 ? Libc.ReceivePacketInfo6 : Libc.PacketInfo,
                1
            );
        byte* name = stackalloc byte[SocketAddresses.Longest];
        if (Libc.Bind(descriptor, name, SocketAddresses.Write(name, local)) == 0)
        {
            int length = SocketAddresses.Longest;
            _ = Libc.SocketName(descriptor, name, &length);
            return new LinuxSocket(descriptor, SocketAddresses.Read(name));
        }

        why = Marshal.GetLastPInvokeError();
        _ = Libc.Close(descriptor);
        return null;
    }

    private static void Set(int descriptor, int level, int option, int value) =>
        _ = Libc.SetOption(descriptor, level, option, &value, sizeof(int));

    /// <summary>Receives into a batch; nothing once it is closed.</summary>
    /// <param name="more">There may be more.</param>
    public (int First, int Count) Receive(DatagramBatch batch, int most, bool withLocal, out bool more)
    {
        more = false;
        lock (_using)
            return _closed ? default : batch.Receive(_descriptor, most, withLocal, out more);
    }

    /// <summary>Sends at once; what the system does not take is lost, as on any line.</summary>
    /// <param name="from">The address to leave from, where it has several.</param>
    public void Send(ReadOnlySpan<byte> bytes, in TransportAddress to, TransportAddress? from = null)
    {
        byte* name = stackalloc byte[SocketAddresses.Longest];
        int length = SocketAddresses.Write(name, to);
        fixed (byte* first = bytes)
        {
            if (from is { } local)
            {
                SendFrom(first, bytes.Length, name, length, local, to.Scope);
                return;
            }

            lock (_using)
            {
                if (!_closed)
                    _ = Libc.SendTo(_descriptor, first, (nuint)bytes.Length, Libc.DontWait, name, length);
            }
        }
    }

    private void SendFrom(byte* bytes, int count, byte* name, int length, in TransportAddress local, uint scope)
    {
        byte* control = stackalloc byte[SocketAddresses.ControlLength];
        var vector = new Libc.IoVector { Base = bytes, Length = (nuint)count };
        var header = new Libc.MessageHeader
        {
            Name = name,
            NameLength = length,
            Vectors = &vector,
            VectorCount = 1,
            Control = control,
            ControlLength = (nuint)SocketAddresses.WriteLocal(control, local, scope),
        };
        lock (_using)
        {
            if (!_closed)
                _ = Libc.SendMessage(_descriptor, &header, Libc.DontWait);
        }
    }

    /// <summary>The chain of what waits for the end of the loop's turn, as <see cref="Outgoing"/> knows it; -1: nothing.</summary>
    public int FirstWaiting { get; set; } = -1;
    public int LastWaiting { get; set; } = -1;

    /// <summary>Sends a chain.</summary>
    public void Flush(Outgoing outgoing, int first)
    {
        lock (_using)
        {
            if (!_closed)
                _segments &= outgoing.Send(_descriptor, first, _segments);
        }
    }

    public void Close()
    {
        lock (_using)
        {
            if (_closed)
                return;
            _closed = true;
            // It leaves the loop's epoll by itself.
            _ = Libc.Close(_descriptor);
        }
    }

    /// <summary>For people: why a port could not be opened.</summary>
    public static string Reason(int why) => Marshal.GetPInvokeErrorMessage(why);
}
