using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>What follows an entry: the room itself if it is new, history and subject (XEP-0045 §7.2.13 to §7.2.15).</summary>
internal sealed partial class Room
{
    /// <summary>The newest message whose effects have happened; on the writer's thread.</summary>
    private long _lastReleased;

    /// <summary>Made by somebody who enters: waits for its configuration (§10.1.2).</summary>
    public static Room Create(RoomService service, RoomRecord record, Addresses.Jid owner) =>
        new(service, record, [new AffiliationRecord(owner, RoomAffiliation.Owner)]) { IsLocked = true };

    private sealed class Entry(Room room, Seat seat, Post post, HistoryRequest history) : Effect
    {
        /// <summary>It makes the room, with these; null for one that is there.</summary>
        public AffiliationRecord[]? Founders { get; init; }
        public override bool Writes => Founders is not null;

        public override void Store(Transaction transaction)
        {
            if (Founders is null)
                return;
            IRoomStore rooms = room._server.Stores.Rooms;
            Volatile.Write(ref room._id, rooms.Add(transaction, room.Record));
            foreach (AffiliationRecord record in Founders)
                rooms.SetAffiliation(transaction, room.Id, record);
        }

        public override void Released()
        {
            post.Released();
            if (Founders is null)
                room.SendHistory(seat, history);
            room.SendSubject(seat);
        }

        // It never was.
        public override void Failed()
        {
            lock (room._lock)
                room.IsGone = true;
            room._service.Forget(room);
        }
    }

    private sealed class Removal(Room room, Post post) : Effect
    {
        public override bool Writes => true;

        public override void Store(Transaction transaction)
        {
            if (Volatile.Read(ref room._id) > 0)
                room._server.Stores.Rooms.Remove(transaction, room._id);
        }

        public override void Released()
        {
            post.Released();
            room._service.Forget(room);
        }

        // Its occupants are gone all the same; it is read again when somebody asks for it.
        public override void Failed() => Released();
    }

    // What was released before is here, what comes later comes live.
    private void SendHistory(Seat seat, HistoryRequest wanted)
    {
        RoomRecord record = Record;
        int most = Math.Min(wanted.MaxStanzas ?? record.History, RoomConfiguration.LongestHistory);
        if (!record.Is(RoomFlags.Archive) || most <= 0 || wanted.MaxChars == 0)
            return;
        ArchivePage page;
        using (Access access = _server.Stores.Database.OpenRead())
            page = _server.Stores.Archive.Query(
                access,
                -Id,
                new ArchiveQuery
                {
                    Start = wanted.SinceAt(_server.Time.GetUtcNow()),
                    Max = most,
                    Backwards = true,
                }
            );
        long left = wanted.MaxChars ?? long.MaxValue;
        int first = page.Rows.Count;
        while (first > 0 && page.Rows[first - 1].Stanza.Length <= left)
            left -= page.Rows[--first].Stanza.Length;
        for (int i = first; i < page.Rows.Count; i++)
            if (page.Rows[i].Id <= _lastReleased)
                SendOld(seat, page.Rows[i]);
    }

    // §7.2.13.
    private void SendOld(Seat seat, in ArchiveRow row)
    {
        Stanza.TryRead(XmlFragment.Parse(row.Stanza).Root, out Stanza? stanza, out _);
        // The subject comes by itself; moderation is for those who saw what it moderates.
        if (stanza!.Child("subject", Ns.Client).Exists && !stanza.Child("body", Ns.Client).Exists)
            return;
        XmlBuilder suffix = new XmlBuilder().Copy(Stamp(row.Id));
        suffix.Start("delay", Ns.Delay).Attribute("from", Address).Attribute("stamp", XmlText.Stamp(row.Time)).End();
        seat.Deliver(_server, ForViewer(stanza, SeesAddresses(seat.Occupant)), suffix.ToArray());
    }

    // §7.2.15: always, also when there is none: it ends the entry.
    private void SendSubject(Seat seat)
    {
        RoomRecord record = Record;
        var payload = new XmlBuilder().Start("subject");
        if (record.Subject is { Length: > 0 } subject)
            payload.Text(subject);
        payload.End();
        if (record.SubjectTime is { } time)
            payload.Start("delay", Ns.Delay).Attribute("from", Address).Attribute("stamp", XmlText.Stamp(time)).End();
        Addresses.Jid from =
            record.SubjectFrom is { } nick && Address.TryWithResource(nick, out Addresses.Jid? author)
                ? author
                : Address;
        seat.Deliver(
            _server,
            new Stanza
            {
                Kind = StanzaKind.Message,
                Type = StanzaType.Groupchat,
                From = from,
                Payload = payload.ToArray(),
            }
        );
    }

    /// <summary>The room's own id of an archived message, as it stands behind the children (XEP-0359).</summary>
    private byte[] Stamp(long id) =>
        new XmlBuilder().Start("stanza-id", Ns.StanzaId).Attribute("by", Address).Attribute("id", id).ToArray();

    /// <summary>An archived message without the sender's address, where the viewer may not see that (XEP-0313 §6.1.2).</summary>
    private static Stanza ForViewer(Stanza archived, bool seesAddresses)
    {
        if (seesAddresses || !archived.Root.Has("x", RoomNs.User))
            return archived;
        var kept = new List<byte>(archived.Payload.Length);
        foreach (Element child in archived.Root.Children)
            if (!child.Is("x", RoomNs.User))
                kept.AddRange(child.Bytes.Span);
        return archived.WithPayload(kept.ToArray());
    }
}
