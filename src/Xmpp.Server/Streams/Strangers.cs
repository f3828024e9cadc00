using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Xmpp.Server.Streams;

/// <summary>Counts the connections of each address that have not signed in yet, and lets in only so many at once.</summary>
internal sealed class Strangers(int most)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _counts = [];

    /// <summary>False when there are too many; each true is followed by one <see cref="Leave"/>.</summary>
    public bool TryEnter(IPAddress address)
    {
        lock (_lock)
        {
            ref int count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, NetworkOf(address), out _);
            if (most > 0 && count >= most)
                return false;
            count++;
            return true;
        }
    }

    public void Leave(IPAddress address)
    {
        IPAddress network = NetworkOf(address);
        lock (_lock)
            if (_counts.TryGetValue(network, out int count) && count > 1)
                _counts[network] = count - 1;
            else
                _counts.Remove(network);
    }

    /// <summary>Whose an address is: one home has 2^64 addresses of IPv6.</summary>
    public static IPAddress NetworkOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        byte[] bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
