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
    private readonly Arrivals _arrivals;

    internal Dispatcher(XmppServer server, Declarations declared)
    {
        _server = server;
        _messages = new Messages(server, declared);
        _presences = new Presences(server);
        _iqs = new Iqs(server, declared);
        _arrivals = new Arrivals(server, _messages, _presences, _iqs);
        Declared = declared;
        foreach (Service service in declared.Services)
            if (!Services.Add(service))
                throw new InvalidOperationException($"two services at {service.Address}");
    }

    public Declarations Declared { get; }

    /// <summary>Who answers at domains that are not the household's own.</summary>
    public Services Services { get; } = new();
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
            _server.Gate.CheckQuiet(session.Account, stanza);
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

    // RFC 6120 §8.1.2.1: whatever the client says it is from, it is from here; §8.1.5: and in this language. Converse.js names a new
    // resource after it has resumed the session of the old one.
    private static Stanza Stamp(Session session, Stanza stanza)
    {
        if (stanza.From is { } from && from.Bare != session.Account.Jid)
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

    /// <summary>Who answers for the stanza's address to this account, once the gate has let it pass.</summary>
    /// <exception cref="StanzaErrorException">Nobody does, the gate refuses, or the account blocks the address.</exception>
    internal Service ServiceFor(Account account, Stanza stanza)
    {
        Jid to = stanza.To!;
        Service service =
            Services.Find(to.Domain) ?? throw new StanzaErrorException(StanzaError.RemoteServerNotFound());
        if (!_server.Gate.MayReach(account, to, stanza.Kind))
            throw new StanzaErrorException(_server.Gate.Refused(account, stanza));
        if (account.Blocks(to))
            throw new StanzaErrorException(Messages.BlockedByYou);
        service.Admit(account, stanza);
        return service;
    }

    /// <summary>
    /// A stanza that a service, or a stream from another server, brings; its <c>from</c> is proved, its <c>to</c> is here.
    /// Errors go back by the origin. Returns once the next may be read.
    /// </summary>
    public ValueTask TakeAsync(Origin origin, Stanza stanza, CancellationToken cancellation) =>
        _arrivals.TakeAsync(origin, stanza, cancellation);

    /// <summary>
    /// Sends a stanza of the house or of a service wherever it is to, after whatever was committed until now: to a local
    /// session or account with all that belongs to a stanza from elsewhere, or to the service of that domain.
    /// </summary>
    public void Send(Stanza stanza) => _arrivals.Send(stanza);
}
