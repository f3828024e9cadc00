using System.Runtime.InteropServices;

namespace Turn.Sockets;

/// <summary>The calls of Linux that relay many datagrams at once; .NET has none for them. Structures are those of 64-bit Linux.</summary>
internal static unsafe partial class Libc
{
    public const int Inet = 2;
    public const int Inet6 = 10;
    public const int Datagram = 2 | 0x80000 | 0x800; // SOCK_DGRAM, SOCK_CLOEXEC, SOCK_NONBLOCK
    public const int DontWait = 0x40;
    public const int Truncated = 0x20;
    public const int NoSignal = 0x4000;

    public const int LevelSocket = 1;
    public const int LevelIp = 0;
    public const int LevelIpv6 = 41;
    public const int LevelUdp = 17;
    public const int Segment = 103; // UDP_SEGMENT
    public const int ReceiveBuffer = 8;
    public const int SendBuffer = 7;
    public const int PacketInfo = 8; // IP_PKTINFO
    public const int V6Only = 26;
    public const int ReceivePacketInfo6 = 49; // IPV6_RECVPKTINFO
    public const int PacketInfo6 = 50; // IPV6_PKTINFO

    public const int PollIn = 1;
    public const int PollOut = 4;
    public const int PollError = 8;
    public const int PollHangUp = 0x10;
    public const int PollReadHangUp = 0x2000;
    public const int PollEdge = 1 << 31;
    public const int PollAdd = 1;
    public const int PollModify = 3;
    public const int CloseOnExec = 0x80000;
    public const int NonBlocking = 0x800;

    public const int Interrupted = 4;
    public const int Again = 11;
    public const int AccessDenied = 13;
    public const int AddressInUse = 98;

    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public byte* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public byte* Name;
        public int NameLength;
        public IoVector* Vectors;
        public nuint VectorCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public MessageHeader Header;
        public uint Length;
    }

    /// <summary>Packed on x64 alone (epoll_ctl(2)); 16 bytes elsewhere.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    public struct PollEvent
    {
        public int Events;
        public int Descriptor;
        private readonly int _high;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEventAligned
    {
        public int Events;
        private readonly int _padding;
        public int Descriptor;
        private readonly int _high;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int descriptor, byte* address, int length);

    [LibraryImport("libc", EntryPoint = "getsockname", SetLastError = true)]
    public static partial int SocketName(int descriptor, byte* address, int* length);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int descriptor, int level, int option, int* value, int length);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int Receive(int descriptor, Message* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int descriptor, byte* bytes, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int descriptor, byte* bytes, nuint count, int flags);

    [LibraryImport("libc", EntryPoint = "sendmmsg")]
    public static partial int Send(int descriptor, Message* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "sendto")]
    public static partial nint SendTo(int descriptor, byte* bytes, nuint count, int flags, byte* address, int length);

    [LibraryImport("libc", EntryPoint = "sendmsg")]
    public static partial nint SendMessage(int descriptor, MessageHeader* message, int flags);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int PollCreate(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int PollControl(int poll, int operation, int descriptor, void* wanted);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int PollWait(int poll, void* events, int most, int milliseconds);

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    public static partial int Event(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, void* bytes, nuint count);
}
