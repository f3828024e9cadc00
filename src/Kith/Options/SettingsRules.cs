namespace Kith.Options;

/// <summary>What must hold between settings that are each valid by themselves.</summary>
internal static class SettingsRules
{
    /// <summary>One line for each rule that these options break.</summary>
    public static IEnumerable<string> Broken(KithOptions options)
    {
        if (options.Tls is { Mode: TlsMode.Files, Certificate: null })
            yield return "Tls:Mode is files, but Tls:Certificate is empty; valid is the path of a PEM file";
        foreach (string domain in options.Components.Keys)
            if (domain == options.Domain || domain == "groups." + options.Domain)
                yield return $"Components cannot have {domain}, where the house itself answers; valid is another domain";
        foreach (IGrouping<int, (string Key, int Port)> same in TcpPorts(options.Listen).GroupBy(each => each.Port))
        {
            if (same.Key != 0 && same.Count() > 1)
            {
                string keys = string.Join(" and ", same.Select(each => each.Key));
                yield return $"{keys} cannot all be {same.Key}; valid are different ports, or 0 for off";
            }
        }
    }

    private static IEnumerable<(string Key, int Port)> TcpPorts(ListenOptions listen) =>
        [
            ("Listen:Http", listen.Http),
            ("Listen:Https", listen.Https),
            ("Listen:Client", listen.Client),
            ("Listen:ClientTls", listen.ClientTls),
            ("Listen:Server", listen.Server),
            ("Listen:ServerTls", listen.ServerTls),
            ("Listen:Relay", listen.Relay),
            ("Listen:RelayTls", listen.RelayTls),
            ("Listen:Component", listen.Component),
        ];
}
