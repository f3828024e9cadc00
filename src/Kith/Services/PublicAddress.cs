using System.Net;
using System.Net.NetworkInformation;
using Dns;
using Kith.Network;
using Kith.Options;
using WebPush.Protocol;

namespace Kith.Services;

/// <summary>
/// The IPv4 address behind which the box is reached: what <c>Relay:ExternalAddress</c> says; else what the name that clients are
/// told (<c>Public:Url</c>) stands for, where that is an address of the world's and none of this machine's, so that a router
/// must be passing on what comes to it. Nobody else is asked. IPv6 has no such routers.
/// </summary>
/// <param name="own">This machine's addresses.</param>
internal sealed class PublicAddress(
    KithOptions options,
    HostNames names,
    Func<IReadOnlyCollection<IPAddress>> own,
    TimeProvider time
)
{
    // A line's address changes at night, and the name's record some minutes after it.
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(5);

    private volatile IPAddress[] _current = options.Relay.ExternalAddress is { } given ? [given] : [];

    /// <summary>One, or none.</summary>
    public IReadOnlyCollection<IPAddress> Current => _current;

    /// <summary>Looks now and then until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        bool known = options.Relay.ExternalAddress is not null;
        // Who listens on loopback is behind nothing.
        bool looks = !known && !IPAddress.IsLoopback(options.Listen.Address ?? IPAddress.Any);
        try
        {
            do
            {
                if (looks)
                    await LookAsync(stop);
                await Task.Delay(looks ? _pause : Timeout.InfiniteTimeSpan, time, stop);
            } while (true);
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    /// <summary>Looks once; where nobody answers, what was found before stays.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        string host = new Uri(options.PublicUrl).IdnHost;
        IReadOnlyList<IPAddress> found;
        if (IPAddress.TryParse(host, out IPAddress? literal))
        {
            found = [literal];
        }
        else
        {
            HostNames.Addresses answer = await names.LookUpAsync(host, RecordType.A, cancellation);
            if (answer.Why is not null)
                return;
            found = answer.Found;
        }

        bool here = found.Any(own().Contains);
        _current = here ? [] : [.. found.Where(IsOfTheWorld).Take(1)];
    }

    private static bool IsOfTheWorld(IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && PublicAddresses.Contain(address);

    /// <summary>The addresses of this machine's interfaces.</summary>
    public static IReadOnlyCollection<IPAddress> OfThisMachine() =>
        [
            .. NetworkInterface
                .GetAllNetworkInterfaces()
                .SelectMany(each => each.GetIPProperties().UnicastAddresses.Select(unicast => unicast.Address)),
        ];
}
