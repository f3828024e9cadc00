using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Xml;

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

    /// <summary>What the account is called in the room that it is brought into: as it wants to be, else by its name.</summary>
    public static string For(XmppServer server, Access access, Account account, Jid room)
    {
        IPubSubStore store = server.Stores.PubSub;
        if (store.Find(access, account.Id, Ns) is not { } node || store.Last(access, node.Id) is not { } item)
            return account.Name;
        Element nick = item.Payload.Length > 0 ? XmlFragment.Parse(item.Payload).Root : default;
        return nick.Is("nick", Ns) && room.TryWithResource(nick.Text.Trim(), out Jid? wanted)
            ? wanted.Resource!
            : account.Name;
    }
}
