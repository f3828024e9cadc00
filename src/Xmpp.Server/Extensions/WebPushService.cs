using System.Buffers.Text;
using System.Security.Cryptography;
using Xmpp.Server.Push;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// The box's own app server, in the sense of XEP-0357 §3, for browsers: the domain itself. The web client asks its own
/// account for the key that it subscribes with, and gives the subscription; what it gets back it enables
/// (<see cref="PushNotifications"/>). Kith's own namespace; README.md, "Waking devices", has the protocol.
/// </summary>
internal sealed class WebPushService(XmppServer server) : Extension
{
    public const string Ns = "urn:kith:web-push:0";

    public override void Declare(Declarations declare)
    {
        if (server.Options.WebPush is not { } way)
            return;
        declare.AccountFeature(Ns);
        declare.ServerFeature(PushNotifications.Ns);
        // XEP-0357 §4.2.
        declare.ServerIdentities.Add(new DiscoIdentity("pubsub", "push"));
        declare.OnGet(Target.OwnAccount, Ns, "web-push", request => Get(request, way));
        declare.OnSet(Target.OwnAccount, Ns, "subscribe", request => Subscribe(request, way));
    }

    private static ValueTask<Reply> Get(Request request, IWebPush way) =>
        new(Reply.Result(new XmlBuilder().Start("web-push", Ns).Attribute("key", way.PublicKey)));

    private ValueTask<Reply> Subscribe(Request request, IWebPush way)
    {
        Session session = request.Own;
        Element said = request.Payload;
        var wanted = new WebSubscription(
            session.Device,
            Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(18)),
            said.Attribute("endpoint") ?? "",
            said.Attribute("p256dh") ?? "",
            said.Attribute("auth") ?? ""
        );
        if (way.Fault(wanted) is { } fault)
            return new(Reply.Error(StanzaError.NotAcceptable(fault)));
        return new(Reply.After(transaction => Keep(transaction, wanted)));
    }

    // The node stays, so that a browser which renews its subscription goes on being told; nothing new is nothing written.
    private Reply Keep(Transaction transaction, WebSubscription wanted)
    {
        WebSubscription? known = server.Stores.Push.Subscription(transaction, wanted.Device);
        wanted = wanted with { Node = known?.Node ?? wanted.Node };
        if (wanted != known)
            server.Stores.Push.SetSubscription(transaction, wanted);
        return Reply.Result(
            new XmlBuilder().Start("subscribed", Ns).Attribute("jid", server.Address).Attribute("node", wanted.Node)
        );
    }
}
