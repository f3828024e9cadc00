using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
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
            await ElsewhereAsync(session, iq, to);
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
        await AnswerAsync(Address(new Request(iq, Payload(iq), session, null, cancellation), to));
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

    // RFC 6120 §8.2.3: a request has exactly one child.
    private static Element Payload(Stanza iq)
    {
        Element payload = iq.Root.FirstChild;
        return payload.Exists && iq.Root.Children.Count == 1
            ? payload
            : throw new StanzaErrorException(StanzaError.BadRequest("an IQ request has one child"));
    }

    private async ValueTask AnswerAsync(Request request)
    {
        Session session = request.Own;
        IqHandler handler =
            declared.Find(request.Stanza.Type, request.Payload, request.Target, out bool known)
            ?? throw new StanzaErrorException(
                known && request.Target == Target.OtherAccount
                    ? NotForYou(session.Account, request.Subject!)
                    : StanzaError.ServiceUnavailable()
            );
        Reply reply = await handler(request);
        session.Perform(
            reply switch
            {
                Reply.Written written => new WrittenWork(session, request.Stanza, written),
                Reply.Placed placed => new PlacedWork(session, request.Stanza, placed),
                _ => new AnswerWork(session, request.Stanza, Answer(session, request.Stanza, reply)),
            }
        );
    }

    private static Stanza? Answer(Session session, Stanza iq, Reply reply) =>
        reply switch
        {
            Reply.Done done => iq.Result(done.Payload).With(iq.To, session.Jid),
            Reply.Refused refused => iq.Bounce(refused.Why).With(iq.To, session.Jid),
            _ => null,
        };

    private void ToClient(Session session, Stanza iq, Jid to)
    {
        Account? account = server.Dispatcher.LocalAccount(to);
        Session? target = account?.FindSession(to.Resource!);
        bool request = iq.Type is StanzaType.Get or StanzaType.Set;
        Element payload = request ? Payload(iq) : default;
        if (Refusal(session, account, target, to, payload) is { } error)
        {
            session.Perform(new AnswerWork(session, iq, request ? iq.Bounce(error).With(to, session.Jid) : null));
            return;
        }
        session.Perform(new EffectWork(session, iq, () => DeliverTo(session, iq, target!, request)));
    }

    // Why a client gets no IQ from another; null when it does.
    private StanzaError? Refusal(Session asker, Account? account, Session? target, Jid to, Element payload)
    {
        if (account is null || !server.Gate.MayReach(asker.Account, account, StanzaKind.Iq))
            return StanzaError.ServiceUnavailable();
        if (asker.Account.Blocks(to))
            return Messages.BlockedByYou;
        if (account.Blocks(asker.Jid))
            return StanzaError.ServiceUnavailable();
        // XEP-0012 §4: idle times are for those who see the presence.
        if (payload.Namespace == LastActivity.Ns && !server.Dispatcher.Presences.MaySee(asker.Account, account))
            return NotForYou(asker.Account, account);
        return target is null ? StanzaError.ServiceUnavailable() : null;
    }

    private static void DeliverTo(Session session, Stanza iq, Session target, bool request)
    {
        if (!target.Deliver(iq) && request)
            session.Deliver(iq.Bounce(StanzaError.ServiceUnavailable()).With(iq.To, session.Jid));
    }

    private ValueTask ElsewhereAsync(Session session, Stanza iq, Jid to)
    {
        bool request = iq.Type is StanzaType.Get or StanzaType.Set;
        StanzaError error =
            to.Domain == server.Options.RoomsDomain
                ? StanzaError.ServiceUnavailable()
                : StanzaError.RemoteServerNotFound();
        session.Perform(new AnswerWork(session, iq, request ? iq.Bounce(error).With(to, session.Jid) : null));
        return ValueTask.CompletedTask;
    }

    private sealed class PlacedWork(Session session, Stanza iq, Reply.Placed reply) : StanzaWork(session, iq)
    {
        public override bool Writes => false;
        internal override bool Ordered => true;

        protected override void Take()
        {
            if (Answer(Session, Stanza, reply.Make()) is { } answer)
                Session.Deliver(answer);
        }
    }

    private sealed class WrittenWork(Session session, Stanza iq, Reply.Written reply) : StanzaWork(session, iq)
    {
        private Reply _answer = Reply.Empty;

        protected override void Store(Transaction transaction)
        {
            try
            {
                _answer = reply.Write(transaction);
            }
            catch (StanzaErrorException fault)
            {
                _answer = Reply.Error(fault.Error);
            }
        }

        protected override void Take()
        {
            if (_answer is Reply.Done)
                reply.Released?.Invoke();
            if (Answer(Session, Stanza, _answer) is { } answer)
                Session.Deliver(answer);
        }
    }
}
