using Xmpp.Addresses;
using Xmpp.Server.Stores;

namespace Storage;

/// <summary>Rooms, affiliations, cards and which bookmarks were written.</summary>
public sealed class SqliteRoomStore : IRoomStore
{
    /// <inheritdoc/>
    public RoomRecord? Find(Access access, string name) =>
        access
            .Sql(
                """
                SELECT id, name, circle, created, title, description, language, flags, private_messages, most_occupants,
                  slow_mode, history, password, subject, subject_from, subject_time, avatar
                FROM room WHERE name = ?
                """
            )
            .Bind(name)
            .First(ReadRoom);

    /// <inheritdoc/>
    public RoomRecord? Find(Access access, long id) =>
        access
            .Sql(
                """
                SELECT id, name, circle, created, title, description, language, flags, private_messages, most_occupants,
                  slow_mode, history, password, subject, subject_from, subject_time, avatar
                FROM room WHERE id = ?
                """
            )
            .Bind(id)
            .First(ReadRoom);

    /// <inheritdoc/>
    public RoomRecord? FindOfCircle(Access access, long circle) =>
        access
            .Sql(
                """
                SELECT id, name, circle, created, title, description, language, flags, private_messages, most_occupants,
                  slow_mode, history, password, subject, subject_from, subject_time, avatar
                FROM room WHERE circle = ?
                """
            )
            .Bind(circle)
            .First(ReadRoom);

    /// <inheritdoc/>
    public IReadOnlyList<RoomRecord> List(Access access) =>
        access
            .Sql(
                """
                SELECT id, name, circle, created, title, description, language, flags, private_messages, most_occupants,
                  slow_mode, history, password, subject, subject_from, subject_time, avatar
                FROM room ORDER BY name
                """
            )
            .All(ReadRoom);

    /// <inheritdoc/>
    public bool AnyTemporary(Access access) =>
        access
            .Sql("SELECT 1 FROM room WHERE flags & ? = 0 LIMIT 1")
            .Bind((long)RoomFlags.Persistent)
            .First(static _ => true);

