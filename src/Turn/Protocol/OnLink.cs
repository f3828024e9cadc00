namespace Turn.Protocol;

/// <summary>
/// A prefix of the world's whose addresses are reached without a router, and so without its firewall: the home's other machines.
/// </summary>
internal readonly record struct OnLink
{
    private readonly bool _isV6;
    private readonly ulong _network;
    private readonly ulong _mask;

    private OnLink(bool isV6, ulong address, ulong mask) => (_isV6, _network, _mask) = (isV6, address & mask, mask);

    public bool Contains(in TransportAddress address) =>
        address.IsV6 == _isV6 && ((_isV6 ? address.High : address.V4) & _mask) == _network;

    /// <summary>Of the addresses that could be peers by what they are; the others' neighbours are none anyway.</summary>
    public static OnLink[] Of(IEnumerable<OwnAddress> own) =>
        [
            .. own.Where(each => each.PrefixLength > 0)
                .Select(each => (Address: TransportAddress.Of(each.Address, 0), each.PrefixLength))
                .Where(each => PeerAddresses.Allow(each.Address, allowPrivate: false))
                .Select(each => Of(each.Address, each.PrefixLength))
                .Distinct(),
        ];

    // An IPv6 link is a /64 (RFC 4291 §2.5.1), though DHCPv6 hands out single addresses of it.
    private static OnLink Of(in TransportAddress address, int prefix) =>
        address.IsV6
            ? new(true, address.High, ulong.MaxValue << (64 - Math.Min(prefix, 64)))
            : new(false, address.V4, (ulong)(uint.MaxValue << (32 - Math.Min(prefix, 32))));
}
