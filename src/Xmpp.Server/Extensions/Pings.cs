namespace Xmpp.Server.Extensions;

/// <summary>XEP-0199 XMPP Ping: the server and every account answer.</summary>
internal sealed class Pings : Extension
{
    private const string Ns = "urn:xmpp:ping";

    public override void Declare(Declarations declare)
    {
        declare.Implements("0199", "XMPP Ping", "2.0.1");
        declare.ServerFeature(Ns);
        declare.AccountFeature(Ns);
        declare.OnGet(Target.Server | Target.OwnAccount | Target.OtherAccount, Ns, "ping", _ => new(Reply.Empty));
    }
}
