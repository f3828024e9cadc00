namespace Xmpp.Server.Federation;

/// <summary>Which servers the settings let in and out (interface.md, <c>Federation:Mode</c> and <c>Federation:Domains</c>).</summary>
internal sealed class Policy(FederationOptions options)
{
    private readonly HashSet<string> _allowed = [.. options.Domains.Where(each => !each.StartsWith('!'))];
    private readonly HashSet<string> _denied =
    [
        .. options.Domains.Where(each => each.StartsWith('!')).Select(each => each[1..]),
    ];

    public bool Allows(string domain) =>
        options.Mode switch
        {
            FederationMode.Open => !_denied.Contains(domain),
            FederationMode.AllowList => _allowed.Contains(domain) && !_denied.Contains(domain),
            _ => false,
        };
}
