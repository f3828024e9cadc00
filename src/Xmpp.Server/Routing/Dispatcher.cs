using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Routing;

/// <summary>
/// Where everything that a client sends begins: it validates, stamps <c>from</c>, asks the gate, and hands on to the
/// messages, presence or IQs. A fault within a stanza is answered with an error and harms nothing else.
/// </summary>
public sealed class Dispatcher
{
    private readonly XmppServer _server;
    private readonly Messages _messages;
    private readonly Presences _presences;
    private readonly Iqs _iqs;

    internal Dispatcher(XmppServer server, Declarations declared)
    {
        _server = server;
        _messages = new Messages(server, declared);
        _presences = new Presences(server);
        _iqs = new Iqs(server, declared);
        Declared = declared;
    }

    public Declarations Declared { get; }
    internal Messages Messages => _messages;
    internal Presences Presences => _presences;
    internal Iqs Iqs => _iqs;

    /// <summary>One element from a bound session; only what the session asked for itself is awaited.</summary>
    /// <exception cref="StreamErrorException">The stream must end.</exception>
    internal async ValueTask DispatchAsync(Session session, Element element, CancellationToken cancellation)
    {
        if (!Stanza.TryRead(element, out Stanza? raw, out bool badAddress))
        {
            await NonzaAsync(session, element);
            return;
        }
        Stanza stanza = Stamp(session, raw!);
        try
        {
            if (badAddress)
                throw new StanzaErrorException(StanzaError.JidMalformed());
            await RouteAsync(session, stanza, cancellation);
        }
        catch (StanzaErrorException fault)
        {
            Refuse(session, stanza, fault.Error);
        }
        catch (Exception bug) when (!IsTheEnd(bug, cancellation))
        {
            _server.Log.Bug(bug, session.Jid);
            Refuse(session, stanza, StanzaError.InternalServerError());
        }
    }

    private static bool IsTheEnd(Exception error, CancellationToken cancellation) =>
        error is StreamErrorException || (error is OperationCanceledException && cancellation.IsCancellationRequested);

    private ValueTask RouteAsync(Session session, Stanza stanza, CancellationToken cancellation)
    {
        if (stanza.Type == StanzaType.Invalid)
            throw new StanzaErrorException(StanzaError.BadRequest("unknown type"));
        switch (stanza.Kind)
        {
            case StanzaKind.Message:
                _messages.FromClient(session, stanza);
                return ValueTask.CompletedTask;
            case StanzaKind.Presence:
                _presences.FromClient(session, stanza);
                return ValueTask.CompletedTask;
            default:
                return _iqs.FromClientAsync(session, stanza, cancellation);
        }
    }

    // RFC 6120 §8.1.2.1: whatever the client says it is from, it is from here; §8.1.5: and in this language.
    private static Stanza Stamp(Session session, Stanza stanza)
    {
        if (stanza.From is { } from && from != session.Jid && from != session.Account.Jid)
            throw new StreamErrorException(StreamErrorCondition.InvalidFrom);
        bool bare = stanza.Kind == StanzaKind.Presence && IsSubscription(stanza.Type);
        return stanza.With(bare ? session.Account.Jid : session.Jid, stanza.To, session.Language);
    }

    internal static bool IsSubscription(StanzaType type) =>
        type is StanzaType.Subscribe or StanzaType.Subscribed or StanzaType.Unsubscribe or StanzaType.Unsubscribed;

    /// <summary>Answers with the error, unless the stanza must not be answered (RFC 6120 §8.3.1).</summary>
    internal static void Refuse(Session session, Stanza stanza, StanzaError error)
    {
        bool silent = stanza.Type is StanzaType.Error or StanzaType.Result;
        Stanza? answer = silent ? null : stanza.Bounce(error).With(stanza.To, session.Jid);
        session.Perform(new AnswerWork(session, stanza, answer));
    }

    private ValueTask NonzaAsync(Session session, Element element)
    {
        if (Declared.Nonzas.TryGetValue((element.Name, element.Namespace), out var handler))
            return handler(session, element);
        throw element.Namespace is Ns.Client or Ns.Server
            ? new StreamErrorException(StreamErrorCondition.UnsupportedStanzaType)
            : new StreamErrorException(StreamErrorCondition.UnsupportedStanzaType, element.Name);
    }

    /// <summary>Local account for an address of this domain; null for others and for unknown names.</summary>
    internal Account? LocalAccount(Jid jid) =>
        jid.Domain == _server.Options.Domain && jid.Local is not null ? _server.Accounts.Find(jid.Local) : null;
}
