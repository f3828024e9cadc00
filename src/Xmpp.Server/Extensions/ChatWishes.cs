using System.Collections.Immutable;
using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.PubSub;
using Xmpp.Server.Push;
using Xmpp.Server.Rooms;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// Of which chats with people somebody wants to be told (XEP-0492). A room's settings are in its bookmark; for people, whom
/// no bookmark names, Kith's client keeps a node that nobody else reads, with an item for each address (README.md, "Waking
/// devices").
/// </summary>
internal sealed class ChatWishes : Extension
{
    public const string Ns = "urn:kith:chats:0";

    public override void Declare(Declarations declare) =>
        declare.PersonalNodes[Ns] = new PersonalNode
        {
            Defaults = PersonalNode.Private,
            Told = static change => change.Host.Account!.ChatWishes = null,
        };

    /// <summary>
    /// False for what the account does not want its devices woken for. Calls are no words: whoever rings waits; a room has seen
    /// to it itself. On the writer's thread.
    /// </summary>
    public static bool Allow(XmppServer server, Account account, Notice notice)
    {
        if (notice.IsCall || notice.IsLate || notice.Message.Type == StanzaType.Groupchat)
            return true;
        account.ChatWishes ??= Read(server, account);
        return account.ChatWishes.GetValueOrDefault(notice.Conversation, NotifyWhen.Always) switch
        {
            NotifyWhen.Never => false,
            NotifyWhen.OnMention => new Mentions(notice.Message).Has(account.Jid),
            _ => true,
        };
    }

    // Once for each account that has devices to be told, and again after a change.
    private static ImmutableDictionary<Jid, NotifyWhen> Read(XmppServer server, Account account)
    {
        using Access access = server.Stores.Database.OpenRead();
        if (server.Stores.PubSub.Find(access, account.Id, Ns) is not { } node)
            return ImmutableDictionary<Jid, NotifyWhen>.Empty;
        var wishes = ImmutableDictionary.CreateBuilder<Jid, NotifyWhen>();
        foreach (ItemRecord item in server.Stores.PubSub.Items(access, node.Id, new ItemQuery()).Items)
        {
            Element chat = item.Payload.Length > 0 ? XmlFragment.Parse(item.Payload).Root : default;
            if (!chat.Is("chat", Ns) || !Jid.TryParse(item.Name, out Jid? whom))
                continue;
            if (NotifySettings.In(chat) is { } when and not NotifyWhen.Always)
                wishes[whom.Bare] = when;
        }
        return wishes.ToImmutable();
    }
}
