using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>XEP-0092 Software Version of the server; what runs below it is nobody's concern.</summary>
internal sealed class Versions(XmppServer server) : Extension
{
    private const string Ns = "jabber:iq:version";

    public override void Declare(Declarations declare)
    {
        declare.Implements("0092", "Software Version", "1.1");
        declare.ServerFeature(Ns);
        declare.OnGet(Target.Server, Ns, "query", _ => new(Version()));
    }

    private Reply Version() =>
        Reply.Result(
            new XmlBuilder().Start("query", Ns).Element("name", "Kith").Element("version", server.Options.Version)
        );
}
