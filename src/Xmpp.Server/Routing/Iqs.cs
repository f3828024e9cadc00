using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Routing;

/// <summary>IQs: requests to a full JID go to that client, others to the handler that the catalogue names (RFC 6121 §8.5).</summary>
internal sealed class Iqs(XmppServer server, Declarations declared)
{
    public async ValueTask FromClientAsync(Session session, Stanza iq, CancellationToken cancellation)
    {
        bool request = iq.Type is StanzaType.Get or StanzaType.Set;
        Jid to = iq.To ?? session.Account.Jid;
        if (string.IsNullOrEmpty(iq.Id))
            throw new StanzaErrorException(StanzaError.BadRequest("an IQ needs an id"));
        if (to.Domain != server.Options.Domain)
        {
            await ElsewhereAsync(session, iq, cancellation);
            return;
        }
        if (to.IsFull)
        {
            ToClient(session, iq, to);
            return;
        }
        if (!request)
        {
            session.Questions.Answered(iq);
            session.Perform(new AnswerWork(session, iq, null));
            return;
        }
        await AnswerAsync(Origin.Read(session), Address(new Request(iq, Payload(iq), session, null, cancellation), to));
    }

    // Whom a request is for: gate and block lists decide before any handler.
    private Request Address(Request request, Jid to)
    {
        Account asker = request.Own.Account;
        if (to.IsDomain)
            return request;
        if (asker.Jid == to)
            return request with { Subject = asker };
        Account? subject = server.Dispatcher.LocalAccount(to);
        if (subject is null || !server.Gate.MayReach(asker, subject, StanzaKind.Iq))
            return request with { IsToNobody = true };
        if (asker.Blocks(to))
            throw new StanzaErrorException(Messages.BlockedByYou);
        return subject.Blocks(request.From) ? request with { IsToNobody = true } : request with { Subject = subject };
    }

    /// <summary>A contact hears that it may not; a stranger nothing that an account without existence would not say too.</summary>
    public StanzaError NotForYou(Account asker, Account subject) =>
        server.Dispatcher.Presences.MaySee(asker, subject) ? StanzaError.Forbidden() : StanzaError.ServiceUnavailable();

    /// <inheritdoc cref="NotForYou(Account, Account)"/>
    public StanzaError NotForYou(Request request) =>
        server.Dispatcher.Presences.MaySee(request) ? StanzaError.Forbidden() : StanzaError.ServiceUnavailable();

    // RFC 6120 §8.2.3: a request has exactly one child.
    private static Element Payload(Stanza iq)
    {
        Element payload = iq.Root.FirstChild;
        return payload.Exists && iq.Root.Children.Count == 1
            ? payload
            : throw new StanzaErrorException(StanzaError.BadRequest("an IQ request has one child"));
    }

    private async ValueTask AnswerAsync(Origin origin, Request request) =>
        origin.Answer(request.Stanza, await Handler(request)(request));

    private IqHandler Handler(Request request) =>
        declared.Find(request.Stanza.Type, request.Payload, request.Target, out bool known)
        ?? throw new StanzaErrorException(
            known && request.Target == Target.OtherAccount ? NotForYou(request) : StanzaError.ServiceUnavailable()
        );

    // ---- from elsewhere (RFC 6121 §8) ----

    /// <summary>An IQ from a service, or from elsewhere, to the house, an account or a session.</summary>
    /// <exception cref="StanzaErrorException">The request is refused.</exception>
    public async ValueTask FromElsewhereAsync(Origin origin, Stanza iq, CancellationToken cancellation)
    {
        Jid to = iq.To!;
        bool request = iq.Type is StanzaType.Get or StanzaType.Set;
        if (string.IsNullOrEmpty(iq.Id))
            throw new StanzaErrorException(StanzaError.BadRequest("an IQ needs an id"));
        Account? account = to.IsDomain ? null : server.Dispatcher.LocalAccount(to);
        bool reaches =
            account is not null
            && server.Gate.MayReach(account, origin.Address, StanzaKind.Iq)
            && !account.Blocks(origin.Address);
        if (to.IsFull)
        {
            ElementOf(iq, request);
            if (
                !reaches
                || account!.FindSession(to.Resource!) is not { } target
                || (request && !Knows(target, origin, iq))
            )
                throw new StanzaErrorException(StanzaError.ServiceUnavailable());
            origin.Perform(iq, Effect.InOrder(() => Give(origin, iq, target, request)));
        }
        else if (request)
        {
            var asked = new Request(iq, Payload(iq), null, reaches ? account : null, cancellation);
            await AnswerAsync(origin, asked with { IsToNobody = !to.IsDomain && !reaches });
        }
        else
        {
            origin.Perform(iq, to.IsDomain || reaches ? server.Questions.Answer(iq) : Effect.None);
        }
    }

