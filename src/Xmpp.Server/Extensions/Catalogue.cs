using Xmpp.Server.PubSub;
using Xmpp.Server.Rooms;

namespace Xmpp.Server.Extensions;

/// <summary>Everything that the server speaks beyond the core, in the order in which stages run. No scanning: this is the list.</summary>
public static class Catalogue
{
    public static IReadOnlyList<Extension> Create(XmppServer server)
    {
        var capabilities = new Capabilities(server);
        var avatars = new Avatars(server);
        var bookmarks = new Bookmarks(server);
        return
        [
            new Negotiation(),
            new StreamManagementElements(),
            new ClientState(),
            new Blocking(server),
            new Reports(),
            new StanzaIds(server),
            new ArchiveKeeping(server),
            new Retractions(server),
            new ArchiveQueries(server),
            new Preferences(server),
            new Carbons(),
            new Rosters(server),
            new OfflineMessages(),
            new Pings(),
            new Registration(server),
            new Commands([
                .. InviteCommands.Create(server),
                .. new AdminCommands(server).Create(),
                .. GuardianCommands.Create(server),
            ]),
            capabilities,
            new Discovery(server, capabilities),
            new ContactAddresses(server),
            new Versions(server),
            new EntityTime(server),
            new LastActivity(server),
            bookmarks,
            new PrivateXml(server, bookmarks),
            avatars,
            new VCards(server, avatars),
            new FileUpload(server),
            new ExternalServices(server),
            new ClientAccess(server),
            new WebSignIn(server),
            new PublishSubscribe(server),
            new Omemo(server),
            new DisplayedMarks(server),
            new Nicknames(),
            new VCard4(),
            new ChatWishes(),
            new PushNotifications(server),
            new WebPushService(server),
            new MultiUserChat(server),
            new Components(server),
            new Federating(),
        ];
    }
}
