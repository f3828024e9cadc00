using System.Collections.Immutable;
using Xmpp.Addresses;
using Xmpp.Server.Extensions;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>What is said in a room: to all, and the subject (XEP-0045 §7.4, §8.1).</summary>
internal sealed partial class Room
{
    private readonly Activity _activity = new();
    private Dictionary<Jid, DateTimeOffset>? _lastWords;

    /// <summary>False when the room went meanwhile: look again.</summary>
    public bool TryTakeMessage(Origin origin, Stanza message)
    {
        // A retraction is looked for in the sender's archive: not under the lock.
        Effect leaving =
            IsPrivate(message) && origin.Account is not null
                ? _server.Dispatcher.Messages.Leaving(origin, message, _ => { })
                : Effect.None;
        lock (_lock)
        {
            if (IsGone)
                return false;
            if (message.Type == StanzaType.Error)
                TakeError(origin, message);
            else if (message.To!.IsFull)
                ToOccupant(origin, message, leaving);
            else if (message.Type == StanzaType.Groupchat)
                Say(origin, message, SeatOf(origin.Address));
            else
                Mediate(origin, message);
            return true;
        }
    }

    // §18.3, §11.2: what was said to all comes back to whoever said it, so that an error of somebody elsewhere is about who
    // sends it, whichever occupant it names. That a session here has ended is known without.
    private void TakeError(Origin origin, Stanza error)
    {
        Seat? seat = _seats.GetValueOrDefault(origin.Address);
        bool isGone = IsTheEnd(error) && (error.To!.IsBare || seat?.Session is null);
        if (seat is not null && isGone)
            Fail(origin, error, seat);
        else if (error.To!.IsFull)
            ReturnError(origin, error);
        else
            origin.Perform(error, Effect.None);
    }

    private static bool IsPrivate(Stanza message) =>
        message.To!.IsFull && message.Type is StanzaType.Chat or StanzaType.Normal;

    // Errors that say that the address is not served any more; others are about one stanza.
    private static bool IsTheEnd(Stanza message)
    {
        foreach (Element child in message.Child("error", Ns.Client).Children)
            if (child.Namespace == Ns.StanzaErrors)
                return child.Name
                    is "gone"
                        or "internal-server-error"
                        or "item-not-found"
                        or "jid-malformed"
                        or "recipient-unavailable"
                        or "redirect"
                        or "remote-server-not-found"
                        or "remote-server-timeout"
                        or "service-unavailable";
        return false;
    }

    private void Say(Origin origin, Stanza message, Seat seat)
    {
        Occupant speaker = seat.Occupant;
        Element subject = message.Child("subject", Ns.Client);
        bool hasBody = message.Child("body", Ns.Client).Exists;
        bool sets = subject.Exists && !hasBody && !message.Child("thread", Ns.Client).Exists;
        CheckVoice(speaker, sets);
        Stanza said = Foreign.Without(message).With(speaker.Address, null);
        DateTimeOffset now = Now();
        if (hasBody)
            CheckPace(speaker, now);
        RoomRecord before = Record;
        if (sets)
            Record = before with { Subject = subject.Text, SubjectFrom = speaker.Nick, SubjectTime = now };
        Treatment treatment = Treatment.OfRoom(message);
        bool keeps = Is(RoomFlags.Archive) && (treatment.Archive || sets);
        if (hasBody)
            _activity.Note(now);
        origin.Perform(
            message,
            new Saying(this, said, seat)
            {
                Audience = _audience,
                Time = now,
                Keeps = keeps,
                Treatment = treatment,
                Subject = sets ? (before, Record) : null,
                Retracts = Retracted(message),
            }
        );
    }

    // §7.5, §8.1.
    private void CheckVoice(Occupant speaker, bool setsSubject)
    {
        if (speaker.Role < RoomRole.Participant)
            throw new StanzaErrorException(StanzaError.Forbidden("you have no voice here"));
        if (setsSubject && speaker.Role < RoomRole.Moderator && !Is(RoomFlags.OccupantsSetSubject))
            throw new StanzaErrorException(StanzaError.Forbidden("moderators set the subject"));
    }

    // XEP-0500 §5: the same for all sessions and nicks of a person.
    private void CheckPace(Occupant speaker, DateTimeOffset now)
    {
        if (Record.SlowMode <= 0)
        {
            _lastWords = null;
            return;
        }
        if (speaker.Affiliation >= RoomAffiliation.Admin)
            return;
        _lastWords ??= [];
        TimeSpan pause = TimeSpan.FromSeconds(Record.SlowMode);
        if (_lastWords.TryGetValue(speaker.Person, out DateTimeOffset last) && now >= last && now - last < pause)
            throw new StanzaErrorException(
                new StanzaError("wait", "policy-violation", $"slow mode: {Record.SlowMode} seconds between messages")
            );
        _lastWords[speaker.Person] = now;
    }

    // XEP-0424 §5.1: in rooms the id is the room's own.
    private static long? Retracted(Stanza message) =>
        StanzaIds.TryParse(message.Child("retract", RoomNs.Retract).Attribute("id"), out long id) ? id : null;

