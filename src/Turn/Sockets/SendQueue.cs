using System.Runtime.InteropServices;
using Turn.Protocol;

namespace Turn.Sockets;

/// <summary>
/// Datagrams to clients that wait to the end of the loop's turn and leave by one call. They stay where they were received
/// (<see cref="DatagramBatch"/>). Used by the loop's thread alone.
/// </summary>
internal sealed unsafe class SendQueue : IDisposable
{
    private readonly Libc.Message* _messages;
    private readonly Libc.IoVector* _vectors;
    private readonly byte* _names;
    private readonly byte* _controls;
    private int _count;

    public SendQueue()
    {
        const int most = DatagramBatch.Slots;
        _messages = (Libc.Message*)NativeMemory.AllocZeroed(most, (nuint)sizeof(Libc.Message));
        _vectors = (Libc.IoVector*)NativeMemory.AllocZeroed(most, (nuint)sizeof(Libc.IoVector));
        _names = (byte*)NativeMemory.AllocZeroed(most, SocketAddresses.Longest);
        _controls = (byte*)NativeMemory.AllocZeroed(most, SocketAddresses.ControlLength);
        for (int i = 0; i < most; i++)
        {
            _messages[i].Header.Vectors = _vectors + i;
            _messages[i].Header.VectorCount = 1;
            _messages[i].Header.Name = _names + (i * SocketAddresses.Longest);
        }
    }

    public bool IsEmpty => _count == 0;

    /// <summary>There is room for every packet of a batch, and each is sent at most once.</summary>
    /// <param name="local">The address to leave from, where the socket has several.</param>
    public void Add(in Packet packet, in TransportAddress to, TransportAddress? local)
    {
        int i = _count++;
        fixed (byte* bytes = packet.Bytes)
            _vectors[i].Base = bytes;
        _vectors[i].Length = (nuint)packet.Length;
        ref Libc.MessageHeader header = ref _messages[i].Header;
        header.NameLength = SocketAddresses.Write(header.Name, to);
        header.Control = null;
        header.ControlLength = 0;
        if (local is not { } from)
            return;
        header.Control = _controls + (i * SocketAddresses.ControlLength);
        header.ControlLength = (nuint)SocketAddresses.WriteLocal(header.Control, from, to.Scope);
    }

    public void Flush(int descriptor)
    {
        int sent = 0;
        while (sent < _count)
        {
            int now = Libc.Send(descriptor, _messages + sent, (uint)(_count - sent), Libc.DontWait);
            // One that cannot be sent is lost, as on any line; those behind it are not.
            sent += Math.Max(1, now);
        }

        _count = 0;
    }

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
    }
}
