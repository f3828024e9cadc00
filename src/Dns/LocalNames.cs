using System.Net;
using System.Net.Sockets;

namespace Dns;

/// <summary>Names that are answered without asking anybody: those of hosts(5), and those that are nobody's to give.</summary>
internal sealed class LocalNames(WatchedFile<HostsFile> hosts)
{
    private static readonly DomainName _localhost = DomainName.Parse("localhost");
    private static readonly DomainName _invalid = DomainName.Parse("invalid");
    private static readonly DomainName _onion = DomainName.Parse("onion");
    private static readonly IPAddress[] _loopback = [IPAddress.Loopback, IPAddress.IPv6Loopback];

    /// <summary>Null for a name to ask others for.</summary>
    public Answer? Find(DomainName name, RecordType type)
    {
        bool address = type is RecordType.A or RecordType.AAAA;
        if (address && hosts.Value.Find(name) is { } listed)
            return Of(name, type, listed);
        // RFC 6761 §6.3, §6.4; RFC 7686 §2.
        if (name.IsWithin(_localhost))
            return Of(name, type, address ? _loopback : []);
        return name.IsWithin(_invalid) || name.IsWithin(_onion) ? new Answer(AnswerStatus.NoSuchName, name) : null;
    }

    private static Answer Of(DomainName name, RecordType type, IReadOnlyList<IPAddress> addresses)
    {
        AddressFamily family = type == RecordType.A ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        Record[] records =
        [
            .. addresses
                .Where(address => address.AddressFamily == family)
                .Select(address => new Record(name, type, RecordClass.Internet, 0, new AddressData(address))),
        ];
        return new Answer(records.Length > 0 ? AnswerStatus.Found : AnswerStatus.NoData, name) { Records = records };
    }
}
