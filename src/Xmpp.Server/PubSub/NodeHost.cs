using System.Collections.Immutable;
using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;

namespace Xmpp.Server.PubSub;

/// <summary>
/// Whoever has nodes: an account (XEP-0163 §3.1), or the domain's own service. What it holds in memory is read when
/// somebody has to do with it, and belongs to the writer's thread.
/// </summary>
internal sealed class NodeHost
{
    private static readonly NodeConfiguration _ofAccount = new()
    {
        Access = AccessModel.Presence,
        SendLast = SendLast.OnSubscriptionAndPresence,
        Flags =
            NodeFlags.PersistItems
            | NodeFlags.DeliverNotifications
            | NodeFlags.DeliverPayloads
            | NodeFlags.NotifyDelete
            | NodeFlags.NotifyRetract
            | NodeFlags.Subscribe,
        MaxItems = 1,
        MaxPayload = Limits.Payload,
    };
    private static readonly NodeConfiguration _ofService = _ofAccount with
    {
        Access = AccessModel.Open,
        SendLast = SendLast.OnSubscription,
        MaxItems = int.MaxValue,
    };

    /// <summary>There is no picture.</summary>
    public const string NoPhoto = "";

    /// <summary>There was a picture, and its owner took it off.</summary>
    public const string PhotoRemoved = "-";
    private string? _photoHash;

    private NodeHost(Jid jid, Account? account) => (Jid, Account) = (jid, account);

    public static NodeHost Of(Account account) => new(account.Jid, account);

    public static NodeHost OfService(Jid domain) => new(domain, null);

    public Jid Jid { get; }

    /// <summary>Null for the service.</summary>
    public Account? Account { get; }
    public long? Id => Account?.Id;

    /// <summary>How a node is that nothing is said about (XEP-0163 §8: presence, and the last item by presence).</summary>
    public NodeConfiguration Defaults => Account is null ? _ofService : _ofAccount;

    /// <summary>What those who come are sent; null when it is not read.</summary>
    public ImmutableArray<LastItem>? LastItems { get; set; }

    /// <summary>Bytes of all payloads; null when they were not added up yet.</summary>
    public long? Bytes { get; set; }

    /// <summary>What presence says of the account's picture (XEP-0398 §5); null while it was not read.</summary>
    public string? PhotoHash
    {
        get => Volatile.Read(ref _photoHash);
        set => Volatile.Write(ref _photoHash, value);
    }

    /// <summary>What was read counts, unless something is known by now.</summary>
    public void BeginPhotoHash(string hash) => Interlocked.CompareExchange(ref _photoHash, hash, null);
}
