using Xmpp.Addresses;

namespace Xmpp.Server.Stores;

/// <summary>An app server that tells a device what it must not sleep through (XEP-0357 §5).</summary>
/// <param name="Id">Never used again; 0 for one that is not stored yet.</param>
/// <param name="Node">Empty where the app server knows none.</param>
/// <param name="Options">The form that goes with each publish, as one element; empty for none.</param>
public sealed record PushRegistration(
    long Id,
    long Account,
    long Device,
    Jid Service,
    string Node,
    ReadOnlyMemory<byte> Options
);

/// <summary>A browser's own words on how it is woken (W3C Push API), kept by the box's app server.</summary>
/// <param name="Node">What the device enables: random, and the same for as long as the device has a subscription.</param>
/// <param name="Endpoint">Who knows it can push: never logged.</param>
/// <param name="Key"><c>p256dh</c>, base64url.</param>
/// <param name="Auth">base64url.</param>
public sealed record WebSubscription(long Device, string Node, string Endpoint, string Key, string Auth);

/// <summary>How devices are told while they sleep. All of it goes with its device.</summary>
public interface IPushStore
{
    /// <summary>The account's, in the order in which they came.</summary>
    IReadOnlyList<PushRegistration> Registrations(Access access, long account);

    /// <summary>Adds it in the place of an earlier one of the account with the same service and node; returns its id.</summary>
    long Add(Transaction transaction, PushRegistration registration);
    void Remove(Transaction transaction, long registration);

    /// <summary>The device's registrations and its subscription.</summary>
    void RemoveDevice(Transaction transaction, long device);

    /// <summary>Those of all the account's devices but one.</summary>
    void RemoveAll(Transaction transaction, long account, long? exceptDevice);

    WebSubscription? Subscription(Access access, long device);

    /// <summary>Puts it in the place of the device's earlier one.</summary>
    void SetSubscription(Transaction transaction, WebSubscription subscription);
    void RemoveSubscription(Transaction transaction, long device);
}
