using Xmpp.Server.Extensions;
using Xmpp.Server.Routing;
using Xmpp.Server.Stores;
using Xmpp.Stanzas;
using Xmpp.Xml;

namespace Xmpp.Server.Rooms;

/// <summary>A moderator takes back what somebody said (XEP-0425 with XEP-0424).</summary>
internal sealed partial class Room
{
    private void Moderate(Origin origin, Stanza iq, Element moderate)
    {
        Occupant moderator = SeatOf(origin.Address).Occupant;
        if (moderator.Role != RoomRole.Moderator)
            throw new StanzaErrorException(StanzaError.Forbidden("moderators only"));
        if (!Is(RoomFlags.Archive))
            throw new StanzaErrorException(StanzaError.FeatureNotImplemented("the room keeps no archive"));
        if (!moderate.Child("retract", RoomNs.Retract).Exists)
            throw new StanzaErrorException(StanzaError.BadRequest("what is to be done with it?"));
        if (!StanzaIds.TryParse(moderate.Attribute("id"), out long id))
            throw new StanzaErrorException(StanzaError.ItemNotFound());
        Element reason = moderate.Child("reason", RoomNs.Moderate);
        origin.Perform(
            iq,
            new Moderation(this, origin, iq, id, Note(moderator, reason.Exists ? reason.Text : null))
            {
                Audience = _audience,
                Time = Now(),
            }
        );
    }

    // §4: who did it, and why; the same in the notice and on the tombstone.
    private static byte[] Note(Occupant moderator, string? reason)
    {
        XmlBuilder note = new XmlBuilder(RoomNs.Retract)
            .Start("moderated", RoomNs.Moderate)
            .Attribute("by", moderator.Address)
            .Copy(moderator.Id.Span)
            .End();
        return (reason is null ? note : note.Element("reason", reason)).ToArray();
    }

    private sealed class Moderation(Room room, Origin origin, Stanza iq, long id, byte[] note) : Effect
    {
        private readonly Stanza _notice = new()
        {
            Kind = StanzaKind.Message,
            Type = StanzaType.Groupchat,
            Id = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)),
            From = room.Address,
            Payload = new XmlBuilder().Start("retract", RoomNs.Retract).Attribute("id", id).Copy(note).ToArray(),
        };
        private bool _found;
        private long _archived;

        public required System.Collections.Immutable.ImmutableArray<Seat> Audience { get; init; }
        public required DateTimeOffset Time { get; init; }
        public override bool Writes => true;

        public override void Store(Transaction transaction)
        {
            _found = room.Bury(transaction, id, _ => Tombstone());
            if (!_found)
                return;
            _archived = transaction.NextArchiveId();
            var owner = new ArchiveOwner(-room.Id, room.Address, EntryFlags.Incoming);
            room._server.Stores.Archive.Append(
                transaction,
                new ArchivedMessage(_archived, Time, _notice.ToArray(), owner, null)
            );
        }

        private byte[] Tombstone() =>
            new XmlBuilder()
                .Start("retracted", RoomNs.Retract)
                .Attribute("stamp", XmlText.Stamp(Time))
                .Copy(note)
                .ToArray();

        public override void Released()
        {
            if (!_found)
            {
                origin.Send(iq.Bounce(StanzaError.ItemNotFound()).With(iq.To, origin.Address));
                return;
            }
            room._lastReleased = _archived;
            byte[] stamp = room.Stamp(_archived);
            foreach (Seat seat in Audience)
                seat.Deliver(room._server, _notice, stamp);
            origin.Send(iq.Result(default).With(iq.To, origin.Address));
        }
    }
}
