using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Dns;
using Kith.Options;

namespace Kith.Network;

/// <summary>Where hosts are: the resolver's answers for both families of addresses, and addresses that are written out.</summary>
internal sealed class HostNames(Resolver resolver)
{
    /// <summary>The resolver that the settings name; the system's where they name none.</summary>
    public static Resolver Resolver(KithOptions options, TimeProvider time) =>
        new(
            new ResolverOptions
            {
                Servers = options.Dns.Server is { } server ? [server] : [],
                Validating = options.Dns.Validating,
                Time = time,
            }
        );

    /// <summary>All addresses of a host, IPv6 first.</summary>
    /// <exception cref="SocketException">It has none.</exception>
    /// <exception cref="IOException">Nobody could tell.</exception>
    public async Task<IPAddress[]> AddressesAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out IPAddress? literal))
            return [literal];
        Addresses[] both = await Task.WhenAll(
            LookUpAsync(host, RecordType.AAAA, cancellation),
            LookUpAsync(host, RecordType.A, cancellation)
        );
        IPAddress[] all = [.. both.SelectMany(family => family.Found)];
        if (all.Length > 0)
            return all;
        string? why = both[0].Why ?? both[1].Why;
        throw why is null ? new SocketException((int)SocketError.HostNotFound) : new IOException($"{host}: {why}");
    }

    /// <summary>The addresses of one family.</summary>
    /// <param name="Why">Why nobody could tell; null when somebody could.</param>
    internal readonly record struct Addresses(IReadOnlyList<IPAddress> Found, string? Why);

    /// <param name="host">A name.</param>
    /// <param name="type">A or AAAA.</param>
    public async Task<Addresses> LookUpAsync(string host, RecordType type, CancellationToken cancellation)
    {
        if (!TryName(host, out DomainName? name))
            return new([], "it is no host name");
        Answer answer = await resolver.QueryAsync(name!, type, cancellation);
        return new([.. answer.Data<AddressData>().Select(data => data.Address)], answer.Why);
    }

    private static bool TryName(string host, out DomainName? name)
    {
        name = null;
        try
        {
            return DomainName.TryParse(Ascii(host), out name);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static string Ascii(string host) =>
        host.All(char.IsAscii) ? host : new IdnMapping { UseStd3AsciiRules = true }.GetAscii(host);
}
