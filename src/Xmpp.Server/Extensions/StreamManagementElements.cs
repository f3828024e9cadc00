using System.Globalization;
using Xmpp.Server.Sessions;
using Xmpp.Xml;

namespace Xmpp.Server.Extensions;

/// <summary>XEP-0198 Stream Management on a bound stream: enable, requests and answers. Resumption is <c>Streams.Resuming</c>.</summary>
internal sealed class StreamManagementElements : Extension
{
    public override void Declare(Declarations declare)
    {
        declare.Implements("0198", "Stream Management", "1.6.3");
        declare.Nonzas[("enable", Ns.StreamManagement)] = Enable;
        declare.Nonzas[("r", Ns.StreamManagement)] = Request;
        declare.Nonzas[("a", Ns.StreamManagement)] = Acknowledge;
        declare.Nonzas[("resume", Ns.StreamManagement)] = (session, _) => Fail(session, "unexpected-request");
        declare.Inline[("enable", Ns.StreamManagement)] = EnableInline;
    }

    private static ValueTask Enable(Session session, Element enable)
    {
        if (session.IsManaged)
            return Fail(session, "unexpected-request");
        session.Deliver(new Outgoing(Enabled(session, enable)) { BeginsCounting = true });
        return ValueTask.CompletedTask;
    }

    private static void EnableInline(Session session, Element enable, XmlBuilder bound)
    {
        if (session.IsManaged)
            return;
        session.CountOutbox();
        bound.Copy(Enabled(session, enable));
    }

    // Begins; the answer counts from the next stanza on.
    private static byte[] Enabled(Session session, Element enable)
    {
        string? id = session.Manage(XmlText.IsTrue(enable.Attribute("resume")));
        var enabled = new XmlBuilder(around: "").Start("enabled", Ns.StreamManagement);
        if (id is not null)
            enabled
                .Attribute("id", id)
                .Attribute("resume", "true")
                .Attribute("max", session.Server.Options.ResumeSeconds);
        return enabled.ToArray();
    }

    private static ValueTask Request(Session session, Element request)
    {
        if (!session.IsManaged)
            return Fail(session, "unexpected-request");
        session.RequestAcknowledgement();
        return ValueTask.CompletedTask;
    }

    private static ValueTask Acknowledge(Session session, Element acknowledgement)
    {
        if (!uint.TryParse(acknowledgement.Attribute("h"), CultureInfo.InvariantCulture, out uint handled))
            throw new StreamErrorException(StreamErrorCondition.BadFormat, "h is no number");
        if (!session.IsManaged)
            return Fail(session, "unexpected-request");
        session.Acknowledge(handled);
        return ValueTask.CompletedTask;
    }

    private static ValueTask Fail(Session session, string condition)
    {
        session.DeliverElement(Failed(condition));
        return ValueTask.CompletedTask;
    }

    internal static byte[] Failed(string condition) =>
        new XmlBuilder(around: "").Start("failed", Ns.StreamManagement).Empty(condition, Ns.StanzaErrors).ToArray();
}
