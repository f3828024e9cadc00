using Xmpp.Addresses;
using Xmpp.Server.Household;
using Xmpp.Server.Push;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0357 Push Notifications: a device registers the app server that wakes it; <see cref="Wakeups"/> does the rest. The
/// registration hangs on the device (laws, "A device").
/// </summary>
internal sealed class PushNotifications(XmppServer server) : Extension
{
    public const string Ns = "urn:xmpp:push:0";
    private const string PublishOptions = "http://jabber.org/protocol/pubsub#publish-options";

    /// <summary>App servers of one account; one for each device is usual.</summary>
    private const int MostRegistrations = 30;
    private const int LongestNode = 1023;

    /// <summary>It goes with every publish.</summary>
    private const int LargestOptions = 4096;

    public override void Declare(Declarations declare)
    {
        declare.Implements("0357", "Push Notifications", "0.4.1");
        declare.AccountFeature(Ns);
        declare.OnSet(Target.OwnAccount, Ns, "enable", EnableAsync);
        declare.OnSet(Target.OwnAccount, Ns, "disable", Disable);
        declare.At(Stage.Received, TakeEnd);
        declare.At(Stage.Pushed, Tell);
        declare.Bound.Add(Wakeups.CameBack);
        declare.DeviceEnded.Add(
            (transaction, device) =>
            {
                server.Stores.Push.RemoveDevice(transaction, device.Id);
                return null;
            }
        );
    }

    private void Tell(Passage passage)
    {
        if (passage.Recipient is not { PushTargets.IsEmpty: false } account)
            return;
        if (passage.Stanza.Type == StanzaType.Groupchat)
        {
            if (!passage.Direct.IsEmpty && RoomsElsewhere.NoticeFor(server, account, passage.Stanza) is { } notice)
                server.Wakeups.Tell(account, notice);
            return;
        }
        Urgency urgency = passage.Treatment.Push;
        if (urgency == Urgency.None)
            return;
        // What went nowhere is nothing to come back for, and nobody is woken for what they say themselves.
        bool isThere = passage.ArchiveId > 0 || !passage.Direct.IsEmpty;
        if (isThere && account != passage.SenderAccount)
            server.Wakeups.Tell(account, new Notice(passage.Stanza, urgency, passage.ArchiveId));
    }

    // §8: an app server that wants no more says so to the account. It is for the server, as the registration was.
    private void TakeEnd(Passage passage)
    {
        if (passage.Recipient is not { PushTargets.IsEmpty: false } account || passage.SenderAccount is not null)
            return;
        Element pubsub = passage.Stanza.Child("pubsub", PubSub.Names.PubSub);
        Element affiliation = pubsub.Child("affiliation");
        bool ends =
            affiliation.Attribute("affiliation") is "none" or "outcast"
            && Jid.TryParse(affiliation.Attribute("jid"), out Jid? whose)
            && whose == account.Jid;
        if (!ends)
            return;
        foreach (PushTarget target in account.PushTargets)
            if (Is(target.Registration, passage.From, pubsub.Attribute("node") ?? ""))
            {
                server.Stores.Database.Enqueue(new Ending(server, account, target, gone: null));
                passage.Dropped = true;
            }
    }

    // §5.
    private async ValueTask<Reply> EnableAsync(Request request)
    {
        Session session = request.Own;
        PushRegistration wanted = Read(request, session);
        // What it asked before counts.
        await session.SettleAsync();
        if (session.Account.PushTargets.Any(target => IsSame(target.Registration, wanted)))
            return Reply.Empty;
        long id = 0;
        return Reply.After(
            transaction =>
            {
                if (Refusal(transaction, wanted) is { } refusal)
                    return Reply.Error(refusal);
                id = server.Stores.Push.Add(transaction, wanted);
                return Reply.Empty;
            },
            () => Add(session.Account, wanted with { Id = id })
        );
    }

    private static PushRegistration Read(Request request, Session session)
    {
        Element enable = request.Payload;
        if (!Jid.TryParse(enable.Attribute("jid"), out Jid? service))
            throw new StanzaErrorException(StanzaError.JidMalformed("which app server?"));
        string node = enable.Attribute("node") ?? "";
        byte[] options = Options(enable.Child("x", Xmpp.Xml.Ns.DataForms));
        if (node.Length > LongestNode || options.Length > LargestOptions)
            throw new StanzaErrorException(StanzaError.PolicyViolation("too long"));
        return new(0, session.Account.Id, session.Device, service, node, options);
    }

    // §5: what the app server asks to be given with each publish.
    private static byte[] Options(Element form)
    {
        if (!form.Exists)
            return [];
        var builder = new XmlBuilder();
        DataForms.Start(builder, "submit", PublishOptions);
        foreach (var (name, values) in DataForms.Read(form, PublishOptions))
            DataForms.Field(builder, name, null, values);
        return builder.ToArray();
    }

    private static bool IsSame(PushRegistration one, PushRegistration other) =>
        (one.Device, one.Service, one.Node) == (other.Device, other.Service, other.Node)
        && one.Options.Span.SequenceEqual(other.Options.Span);

    private StanzaError? Refusal(Transaction transaction, PushRegistration wanted)
    {
        // Of this domain there is the box's own, and of that only what the device has registered there.
        bool here = wanted.Service.Domain == server.Options.Domain;
        bool own = wanted.Service == server.Address;
        if (here && !(own && server.Stores.Push.Subscription(transaction, wanted.Device)?.Node == wanted.Node))
            return StanzaError.ItemNotFound("there is no such app server here");
        bool known = false;
        IReadOnlyList<PushRegistration> all = server.Stores.Push.Registrations(transaction, wanted.Account);
        foreach (PushRegistration other in all)
            known |= Is(other, wanted.Service, wanted.Node);
        return known || all.Count < MostRegistrations
            ? null
            : StanzaError.ResourceConstraint($"{MostRegistrations} app servers at most");
    }

    private void Add(Account account, PushRegistration registration) =>
        account.PushTargets = [
            .. account.PushTargets.Where(target => !Is(target.Registration, registration.Service, registration.Node)),
            server.Wakeups.Target(registration),
        ];

    // §6: one node, or all that the account has there.
    private ValueTask<Reply> Disable(Request request)
    {
        Account account = request.Own.Account;
        if (!Jid.TryParse(request.Payload.Attribute("jid"), out Jid? service))
            throw new StanzaErrorException(StanzaError.JidMalformed("which app server?"));
        string? node = request.Payload.Attribute("node");
        return new(
            Reply.After(
                transaction =>
                {
                    foreach (PushRegistration one in server.Stores.Push.Registrations(transaction, account.Id))
                        if (Is(one, service, node))
                            Remove(transaction, one);
                    return Reply.Empty;
                },
                () =>
                    account.PushTargets = account.PushTargets.RemoveAll(target =>
                        Is(target.Registration, service, node)
                    )
            )
        );
    }

    // A browser that is told no more is forgotten too.
    private void Remove(Transaction transaction, PushRegistration registration)
    {
        server.Stores.Push.Remove(transaction, registration.Id);
        if (registration.Service == server.Address)
            server.Stores.Push.RemoveSubscription(transaction, registration.Device);
    }

    private static bool Is(PushRegistration registration, Jid service, string? node) =>
        registration.Service == service && (node is null || registration.Node == node);
}
