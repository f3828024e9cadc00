using System.Collections.Immutable;
using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Household;
using Xmpp.Server.Sessions;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;

namespace Xmpp.Server.Routing;

/// <summary>Takes messages through their stages and gives them to the sessions they are for (RFC 6121 §8.5).</summary>
internal sealed class Messages
{
    private readonly XmppServer _server;
    private readonly Declarations _declared;
    private readonly Action<Passage>[][] _stages;

    public Messages(XmppServer server, Declarations declared)
    {
        (_server, _declared) = (server, declared);
        using (Access access = server.Stores.Database.OpenRead())
            LastReleased = server.Stores.Archive.LastId(access);
        _stages = [.. Enum.GetValues<Stage>().Select(declared.StageHandlers)];
    }

    /// <summary>
    /// The newest archived message whose effects have happened; read it on the writer's thread. What was committed with
    /// it and comes behind it is not among them yet.
    /// </summary>
    public long LastReleased { get; private set; }

    /// <summary>The answer to a stanza towards somebody whom the sender blocks (XEP-0191 §3.5).</summary>
    public static StanzaError BlockedByYou =>
        new("cancel", "not-acceptable") { Extra = "<blocked xmlns='urn:xmpp:blocking:errors'/>"u8.ToArray() };

    public void FromClient(Session session, Stanza stanza)
    {
        Jid to = stanza.To ?? session.Account.Jid;
        stanza = stanza.With(session.Jid, to);
        foreach (Func<Session, Stanza, Stanza> sending in _declared.Sending)
            stanza = sending(session, stanza);
        if (to == _server.Address && _declared.DomainMessages.Exists(takes => takes(session, stanza)))
            return;
        Origin origin = Origin.Read(session);
        if (to.Domain != _server.Options.Domain)
            _server.Dispatcher.ServiceFor(session.Account, stanza).TakeMessage(origin, stanza);
        else if (to.IsDomain && _server.Home.Box.Listens(session.Account))
            origin.Perform(stanza, Leaving(origin, stanza, message => _server.Home.Box.Hear(session.Account, message)));
        else
            origin.Perform(stanza, Pass(Begin(origin, stanza, Recipient(session, stanza, to))));
    }

    private Passage Begin(Origin origin, Stanza stanza, Account? recipient, Action<Stanza>? away = null) =>
        new()
        {
            Stanza = stanza,
            Sender = origin.Session,
            SenderAccount = origin.Account,
            Recipient = recipient,
            Away = away,
            Treatment = Treatment.Of(stanza),
            Time = Now(),
            Waits = recipient is not null && Waits(origin, recipient),
        };

    // Laws, "Limited accounts have guardians": quiet hours.
    private bool Waits(Origin origin, Account recipient) =>
        origin.Account is { } sender
            ? _server.Gate.IsQuiet(sender, recipient)
            : _server.Home.QuietHours.AreNow(recipient);

    // The stages before the commit; throws what the sender is told.
    private Effect Pass(Passage passage)
    {
        Run(Stage.Received, passage);
        Run(Stage.Blocked, passage);
        Run(Stage.Stamped, passage);
        if (passage.Refusal is { } refusal)
            throw new StanzaErrorException(refusal);
        return passage.Dropped ? Effect.None : new MessageEffect(this, passage);
    }

    // Who it is for; throws what the sender is told when that is nobody.
    private Account Recipient(Session session, Stanza stanza, Jid to)
    {
        if (to.Local is null)
            throw new StanzaErrorException(StanzaError.ServiceUnavailable());
        Account? account = to.Local == session.Account.Name ? session.Account : _server.Dispatcher.LocalAccount(to);
        if (account is null || !_server.Gate.Knows(session.Account, account))
            throw new StanzaErrorException(StanzaError.ServiceUnavailable());
        RefuseBeforehand(stanza, account);
        return account;
    }

    /// <summary>
    /// A message that leaves for a service: through the stages of its local sender (archive, copies to the other devices),
    /// then <paramref name="deliver"/> gets what is left of it, having been kept by <paramref name="keep"/> in the archive's
    /// transaction. The service performs the effect.
    /// </summary>
    /// <exception cref="StanzaErrorException">A stage refuses it.</exception>
    public Effect Leaving(
        Origin origin,
        Stanza message,
        Action<Stanza> deliver,
        Action<Transaction, Stanza>? keep = null
    )
    {
        Passage passage = Begin(origin, message, null, deliver);
        passage.KeepAway = keep;
        return Pass(passage);
    }

    /// <summary>A message from elsewhere to a local account or session: gate, block lists, and all stages of its recipient.</summary>
    /// <exception cref="StanzaErrorException">It is refused.</exception>
    public Effect Arriving(Origin origin, Stanza message)
    {
        Jid to = message.To!;
        Account? account = _server.Dispatcher.LocalAccount(to);
        if (account is null || !_server.Gate.Knows(account, message.From!, StanzaKind.Message))
        {
            if (account is not null)
                _server.Gate.Asked(account, message);
            throw new StanzaErrorException(StanzaError.ServiceUnavailable());
        }
        RefuseBeforehand(message, account);
        Passage passage = Begin(Origin.Elsewhere(_server, origin.Address), message, account);
        passage.Treatment = Treatment.OfArriving(message);
        return Pass(passage);
    }

