using System.Net;
using System.Net.Sockets;

namespace WebPush.Protocol;

/// <summary>
/// Which addresses belong to the world (IANA's special-purpose registries, RFC 6890): all others are somebody's own, and
/// nothing that a stranger names leads there.
/// </summary>
public static class PublicAddresses
{
    private static readonly IPNetwork[] _specialV4 =
    [
        IPNetwork.Parse("0.0.0.0/8"),
        IPNetwork.Parse("10.0.0.0/8"),
        IPNetwork.Parse("100.64.0.0/10"),
        IPNetwork.Parse("127.0.0.0/8"),
        // Clouds answer for their machines' secrets at 169.254.169.254.
        IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"),
        IPNetwork.Parse("192.0.0.0/24"),
        IPNetwork.Parse("192.0.2.0/24"),
        IPNetwork.Parse("192.88.99.0/24"),
        IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"),
        IPNetwork.Parse("198.51.100.0/24"),
        IPNetwork.Parse("203.0.113.0/24"),
        // Multicast, reserved and broadcast.
        IPNetwork.Parse("224.0.0.0/3"),
    ];

    private static readonly IPNetwork _worldV6 = IPNetwork.Parse("2000::/3");

    // NAT64 (RFC 6052): what stands in the last four bytes decides.
    private static readonly IPNetwork _translated = IPNetwork.Parse("64:ff9b::/96");

    private static readonly IPNetwork[] _specialV6 =
    [
        // Protocol assignments, with Teredo and ORCHID.
        IPNetwork.Parse("2001::/23"),
        IPNetwork.Parse("2001:db8::/32"),
        // 6to4 names any IPv4 address.
        IPNetwork.Parse("2002::/16"),
        IPNetwork.Parse("3fff::/20"),
    ];

    /// <summary>True for an address of the world.</summary>
    public static bool Contain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetwork)
            return !Array.Exists(_specialV4, network => network.Contains(address));
        if (_translated.Contains(address))
            return Contain(new IPAddress(address.GetAddressBytes().AsSpan(12)));
        return _worldV6.Contains(address) && !Array.Exists(_specialV6, network => network.Contains(address));
    }
}
