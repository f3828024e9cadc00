using System.Net.NetworkInformation;

namespace Turn;

/// <summary>The addresses of this machine's interfaces that are up.</summary>
internal static class Interfaces
{
    /// <summary>Empty where the system does not tell.</summary>
    public static IReadOnlyCollection<OwnAddress> Addresses()
    {
        try
        {
            return
            [
                .. NetworkInterface
                    .GetAllNetworkInterfaces()
                    .Where(each => each.OperationalStatus is OperationalStatus.Up or OperationalStatus.Unknown)
                    .SelectMany(each => each.GetIPProperties().UnicastAddresses)
                    .Select(each => new OwnAddress(each.Address, each.PrefixLength)),
            ];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }
}
