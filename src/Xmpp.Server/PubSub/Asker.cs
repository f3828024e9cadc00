using Xmpp.Addresses;
using Xmpp.Server.Household;

namespace Xmpp.Server.PubSub;

/// <summary>Who asks something of a node.</summary>
/// <param name="Jid">Full.</param>
/// <param name="Account">Null for somebody elsewhere.</param>
internal readonly record struct Asker(Jid Jid, Account? Account);
