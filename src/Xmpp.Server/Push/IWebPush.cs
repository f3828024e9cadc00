using Xmpp.Server.Routing;
using Xmpp.Server.Stores;

namespace Xmpp.Server.Push;

/// <summary>What became of a push to a browser.</summary>
public enum WebPushOutcome
{
    /// <summary>Its push service has it.</summary>
    Accepted,

    /// <summary>The subscription is no more.</summary>
    Gone,

    /// <summary>It did not get through, which says nothing of the subscription.</summary>
    Failed,
}

/// <summary>What a browser's push service is given to keep for it (RFC 8030 §5).</summary>
/// <param name="Payload">Only the browser can read it.</param>
/// <param name="Topic">A later one takes the place of one that is still kept; tells nothing to the push service.</param>
public sealed record WebPushMessage(ReadOnlyMemory<byte> Payload, Urgency Urgency, TimeSpan TimeToLive, string Topic);

/// <summary>The way to browsers' push services, which the program brings along.</summary>
public interface IWebPush
{
    /// <summary>What browsers subscribe with (<c>applicationServerKey</c>), base64url.</summary>
    string PublicKey { get; }

    /// <summary>Bytes that one payload may have.</summary>
    int LargestPayload { get; }

    /// <summary>Why the subscription cannot be used, in words for its owner; null when it can.</summary>
    string? Fault(WebSubscription subscription);

    /// <summary>Returns when the push service has it, or it is given up; may take minutes.</summary>
    Task<WebPushOutcome> SendAsync(WebSubscription to, WebPushMessage message, CancellationToken cancellation);
}
