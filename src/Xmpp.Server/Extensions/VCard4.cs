using Xmpp.Server.PubSub;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0292 vCard4: a person's card on a node (§3), and the cards that a person keeps of others on one for the own devices
/// alone (§5). The card of XEP-0054 stays its own: the mapping (§11) is for whoever has both, and loses; what XEP-0398 asks
/// for, the picture, is one.
/// </summary>
internal sealed class VCard4 : Extension
{
    public override void Declare(Declarations declare)
    {
        declare.Implements("0292", "vCard4 Over XMPP", "0.12.0");
        declare.AccountFeature("urn:ietf:params:xml:ns:vcard-4.0");
        declare.PersonalNodes["urn:xmpp:contacts"] = new PersonalNode { Defaults = PersonalNode.Private };
    }
}
