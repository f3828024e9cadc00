using System.Globalization;
using System.Net;

namespace Dns;

/// <summary>Who is asked, and how patiently.</summary>
/// <param name="Trusted">What these servers say is authentic counts; of one on loopback it always does.</param>
/// <param name="AlwaysEdns">They are known to take EDNS, also after they were silent.</param>
internal sealed record Upstream(
    IReadOnlyList<IPEndPoint> Servers,
    TimeSpan Timeout,
    int Attempts,
    bool Trusted = false,
    bool AlwaysEdns = false
)
{
    // As the C library has it: MAXNS, RES_MAXRETRANS, RES_MAXRETRY.
    private const int MostServers = 3;
    private const int LongestTimeout = 30;
    private const int MostAttempts = 5;
    private const int Port = 53;

    /// <summary>Reads resolv.conf(5). What it does not say is as in the options; without servers, the one on loopback is asked.</summary>
    public static Upstream Parse(string text, ResolverOptions options)
    {
        var servers = new List<IPEndPoint>();
        var upstream = new Upstream(servers, options.Timeout, options.Attempts);
        foreach (string line in text.Split('\n'))
        {
            // Comments begin at a line's beginning alone there; nobody writes these signs into an address.
            string[] words = line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var server, ..])
            {
                if (servers.Count < MostServers && IPAddress.TryParse(server, out IPAddress? address))
                    servers.Add(new IPEndPoint(address, Port));
            }
            else if (words is ["options", ..])
            {
                upstream = words.Skip(1).Aggregate(upstream, (all, option) => all.With(option));
            }
        }

        if (servers.Count == 0)
            servers.Add(new IPEndPoint(IPAddress.Loopback, Port));
        return upstream;
    }

    private Upstream With(string option)
    {
        if (option == "edns0")
            return this with { AlwaysEdns = true };
        if (option == "trust-ad")
            return this with { Trusted = true };
        if (Number(option, "timeout:") is > 0 and { } seconds)
            return this with { Timeout = TimeSpan.FromSeconds(Math.Min(seconds, LongestTimeout)) };
        return Number(option, "attempts:") is > 0 and { } attempts
            ? this with
            {
                Attempts = Math.Min(attempts, MostAttempts),
            }
            : this;
    }

    private static int? Number(string option, string name) =>
        option.StartsWith(name, StringComparison.Ordinal)
        && int.TryParse(option.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : null;
}
