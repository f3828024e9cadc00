using System.Runtime.InteropServices;
using Turn.Protocol;

namespace Turn.Sockets;

/// <summary>
/// The packets that the loop has received since it last woke, where they lie: slots of the system's memory, each as long as
/// the longest datagram, of which only the pages that are used are ever real.
/// </summary>
internal sealed unsafe class DatagramBatch : IDisposable
{
    /// <summary>Packets between two flushes.</summary>
    public const int Slots = 64;
    private const int LongestDatagram = 65536;
    private const int Stride = Packet.Headroom + LongestDatagram + 4032;

    private readonly byte* _memory = (byte*)NativeMemory.Alloc(Slots, Stride);
    private readonly Libc.Message* _messages;
    private readonly Libc.IoVector* _vectors;
    private readonly byte* _names;
    private readonly byte* _controls;

    public DatagramBatch()
    {
        _messages = (Libc.Message*)NativeMemory.AllocZeroed(Slots, (nuint)sizeof(Libc.Message));
        _vectors = (Libc.IoVector*)NativeMemory.AllocZeroed(Slots, (nuint)sizeof(Libc.IoVector));
        _names = (byte*)NativeMemory.AllocZeroed(Slots, SocketAddresses.Longest);
        _controls = (byte*)NativeMemory.AllocZeroed(Slots, SocketAddresses.ControlLength);
        for (int i = 0; i < Slots; i++)
        {
            _vectors[i].Base = _memory + (i * Stride) + Packet.Headroom;
            _vectors[i].Length = LongestDatagram;
            _messages[i].Header.Vectors = _vectors + i;
            _messages[i].Header.VectorCount = 1;
            _messages[i].Header.Name = _names + (i * SocketAddresses.Longest);
            _messages[i].Header.Control = _controls + (i * SocketAddresses.ControlLength);
        }
    }

    public int Used { get; private set; }

    public int Free => Slots - Used;

    /// <summary>What all of them held may be written over.</summary>
    public void Clear() => Used = 0;

    /// <summary>Receives what there is into the next slots, at most <paramref name="most"/>; the first of them and their number.</summary>
    /// <param name="more">There may be more.</param>
    public (int First, int Count) Receive(int descriptor, int most, bool withLocal, out bool more)
    {
        int first = Used;
        int count = Math.Min(most, Free);
        for (int i = first; i < first + count; i++)
        {
            ref Libc.MessageHeader header = ref _messages[i].Header;
            header.NameLength = SocketAddresses.Longest;
            header.ControlLength = withLocal ? SocketAddresses.ControlLength : 0u;
            header.Flags = 0;
        }

        int received = Libc.Receive(descriptor, _messages + first, (uint)count, Libc.DontWait, null);
        // What the system tells of one datagram is not the end of those behind it.
        more = received == count || (received < 0 && Marshal.GetLastPInvokeError() != Libc.Again);
        if (received <= 0)
            return (first, 0);
        Used += received;
        return (first, received);
    }

    public TransportAddress From(int slot) => SocketAddresses.Read(_messages[slot].Header.Name);

    public bool TryLocal(int slot, ushort port, out TransportAddress local) =>
        SocketAddresses.TryReadLocal(&_messages[slot].Header, port, out local);

    public Packet At(int slot) =>
        new(
            new Span<byte>(_memory + (slot * Stride), Stride),
            Packet.Headroom,
            (int)_messages[slot].Length,
            stays: true,
            slot
        );

    public void Dispose()
    {
        NativeMemory.Free(_memory);
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
    }
}
