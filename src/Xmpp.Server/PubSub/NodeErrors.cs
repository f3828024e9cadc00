using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.PubSub;

/// <summary>Stanza errors with the conditions that XEP-0060 adds to them.</summary>
internal static class NodeErrors
{
    public static StanzaError NoNode => StanzaError.ItemNotFound();

    public static StanzaError NodeIdRequired => With(StanzaError.BadRequest(), "nodeid-required");

    public static StanzaError ItemRequired => With(StanzaError.BadRequest(), "item-required");

    public static StanzaError InvalidPayload(string text) => With(StanzaError.BadRequest(text), "invalid-payload");

    public static StanzaError PayloadTooBig => With(StanzaError.NotAcceptable(), "payload-too-big");

    public static StanzaError InvalidJid => With(StanzaError.BadRequest(), "invalid-jid");

    public static StanzaError JidRequired => With(StanzaError.BadRequest(), "jid-required");

    public static StanzaError PreconditionNotMet => With(StanzaError.Conflict(), "precondition-not-met");

    public static StanzaError NotSubscribed => With(StanzaError.UnexpectedRequest(), "not-subscribed");

    public static StanzaError TooManySubscriptions =>
        With(StanzaError.PolicyViolation(), "too-many-subscriptions") with
        {
            Type = "wait",
        };

    public static StanzaError MaxNodesExceeded =>
        With(StanzaError.PolicyViolation("too many nodes"), "max-nodes-exceeded");

    public static StanzaError PendingSubscription => With(StanzaError.NotAuthorized(), "pending-subscription");

    /// <summary>The account's nodes have all the room that there is for them.</summary>
    public static StanzaError Full => StanzaError.ResourceConstraint("no room for more on these nodes");

    public static StanzaError Unsupported(string feature) =>
        StanzaError.FeatureNotImplemented() with
        {
            Extra = new XmlBuilder().Start("unsupported", Names.Errors).Attribute("feature", feature).ToArray(),
        };

    /// <summary>What somebody hears who may not read or subscribe (§6.1.3, §6.5.9).</summary>
    public static StanzaError Closed(AccessModel access) =>
        access switch
        {
            AccessModel.Presence => With(StanzaError.NotAuthorized(), "presence-subscription-required"),
            AccessModel.Roster => With(StanzaError.NotAuthorized(), "not-in-roster-group"),
            AccessModel.Authorize => With(StanzaError.NotAuthorized(), "not-subscribed"),
            AccessModel.Whitelist => With(StanzaError.NotAllowed(), "closed-node"),
            _ => StanzaError.Forbidden(),
        };

    private static StanzaError With(StanzaError error, string condition) =>
        error with
        {
            Extra = new XmlBuilder().Empty(condition, Names.Errors).ToArray(),
        };
}
