using Xmpp.Server.PubSub;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>
/// XEP-0490 Message Displayed Synchronization: how far a person has read each chat, for the own devices alone. A marker
/// may carry it along (§4.3): the server takes it out and publishes it.
/// </summary>
internal sealed class DisplayedMarks(XmppServer server) : Extension
{
    public const string Ns = "urn:xmpp:mds:displayed:0";

    public override void Declare(Declarations declare)
    {
        declare.Implements("0490", "Message Displayed Synchronization", "1.0.1");
        declare.AccountFeature("urn:xmpp:mds:server-assist:0");
        declare.PersonalNodes[Ns] = new PersonalNode { Defaults = PersonalNode.Private };
        declare.Sending.Add(Assist);
    }

    // §5.2: before anybody sees or keeps the message, wherever it goes.
    private Stanza Assist(Session session, Stanza message)
    {
        Element displayed = message.Child("displayed", Ns);
        if (!displayed.Exists || message.To is null)
            return message;
        var publication = new Publication(server.Nodes, session.Account.Nodes, Ns)
        {
            By = new Asker(session.Jid, session.Account),
            ItemName = message.To.ToString(),
            Payload = displayed.Bytes.ToArray(),
        };
        server.Stores.Database.Enqueue(new Mark(publication));
        return message.WithPayload(Without(message.Root));
    }

    private static byte[] Without(Element message)
    {
        var kept = new List<byte>(message.Content.Length);
        foreach (Element child in message.Children)
            if (!child.Is("displayed", Ns))
                kept.AddRange(child.Bytes.Span);
        return [.. kept];
    }

    // The message goes its way, whatever becomes of the mark.
    private sealed class Mark(Publication publication) : Commit
    {
        private bool _refused;

        public override void Write(Transaction transaction)
        {
            _refused = false;
            try
            {
                publication.Write(transaction);
            }
            catch (StanzaErrorException)
            {
                _refused = true;
            }
        }

        public override void Released()
        {
            if (!_refused)
                publication.Released();
        }
    }
}
