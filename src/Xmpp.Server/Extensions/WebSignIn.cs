using Xmpp.Server.Sessions;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// The code with which a web client signs its browser in to the home's pages (laws, "One sign-in"). Kith's own namespace;
/// README.md, "Signing in", has the protocol.
/// </summary>
internal sealed class WebSignIn(XmppServer server) : Extension
{
    public const string Ns = "urn:kith:session:0";

    public override void Declare(Declarations declare)
    {
        declare.AccountFeature(Ns);
        declare.OnSet(Target.OwnAccount, Ns, "code", request => new(Give(request.Own)));
    }

    private Reply Give(Session session)
    {
        (string code, DateTimeOffset expires) = server.WebSessions.Offer(session);
        return Reply.Result(new XmlBuilder().Start("code", Ns).Attribute("expires", XmlText.Stamp(expires)).Text(code));
    }
}
