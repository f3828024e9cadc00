using System.Globalization;
using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Push;

/// <summary>
/// Publishes to app servers (XEP-0357 §7): that there is something, and how much, but neither from whom nor what
/// (laws, "The world outside"). Whom the app server refuses is not told again.
/// </summary>
internal sealed class Publications(XmppServer server)
{
    /// <summary>Refusals in a row that may pass by themselves (§7.1).</summary>
    private const int MostFailures = 10;
    private const string PubSub = "http://jabber.org/protocol/pubsub";
    private const string Summary = "urn:xmpp:push:summary";

    public void Publish(Account account, PushTarget target) =>
        server.Questions.Ask(
            target.Registration.Service,
            StanzaType.Set,
            Write(target.Registration, target.Missed),
            answer => Answered(account, target, answer)
        );

    private static byte[] Write(PushRegistration registration, int count)
    {
        var builder = new XmlBuilder()
            .Start("pubsub", PubSub)
            .Start("publish")
            .Attribute("node", registration.Node.Length > 0 ? registration.Node : null)
            .Start("item")
            .Start("notification", PushNotifications.Ns);
        DataForms.Start(builder, "submit", Summary);
        DataForms.Field(builder, "message-count", null, count.ToString(CultureInfo.InvariantCulture)).End();
        builder.End().End().End();
        if (!registration.Options.IsEmpty)
            builder.Start("publish-options").Copy(registration.Options.Span).End();
        return builder.ToArray();
    }

    private void Answered(Account account, PushTarget target, Stanza answer)
    {
        if (answer.Type == StanzaType.Result)
        {
            target.Failures = 0;
            return;
        }
        target.NotTold();
        if (IsRefused(answer, target))
            server.Stores.Database.Enqueue(new Ending(server, account, target, gone: null));
    }

    // §7.1. That a server cannot be reached says nothing of what is registered there.
    private static bool IsRefused(Stanza answer, PushTarget target)
    {
        Element error = answer.Root.Child("error");
        bool unreached =
            error.Has("remote-server-not-found", Ns.StanzaErrors)
            || error.Has("remote-server-timeout", Ns.StanzaErrors);
        if (unreached)
            return false;
        return error.Attribute("type") != "wait" || ++target.Failures >= MostFailures;
    }
}
