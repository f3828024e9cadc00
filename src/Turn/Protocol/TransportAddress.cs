using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Turn.Protocol;

/// <summary>An IP address with a port, as a value: nothing is allocated for the addresses of packets.</summary>
internal readonly struct TransportAddress : IEquatable<TransportAddress>
{
    private readonly ulong _high;
    private readonly ulong _low;

    private TransportAddress(ulong high, ulong low, ushort port, bool isV6, uint scope)
    {
        (_high, _low, Port, IsV6, Scope) = (high, low, port, isV6, scope);
    }

    public ushort Port { get; }
    public bool IsV6 { get; }

    /// <summary>The interface of a link-local IPv6 address; 0 for all others.</summary>
    public uint Scope { get; }

    /// <summary>Bytes of the address alone: 4 or 16.</summary>
    public int Length => IsV6 ? 16 : 4;

    public AddressFamily Family => IsV6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;

    /// <param name="address">4 or 16 bytes, in the order of the network.</param>
    public static TransportAddress Of(ReadOnlySpan<byte> address, ushort port, uint scope = 0) =>
        address.Length == 4
            ? new(0, BinaryPrimitives.ReadUInt32BigEndian(address), port, false, 0)
            : new(
                BinaryPrimitives.ReadUInt64BigEndian(address),
                BinaryPrimitives.ReadUInt64BigEndian(address[8..]),
                port,
                true,
                scope
            );

    public static TransportAddress Of(IPAddress address, int port)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return Of(bytes[..length], (ushort)port, length == 16 ? (uint)address.ScopeId : 0);
    }

    public static TransportAddress Of(IPEndPoint end) => Of(end.Address, end.Port);

    public TransportAddress WithPort(ushort port) => new(_high, _low, port, IsV6, Scope);

    /// <summary>The address alone, as a key.</summary>
    public TransportAddress WithoutPort() => WithPort(0);

    /// <summary>What one line has of addresses, as a key: an IPv4 address, an IPv6 /64.</summary>
    public TransportAddress Household() => IsV6 ? new(_high, 0, 0, true, 0) : WithoutPort();

    public bool IsUnspecified => (_high | _low) == 0;

    /// <summary>An IPv4 address as the number that it is.</summary>
    public uint V4 => (uint)_low;

    public ulong High => _high;
    public ulong Low => _low;

    /// <summary>Writes the address without the port: <see cref="Length"/> bytes.</summary>
    public void WriteAddress(Span<byte> to)
    {
        if (!IsV6)
        {
            BinaryPrimitives.WriteUInt32BigEndian(to, V4);
            return;
        }

        BinaryPrimitives.WriteUInt64BigEndian(to, _high);
        BinaryPrimitives.WriteUInt64BigEndian(to[8..], _low);
    }

    public IPEndPoint ToEndPoint() => new(ToAddress(), Port);

    public IPAddress ToAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        WriteAddress(bytes);
        return IsV6 ? new IPAddress(bytes, Scope) : new IPAddress(bytes[..4]);
    }

    public bool Equals(TransportAddress other) =>
        _low == other._low && _high == other._high && Port == other.Port && IsV6 == other.IsV6 && Scope == other.Scope;

    public override bool Equals(object? obj) => obj is TransportAddress other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_high, _low, Port);

    public static bool operator ==(TransportAddress left, TransportAddress right) => left.Equals(right);

    public static bool operator !=(TransportAddress left, TransportAddress right) => !left.Equals(right);

    public override string ToString() => ToEndPoint().ToString();
}
