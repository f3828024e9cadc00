using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// What <c>Streams/</c> speaks before there is a session, so that the conformance table lists it; and the request that
/// older libraries begin a session with.
/// </summary>
internal sealed class Negotiation : Extension
{
    public override void Declare(Declarations declare)
    {
        declare.Implements("0124", "Bidirectional-streams Over Synchronous HTTP (BOSH)", "1.11.2");
        declare.Implements("0156", "Discovering Alternative XMPP Connection Methods", "1.4.0");
        declare.Implements("0206", "XMPP Over BOSH", "1.4");
        declare.Implements("0368", "SRV records for XMPP over TLS", "1.1.0");
        declare.Implements("0386", "Bind 2", "1.1.0");
        declare.Implements("0388", "Extensible SASL Profile", "1.0.4");
        declare.Implements("0440", "SASL Channel-Binding Type Capability", "1.0.0");
        declare.Implements("0474", "SASL SCRAM Downgrade Protection", "0.5.0");
        declare.Implements("0478", "Stream Limits Advertisement", "0.2.0");
        declare.Implements("0480", "SASL Upgrade Tasks", "0.2.0");
        declare.Implements("0484", "Fast Authentication Streamlining Tokens", "0.2.0");
        // RFC 3921 §3: nothing is left to do once a resource is bound. strophe.js asks though it is optional, and gives up on an error.
        declare.OnSet(Target.Server | Target.OwnAccount, Ns.Session, "session", _ => new(Reply.Empty));
    }
}
