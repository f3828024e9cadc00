using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Xml;

namespace Xmpp.Server.Federation;

/// <summary>What both sides of a stream tell each other of the stanzas that they have taken (XEP-0198).</summary>
internal sealed class PeerCounting(PeerStream stream, PeerWriter writer, XmppServer server)
{
    private uint _handled;
    private bool _counts;
    private int _acknowledging;

    /// <summary>Acknowledgements that wait for the disk.</summary>
    public int Waiting => Volatile.Read(ref _acknowledging);

    /// <summary>A stanza of the peer.</summary>
    public void Count() => _handled++;

    /// <summary>What the peer sends is counted from now on.</summary>
    public void Begin() => (_handled, _counts) = (0, true);

    /// <exception cref="StreamErrorException">It has no business here.</exception>
    public void Take(Element element)
    {
        switch (element.Name)
        {
            case "r" when _counts:
                Interlocked.Increment(ref _acknowledging);
                server.Stores.Database.Enqueue(new Acknowledgement(this, _handled));
                return;
            case "a" when uint.TryParse(element.Attribute("h"), out uint handled):
                if (writer.Feed?.Acknowledge(handled) is { } sent)
                    throw new StreamErrorException(StreamErrorCondition.UndefinedCondition)
                    {
                        Extra = StreamManagement.TooHigh(handled, sent),
                    };
                return;
            case "enable":
                Enable();
                return;
            case "enabled" or "failed" when stream.TryEnable(element.Name == "enabled"):
                return;
            case "resume":
                Say(Failed("item-not-found"));
                return;
            default:
                throw new StreamErrorException(StreamErrorCondition.UnsupportedStanzaType, element.Name);
        }
    }

    // The side that began asks for it (§3), once it is known; both sides count from then on.
    private void Enable()
    {
        if (!stream.HasProvedAny || _counts)
        {
            Say(Failed("unexpected-request"));
            return;
        }
        Begin();
        writer.BeginCounting(new XmlBuilder(around: "").Empty("enabled", Ns.StreamManagement).ToArray());
    }

    private static byte[] Failed(string condition) =>
        new XmlBuilder(around: "").Start("failed", Ns.StreamManagement).Empty(condition, Ns.StanzaErrors).ToArray();

    private void Say(byte[] element) => writer.Say(transport => transport.Write(element));

    // Life 2: what is acknowledged is on disk.
    private sealed class Acknowledgement(PeerCounting counting, uint handled) : Commit
    {
        public override bool Writes => false;

        public override void Released()
        {
            Interlocked.Decrement(ref counting._acknowledging);
            counting.Say(handled);
        }

        public override void Failed(Exception failure)
        {
            Interlocked.Decrement(ref counting._acknowledging);
            counting.Wake();
        }
    }

    private void Say(uint handled) =>
        writer.Say(transport => StreamManagement.WriteAcknowledgement(transport, handled));

    private void Wake() => writer.Wake();
}
