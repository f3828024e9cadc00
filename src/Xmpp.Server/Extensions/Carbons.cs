using Xmpp.Addresses;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>XEP-0280 Message Carbons: what one device sends or gets, the person's other devices see too.</summary>
internal sealed class Carbons : Extension
{
    // §6.2: the table of payloads follows the recommended rules.
    private const string Rules = "urn:xmpp:carbons:rules:0";

    public override void Declare(Declarations declare)
    {
        declare.Implements("0280", "Message Carbons", "1.0.1");
        declare.ServerFeature(Ns.Carbons, Rules);
        declare.AccountFeature(Ns.Carbons, Rules);
        declare.OnSet(Target.OwnAccount | Target.Server, Ns.Carbons, "enable", request => Set(request, true));
        declare.OnSet(Target.OwnAccount | Target.Server, Ns.Carbons, "disable", request => Set(request, false));
        declare.Inline[("enable", Ns.Carbons)] = (session, _, _) => session.CarbonsEnabled = true;
        declare.At(Stage.Copied, Copy);
    }

    private static ValueTask<Reply> Set(Request request, bool enabled)
    {
        request.Own.CarbonsEnabled = enabled;
        return new(Reply.Empty);
    }

    private static void Copy(Passage passage)
    {
        if (!passage.Treatment.Copy)
            return;
        if (passage.SenderAccount is { } sender)
            CopyTo(sender.Jid, "sent", passage, sender.Sessions, passage.Sender, passage.SenderStamp);
        if (!passage.Waits && passage.Recipient is { } recipient && recipient != passage.SenderAccount)
            CopyTo(recipient.Jid, "received", passage, recipient.Sessions, null, passage.RecipientStamp);
    }

    // Made once for all devices of one person, and only when there is one to take it.
    private static void CopyTo(
        Jid account,
        string direction,
        Passage passage,
        System.Collections.Immutable.ImmutableArray<Session> sessions,
        Session? except,
        ReadOnlyMemory<byte> stamp
    )
    {
        Stanza? copy = null;
        bool received = direction == "received";
        foreach (Session session in sessions)
        {
            if (!session.CarbonsEnabled || session == except || passage.Direct.Contains(session))
                continue;
            copy ??= Wrap(account, direction, passage.Stanza, stamp);
            var outgoing = new Outgoing(copy, session.Jid, default, received ? passage.ArchiveId : 0)
            {
                CanWait = passage.Treatment.CanWait,
                IsEarly = !session.IsAvailable,
            };
            if (received)
                passage.Takers.Give(session, outgoing);
            else
                session.Deliver(outgoing);
        }
    }

    private static Stanza Wrap(Jid account, string direction, Stanza original, ReadOnlyMemory<byte> stamp) =>
        new()
        {
            Kind = StanzaKind.Message,
            Type = original.Type,
            From = account,
            Payload = new XmlBuilder(Ns.Client, original.Payload.Length + 512)
                .Start(direction, Ns.Carbons)
                .Start("forwarded", Ns.Forward)
                .Copy(original.ToArray(stamp.Span))
                .ToArray(),
        };
}
