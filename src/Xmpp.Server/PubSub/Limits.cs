namespace Xmpp.Server.PubSub;

/// <summary>How much one account, or the service, keeps on its nodes.</summary>
internal static class Limits
{
    /// <summary>An account of many apps has about thirty, with one for each OMEMO device.</summary>
    public const int Nodes = 500;

    /// <summary>What <c>max</c> means: a bookmark, or a displayed mark, for each chat of a long life.</summary>
    public const int Items = 5000;

    /// <summary>Of one item, in bytes: an avatar as clients scale it, with room to spare; as a card.</summary>
    public const int Payload = 128 << 10;

    /// <summary>Of all items of an account, in bytes.</summary>
    public const long Bytes = 64 << 20;

    /// <summary>Of one node.</summary>
    public const int Subscriptions = 1000;

    /// <summary>Entries of one node's list of affiliations.</summary>
    public const int Affiliations = 1000;

    /// <summary>Payloads of one answer, in bytes: what is more comes with the next page.</summary>
    public const int Page = 1 << 20;

    /// <summary>A last item up to this is kept in memory for those who come.</summary>
    public const int Cached = 4 << 10;
}
