using System.Net;

namespace Dns;

/// <summary>hosts(5): who writes a name there means it, for both families of addresses.</summary>
internal sealed class HostsFile
{
    private readonly Dictionary<DomainName, List<IPAddress>> _addresses = [];

    public static HostsFile Parse(string text)
    {
        var hosts = new HostsFile();
        foreach (string line in text.Split('\n'))
        {
            string[] words = line.Split('#')[0].Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !IPAddress.TryParse(words[0], out IPAddress? address))
                continue;
            foreach (string word in words.Skip(1))
            {
                if (!DomainName.TryParse(word, out DomainName? name))
                    continue;
                if (!hosts._addresses.TryGetValue(name, out List<IPAddress>? all))
                    hosts._addresses[name] = all = [];
                all.Add(address);
            }
        }

        return hosts;
    }

    /// <summary>Null for a name that does not stand there.</summary>
    public IReadOnlyList<IPAddress>? Find(DomainName name) => _addresses.GetValueOrDefault(name);
}