    // As exact as it is shown.
    private DateTimeOffset Now() =>
        DateTimeOffset.FromUnixTimeMilliseconds(_server.Time.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>One message to all: archived once, written once, and given to who was there when it was taken.</summary>
    private sealed class Saying(Room room, Stanza said, Seat seat) : Effect
    {
        private readonly Occupant _speaker = seat.Occupant;
        private readonly (RoomAffiliation, RoomRole) _standing = seat.Occupant.Standing;
        private long _archived;
        private Letter[]? _letters;

        public required ImmutableArray<Seat> Audience { get; init; }
        public required DateTimeOffset Time { get; init; }
        public bool Keeps { get; init; }
        public required Treatment Treatment { get; init; }

        /// <summary>The room's record before and after, when it sets the subject.</summary>
        public (RoomRecord Before, RoomRecord After)? Subject { get; init; }
        public long? Retracts { get; init; }

        public override bool Writes =>
            Keeps || Subject is not null || Array.Exists(Letters(), static letter => letter.Writes);

        public override void Store(Transaction transaction)
        {
            StoreSet stores = room._server.Stores;
            if (Subject is { After: var record })
                stores.Rooms.Update(transaction, record with { Id = room.Id });
            if (Keeps)
                Archive(transaction, stores.Archive);
            foreach (Letter letter in Letters())
                letter.Store(transaction);
        }

        private void Archive(Transaction transaction, IArchiveStore archive)
        {
            if (Retracts is { } id)
                room.Bury(transaction, id, row => IsOwn(row) ? Tombstone() : null);
            _archived = transaction.NextArchiveId();
            _letters = null;
            archive.Append(
                transaction,
                new ArchivedMessage(
                    _archived,
                    Time,
                    said.ToArray(room.Authorship(_speaker, seat.Jid, _standing)),
                    new ArchiveOwner(-room.Id, seat.Jid, EntryFlags.Incoming),
                    null
                )
            );
        }

        // XEP-0424 §4: whose occupant-id is the same.
        private bool IsOwn(Element archived) =>
            archived.Child("occupant-id", RoomNs.OccupantId).Attribute("id")
            == XmlFragment.Parse(_speaker.Id.ToArray()).Root.Attribute("id");

        private byte[] Tombstone() =>
            new XmlBuilder()
                .Start("retracted", RoomNs.Retract)
                .Attribute("id", said.Id)
                .Attribute("stamp", XmlText.Stamp(Time))
                .ToArray();

        // To those elsewhere; with the room's id of it once there is one.
        private Letter[] Letters()
        {
            if (_letters is not null)
                return _letters;
            Seat[] elsewhere = [.. Audience.Where(static seat => seat.Session is null)];
            Stanza whole = elsewhere.Length == 0 ? said : Seat.Suffixed(said, Suffix());
            return _letters = [.. elsewhere.Select(seat => seat.LetterOf(room._server, whole, Treatment)!)];
        }

        private ReadOnlyMemory<byte> Suffix() =>
            _archived == 0
                ? _speaker.Id
                : new XmlBuilder().Copy(room.Stamp(_archived)).Copy(_speaker.Id.Span).ToArray();

        public override void Released()
        {
            if (Keeps)
                room._lastReleased = _archived;
            ReadOnlyMemory<byte> suffix = Suffix();
            bool canWait = Treatment.CanWait && Subject is null;
            foreach (Seat listener in Audience)
                if (listener.Session is not null)
                    listener.Deliver(room._server, said, suffix, canWait);
            foreach (Letter letter in Letters())
                letter.Released();
            room.Wake(said, _speaker, _archived);
        }

        public override void Failed()
        {
            if (Subject is not { Before: var before, After: var after })
                return;
            lock (room._lock)
                if (room.Record == after)
                    room.Record = before;
        }
    }

    /// <summary>Behind an archived message: who it was, for those who may know (XEP-0313 §6.1.2).</summary>
    private byte[] Authorship(Occupant speaker, Jid jid, (RoomAffiliation Affiliation, RoomRole Role) standing) =>
        new XmlBuilder()
            .Copy(speaker.Id.Span)
            .Start("x", RoomNs.User)
            .Start("item")
            .Attribute("affiliation", Standing.Name(standing.Affiliation))
            .Attribute("role", Standing.Name(standing.Role))
            .Attribute("jid", jid)
            .ToArray();

    /// <summary>Puts a tombstone where the archived message was; false when there is none of this id.</summary>
    /// <param name="tombstone">What stands in its place, beside who it was; null to leave it.</param>
    private bool Bury(Transaction transaction, long id, Func<Element, byte[]?> tombstone)
    {
        IArchiveStore archive = _server.Stores.Archive;
        ArchiveRow row;
        try
        {
            ArchivePage page = archive.Query(transaction, -Id, new ArchiveQuery { Ids = [id], Max = 1 });
            if (page.Rows.Count == 0)
                return false;
            row = page.Rows[0];
        }
        catch (KeyNotFoundException)
        {
            return false;
        }
        Element root = XmlFragment.Parse(row.Stanza).Root;
        Stanza.TryRead(root, out Stanza? original, out _);
        if (tombstone(root) is not { } stone)
            return true;
        XmlBuilder left = new XmlBuilder().Copy(stone);
        foreach (Element child in root.Children)
            if (child.Is("occupant-id", RoomNs.OccupantId) || child.Is("x", RoomNs.User))
                left.Copy(child.Bytes.Span);
        archive.Replace(transaction, id, original!.WithPayload(left.ToArray()).ToArray());
        return true;
    }
}
