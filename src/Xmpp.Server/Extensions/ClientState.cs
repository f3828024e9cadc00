using Xmpp.Server.Sessions;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0352 Client State Indication: while nobody looks, presence and chat states are held and coalesced, and leave with
/// the next thing that matters. What may wait stands in the table of payloads.
/// </summary>
internal sealed class ClientState : Extension
{
    public override void Declare(Declarations declare)
    {
        declare.Implements("0352", "Client State Indication", "1.0.0");
        declare.StreamFeatures.Add(features => features.Empty("csi", Ns.Csi));
        declare.Nonzas[("active", Ns.Csi)] = (session, _) => Set(session, inactive: false);
        declare.Nonzas[("inactive", Ns.Csi)] = (session, _) => Set(session, inactive: true);
        declare.Inline[("active", Ns.Csi)] = (session, _, _) => session.SetInactive(false);
        declare.Inline[("inactive", Ns.Csi)] = (session, _, _) => session.SetInactive(true);
    }

    private static ValueTask Set(Session session, bool inactive)
    {
        session.SetInactive(inactive);
        return ValueTask.CompletedTask;
    }
}