    /// <inheritdoc/>
    public long Add(Transaction transaction, RoomRecord room)
    {
        if (Find(transaction, room.Name) is not null)
            throw new InvalidOperationException($"There is a room {room.Name} already.");
        transaction.Own().Adding();
        transaction
            .Sql(
                """
                INSERT INTO room
                  (title, description, language, flags, private_messages, most_occupants, slow_mode, history, password,
                  subject, subject_from, subject_time, avatar, name, circle, created)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
            )
            .BindRoom(room)
            .Bind(room.Name)
            .Bind(room.Circle)
            .Bind(room.Created)
            .Run();
        return transaction.Own().Connection.LastInsertedId();
    }

    /// <inheritdoc/>
    public void Update(Transaction transaction, RoomRecord room) =>
        transaction
            .Sql(
                """
                UPDATE room SET title = ?, description = ?, language = ?, flags = ?, private_messages = ?,
                  most_occupants = ?, slow_mode = ?, history = ?, password = ?, subject = ?, subject_from = ?,
                  subject_time = ?, avatar = ?
                WHERE id = ?
                """
            )
            .BindRoom(room)
            .Bind(room.Id)
            .Run();

    /// <inheritdoc/>
    public void Remove(Transaction transaction, long id)
    {
        ArchiveRemoval.RemoveOwner(transaction.Own(), -id);
        // Everything else refers to this row and goes with it.
        transaction.Sql("DELETE FROM room WHERE id = ?").Bind(id).Run();
    }

    /// <inheritdoc/>
    public IReadOnlyList<AffiliationRecord> Affiliations(Access access, long room) =>
        access
            .Sql("SELECT jid, affiliation, nick, reason FROM room_affiliation WHERE room = ? ORDER BY jid")
            .Bind(room)
            .All(static row => new AffiliationRecord(
                Jid.Parse(row.Text(0)),
                (RoomAffiliation)row.Int32(1),
                row.OptionalText(2),
                row.OptionalText(3)
            ));

    /// <inheritdoc/>
    public void SetAffiliation(Transaction transaction, long room, AffiliationRecord record)
    {
        if (record is { Affiliation: RoomAffiliation.None, Nick: null })
        {
            transaction
                .Sql("DELETE FROM room_affiliation WHERE room = ? AND jid = ?")
                .Bind(room)
                .Bind(record.Who.ToString())
                .Run();
            return;
        }
        transaction
            .Sql(
                "INSERT OR REPLACE INTO room_affiliation (room, jid, affiliation, nick, reason) VALUES (?, ?, ?, ?, ?)"
            )
            .Bind(room)
            .Bind(record.Who.ToString())
            .Bind((long)record.Affiliation)
            .Bind(record.Nick)
            .Bind(record.Reason)
            .Run();
    }

    /// <inheritdoc/>
    public IReadOnlyList<long> RemovePerson(Transaction transaction, Jid who)
    {
        List<long> rooms = transaction
            .Sql("SELECT room FROM room_affiliation WHERE jid = ? ORDER BY room")
            .Bind(who.ToString())
            .All(static row => row.Int64(0));
        transaction.Sql("DELETE FROM room_affiliation WHERE jid = ?").Bind(who.ToString()).Run();
        return rooms;
    }

    /// <inheritdoc/>
    public byte[]? Card(Access access, long room) =>
        access.Sql("SELECT card FROM room_card WHERE room = ?").Bind(room).First(static row => row.Blob(0));

    /// <inheritdoc/>
    public void SetCard(Transaction transaction, long room, byte[]? card)
    {
        if (card is null)
        {
            transaction.Sql("DELETE FROM room_card WHERE room = ?").Bind(room).Run();
            return;
        }
        transaction.Own().Adding();
        transaction.Sql("INSERT OR REPLACE INTO room_card (room, card) VALUES (?, ?)").Bind(room).Bind(card).Run();
    }

    /// <inheritdoc/>
    public bool IsBookmarked(Access access, long account, long room) =>
        access
            .Sql("SELECT 1 FROM room_bookmark WHERE account = ? AND room = ?")
            .Bind(account)
            .Bind(room)
            .First(static _ => true);

    /// <inheritdoc/>
    public void NoteBookmark(Transaction transaction, long account, long room) =>
        transaction
            .Sql("INSERT OR IGNORE INTO room_bookmark (account, room) VALUES (?, ?)")
            .Bind(account)
            .Bind(room)
            .Run();

    /// <inheritdoc/>
    public IReadOnlyList<long> UnfinishedCircles(Access access) =>
        access
            .Sql(
                """
                SELECT circle.id FROM circle LEFT JOIN room ON room.circle = circle.id
                WHERE room.id IS NULL OR EXISTS (
                  SELECT 1 FROM circle_member WHERE circle_member.circle = circle.id AND NOT EXISTS (
                    SELECT 1 FROM room_bookmark
                    WHERE room_bookmark.account = circle_member.account AND room_bookmark.room = room.id))
                ORDER BY circle.id
                """
            )
            .All(static row => row.Int64(0));

    private static RoomRecord ReadRoom(Statement row) =>
        new()
        {
            Id = row.Int64(0),
            Name = row.Text(1),
            Circle = row.OptionalInt64(2),
            Created = row.Time(3),
            Title = row.Text(4),
            Description = row.Text(5),
            Language = row.Text(6),
            Flags = (RoomFlags)row.Int32(7),
            PrivateMessages = (PrivateMessages)row.Int32(8),
            MostOccupants = row.Int32(9),
            SlowMode = row.Int32(10),
            History = row.Int32(11),
            Password = row.OptionalText(12),
            Subject = row.OptionalText(13),
            SubjectFrom = row.OptionalText(14),
            SubjectTime = row.OptionalTime(15),
            Avatar = Lists.Split(row.OptionalText(16)),
        };
}

file static class RoomBinding
{
    /// <summary>What of a room can change, in the order of the two statements that write one.</summary>
    public static Statement BindRoom(this Statement statement, RoomRecord room) =>
        statement
            .Bind(room.Title)
            .Bind(room.Description)
            .Bind(room.Language)
            .Bind((long)room.Flags)
            .Bind((long)room.PrivateMessages)
            .Bind(room.MostOccupants)
            .Bind(room.SlowMode)
            .Bind(room.History)
            .Bind(room.Password)
            .Bind(room.Subject)
            .Bind(room.SubjectFrom)
            .Bind(room.SubjectTime)
            .Bind(Lists.Join(room.Avatar));
}
