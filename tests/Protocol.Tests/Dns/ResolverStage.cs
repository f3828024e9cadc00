using System.Net;
using Dns;
using Record = Dns.Record;

namespace Protocol.Tests.Dns;

/// <summary>Resolvers that ask scripted servers, on a clock that stands still, and records for these.</summary>
public abstract class ResolverStage : IDisposable
{
    private protected HeldTime Time { get; } = new();
    private readonly List<Resolver> _resolvers = [];

    public void Dispose()
    {
        _resolvers.ForEach(resolver => resolver.Dispose());
        GC.SuppressFinalize(this);
    }

    private protected Resolver Asking(params ScriptedServer[] servers) => Asking(new ResolverOptions(), servers);

    private protected Resolver Asking(ResolverOptions options, params ScriptedServer[] servers)
    {
        var resolver = new Resolver(
            options with
            {
                Servers = [.. servers.Select(server => server.Address)],
                Time = Time,
            }
        );
        _resolvers.Add(resolver);
        return resolver;
    }

    private protected static Record A(string name, string address, uint seconds = 60) =>
        new(
            DomainName.Parse(name),
            RecordType.A,
            RecordClass.Internet,
            seconds,
            new AddressData(IPAddress.Parse(address))
        );

    private protected static Record Alias(string name, string to, uint seconds = 60) =>
        new(
            DomainName.Parse(name),
            RecordType.CNAME,
            RecordClass.Internet,
            seconds,
            new NameData(DomainName.Parse(to))
        );

    private protected static Record Authority(string zone, uint seconds, uint minimum) =>
        new(
            DomainName.Parse(zone),
            RecordType.SOA,
            RecordClass.Internet,
            seconds,
            new AuthorityData(DomainName.Root, DomainName.Root, 1, 2, 3, 4, minimum)
        );

    private protected static string Addresses(Answer answer) =>
        answer.Status + " " + string.Join(' ', answer.Data<AddressData>().Select(data => data.Address));
}
