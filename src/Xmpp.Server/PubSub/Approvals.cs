using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Server.Routing;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.PubSub;

/// <summary>
/// The form by which owners of a node are asked whether somebody may subscribe, and in which they answer (XEP-0060 §8.6).
/// </summary>
internal sealed class Approvals(Nodes nodes)
{
    public static Stanza Question(NodeHost host, string node, Jid subscriber, Account owner)
    {
        XmlBuilder form = DataForms.Start(new XmlBuilder(), "form", Names.Authorization);
        DataForms.Field(form, "pubsub#node", "text-single", node);
        DataForms.Field(form, "pubsub#subscriber_jid", "jid-single", subscriber.ToString());
        DataForms.Field(form, "pubsub#allow", "boolean", "0");
        return new()
        {
            Kind = StanzaKind.Message,
            Type = StanzaType.Normal,
            Id = Creation.NewName(),
            From = host.Jid,
            To = owner.Jid,
            Payload = form.ToArray(),
        };
    }

    /// <summary>An owner's answer about one of its own nodes goes no further.</summary>
    public void Take(Passage passage)
    {
        if (passage.Recipient is not { } owner || passage.SenderAccount != owner || passage.To.IsFull)
            return;
        if (!TryRead(owner.Nodes, passage.Stanza, new Asker(passage.From, owner), out Admitting? decision))
            return;
        nodes.Server.Stores.Database.Enqueue(new Decision(decision!));
        passage.Dropped = true;
    }

    /// <summary>The same about a node of the service.</summary>
    public bool Take(Session session, Stanza stanza)
    {
        var asker = new Asker(session.Jid, session.Account);
        if (!TryRead(nodes.Service, stanza, asker, out Admitting? decision))
            return false;
        nodes.Server.Stores.Database.Enqueue(new Decision(decision!));
        session.Perform(new AnswerWork(session, stanza, null));
        return true;
    }

    private bool TryRead(NodeHost host, Stanza stanza, Asker asker, out Admitting? decision)
    {
        decision = null;
        Element form = stanza.Type == StanzaType.Normal ? stanza.Child("x", Ns.DataForms) : default;
        if (!form.Exists || form.Attribute("type") != "submit")
            return false;
        var fields = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (Element field in form.Children)
            if (field.Is("field", Ns.DataForms) && field.Attribute("var") is { } name)
                fields[name] = DataForms.Values(field);
        bool right =
            fields.GetValueOrDefault("FORM_TYPE") is [Names.Authorization]
            && fields.GetValueOrDefault("pubsub#node") is [{ Length: > 0 and <= Names.Longest }]
            && fields.GetValueOrDefault("pubsub#subscriber_jid") is [{ Length: > 0 }];
        if (!right || !Jid.TryParse(fields["pubsub#subscriber_jid"][0], out Jid? subscriber))
            return false;
        bool allowed = fields.GetValueOrDefault("pubsub#allow") is ["1" or "true"];
        SubscriptionState? state = allowed ? SubscriptionState.Subscribed : null;
        decision = new Admitting(nodes, host, fields["pubsub#node"][0], [(subscriber, state)])
        {
            By = asker,
            OnlyPending = true,
        };
        return true;
    }

    // Who may not decide is not answered: a message is no request.
    private sealed class Decision(Admitting admitting) : Commit
    {
        private bool _refused;

        public override void Write(Transaction transaction)
        {
            _refused = false;
            try
            {
                admitting.Write(transaction);
            }
            catch (StanzaErrorException)
            {
                _refused = true;
            }
        }

        public override void Released()
        {
            if (!_refused)
                admitting.Released();
        }
    }
}
