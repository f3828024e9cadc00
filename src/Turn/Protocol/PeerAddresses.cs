namespace Turn.Protocol;

/// <summary>
/// Which peers a relay sends to: the world's addresses (IANA's special-purpose registries, RFC 6890) and no others. Of what
/// names an IPv4 address inside an IPv6 one (mapped, compatible, NAT64, 6to4, Teredo) nothing is a peer, whatever it names.
/// </summary>
internal static class PeerAddresses
{
    private static readonly (uint First, uint Last)[] _specialV4 =
    [
        Network(0, 0, 0, 0, 8),
        Network(10, 0, 0, 0, 8),
        Network(100, 64, 0, 0, 10),
        Network(127, 0, 0, 0, 8),
        // Clouds answer for their machines' secrets at 169.254.169.254.
        Network(169, 254, 0, 0, 16),
        Network(172, 16, 0, 0, 12),
        Network(192, 0, 0, 0, 24),
        Network(192, 0, 2, 0, 24),
        Network(192, 88, 99, 0, 24),
        Network(192, 168, 0, 0, 16),
        Network(198, 18, 0, 0, 15),
        Network(198, 51, 100, 0, 24),
        Network(203, 0, 113, 0, 24),
        // Multicast, reserved and broadcast.
        Network(224, 0, 0, 0, 3),
    ];

    /// <param name="allowPrivate">
    /// For tests: only what can be nobody's address (multicast, reserved, broadcast, unspecified) and IPv4 in disguise is refused.
    /// </param>
    public static bool Allow(in TransportAddress peer, bool allowPrivate)
    {
        if (peer.IsUnspecified)
            return false;
        return peer.IsV6 ? AllowV6(peer.High, peer.Low, allowPrivate) : AllowV4(peer.V4, allowPrivate);
    }

    private static bool AllowV4(uint address, bool allowPrivate)
    {
        if (allowPrivate)
            return address >> 24 is > 0 and < 224;
        foreach ((uint first, uint last) in _specialV4)
            if (address >= first && address <= last)
                return false;
        return true;
    }

    private static bool AllowV6(ulong high, ulong low, bool allowPrivate)
    {
        uint first = (uint)(high >> 32);
        // Not the world's, 2000::/3: loopback, mapped, compatible, NAT64, ULA, link-local, site-local, multicast.
        if (first >> 29 != 1)
            return allowPrivate && ((high == 0 && low == 1) || first >> 25 == 0x7E || first >> 22 == 0x3FA);
        bool assigned = first >> 9 == 0x20010000 >> 9; // 2001::/23, with Teredo and ORCHID
        bool documented = first == 0x20010DB8 || first >> 12 == 0x3FFF0000 >> 12;
        bool sixToFour = first >> 16 == 0x2002;
        return !assigned && !documented && !sixToFour;
    }

    private static (uint First, uint Last) Network(byte a, byte b, byte c, byte d, int prefix)
    {
        uint first = ((uint)a << 24) | ((uint)b << 16) | ((uint)c << 8) | d;
        return (first, first | (uint.MaxValue >> prefix));
    }
}
