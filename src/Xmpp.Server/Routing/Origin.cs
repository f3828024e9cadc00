using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>
/// Whom a stanza comes from: a local session that is being read, whose stanzas are numbered and counted in order; the
/// house on behalf of a session; or somebody elsewhere, whose address its stream has proved.
/// </summary>
public sealed class Origin
{
    private readonly XmppServer _server;
    private readonly bool _counted;

    private Origin(XmppServer server, Jid address, Session? session, Account? account, bool counted) =>
        (_server, Address, Session, Account, _counted) = (server, address, session, account, counted);

    /// <summary>A stanza that the session's client has sent.</summary>
    internal static Origin Read(Session session) =>
        new(session.Server, session.Jid, session, session.Account, counted: true);

    /// <summary>A stanza that the server sends for the session, such as the end of its presence.</summary>
    internal static Origin For(Session session) =>
        new(session.Server, session.Jid, session, session.Account, counted: false);

    /// <summary>A stanza that the server sends for the account.</summary>
    internal static Origin For(XmppServer server, Account account) =>
        new(server, account.Jid, null, account, counted: false);

    /// <summary>A stanza from elsewhere, or from a service.</summary>
    public static Origin Elsewhere(XmppServer server, Jid from) => new(server, from, null, null, counted: false);

    public Jid Address { get; }

    /// <summary>The stanza is one that its client has sent, and is counted.</summary>
    internal bool IsRead => _counted;

    /// <summary>The local session; null for others.</summary>
    public Session? Session { get; }

    /// <summary>The local account; null for others.</summary>
    public Account? Account { get; }

    /// <summary>Queues what the stanza does. Never waits; the order of calls is that of the commits.</summary>
    public void Perform(Stanza stanza, Effect effect)
    {
        if (_counted)
            Session!.Perform(new Counted(Session, stanza, effect));
        else
            _server.Stores.Database.Enqueue(new Uncounted(this, stanza, effect));
    }

    /// <summary>The handler's reply to the origin's IQ.</summary>
    public void Answer(Stanza iq, Reply reply) =>
        Perform(
            iq,
            reply switch
            {
                Reply.Written written => new WrittenAnswer(this, iq, written),
                Reply.Placed placed => Effect.InOrder(() => Send(iq, placed.Make())),
                _ => new Word(this, MakeAnswer(iq, reply)),
            }
        );

    /// <summary>Sends the stanza back with the error, in its place, unless it must not be answered (RFC 6120 §8.3.1).</summary>
    public void Refuse(Stanza stanza, StanzaError error)
    {
        bool silent = stanza.Type is StanzaType.Error or StanzaType.Result;
        Perform(stanza, new Word(this, silent ? null : stanza.Bounce(error).With(stanza.To, Address)));
    }

    /// <summary>Now, to the origin itself; for effects.</summary>
    public void Send(Stanza stanza)
    {
        if (Session is not null)
            Session.Deliver(stanza);
        else
            _server.Dispatcher.Send(stanza);
    }

    private void Send(Stanza iq, Reply reply)
    {
        if (MakeAnswer(iq, reply) is { } answer)
            Send(answer);
    }

    private Stanza? MakeAnswer(Stanza iq, Reply reply) =>
        reply switch
        {
            Reply.Done done => iq.Result(done.Payload).With(iq.To, Address),
            Reply.Refused refused => iq.Bounce(refused.Why).With(iq.To, Address),
            _ => null,
        };

    private void NotSaved(Stanza stanza, Exception error)
    {
        _server.Log.WriteFailed(error, Address);
        if (stanza.Type is not (StanzaType.Error or StanzaType.Result))
            Send(stanza.Bounce(StanzaWork.NotSaved(error)).With(stanza.To, Address));
    }

    private sealed class Word(Origin origin, Stanza? word) : Effect
    {
        public override bool Ordered => false;

        public override void Released()
        {
            if (word is not null)
                origin.Send(word);
        }
    }

    private sealed class WrittenAnswer(Origin origin, Stanza iq, Reply.Written reply) : Effect
    {
        private Reply _answer = Reply.Empty;

        public override bool Writes => true;

        public override void Store(Transaction transaction)
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

        public override void Released()
        {
            if (_answer is Reply.Done)
                reply.Released?.Invoke();
            origin.Send(iq, _answer);
        }
    }

    private sealed class Counted(Session session, Stanza stanza, Effect effect) : StanzaWork(session, stanza)
    {
        public override bool Writes => effect.Writes;
        internal override bool Ordered => effect.Ordered;

        protected override void Store(Transaction transaction) => effect.Store(transaction);

        protected override void Take() => effect.Released();

        protected override void Undo() => effect.Failed();
    }

    private sealed class Uncounted(Origin origin, Stanza stanza, Effect effect) : Commit
    {
        public override bool Writes => effect.Writes;

        public override void Write(Transaction transaction)
        {
            if (effect.Writes)
                effect.Store(transaction);
        }

        public override void Released()
        {
            try
            {
                effect.Released();
            }
            catch (Exception bug)
            {
                origin._server.Log.Bug(bug, origin.Address);
            }
        }

        public override void Failed(Exception error)
        {
            effect.Failed();
            // What writes nothing fails only with the house itself.
            if (effect.Writes)
                origin.NotSaved(stanza, error);
        }
    }
}
