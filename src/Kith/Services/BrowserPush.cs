using Kith.Network;
using Kith.Options;
using WebPush;
using Xmpp.Server.Push;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;

namespace Kith.Services;

/// <summary>The server's way to browsers' push services: the library <c>WebPush</c>, with the box's own key.</summary>
internal sealed class BrowserPush : IWebPush, IDisposable
{
    private readonly PushSender _sender;
    private readonly ILogger _log;

    private BrowserPush(PushSender sender, ILogger log) => (_sender, _log) = (sender, log);

    /// <summary>Null while the home has no address, by which push services would know it.</summary>
    /// <exception cref="InvalidDataException">The key file is damaged.</exception>
    public static BrowserPush? TryCreate(
        KithOptions options,
        string key,
        HostNames names,
        TimeProvider time,
        ILoggerFactory logs
    )
    {
        if (options.Domain.Length == 0)
            return null;
        var push = new WebPush.PushOptions
        {
            Key = key,
            Contact = "https://" + new UriBuilder("https", options.Domain).Uri.IdnHost,
            AllowPrivateAddresses = options.Push.AllowPrivateAddresses,
            Resolve = names.AddressesAsync,
            Connect = new Connector(names, time).ConnectAsync,
            Time = time,
        };
        try
        {
            return new BrowserPush(new PushSender(push), logs.CreateLogger("WebPush"));
        }
        catch (ArgumentException fault)
        {
            throw new InvalidDataException(
                $"the key that browsers know this box by is damaged: {fault.Message}",
                fault
            );
        }
    }

    public string PublicKey => _sender.PublicKey;

    public int LargestPayload => PushMessage.LargestPayload;

    public string? Fault(WebSubscription subscription)
    {
        if (
            !PushSubscription.TryCreate(
                subscription.Endpoint,
                subscription.Key,
                subscription.Auth,
                out var to,
                out string? why
            )
        )
            return why;
        return _sender.MayReach(to) ? null : "the endpoint's address is not public";
    }

    public async Task<WebPushOutcome> SendAsync(
        WebSubscription to,
        WebPushMessage message,
        CancellationToken cancellation
    )
    {
        // What an earlier version took may be none for this one.
        if (!PushSubscription.TryCreate(to.Endpoint, to.Key, to.Auth, out PushSubscription? subscription, out _))
            return WebPushOutcome.Gone;
        PushResult result = await _sender.SendAsync(
            subscription,
            new PushMessage(message.Payload)
            {
                Urgency = Urgent(message.Urgency),
                TimeToLive = message.TimeToLive,
                Topic = message.Topic,
            },
            cancellation
        );
        if (result.Outcome is PushOutcome.Rejected or PushOutcome.Unavailable)
            Log.NotPushed(_log, subscription.Endpoint.Host, result.Reason);
        return result.Outcome switch
        {
            PushOutcome.Accepted => WebPushOutcome.Accepted,
            PushOutcome.Gone => WebPushOutcome.Gone,
            _ => WebPushOutcome.Failed,
        };
    }

    private static PushUrgency Urgent(Urgency urgency) =>
        urgency switch
        {
            Urgency.Low => PushUrgency.Low,
            Urgency.High => PushUrgency.High,
            _ => PushUrgency.Normal,
        };

    public void Dispose() => _sender.Dispose();
}
