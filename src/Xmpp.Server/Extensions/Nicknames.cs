namespace Xmpp.Server.Extensions;

/// <summary>XEP-0172 User Nickname: what a person wants to be called, on a node that contacts hear of (§4.3).</summary>
internal sealed class Nicknames : Extension
{
    public const string Ns = "http://jabber.org/protocol/nick";

    public override void Declare(Declarations declare)
    {
        declare.Implements("0172", "User Nickname", "1.1");
        declare.AccountFeature(Ns);
    }
}
