using System.Collections.Frozen;
using Xmpp.Server.PubSub;

namespace Xmpp.Server.Extensions;

/// <summary>
/// What one kind of client supports, as it was verified (XEP-0115 §5.4): computed once for all sessions that run it.
/// </summary>
internal sealed class ClientSoftware
{
    public ClientSoftware(DiscoInfo info)
    {
        Features = info.Features.ToFrozenSet(StringComparer.Ordinal);
        Interests = info
            .Features.Where(feature => feature.EndsWith(Names.Notify, StringComparison.Ordinal))
            .Select(feature => feature[..^Names.Notify.Length])
            .ToFrozenSet(StringComparer.Ordinal);
    }

    public IReadOnlySet<string> Features { get; }

    /// <summary>Nodes that it wants to hear of (XEP-0060 §9.2).</summary>
    public IReadOnlySet<string> Interests { get; }
}
