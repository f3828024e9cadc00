using Xmpp.Server.Stores;

namespace Xmpp.Server;

/// <summary>Everything on disk, as the server sees it.</summary>
public sealed record StoreSet(
    IDatabase Database,
    IAccountStore Accounts,
    IHouseholdStore Household,
    IRosterStore Rosters,
    IArchiveStore Archive,
    ISessionStore Sessions,
    IUploadStore Uploads,
    IUploadFiles Files,
    IPubSubStore PubSub,
    IPushStore Push,
    IRoomStore Rooms,
    IServerQueueStore Queue
);
