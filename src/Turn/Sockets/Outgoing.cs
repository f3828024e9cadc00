using System.Runtime.InteropServices;
using Turn.Protocol;

namespace Turn.Sockets;

/// <summary>
/// Datagrams that wait to the end of the loop's turn, chained by the socket that they leave by: one call for each socket, and
/// one way through the system's layers for each run of the same length to the same place (UDP_SEGMENT, udp(7)), as video
/// comes. They stay where they were received (<see cref="DatagramBatch"/>). Used by the loop's thread alone.
/// </summary>
internal sealed unsafe class Outgoing : IDisposable
{
    private const int Most = DatagramBatch.Slots;

    /// <summary>What one datagram's length, and so a run's, may be.</summary>
    private const int LongestRun = 60000;

    private readonly Entry[] _entries = new Entry[Most];
    private readonly List<LinuxSocket> _sockets = new(Most);
    private readonly Libc.Message* _messages = Native<Libc.Message>();
    private readonly Libc.IoVector* _vectors = Native<Libc.IoVector>();
    private readonly byte* _names = (byte*)NativeMemory.AllocZeroed(Most, SocketAddresses.Longest);
    private readonly byte* _controls = (byte*)NativeMemory.AllocZeroed(Most, SocketAddresses.ControlLength);

    private struct Entry
    {
        public byte* Bytes;
        public int Length;
        public int Next;
        public TransportAddress To;
        public TransportAddress From;
    }

    private static T* Native<T>()
        where T : unmanaged => (T*)NativeMemory.AllocZeroed(Most, (nuint)sizeof(T));

    /// <param name="packet">One of the batch's.</param>
    /// <param name="from">The address to leave from; unspecified where the socket has one only.</param>
    public void Add(LinuxSocket socket, in Packet packet, in TransportAddress to, in TransportAddress from)
    {
        ref Entry entry = ref _entries[packet.Slot];
        fixed (byte* bytes = packet.Bytes)
            entry.Bytes = bytes;
        (entry.Length, entry.Next) = (packet.Length, -1);
        entry.To = to;
        entry.From = from;
        if (socket.FirstWaiting < 0)
        {
            socket.FirstWaiting = packet.Slot;
            _sockets.Add(socket);
        }
        else
        {
            _entries[socket.LastWaiting].Next = packet.Slot;
        }

        socket.LastWaiting = packet.Slot;
    }

    public void Flush()
    {
        foreach (LinuxSocket socket in _sockets)
        {
            int first = socket.FirstWaiting;
            socket.FirstWaiting = -1;
            socket.Flush(this, first);
        }

        _sockets.Clear();
    }

    /// <summary>Sends a chain. Called by the socket while its descriptor is surely its own.</summary>
    /// <param name="segments">Runs may leave as one; false where the system has once refused.</param>
    /// <returns>False where it refuses now.</returns>
    public bool Send(int descriptor, int first, bool segments)
    {
        if (_entries[first].Next < 0 && _entries[first].From.IsUnspecified)
        {
            SendOne(descriptor, ref _entries[first]);
            return true;
        }

        int count = Gather(first, segments);
        int sent = 0;
        bool refused = false;
        while (sent < count)
        {
            int now = Libc.Send(descriptor, _messages + sent, (uint)(count - sent), Libc.DontWait);
            sent += Math.Max(0, now);
            if (now > 0)
                continue;
            // One that cannot be sent is lost, as on any line; those behind it are not. A run is tried one by one.
            refused |= SendApart(descriptor, _messages + sent);
            sent++;
        }

        return !refused;
    }

    // The commonest, and the cheapest call for it.
    private void SendOne(int descriptor, ref readonly Entry entry)
    {
        int length = SocketAddresses.Write(_names, entry.To);
        _ = Libc.SendTo(descriptor, entry.Bytes, (nuint)entry.Length, Libc.DontWait, _names, length);
    }

    private int Gather(int first, bool segments)
    {
        (int count, int vectors, int length) = (0, 0, 0);
        // What leads the run of the message before; -1: nothing joins it any more.
        int lead = -1;
        for (int i = first; i >= 0; i = _entries[i].Next)
        {
            ref Entry entry = ref _entries[i];
            if (lead < 0 || !segments || !Joins(ref _entries[lead], ref entry, length))
            {
                Begin(count++, vectors, ref entry);
                (lead, length) = (i, 0);
            }

            ref Libc.MessageHeader message = ref _messages[count - 1].Header;
            _vectors[vectors].Base = entry.Bytes;
            _vectors[vectors++].Length = (nuint)entry.Length;
            message.VectorCount++;
            length += entry.Length;
            if (message.VectorCount == 2)
                message.ControlLength += (nuint)
                    SocketAddresses.WriteSegment(
                        message.Control + message.ControlLength,
                        (ushort)_entries[lead].Length
                    );
            // Only the last of a run may be shorter.
            if (entry.Length < _entries[lead].Length)
                lead = -1;
        }

        return count;
    }

    private static bool Joins(ref readonly Entry lead, ref readonly Entry next, int length) =>
        next.Length > 0
        && next.Length <= lead.Length
        && length + next.Length <= LongestRun
        && next.To == lead.To
        && next.From == lead.From;

    private void Begin(int index, int vector, ref readonly Entry entry)
    {
        ref Libc.MessageHeader message = ref _messages[index].Header;
        message.Name = _names + (index * SocketAddresses.Longest);
        message.NameLength = SocketAddresses.Write(message.Name, entry.To);
        message.Vectors = _vectors + vector;
        message.VectorCount = 0;
        message.Control = _controls + (index * SocketAddresses.ControlLength);
        message.ControlLength = entry.From.IsUnspecified
            ? 0
            : (nuint)SocketAddresses.WriteLocal(message.Control, entry.From, entry.To.Scope);
    }

    // True when it was a run that the system did not take whole.
    private static bool SendApart(int descriptor, Libc.Message* message)
    {
        Libc.MessageHeader one = message->Header;
        if (one.VectorCount < 2)
            return false;
        nuint count = one.VectorCount;
        one.VectorCount = 1;
        one.ControlLength -= SocketAddresses.SegmentLength;
        for (nuint i = 0; i < count; i++, one.Vectors++)
            _ = Libc.SendMessage(descriptor, &one, Libc.DontWait);
        return true;
    }

    public void Dispose()
    {
        NativeMemory.Free(_messages);
        NativeMemory.Free(_vectors);
        NativeMemory.Free(_names);
        NativeMemory.Free(_controls);
    }
}