    /// <summary>
    /// A message of the box itself, such as a notice to admins: archived for the recipient and delivered like any other.
    /// </summary>
    public void FromBox(Stanza stanza, Account recipient)
    {
        var passage = new Passage
        {
            Stanza = stanza,
            Recipient = recipient,
            Treatment = Treatment.Of(stanza),
            Time = Now(),
        };
        _server.Stores.Database.Enqueue(new BoxWork(this, passage));
    }

    // As exact as it is shown (XEP-0082 with milliseconds), so that a time which was shown finds its message again.
    private DateTimeOffset Now() =>
        DateTimeOffset.FromUnixTimeMilliseconds(_server.Time.GetUtcNow().ToUnixTimeMilliseconds());

    private void Run(Stage stage, Passage passage)
    {
        if (passage.Refusal is not null || passage.Dropped)
            return;
        foreach (Action<Passage> handler in _stages[(int)stage])
            handler(passage);
    }

    private void Archive(Passage passage, Transaction transaction)
    {
        passage.Transaction = transaction;
        Run(Stage.Archived, passage);
        passage.KeepAway?.Invoke(transaction, passage.Stanza);
        passage.Transaction = null;
    }

    private void Release(Passage passage)
    {
        LastReleased = Math.Max(LastReleased, passage.ArchiveId);
        passage.Direct = passage.Waits ? [] : Targets(passage);
        Run(Stage.Copied, passage);
        if (passage.Away is not null)
        {
            passage.Away(passage.Stanza);
            return;
        }
        // Who ends at this moment takes nothing: then it is as if that one had not been there.
        while (!passage.Direct.IsEmpty && !TryGive(passage))
            passage.Direct = Targets(passage);
        Run(Stage.Delivered, passage);
        if (passage.Direct.IsEmpty)
            Run(Stage.Missed, passage);
        if (passage.Waits)
            _server.Home.QuietHours.EndedBefore(passage.Recipient!);
        else
            Run(Stage.Pushed, passage);
        if (passage.Direct.IsEmpty)
            Bounce(passage);
    }

    // False when none of those whom it is for is there any more.
    private static bool TryGive(Passage passage)
    {
        bool taken = false;
        foreach (Session target in passage.Direct)
            taken |= passage.Takers.Give(
                target,
                new Outgoing(
                    passage.Stanza,
                    passage.To.IsBare ? passage.To : target.Jid,
                    passage.RecipientStamp,
                    passage.Treatment.Offline ? passage.ArchiveId : 0
                )
                {
                    CanWait = passage.Treatment.CanWait,
                    IsEarly = !target.IsAvailable,
                }
            );
        return taken;
    }

    /// <summary>The table of RFC 6121 §8.5.2 and §8.5.3.</summary>
    private static ImmutableArray<Session> Targets(Passage passage)
    {
        if (passage.Recipient is not { } account)
            return [];
        if (passage.To.IsFull)
        {
            if (account.FindSession(passage.To.Resource!) is { HasEnded: false } exact)
                return [exact];
            if (passage.Stanza.Type != StanzaType.Chat)
                return [];
        }
        return passage.Stanza.Type is StanzaType.Groupchat or StanzaType.Error
            ? []
            : [.. account.Sessions.Where(session => session is { IsAvailable: true, HasEnded: false })];
    }

    // Nobody is there and it could not be kept: a sender of words is told, one of a mere chat state is not.
    private void Bounce(Passage passage)
    {
        bool kept = passage.ArchiveId > 0 && passage.Treatment.Offline;
        bool words = passage.Stanza.Type is StanzaType.Chat or StanzaType.Normal && passage.Treatment.IsForPeople;
        if (kept || !words)
            return;
        Stanza bounce = passage.Stanza.Bounce(StanzaError.ServiceUnavailable());
        if (passage.Sender is { } sender)
            sender.Deliver(bounce);
        else if (passage.From.Domain != _server.Options.Domain)
            _server.Dispatcher.Send(bounce);
    }

    /// <summary>Rows of RFC 6121 §8.5.2.2 and §8.5.3.2 that end before anything is kept.</summary>
    private static void RefuseBeforehand(Stanza message, Account recipient)
    {
        bool exact = message.To!.IsFull && recipient.FindSession(message.To.Resource!) is not null;
        if (exact)
            return;
        bool refused = message.Type == StanzaType.Groupchat || (message.Type == StanzaType.Normal && message.To.IsFull);
        if (refused)
            throw new StanzaErrorException(StanzaError.ServiceUnavailable());
    }

    private sealed class MessageEffect(Messages messages, Passage passage) : Effect
    {
        public override bool Writes =>
            passage.Treatment.Archive || passage.Treatment.Offline || passage.KeepAway is not null;
        public override bool Ordered => false;

        public override void Store(Transaction transaction) => messages.Archive(passage, transaction);

        public override void Released() => messages.Release(passage);
    }

    private sealed class BoxWork(Messages messages, Passage passage) : Commit
    {
        public override void Write(Transaction transaction) => messages.Archive(passage, transaction);

        public override void Released() => messages.Release(passage);
    }
}