    // §8.5.3.1, as between two clients here: it sees the presence, or was shown it, as a room is whose occupants ask; but
    // idle times are for those who are subscribed (XEP-0012 §4).
    private bool Knows(Session target, Origin origin, Stanza request) =>
        server.Dispatcher.Presences.Elsewhere.MaySee(origin.Address, target.Account)
        || (
            Payload(request).Namespace != LastActivity.Ns
            && target.Elsewhere.Any(entity => entity.Bare == origin.Address.Bare)
        );

    private static void ElementOf(Stanza iq, bool request)
    {
        if (request)
            Payload(iq);
    }

    private static void Give(Origin origin, Stanza iq, Session target, bool request)
    {
        if (!target.Deliver(iq) && request)
            origin.Send(iq.Bounce(StanzaError.ServiceUnavailable()));
    }

    private void ToClient(Session session, Stanza iq, Jid to)
    {
        Account? account = server.Dispatcher.LocalAccount(to);
        Session? target = account?.FindSession(to.Resource!);
        bool request = iq.Type is StanzaType.Get or StanzaType.Set;
        Element payload = request ? Payload(iq) : default;
        if ((Refusal(session, account, to) ?? RequestRefusal(session, target, payload)) is { } error)
        {
            session.Perform(new AnswerWork(session, iq, request ? iq.Bounce(error).With(to, session.Jid) : null));
            return;
        }
        session.Perform(new EffectWork(session, iq, () => DeliverTo(session, iq, target!, request)));
    }

    // Why an account's clients get no IQ from another's; null when they do.
    private StanzaError? Refusal(Session asker, Account? account, Jid to)
    {
        if (account is null || !server.Gate.MayReach(asker.Account, account, StanzaKind.Iq))
            return StanzaError.ServiceUnavailable();
        if (asker.Account.Blocks(to))
            return Messages.BlockedByYou;
        return account.Blocks(asker.Jid) ? StanzaError.ServiceUnavailable() : null;
    }

    // RFC 6121 §8.5.3.1: a client's answer would show a stranger that it is there; who asks nobody hears the same.
    private StanzaError? RequestRefusal(Session asker, Session? target, Element payload)
    {
        if (target is null)
            return StanzaError.ServiceUnavailable();
        Presences presences = server.Dispatcher.Presences;
        // A result or an error answers what the client itself has asked.
        if (!payload.Exists || presences.MaySee(asker.Account, target.Account))
            return null;
        // XEP-0012 §4: idle times are for those who are subscribed.
        return payload.Namespace == LastActivity.Ns || !Presences.HasShownItself(target, asker)
            ? StanzaError.ServiceUnavailable()
            : null;
    }

    private static void DeliverTo(Session session, Stanza iq, Session target, bool request)
    {
        if (!target.Deliver(iq) && request)
            session.Deliver(iq.Bounce(StanzaError.ServiceUnavailable()).With(iq.To, session.Jid));
    }

    private ValueTask ElsewhereAsync(Session session, Stanza iq, CancellationToken cancellation)
    {
        Service service = server.Dispatcher.ServiceFor(session.Account, iq);
        if (iq.Type is StanzaType.Get or StanzaType.Set)
            Payload(iq);
        return service.TakeIqAsync(Origin.Read(session), iq, cancellation);
    }
}
