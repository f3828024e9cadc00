using System.Net.NetworkInformation;

namespace Turn;

/// <summary>The addresses of this machine's interfaces, also of those that are down: the system answers at them all the same.</summary>
internal static class Interfaces
{
    /// <exception cref="NetworkInformationException">The system does not tell.</exception>
    public static IReadOnlyCollection<OwnAddress> Addresses() =>
        [
            .. NetworkInterface
                .GetAllNetworkInterfaces()
                .SelectMany(each =>
                    each.GetIPProperties()
                        .UnicastAddresses.Select(unicast => new OwnAddress(
                            unicast.Address,
                            unicast.PrefixLength,
                            each.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown
                        ))
                ),
        ];
}
