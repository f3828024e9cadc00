using System.Globalization;
using System.Net;
using Kith.Options;
using Kith.Services;
using Turn;
using WebPush.Protocol;

namespace Kith.Administration;

/// <summary>What <c>kith doctor</c> says of the relay for calls, asked as a phone asks it: a binding and an allocation.</summary>
internal sealed class RelayCheck(KithOptions options, RelayAccess access, TimeProvider time)
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    /// <summary>One finding; null where no port of the relay's is on.</summary>
    public async Task<FindingView?> ExamineAsync(CancellationToken cancellation)
    {
        int port = options.Listen.Relay;
        if (port == 0)
            return options.Listen.RelayTls == 0
                ? null
                : Finding("warn", "calls find no way by UDP", "set Listen:Relay, best to 3478");
        string name = string.Create(CultureInfo.InvariantCulture, $"UDP {port}");
        // Nobody's account has an empty name, and no device the number 0.
        (string username, string password) = access.Issue("", 0, time.GetUtcNow().AddMinutes(2));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_patience);
        try
        {
            IPAddress address = options.Listen.Address ?? IPAddress.Loopback;
            return Judge(
                name,
                await RelayProbe.AskAsync(new IPEndPoint(address, port), username, password, patience.Token)
            );
        }
        catch (Exception silent) when (silent is OperationCanceledException or IOException)
        {
            cancellation.ThrowIfCancellationRequested();
            return Finding("fail", $"{name} does not answer", "restart Kith; its log says why");
        }
    }

    private FindingView Judge(string name, RelayAnswer answer)
    {
        PortRange ports = options.Listen.RelayPorts;
        string range = string.Create(CultureInfo.InvariantCulture, $"UDP {ports.First} to {ports.Last}");
        if (answer.Relayed is not { } relayed)
            return Finding(
                "fail",
                $"{name} answers and gives no address (error {answer.Error.ToString(CultureInfo.InvariantCulture)})",
                $"look whether other programs hold {range}: ss -lnup"
            );
        return PublicAddresses.Contain(relayed.Address)
            ? Finding("ok", $"{name} answers, and hands out {relayed.Address}", null)
            : Finding(
                "warn",
                $"{name} answers, and hands out {relayed.Address}: calls from elsewhere do not reach it",
                $"set Relay:ExternalAddress to the router's public address, and let the router pass on {range} and {name}"
            );
    }

    private static FindingView Finding(string state, string message, string? advice) =>
        new("relay", state, message, advice);
}
